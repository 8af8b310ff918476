#include <xgrad/autograd/ops/random/random.h>

#include <cmath>
#include <limits>

#include <xgrad/autograd/core/shape.h>
#include <xgrad/autograd/graph/in_place.h>
#include <xgrad/autograd/kernels/random/random.h>
#include <xgrad/autograd/ops/creation/creation.h>
#include <xgrad/autograd/ops/pointwise/arithmetic.h>
#include <xgrad/autograd/tensor/allocate.h>
#include <xgrad/autograd/tensor/copy.h>
#include <xgrad/autograd/tensor/memory_order.h>

#ifndef XGRAD_SAMPLES

namespace torch { inline namespace xgrad {

namespace {

using OptionalGenerator = std::optional<Generator>;
using kernels::RandomTarget;

// Runs draw(RandomTarget) on the elements of `out`, in memory order; `p` becomes operand 1.
template <class Draw>
void draw_into(const Tensor& out, const OptionalGenerator& generator, Draw draw, const Tensor* p = nullptr) {
  if (out.numel() == 0) return;
  kernels::Iteration it;
  it.operands = p ? 2 : 1;
  it.axes = static_cast<int>(out.dim());
  for (int k = 0; k < it.operands; ++k) {
    const Tensor& t = k == 0 ? out : *p;
    it.pointers[k] = static_cast<char*>(t.data_ptr());
    for (int a = 0; a < it.axes; ++a) {
      it.sizes[a] = out.impl().sizes[a];
      it.strides[k][a] = t.impl().strides[a] * t.element_size();
    }
  }
  it.simplify();
  GeneratorImpl& g = detail::generator_or_default(generator);
  const std::lock_guard lock(g.mutex);
  draw(RandomTarget{it, out.dtype(), g});
}

// Gives `self` what fill(tensor) writes. Whatever the operation checks has been checked.
template <class Fill>
Tensor& fill_in_place(const char* operation, const char* node, const Tensor& self, Fill fill) {
  if (may_write_directly(operation, self)) {
    fill(self);
    self.impl().storage->bump_version();
    return const_cast<Tensor&>(self);
  }
  const Tensor value = allocate_in_order_of(self, self.dtype());
  fill(value);
  return write_in_place(operation, self, record(node, Forward(value), wrt(self, [](const Tensor& gy) { return zeros_like(gy); })));
}

void draw_normal(const Tensor& out, double mean, double std, const OptionalGenerator& generator) {
  draw_into(out, generator, [&](const RandomTarget& target) {
    if (out.numel() < 16 || !out.is_contiguous()) return kernels::fill_normal(target, mean, std);
    dispatch_floating(out.dtype(), "normal_kernel_cpu", [&](auto zero) {
      kernels::fill_normal_blocks(reinterpret_cast<decltype(zero)*>(out.data_ptr()), out.numel(), mean, std, target.generator);
    });
  });
}

void draw_uniform(const Tensor& out, double from, double to, const OptionalGenerator& generator) {
  draw_into(out, generator, [&](const RandomTarget& target) { kernels::fill_uniform(target, from, to); });
}

void check_floating(const char* operation, const char* kernel, ScalarType dtype) {
  XGRAD_CHECK_AS(NotImplementedError, dtype == kFloat || dtype == kDouble, "[", operation, "] \"", kernel, "\" not implemented for '", dtype, "'");
}

void check_std(const char* operation, double std) {
  XGRAD_CHECK(std >= 0, "[", operation, "] normal expects std >= 0.0, but found std ", std);
}

// True iff every element of a floating tensor is in [low, high]; a NaN is not.
bool elements_within(const Tensor& t, double low, double high) {
  const Tensor values = contiguous_as(t, kDouble);
  const double* v = values.data_ptr<double>();
  return std::all_of(v, v + values.numel(), [=](double x) { return x >= low && x <= high; });
}

}  // namespace

// ---- in place

Tensor& Tensor::uniform_(double from, double to, OptionalGenerator generator) const {
  check_floating("uniform_", "check_uniform_bounds", dtype());
  const double largest = dtype() == kFloat ? std::numeric_limits<float>::max() : std::numeric_limits<double>::max();
  XGRAD_CHECK(from >= -largest && from <= largest, "[uniform_] from is out of bounds for ", dtype(), ", got ", from);
  XGRAD_CHECK(to >= -largest && to <= largest, "[uniform_] to is out of bounds for ", dtype(), ", got ", to);
  XGRAD_CHECK(from <= to, "[uniform_] uniform_ expects to return a [from, to) range, but found from=", from, " > to=", to);
  XGRAD_CHECK(to - from <= largest, "[uniform_] uniform_ expects to-from <= std::numeric_limits<", dtype(), ">::max(), but found to=", to,
              " and from=", from, " which result in to-from to exceed the limit");
  return fill_in_place("uniform_", "UniformBackward0", *this, [&](const Tensor& out) { draw_uniform(out, from, to, generator); });
}

Tensor& Tensor::normal_(double mean, double std, OptionalGenerator generator) const {
  check_std("normal_", std);
  check_floating("normal_", "normal_kernel_cpu", dtype());
  return fill_in_place("normal_", "NormalBackward0", *this, [&](const Tensor& out) { draw_normal(out, mean, std, generator); });
}

Tensor& Tensor::exponential_(double lambd, OptionalGenerator generator) const {
  XGRAD_CHECK(lambd >= 0, "[exponential_] exponential_ expects lambda >= 0.0, but found lambda=", lambd);
  check_floating("exponential_", "exponential_cpu", dtype());
  return fill_in_place("exponential_", "ExponentialBackward0", *this, [&](const Tensor& out) {
    draw_into(out, generator, [&](const RandomTarget& target) { kernels::fill_exponential(target, lambd); });
  });
}

Tensor& Tensor::bernoulli_(double p, OptionalGenerator generator) const {
  XGRAD_CHECK(p >= 0 && p <= 1, "[bernoulli_] bernoulli_ expects p to be in [0, 1], but got p=", p);
  return fill_in_place("bernoulli_", "BernoulliBackward2", *this, [&](const Tensor& out) {
    draw_into(out, generator, [&](const RandomTarget& target) { kernels::fill_bernoulli(target, p, 1); });
  });
}

Tensor& Tensor::bernoulli_(const Tensor& p, OptionalGenerator generator) const {
  check_floating("bernoulli_", "bernoulli_tensor_cpu_p_", p.dtype());
  Tensor probabilities = (p.is_alias_of(*this) ? p.detach().clone() : p.detach()).expand(sizes());
  XGRAD_CHECK(elements_within(p.detach(), 0, 1), "[bernoulli_] Expected p_in >= 0 && p_in <= 1 to be true for every element of p");
  return fill_in_place("bernoulli_", "BernoulliBackward1", *this, [&](const Tensor& out) {
    draw_into(out, generator, [&](const RandomTarget& target) { kernels::fill_bernoulli_from(target, p.dtype()); }, &probabilities);
  });
}

namespace {

struct IntegerBounds {
  int64_t low, high;  // both included
};

// The integers that a tensor of this dtype may be asked for.
IntegerBounds bounds_of(ScalarType dtype) {
  switch (dtype) {
    case ScalarType::Byte: return {0, 255};
    case ScalarType::Bool: return {0, 1};
    case ScalarType::Int: return {INT32_MIN, INT32_MAX};
    default: return {INT64_MIN, INT64_MAX};
  }
}

// `from` and `to - 1` moved to the next numbers inside that a floating dtype can hold, so that rounding leaves none outside.
template <class T>
void move_inside(int64_t& from, int64_t& to) {
  constexpr T kInfinity = std::numeric_limits<T>::infinity();
  if (const T low = static_cast<T>(from); static_cast<long double>(low) < static_cast<long double>(from))
    from = static_cast<int64_t>(std::nextafter(low, kInfinity));
  if (const T last = static_cast<T>(to - 1); static_cast<long double>(last) >= static_cast<long double>(to))
    to = static_cast<int64_t>(std::nextafter(last, -kInfinity)) + 1;
}

void move_inside(ScalarType dtype, int64_t& from, int64_t& to) {
  if (dtype == kFloat) move_inside<float>(from, to);
  if (dtype == kDouble) move_inside<double>(from, to);
}

void check_bounds(ScalarType dtype, int64_t from, int64_t last) {
  const IntegerBounds bounds = bounds_of(dtype);
  XGRAD_CHECK(from >= bounds.low && from <= bounds.high, "[random_] from is out of bounds for ", dtype, ", got ", from);
  XGRAD_CHECK(last >= bounds.low && last <= bounds.high, "[random_] to - 1 is out of bounds for ", dtype, ", got ", last);
}

Tensor& random_range(const char* node, const Tensor& self, int64_t from, int64_t last, const OptionalGenerator& generator) {
  check_bounds(self.dtype(), from, last);
  const uint64_t range = static_cast<uint64_t>(last) - static_cast<uint64_t>(from) + 1;
  return fill_in_place("random_", node, self, [&](const Tensor& out) {
    draw_into(out, generator, [&](const RandomTarget& target) { kernels::fill_integers(target, range, from); });
  });
}

Tensor& random_between(const char* node, const Tensor& self, int64_t from, int64_t to, const OptionalGenerator& generator) {
  XGRAD_CHECK(from < to, "[random_] random_ expects 'from' to be less than 'to', but got from=", from, " >= to=", to);
  move_inside(self.dtype(), from, to);
  XGRAD_CHECK(from < to, "[random_] random_ expects 'from' casted to dtype to be less than 'to' casted to dtype, but got from=", from, " >= to=", to);
  return random_range(node, self, from, to - 1, generator);
}

}  // namespace

Tensor& Tensor::random_(int64_t from, std::optional<int64_t> to, OptionalGenerator generator) const {
  if (to) return random_between("RandomBackward0", *this, from, *to, generator);
  if (from == INT64_MIN) {
    XGRAD_CHECK(is_floating_point() || dtype() == kLong, "[random_] the range of all int64 numbers needs int64, double or float, got ", dtype());
    return fill_in_place("random_", "RandomBackward0", *this, [&](const Tensor& out) {
      draw_into(out, generator, [](const RandomTarget& target) { kernels::fill_all_integers(target); });
    });
  }
  int64_t last = dtype() == kFloat ? int64_t{1} << 24 : dtype() == kDouble ? int64_t{1} << 53 : bounds_of(dtype()).high;
  if (is_floating_point()) {
    int64_t unused = last;
    move_inside(dtype(), from, unused);
    XGRAD_CHECK(from < last, "[random_] random_ expects 'from' casted to dtype to be less than or equal to 'to_inc' casted to dtype, but got from=", from,
                " > to_inc=", last);
  }
  return random_range("RandomBackward0", *this, from, last, generator);
}

Tensor& Tensor::random_(int64_t to, OptionalGenerator generator) const { return random_between("RandomBackward1", *this, 0, to, generator); }

Tensor& Tensor::random_(OptionalGenerator generator) const {
  return fill_in_place("random_", "RandomBackward2", *this, [&](const Tensor& out) {
    draw_into(out, generator, [](const RandomTarget& target) { kernels::fill_natural_integers(target); });
  });
}

// ---- factories

namespace {

Tensor with_gradient(const Tensor& t, const TensorOptions& options) {
  if (options.requires_grad()) t.set_requires_grad(true);
  return t;
}

TensorOptions without_gradient(const TensorOptions& options) { return options.requires_grad(false); }

Tensor uninitialized_like(const char* operation, const Tensor& self, const TensorOptions& options) {
  check_device(operation, options.device());
  return allocate_in_order_of(self, options.has_dtype() ? options.dtype() : self.dtype());
}

}  // namespace

Tensor rand(IntArrayRef size, TensorOptions options) { return rand(size, std::nullopt, options); }
Tensor rand(IntArrayRef size, OptionalGenerator generator, TensorOptions options) {
  return with_gradient(empty(size, without_gradient(options)).uniform_(0, 1, generator), options);
}

Tensor randn(IntArrayRef size, TensorOptions options) { return randn(size, std::nullopt, options); }
Tensor randn(IntArrayRef size, OptionalGenerator generator, TensorOptions options) {
  return with_gradient(empty(size, without_gradient(options)).normal_(0, 1, generator), options);
}

Tensor randint(int64_t high, IntArrayRef size, TensorOptions options) { return randint(0, high, size, std::nullopt, options); }
Tensor randint(int64_t high, IntArrayRef size, OptionalGenerator generator, TensorOptions options) {
  return randint(0, high, size, generator, options);
}
Tensor randint(int64_t low, int64_t high, IntArrayRef size, TensorOptions options) { return randint(low, high, size, std::nullopt, options); }
Tensor randint(int64_t low, int64_t high, IntArrayRef size, OptionalGenerator generator, TensorOptions options) {
  if (!options.has_dtype()) options = options.dtype(kLong);
  return with_gradient(empty(size, without_gradient(options)).random_(low, high, generator), options);
}

Tensor randperm(int64_t n, TensorOptions options) { return randperm(n, std::nullopt, options); }
Tensor randperm(int64_t n, OptionalGenerator generator, TensorOptions options) {
  const ScalarType dtype = options.has_dtype() ? options.dtype() : kLong;
  XGRAD_CHECK(n >= 0, "[randperm] n must be non-negative, got ", n);
  XGRAD_CHECK_AS(NotImplementedError, dtype != kBool, "[randperm] \"randperm\" not implemented for 'Bool'");
  XGRAD_CHECK(dtype != kFloat || n <= (int64_t{1} << 24) + 1, "[randperm] n cannot be greater than 2^24+1 for Float type, got ", n);
  XGRAD_CHECK(dtype != kDouble || n <= (int64_t{1} << 53) + 1, "[randperm] n cannot be greater than 2^53+1 for Double type, got ", n);
  XGRAD_CHECK(isFloatingType(dtype) || n <= bounds_of(dtype).high, "[randperm] n cannot be converted to type ", dtype, " without overflow, got ", n);
  const Tensor out = empty({n}, without_gradient(options.dtype(dtype)));
  GeneratorImpl& g = detail::generator_or_default(generator);
  const std::lock_guard lock(g.mutex);
  kernels::fill_permutation(out.data_ptr(), n, 1, dtype, g);
  return with_gradient(out, options);
}

Tensor rand_like(const Tensor& self, TensorOptions options, std::optional<MemoryFormat>) {
  return with_gradient(uninitialized_like("rand_like", self, options).uniform_(), options);
}
Tensor randn_like(const Tensor& self, TensorOptions options, std::optional<MemoryFormat>) {
  return with_gradient(uninitialized_like("randn_like", self, options).normal_(), options);
}
Tensor randint_like(const Tensor& self, int64_t high, TensorOptions options, std::optional<MemoryFormat> memory_format) {
  return randint_like(self, 0, high, options, memory_format);
}
Tensor randint_like(const Tensor& self, int64_t low, int64_t high, TensorOptions options, std::optional<MemoryFormat>) {
  return with_gradient(uninitialized_like("randint_like", self, options).random_(low, high), options);
}

// ---- distributions given by tensors

Tensor bernoulli(const Tensor& self, OptionalGenerator generator) {
  const Tensor out = allocate_tensor(self.sizes(), self.dtype()).bernoulli_(self.detach(), generator);
  return record("BernoulliBackward0", Forward(out), wrt(self, [](const Tensor& gy) { return zeros_like(gy); }));
}

Tensor bernoulli(const Tensor& self, double p, OptionalGenerator generator) {
  return allocate_tensor(self.sizes(), self.dtype()).bernoulli_(p, generator);
}

Tensor bernoulli(const Tensor& self, const Tensor& p, OptionalGenerator generator) {
  return allocate_tensor(self.sizes(), self.dtype()).bernoulli_(p.detach(), generator);
}

namespace {
void check_stds(const Tensor& std) {
  XGRAD_CHECK(elements_within(std.detach(), 0, std::numeric_limits<double>::infinity()), "[normal] normal expects all elements of std >= 0.0");
}
}  // namespace

Tensor normal(const Tensor& mean, double std, OptionalGenerator generator) {
  check_std("normal", std);
  const Tensor out = allocate_tensor(mean.sizes(), mean.dtype()).normal_(0, std, generator).add_(mean.detach());
  return record("NormalBackward1", Forward(out), wrt(mean, [](const Tensor& gy) { return zeros_like(gy); }));
}

Tensor normal(double mean, const Tensor& std, OptionalGenerator generator) {
  check_floating("normal", "normal_kernel_cpu", std.dtype());
  check_stds(std);
  const Tensor out = allocate_tensor(std.sizes(), std.dtype()).normal_(0, 1, generator).mul_(std.detach()).add_(mean);
  return record("NormalBackward2", Forward(out), wrt(std, [](const Tensor& gy) { return zeros_like(gy); }));
}

Tensor normal(const Tensor& mean, const Tensor& std, OptionalGenerator generator) {
  check_stds(std);
  const Dims shape = broadcast_shapes("normal", mean.sizes(), std.sizes());
  const Tensor out = allocate_tensor(shape, mean.dtype()).normal_(0, 1, generator).mul_(std.detach()).add_(mean.detach());
  return record("NormalBackward3", Forward(out), wrt(mean, [](const Tensor& gy) { return zeros_like(gy); }),
                wrt(std, [](const Tensor& gy) { return zeros_like(gy); }));
}

Tensor normal(double mean, double std, IntArrayRef size, OptionalGenerator generator, TensorOptions options) {
  return with_gradient(empty(size, without_gradient(options)).normal_(mean, std, generator), options);
}

}}  // namespace torch::xgrad

#else  // ---- samples

#include <xgrad/autograd/catalogue/catalogue.h>

namespace torch { inline namespace xgrad {

namespace {

using catalogue::Inputs;

// Adds a sample whose numbers depend on the generator.
template <class F>
void add_random(catalogue::Samples& s, const char* call, std::vector<catalogue::Input> inputs, F f) {
  s.at(call, std::move(inputs), std::move(f)).random = true;
}

const catalogue::Entry bernoulli_entry("bernoulli", [](catalogue::Samples& s) {
  for (const auto& shape : std::vector<std::vector<int64_t>>{{3, 4}, {}, {0, 3}, {40}}) {
    add_random(s, "torch.bernoulli(x[0])", {s.uniform(shape, 0, 1)}, [](Inputs x) { return bernoulli(x[0]); });
    add_random(s, "x[0].clone().bernoulli_(0.3)", {s.normal(shape)}, [](Inputs x) { return x[0].clone().bernoulli_(0.3); });
    add_random(s, "x[0].clone().bernoulli_(x[1])", {s.normal(shape), s.uniform(shape, 0, 1)}, [](Inputs x) { return x[0].clone().bernoulli_(x[1]); });
  }
  s.rejects("probability above 1", "bernoulli_ expects p to be in [0, 1], but got p=2", [] { ones({2}).bernoulli_(2.0); });
  s.rejects("a NaN probability", "Expected p_in >= 0 && p_in <= 1", [] { bernoulli(full({2}, std::nan(""))); });
});

const catalogue::Entry normal_entry("normal", [](catalogue::Samples& s) {
  for (const auto& shape : std::vector<std::vector<int64_t>>{{3, 4}, {}, {0, 3}, {4, 5}}) {
    add_random(s, "x[0].clone().normal_(0.5, 2)", {s.normal(shape)}, [](Inputs x) { return x[0].clone().normal_(0.5, 2); });
    add_random(s, "torch.normal(x[0], 2.0)", {s.normal(shape)}, [](Inputs x) { return normal(x[0], 2.0); });
    add_random(s, "torch.normal(0.5, x[0])", {s.uniform(shape, 0, 1)}, [](Inputs x) { return normal(0.5, x[0]); });
    add_random(s, "torch.normal(x[0], x[1])", {s.normal(shape), s.uniform(shape, 0, 1)}, [](Inputs x) { return normal(x[0], x[1]); });
  }
  add_random(s, "torch.normal(x[0], x[1])", {s.normal({3, 1}), s.uniform({4}, 0, 1)}, [](Inputs x) { return normal(x[0], x[1]); });
  s.rejects("negative deviation", "normal expects std >= 0.0, but found std -1", [] { ones({2}).normal_(0, -1); });
  s.rejects("a negative deviation among many", "normal expects all elements of std >= 0.0", [] { normal(0.0, full({2}, -1.0)); });
});

const catalogue::Entry uniform_entry("uniform_", [](catalogue::Samples& s) {
  for (const auto& shape : std::vector<std::vector<int64_t>>{{3, 4}, {}, {0, 3}}) {
    add_random(s, "x[0].clone().uniform_(-1, 3)", {s.normal(shape)}, [](Inputs x) { return x[0].clone().uniform_(-1, 3); });
    add_random(s, "x[0].clone().exponential_(3)", {s.normal(shape)}, [](Inputs x) { return x[0].clone().exponential_(3); });
    add_random(s, "x[0].clone().random_(-4, 9)", {s.normal(shape)}, [](Inputs x) { return x[0].clone().random_(-4, 9); });
    s.flat("torch.rand_like(x[0])", {s.normal(shape)}, [](Inputs x) { return rand_like(x[0]); }).random = true;
    s.flat("torch.randn_like(x[0])", {s.normal(shape)}, [](Inputs x) { return randn_like(x[0]); }).random = true;
  }
  s.rejects("bounds in the wrong order", "uniform_ expects to return a [from, to) range", [] { ones({2}).uniform_(2, 1); });
  s.rejects("integers", "not implemented for 'Long'", [] { ones({2}, kLong).uniform_(); });
});

}  // namespace

}}  // namespace torch::xgrad

#endif
