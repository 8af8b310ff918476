#include <xgrad/autograd/tensor/pointwise.h>

#include <xgrad/autograd/core/shape.h>
#include <xgrad/autograd/kernels/parallel.h>
#include <xgrad/autograd/kernels/pointwise/arithmetic.h>
#include <xgrad/autograd/tensor/allocate.h>
#include <xgrad/autograd/tensor/copy.h>
#include <xgrad/autograd/tensor/memory_order.h>
#include <xgrad/autograd/tensor/tensor_memory.h>

namespace torch { inline namespace xgrad {

namespace {

// bool < integer < floating, as promotion ranks kinds of numbers.
int category(ScalarType t) { return t == kBool ? 0 : isFloatingType(t) ? 2 : 1; }

}  // namespace

ScalarType result_type(std::initializer_list<Operand> operands) {
  const Tensor* first = operands.begin()->tensor();
  if (first && isFloatingType(first->dtype())) {
    bool all_alike = first->dim() > 0;
    for (const Operand& x : operands) all_alike = all_alike && (!x.tensor() || x.tensor()->dtype() == first->dtype());
    if (all_alike) return first->dtype();
  }
  // The widest dtype among each kind of operand; Undefined where there is none.
  ScalarType with_axes = ScalarType::Undefined, zero_dim = ScalarType::Undefined, number = ScalarType::Undefined;
  const auto widen = [](ScalarType& a, ScalarType b) { a = a == ScalarType::Undefined ? b : promote_types(a, b); };
  for (const Operand& x : operands) {
    if (const Tensor* t = x.tensor()) widen(t->dim() > 0 ? with_axes : zero_dim, t->dtype());
    else widen(number, x.scalar().isFloatingPoint() ? get_default_dtype() : x.scalar().type());
  }
  ScalarType result = with_axes;
  for (ScalarType next : {zero_dim, number}) {
    if (next == ScalarType::Undefined) continue;
    if (result == ScalarType::Undefined) result = next;
    else if (category(next) > category(result)) result = next;
  }
  return result;
}

ScalarType detail::promoted(const Tensor& a, const Tensor& b) { return result_type({a, b}); }
ScalarType detail::promoted(const Tensor& a, const Scalar& b) { return result_type({a, b}); }
ScalarType result_type(const Scalar& scalar1, const Scalar& scalar2) { return result_type({scalar1, scalar2}); }

ScalarType floating_result_type(std::initializer_list<Operand> operands) {
  const ScalarType t = result_type(operands);
  return isFloatingType(t) ? t : get_default_dtype();
}

namespace {

[[noreturn]] void refuse_dtype(ScalarType t, const Operation& operation) {
  detail::raise<NotImplementedError>("\"", operation.name(), "\" not implemented for '", t, "'");
}

// Strides, in bytes, that walk `t` over `shape`. An axis of size 1 that isn't broadcast keeps its own, which counts where axes are ordered.
void broadcast_strides(kernels::Iteration& it, int k, const Tensor& t, const Dims& shape) {
  const TensorImpl& impl = t.impl();
  const int64_t bytes = static_cast<int64_t>(elementSize(impl.dtype));
  const int axes = shape.size(), lead = axes - impl.sizes.size();
  const int64_t *sizes = impl.sizes.data(), *strides = impl.strides.data();
  int64_t* const to = it.strides[k];
  for (int a = 0; a < lead; ++a) to[a] = 0;
  for (int a = lead; a < axes; ++a) to[a] = sizes[a - lead] == shape[a] ? strides[a - lead] * bytes : 0;
  it.pointers[k] = impl.data;
  it.bytes[k] = static_cast<int8_t>(bytes);
}

struct Inputs {
  Tensor converted[kernels::kMaxOperands];
  alignas(8) char numbers[kernels::kMaxOperands][8];
};

[[gnu::cold]] void append_memory(kernels::MemoryRanges& ranges, const Inputs& room) {
  for (const Tensor& t : room.converted) xgrad::append_memory(ranges, t);
}

}  // namespace

// In the namespace of Operand, where launch() finds it.
[[gnu::cold]] static void append_memory(kernels::MemoryRanges& ranges, const std::initializer_list<Operand>& inputs) {
  for (const Operand& x : inputs)
    if (x.tensor()) append_memory(ranges, *x.tensor());
}

namespace {

// Fills operands 1.. of `it`; `room` keeps converted tensors and numbers alive.
void add_inputs(kernels::Iteration& it, Inputs& room, const Dims& shape, ScalarType compute, std::initializer_list<Operand> inputs) {
  int k = 1;
  for (const Operand& x : inputs) {
    if (const Tensor* t = x.tensor()) {
      const Tensor* source = t;
      if (t->dtype() != compute && !x.keeps_dtype()) {
        room.converted[k] = copy_in_order_of(*t, compute);
        source = &room.converted[k];
      }
      broadcast_strides(it, k, *source, shape);
    } else {
      x.scalar().store(compute, room.numbers[k]);
      it.pointers[k] = room.numbers[k];
      it.constants |= 1u << k;
      for (int a = 0; a < shape.size(); ++a) it.strides[k][a] = 0;
    }
    ++k;
  }
  it.operands = k;
}

Dims broadcast_all(const Operation& operation, std::initializer_list<Operand> inputs) {
  Dims shape;
  bool first = true;
  for (const Operand& x : inputs) {
    if (!x.tensor()) continue;
    const Dims& sizes = x.tensor()->impl().sizes;
    if (first) shape = sizes;
    else if (sizes != shape) shape = broadcast_shapes(operation.name(), shape, sizes);
    first = false;
  }
  XGRAD_CHECK(shape.size() <= kernels::kMaxAxes, operation, "tensors have up to ", kernels::kMaxAxes, " dimensions here, got ", shape.size());
  return shape;
}

void start(kernels::Iteration& it, const Dims& shape) {
  it.axes = shape.size();
  for (int a = 0; a < it.axes; ++a) it.sizes[a] = shape[a];
}

// True iff the strides are those of a row-major tensor along axes of size 1 too, where PyTorch orders axes by them.
bool is_row_major(const TensorImpl& t) {
  int64_t step = 1;
  for (int a = t.sizes.size() - 1; a >= 0; step *= t.sizes[a--])
    if (t.strides[a] != step) return false;
  return true;
}

// The result for inputs that are in `it` already; none of them is empty.
Tensor allocate_result(const kernels::Iteration& it, const Dims& shape, ScalarType dtype, std::initializer_list<Operand> inputs) {
  bool row_major = true;
  for (const Operand& x : inputs) row_major = row_major && (!x.tensor() || is_row_major(x.tensor()->impl()));
  if (row_major) return allocate_tensor(shape, dtype);
  const int64_t* strides[kernels::kMaxOperands];
  for (int k = 1; k < it.operands; ++k) strides[k - 1] = it.strides[k];
  return allocate_with_strides(shape, strides_in_order_of(shape, {strides, static_cast<size_t>(it.operands - 1)}), dtype);
}

// The usual case: every tensor has the dtype it is computed in and is contiguous, and those of more than one element
// have one shape; or they lie alike in another order of axes. Then the loop walks all of them as one row.
struct Row : kernels::OperandRows {
  const TensorImpl* shape;  // has the shape of the result, and its order of axes

  // False iff this is not that case.
  bool add_inputs(ScalarType compute, std::initializer_list<Operand> inputs) {
    return add_two(compute, inputs) || add_row_major(compute, inputs) || add_alike(compute, inputs);
  }
  bool add_two(ScalarType compute, std::initializer_list<Operand> inputs);
  bool add_row_major(ScalarType compute, std::initializer_list<Operand> inputs);
  bool add_alike(ScalarType compute, std::initializer_list<Operand> inputs);
  void add_number(int k, const Scalar& x, ScalarType compute);
  void spread_single_elements(std::initializer_list<Operand> inputs);
  void start(char* out, ScalarType dtype) {
    pointers[0] = out;
    steps[0] = static_cast<int64_t>(elementSize(dtype));
  }
  // True iff `out` may be written in this order: it lies so, and an input that shares its memory does.
  bool fits(const Tensor& out, std::initializer_list<Operand> inputs) const;
};

bool is_one_element_within(const TensorImpl& t, const TensorImpl& shape) { return t.numel == 1 && t.sizes.size() <= shape.sizes.size(); }

// Most of what programs compute: two row-major tensors of one shape.
inline bool Row::add_two(ScalarType compute, std::initializer_list<Operand> inputs) {
  if (inputs.size() != 2) return false;
  const Tensor *x = inputs.begin()[0].tensor(), *y = inputs.begin()[1].tensor();
  if (!x || !y) return false;
  const TensorImpl &a = x->impl(), &b = y->impl();
  if (!a.contiguous || !b.contiguous || a.dtype != compute || b.dtype != compute || (&a != &b && a.sizes != b.sizes)) return false;
  shape = &a;
  n = a.numel;
  operands = 3;
  constants = 0;
  pointers[1] = a.data;
  pointers[2] = b.data;
  steps[1] = steps[2] = static_cast<int64_t>(elementSize(compute));
  return true;
}

inline bool Row::add_row_major(ScalarType compute, std::initializer_list<Operand> inputs) {
  const auto size = static_cast<int64_t>(elementSize(compute));
  const TensorImpl* full = nullptr;
  constants = 0;
  bool mixed = false;  // some of one element and some of more
  int k = 1;
  for (const Operand& x : inputs) {
    if (x.tensor()) {
      const TensorImpl& t = x.tensor()->impl();
      if (!t.contiguous || (t.dtype != compute && !x.keeps_dtype())) return false;
      pointers[k] = t.data;
      steps[k] = t.dtype == compute ? size : static_cast<int64_t>(elementSize(t.dtype));
      if (!full) {
        full = &t;
      } else if (&t != full && t.sizes != full->sizes) {
        mixed = true;
        if (is_one_element_within(*full, t)) full = &t;
        else if (!is_one_element_within(t, *full)) return false;
      }
    } else {
      add_number(k, x.scalar(), compute);
    }
    ++k;
  }
  if (!full) return false;
  shape = full;
  n = full->numel;
  operands = k;
  if (mixed) spread_single_elements(inputs);
  return true;
}

[[gnu::noinline]] bool Row::add_alike(ScalarType compute, std::initializer_list<Operand> inputs) {
  const TensorImpl* full = nullptr;
  constants = 0;
  int most_axes = 0, k = 1;
  for (const Operand& x : inputs) {
    if (x.tensor()) {
      const TensorImpl& t = x.tensor()->impl();
      if (t.dtype != compute && !x.keeps_dtype()) return false;
      pointers[k] = t.data;
      steps[k] = t.numel == 1 ? 0 : static_cast<int64_t>(elementSize(t.dtype));
      most_axes = std::max(most_axes, t.sizes.size());
      if (t.numel != 1) {
        if (full ? !lie_alike(t, *full) : t.contiguous || !fills_memory(t)) return false;
        full = &t;
      }
    } else {
      add_number(k, x.scalar(), compute);
    }
    ++k;
  }
  if (!full) return false;
  shape = full;
  n = full->numel;
  operands = k;
  return most_axes == full->sizes.size();
}

[[gnu::noinline]] void Row::add_number(int k, const Scalar& x, ScalarType compute) {
  x.store(compute, numbers[k]);
  constants |= 1u << k;
  pointers[k] = numbers[k];
  steps[k] = 0;
}

void Row::spread_single_elements(std::initializer_list<Operand> inputs) {
  int k = 0;
  for (const Operand& x : inputs) {
    ++k;
    if (x.tensor() && x.tensor()->numel() == 1) steps[k] = 0;
  }
}

// True iff two tensors, one of which broadcasts to the other, have the same elements in the same order.
bool show_the_same(const TensorImpl& a, const TensorImpl& b) {
  if (a.data != b.data || a.dtype != b.dtype) return false;
  return a.contiguous && b.contiguous ? a.numel == b.numel : a.strides == b.strides && a.sizes == b.sizes;
}

// True iff reading `t` in the order that `out` is written in would see new values.
bool overlaps_otherwise(const TensorImpl& t, const TensorImpl& out) {
  return &t != &out && t.storage.is_alias_of(out.storage) && !show_the_same(t, out);
}

bool may_overwrite(const TensorImpl& out, std::initializer_list<Operand> inputs) {
  for (const Operand& x : inputs)
    if (x.tensor() && overlaps_otherwise(x.tensor()->impl(), out)) return false;
  return true;
}

inline bool Row::fits(const Tensor& out, std::initializer_list<Operand> inputs) const {
  const TensorImpl& to = out.impl();
  return (shape == &to || lie_alike(*shape, to)) && may_overwrite(to, inputs);
}

// Loops of more than one axis.
void run(const Operation& operation, kernels::Iteration& it, kernels::Loop loop, Parameters parameters, double cost, const Tensor& out,
         std::initializer_list<Operand> inputs, const Inputs& room) {
  broadcast_strides(it, 0, out, out.impl().sizes);
  it.simplify();
  launch(operation, kernels::run, reads(inputs, room, Gaps{out}), writes(out), it, loop, parameters, cost);
}

[[gnu::always_inline]] inline void write_row(const Operation& operation, Row& row, kernels::Loop loop, Parameters parameters, double cost,
                                             const Tensor& out, std::initializer_list<Operand> inputs) {
  row.start(out.impl().data, out.impl().dtype);
  launch<const kernels::OperandRows&>(operation, kernels::run_rows, reads(inputs), writes(out), row, loop, parameters, cost);
}

constexpr kernels::Factor kOnce{1, 1};

[[gnu::always_inline]] inline void add_row(const Operation& operation, Row& row, kernels::Loop loop, Parameters parameters, double cost,
                                           const Tensor& sum, std::initializer_list<Operand> inputs) {
  row.start(sum.impl().data, sum.impl().dtype);
  launch<const kernels::OperandRows&>(operation, kernels::add_rows, reads(sum, inputs), writes(sum), row, loop, parameters,
                                      cost + kernels::add_scaled.cost, kernels::add_scaled.of(sum.dtype()), Parameters(&kOnce));
}

// True iff there is a tensor to write to, of the dtype that is computed and asked for.
bool may_hold(const Tensor* self, ScalarType compute, ScalarType dtype) {
  return __builtin_expect(self != nullptr, 0) && self->dtype() == compute && compute == dtype;
}

// What the caller gets of a result in the memory of `out`.
Tensor value_in(Out out) { return out.mode() == Out::kAdd || out.mode() == Out::kGive ? Tensor() : *out.self(); }

// The result for `out`, in whose memory the row fits.
[[gnu::noinline]] Forward give_row_to(Out out, const Operation& operation, Row& row, kernels::Loop loop, Parameters parameters, double cost,
                                      std::initializer_list<Operand> inputs) {
  const Tensor& self = *out.self();
  if (out.mode() == Out::kAdd) add_row(operation, row, loop, parameters, cost, self, inputs);
  else write_row(operation, row, loop, parameters, cost, self, inputs);
  if (out.mode() != Out::kFinish) self.impl().storage->bump_version();
  return Forward(operation, value_in(out));
}

[[gnu::noinline]] Forward strided_pointwise(const Operation& operation, const LoopTable& table, ScalarType compute, ScalarType dtype,
                                            std::initializer_list<Operand> inputs, Parameters parameters, Out out) {
  const Dims shape = broadcast_all(operation, inputs);
  const bool overwrites = out.mode() == Out::kOverwrite || out.mode() == Out::kGive;
  if (const Tensor* self = out.self(); may_hold(self, compute, dtype) && overwrites && self->sizes() == shape) {
    pointwise_into(operation, table, *self, inputs, parameters);
    return Forward(operation, value_in(out));
  }
  if (numel_of(shape) == 0) return Forward(operation, allocate_tensor(shape, dtype));
  kernels::Iteration it;
  Inputs room;
  start(it, shape);
  add_inputs(it, room, shape, compute, inputs);
  Tensor y = allocate_result(it, shape, dtype, inputs);
  run(operation, it, table.of(compute), parameters, table.cost, y, inputs, room);
  return Forward(operation, std::move(y));
}

}  // namespace

// What pointwise() is to give, computed in the type that stands for a narrow `compute`, to which numbers are rounded before. Where `dtype` is
// that narrow type too, the caller rounds.
[[gnu::cold, gnu::noinline]] static Tensor wide_pointwise(const Operation& operation, const LoopTable& table, ScalarType compute, ScalarType dtype,
                                                          std::initializer_list<Operand> inputs, Parameters parameters) {
  const ScalarType wide = computed_in(compute);
  if (!table.of(wide)) refuse_dtype(compute, operation);
  std::vector<Operand> rounded(inputs);
  for (Operand& x : rounded)
    if (!x.tensor()) x = dispatch_stored(compute, operation.name(), [&](auto zero) { return Operand(Scalar(x.scalar().to<decltype(zero)>())); });
  const auto run = [&](std::initializer_list<Operand> operands) {
    return pointwise(operation, table, wide, dtype == compute ? wide : dtype, operands, parameters).value();
  };
  const Operand* const x = rounded.data();
  static_assert(kernels::kMaxOperands == 5);
  switch (rounded.size()) {
    case 1: return run({x[0]});
    case 2: return run({x[0], x[1]});
    case 3: return run({x[0], x[1], x[2]});
    default: return run({x[0], x[1], x[2], x[3]});
  }
}

static void check_holds(const Operation& operation, const Tensor& out, IntArrayRef shape) {
  XGRAD_CHECK(broadcasts_to(shape, out.sizes()), operation, "output with shape ", out.sizes(), " doesn't match the broadcast shape ", shape);
}

Forward pointwise(const Operation& operation, const LoopTable& table, ScalarType compute, ScalarType dtype, std::initializer_list<Operand> inputs,
                  Parameters parameters, Out out) {
  const kernels::Loop loop = table.of(compute);
  if (__builtin_expect(!loop, 0)) {
    Tensor y = wide_pointwise(operation, table, compute, dtype, inputs, parameters);
    return Forward(operation, dtype == compute ? copy_in_order_of(y, dtype) : y);
  }
  Row row;
  if (!row.add_inputs(compute, inputs)) return strided_pointwise(operation, table, compute, dtype, inputs, parameters, out);
  if (const Tensor* self = out.self(); may_hold(self, compute, dtype) && row.fits(*self, inputs))
    return give_row_to(out, operation, row, loop, parameters, table.cost, inputs);
  const TensorImpl& like = *row.shape;
  Tensor y = __builtin_expect(like.contiguous, 1) ? allocate_shaped_as(like, dtype) : allocate_with_strides(like.sizes, like.strides, dtype);
  write_row(operation, row, loop, parameters, table.cost, y, inputs);
  return Forward(operation, std::move(y));
}

void pointwise_into(const Operation& operation, const LoopTable& table, const Tensor& out, std::initializer_list<Operand> inputs,
                    Parameters parameters) {
  const kernels::Loop loop = table.of(out.dtype());
  if (__builtin_expect(!loop, 0)) {
    const Tensor y = wide_pointwise(operation, table, out.dtype(), out.dtype(), inputs, parameters);
    check_holds(operation, out, y.sizes());
    copy_elements(out, y);
    out.impl().storage->bump_version();
    return;
  }
  Row row;
  if (row.add_inputs(out.dtype(), inputs) && row.fits(out, inputs)) {
    write_row(operation, row, loop, parameters, table.cost, out, inputs);
    out.impl().storage->bump_version();
    return;
  }
  check_holds(operation, out, broadcast_all(operation, inputs));
  if (out.numel() == 0) return;
  kernels::Iteration it;
  Inputs room;
  const Dims whole = out.impl().sizes;
  start(it, whole);
  add_inputs(it, room, whole, out.dtype(), inputs);
  // An input on the same memory in another order would be read after it was written.
  int k = 1;
  for (const Operand& x : inputs) {
    const Tensor* t = x.tensor();
    const bool in_dtype = t && (t->dtype() == out.dtype() || x.keeps_dtype());
    if (in_dtype && overlaps_otherwise(t->impl(), out.impl())) {
      room.converted[k] = copy_of(*t, t->dtype());
      broadcast_strides(it, k, room.converted[k], whole);
    }
    ++k;
  }
  run(operation, it, loop, parameters, table.cost, out, inputs, room);
  out.impl().storage->bump_version();
}

void add_into(const Tensor& sum, const Tensor& term) { pointwise_into(operation<"add_">, kernels::add_scaled, sum, {sum, term}, &kOnce); }

}}  // namespace torch::xgrad
