#include <xgrad/autograd/pointwise.h>

#include <utility>

#include <xgrad/autograd/allocate.h>
#include <xgrad/autograd/copy.h>
#include <xgrad/autograd/shape.h>

namespace xgrad {

namespace {

// bool < integer < floating, as promotion ranks kinds of numbers.
int category(ScalarType t) { return t == kBool ? 0 : isFloatingType(t) ? 2 : 1; }

}  // namespace

ScalarType result_type(std::initializer_list<Operand> operands) {
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

ScalarType floating_result_type(std::initializer_list<Operand> operands) {
  const ScalarType t = result_type(operands);
  return isFloatingType(t) ? t : get_default_dtype();
}

namespace {

kernels::Loop loop_for(const LoopTable& table, ScalarType t, const char* operation) {
  const kernels::Loop loop = table.of(t);
  if (!loop) detail::raise<NotImplementedError>("\"", operation, "\" not implemented for '", t, "'");
  return loop;
}

// Strides, in bytes, that walk `t` over `shape`.
void broadcast_strides(kernels::Iteration& it, int k, const Tensor& t, const Dims& shape) {
  const TensorImpl& impl = t.impl();
  const int64_t bytes = static_cast<int64_t>(elementSize(impl.dtype));
  const int lead = shape.size() - impl.sizes.size();
  for (int a = 0; a < shape.size(); ++a)
    it.strides[k][a] = a < lead || impl.sizes[a - lead] == 1 ? 0 : impl.strides[a - lead] * bytes;
  it.pointers[k] = impl.data;
}

struct Inputs {
  Tensor converted[kernels::kMaxOperands];
  alignas(8) char numbers[kernels::kMaxOperands][8];
};

// Fills operands 1.. of `it`; `room` keeps converted tensors and numbers alive.
void add_inputs(kernels::Iteration& it, Inputs& room, const char* operation, const Dims& shape, ScalarType compute,
                std::initializer_list<Operand> inputs) {
  int k = 1;
  for (const Operand& x : inputs) {
    if (const Tensor* t = x.tensor()) {
      const Tensor* source = t;
      if (t->dtype() != compute && !x.keeps_dtype()) {
        room.converted[k] = copy_of(*t, compute);
        source = &room.converted[k];
      }
      broadcast_strides(it, k, *source, shape);
    } else {
      dispatch_all(compute, operation, [&](auto zero) {
        using T = decltype(zero);
        *reinterpret_cast<T*>(room.numbers[k]) = x.scalar().to<T>();
      });
      it.pointers[k] = room.numbers[k];
      for (int a = 0; a < shape.size(); ++a) it.strides[k][a] = 0;
    }
    ++k;
  }
  it.operands = k;
}

Dims broadcast_all(const char* operation, std::initializer_list<Operand> inputs) {
  Dims shape;
  bool first = true;
  for (const Operand& x : inputs) {
    if (!x.tensor()) continue;
    shape = first ? Dims(x.tensor()->sizes()) : broadcast_shapes(operation, shape, x.tensor()->sizes());
    first = false;
  }
  XGRAD_CHECK(shape.size() <= kernels::kMaxAxes, "[", operation, "] tensors have up to ", kernels::kMaxAxes, " dimensions here, got ", shape.size());
  return shape;
}

void start(kernels::Iteration& it, const Tensor& out, const Dims& shape) {
  it.axes = shape.size();
  for (int a = 0; a < it.axes; ++a) it.sizes[a] = shape[a];
  broadcast_strides(it, 0, out, shape);
}

thread_local const Tensor* destination = nullptr;

}  // namespace

Destination::Destination(const Tensor& self) { destination = &self; }
Destination::~Destination() { destination = nullptr; }

Forward pointwise(const char* operation, const LoopTable& table, ScalarType compute, ScalarType out_dtype,
                  std::initializer_list<Operand> inputs, const void* parameters) {
  const kernels::Loop loop = loop_for(table, compute, operation);
  const Dims shape = broadcast_all(operation, inputs);
  if (const Tensor* self = std::exchange(destination, nullptr);
      self && self->dtype() == compute && compute == out_dtype && self->sizes() == shape) {
    pointwise_into(operation, table, *self, inputs, parameters);
    return Forward(*self);
  }
  Tensor out = allocate_tensor(shape, out_dtype);
  if (out.numel() == 0) return Forward(std::move(out));
  kernels::Iteration it;
  Inputs room;
  start(it, out, shape);
  add_inputs(it, room, operation, shape, compute, inputs);
  it.simplify();
  kernels::run(it, loop, parameters, table.cost);
  return Forward(std::move(out));
}

void pointwise_into(const char* operation, const LoopTable& table, const Tensor& out, std::initializer_list<Operand> inputs,
                    const void* parameters) {
  const kernels::Loop loop = loop_for(table, out.dtype(), operation);
  const Dims shape = broadcast_all(operation, inputs);
  XGRAD_CHECK(broadcasts_to(shape, out.sizes()), "[", operation, "] output with shape ", out.sizes(),
              " doesn't match the broadcast shape ", shape);
  if (out.numel() == 0) return;
  kernels::Iteration it;
  Inputs room;
  const Dims whole = out.impl().sizes;
  start(it, out, whole);
  add_inputs(it, room, operation, whole, out.dtype(), inputs);
  // An input on the same memory in another order would be read after it was written.
  int k = 1;
  for (const Operand& x : inputs) {
    const Tensor* t = x.tensor();
    const bool in_dtype = t && (t->dtype() == out.dtype() || x.keeps_dtype());
    if (in_dtype && t->is_alias_of(out) && !(t->data_ptr() == out.data_ptr() && t->strides() == out.strides())) {
      room.converted[k] = copy_of(*t, t->dtype());
      broadcast_strides(it, k, room.converted[k], whole);
    }
    ++k;
  }
  it.simplify();
  kernels::run(it, loop, parameters, table.cost);
  out.impl().storage->bump_version();
}

}  // namespace xgrad
