#include <xgrad/autograd/ops/random/random.h>

#include <bit>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <type_traits>

#include <xgrad/autograd/core/shape.h>
#include <xgrad/autograd/core/warning.h>
#include <xgrad/autograd/graph/in_place.h>
#include <xgrad/autograd/kernels/random/random.h>
#include <xgrad/autograd/ops/creation/creation.h>
#include <xgrad/autograd/ops/pointwise/arithmetic.h>
#include <xgrad/autograd/ops/random/draw.h>
#include <xgrad/autograd/tensor/allocate.h>
#include <xgrad/autograd/tensor/copy.h>
#include <xgrad/autograd/tensor/memory_order.h>
#include <xgrad/autograd/tensor/tensor_memory.h>

#ifndef XGRAD_SAMPLES

namespace torch { inline namespace xgrad {

namespace {

// Fills `out` by a kernel of kernels/random/random.h.
template <class... P>
void draw_into(const Operation& operation, const Tensor& out, const OptionalGenerator& generator,
               void (*kernel)(const kernels::Iteration&, ScalarType, GeneratorImpl*, P...), std::type_identity_t<P>... parameters) {
  if (out.numel() == 0) return;
  GeneratorImpl& g = detail::generator_or_default(generator);
  launch(operation, kernel, reads(g), writes(out, g), in_memory_order(out), out.dtype(), &g, parameters...);
}

// Gives `self` what fill(tensor) writes. Whatever the operation checks has been checked.
template <class... T, class Fill> Tensor& fill_in_place(const Operation& operation, const Tensor& self, const With<T...>& attributes, Fill fill) {
  if (may_write_directly(operation.name(), self)) {
    fill(self);
    self.impl().storage->bump_version();
    return const_cast<Tensor&>(self);
  }
  const Tensor value = allocate_in_order_of(self, self.dtype());
  fill(value);
  const Tensor recorded = record(Forward(operation, value), attributes, wrt(self, [](const Tensor& gy) { return zeros_like(gy); }));
  return write_in_place(operation.name(), self, recorded);
}

// How draws are taken from the stream follows from what they are for, not from the memory that they go through.
bool in_blocks(const Tensor& t) { return t.numel() >= 16 && t.is_contiguous(); }

void draw_normal(const Operation& operation, const Tensor& out, bool blocks, double mean, double std, const OptionalGenerator& generator) {
  if (!blocks) return draw_into(operation, out, generator, kernels::fill_normal, mean, std);
  GeneratorImpl& g = detail::generator_or_default(generator);
  launch(operation, kernels::fill_normal_blocks, reads(g), writes(out, g), out.data_ptr(), out.numel(), out.dtype(), &g, mean, std);
}

void check_std(const Operation& operation, double std) { XGRAD_CHECK(std >= 0, operation, "normal expects std >= 0.0, but found std ", std); }

}  // namespace

// ---- in place

Tensor& Tensor::uniform_(double from, double to, OptionalGenerator generator) const {
  const Operation& op = operation<"uniform_">;
  check_floating(op, "check_uniform_bounds", dtype());
  const double largest = dispatch_stored_floating(dtype(), "check_uniform_bounds",
                                                  [](auto zero) { return static_cast<double>(std::numeric_limits<decltype(zero)>::max()); });
  XGRAD_CHECK(from >= -largest && from <= largest, op, "from is out of bounds for ", dtype(), ", got ", from);
  XGRAD_CHECK(to >= -largest && to <= largest, op, "to is out of bounds for ", dtype(), ", got ", to);
  XGRAD_CHECK(from <= to, op, "uniform_ expects to return a [from, to) range, but found from=", from, " > to=", to);
  XGRAD_CHECK(to - from <= largest, op, "uniform_ expects to-from <= std::numeric_limits<", dtype(), ">::max(), but found to=", to,
              " and from=", from, " which result in to-from to exceed the limit");
  return fill_in_place(op, *this, with("from", from, "to", to),
                       [&](const Tensor& out) { draw_into(op, out, generator, kernels::fill_uniform, from, to); });
}

Tensor& Tensor::normal_(double mean, double std, OptionalGenerator generator) const {
  const Operation& op = operation<"normal_">;
  check_std(op, std);
  check_floating(op, "normal_kernel_cpu", dtype());
  return fill_in_place(op, *this, with("mean", mean, "std", std),
                       [&](const Tensor& out) { draw_normal(op, out, in_blocks(*this), mean, std, generator); });
}

Tensor& Tensor::exponential_(double lambd, OptionalGenerator generator) const {
  const Operation& op = operation<"exponential_">;
  XGRAD_CHECK(lambd >= 0, op, "exponential_ expects lambda >= 0.0, but found lambda=", lambd);
  check_floating(op, "exponential_cpu", dtype());
  return fill_in_place(op, *this, with("lambd", lambd), [&](const Tensor& out) { draw_into(op, out, generator, kernels::fill_exponential, lambd); });
}

Tensor& Tensor::log_normal_(double mean, double std, OptionalGenerator generator) const {
  const Operation& op = operation<"log_normal_">;
  XGRAD_CHECK(std > 0, op, "log_normal_ expects std > 0.0, but found std=", std);
  check_floating(op, "log_normal_cpu", dtype());
  return fill_in_place(op, *this, with("mean", mean, "std", std),
                       [&](const Tensor& out) { draw_into(op, out, generator, kernels::fill_log_normal, mean, std); });
}

Tensor& Tensor::cauchy_(double median, double sigma, OptionalGenerator generator) const {
  const Operation& op = operation<"cauchy_">;
  check_floating(op, "cauchy_cpu", dtype());
  return fill_in_place(op, *this, with("median", median, "sigma", sigma),
                       [&](const Tensor& out) { draw_into(op, out, generator, kernels::fill_cauchy, median, sigma); });
}

Tensor& Tensor::geometric_(double p, OptionalGenerator generator) const {
  const Operation& op = operation<"geometric_">;
  XGRAD_CHECK(p > 0 && p < 1, op, "geometric_ expects p to be in (0, 1), but got p=", p);
  XGRAD_CHECK_AS(NotImplementedError, dtype() != kBool, op, "\"geometric_cpu\" not implemented for 'Bool'");
  return fill_in_place(op, *this, with("p", p), [&](const Tensor& out) { draw_into(op, out, generator, kernels::fill_geometric, p); });
}

Tensor& Tensor::bernoulli_(double p, OptionalGenerator generator) const {
  const Operation& op = operation<"bernoulli_", 2>;
  XGRAD_CHECK(p >= 0 && p <= 1, op, "bernoulli_ expects p to be in [0, 1], but got p=", p);
  return fill_in_place(op, *this, with("p", p), [&](const Tensor& out) { draw_into(op, out, generator, kernels::fill_bernoulli, p, 1); });
}

Tensor& Tensor::bernoulli_(const Tensor& p, OptionalGenerator generator) const {
  const Operation& op = operation<"bernoulli_", 1>;
  check_floating(op, "bernoulli_tensor_cpu_p_", p.dtype());
  const Tensor probabilities = untraced([&] { return (p.is_alias_of(*this) ? p.detach().clone() : p.detach()).expand(sizes()); });
  XGRAD_CHECK(elements_within(detail::alias(p), 0, 1), op, "Expected p_in >= 0 && p_in <= 1 to be true for every element of p");
  return fill_in_place(op, *this, With<>(), [&](const Tensor& out) {
    if (out.numel() == 0) return;
    GeneratorImpl& g = detail::generator_or_default(generator);
    launch(op, kernels::fill_bernoulli_from, reads(g, probabilities), writes(out, g), in_memory_order(out, {&probabilities}), out.dtype(), &g,
           p.dtype());
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
    case ScalarType::Char: return {INT8_MIN, INT8_MAX};
    case ScalarType::Short: return {INT16_MIN, INT16_MAX};
    case ScalarType::Bool: return {0, 1};
    case ScalarType::Int: return {INT32_MIN, INT32_MAX};
    case ScalarType::Half: return {-65504, 65504};
    default: return {INT64_MIN, INT64_MAX};
  }
}

// The distance between neighbours of a floating dtype with so many digits, around a whole number beyond 2^digits.
int64_t spacing(int64_t n, int digits) { return int64_t{1} << (std::bit_width(static_cast<uint64_t>(std::abs(n))) - digits); }

// `from` and `to` moved inside to numbers that a floating dtype can hold, where rounding would leave draws outside. PyTorch's steps
// (DistributionTemplates.h), on which the draws depend.
template <class T> void move_inside(int64_t& from, int64_t& to) {
  constexpr int kDigits = std::numeric_limits<T>::digits;
  const auto rounded = [](int64_t n) { return static_cast<double>(static_cast<T>(n)); };
  // Beyond the dtype's range, and for int64's ends, check_bounds says what is wrong.
  const auto holds = [](double n) { return std::abs(n) < 0x1p63; };
  if (const double next = from == INT64_MAX ? HUGE_VAL : rounded(from + 1); holds(next) && static_cast<int64_t>(next) < from)
    from = static_cast<int64_t>(next) + spacing(from + 1, kDigits);
  if (const double last = rounded(to - 1); holds(last) && static_cast<int64_t>(last) >= to)
    to = static_cast<int64_t>(last) - spacing(to - 1, kDigits);
}

void move_inside(ScalarType dtype, int64_t& from, int64_t& to) {
  if (dtype == kFloat) move_inside<float>(from, to);
  if (dtype == kDouble) move_inside<double>(from, to);
  if (dtype == kHalf) move_inside<Half>(from, to);
  if (dtype == kBFloat16) move_inside<BFloat16>(from, to);
}

// Below this, in magnitude, a floating dtype holds every whole number.
int digits_of(ScalarType dtype) {
  switch (dtype) {
    case ScalarType::Half: return std::numeric_limits<Half>::digits;
    case ScalarType::BFloat16: return std::numeric_limits<BFloat16>::digits;
    case ScalarType::Float: return std::numeric_limits<float>::digits;
    case ScalarType::Double: return std::numeric_limits<double>::digits;
    default: return 63;
  }
}

void warn_beyond(const Operation& operation, const char* name, int64_t bound, ScalarType dtype) {
  const int digits = digits_of(dtype);
  if (digits >= 63 || (bound >= -(int64_t{1} << digits) && bound <= int64_t{1} << digits)) return;
  const std::string text = detail::concatenate(name, " is out of bounds [-(2^", digits, "), 2^", digits, "]. Due to precision limitations ", dtype,
                                               " can support discrete uniform distribution only within this range.");
  Warning::warn({operation.name(), __FILE__, __LINE__}, text, false);
}

void check_bounds(const Operation& operation, ScalarType dtype, int64_t from, int64_t last) {
  const IntegerBounds bounds = bounds_of(dtype);
  XGRAD_CHECK(from >= bounds.low && from <= bounds.high, operation, "from is out of bounds for ", dtype, ", got ", from);
  XGRAD_CHECK(last >= bounds.low && last <= bounds.high, operation, "to - 1 is out of bounds for ", dtype, ", got ", last);
  warn_beyond(operation, "from", from, dtype);
  warn_beyond(operation, "to - 1", last, dtype);
}

template <class... T>
Tensor& random_range(const Operation& operation, const Tensor& self, const With<T...>& attributes, int64_t from, int64_t last,
                     const OptionalGenerator& generator) {
  check_bounds(operation, self.dtype(), from, last);
  const uint64_t range = static_cast<uint64_t>(last) - static_cast<uint64_t>(from) + 1;
  return fill_in_place(operation, self, attributes,
                       [&](const Tensor& out) { draw_into(operation, out, generator, kernels::fill_integers, range, from); });
}

template <class... T>
Tensor& random_between(const Operation& operation, const Tensor& self, const With<T...>& attributes, int64_t from, int64_t to,
                       const OptionalGenerator& generator) {
  XGRAD_CHECK(from < to, operation, "random_ expects 'from' to be less than 'to', but got from=", from, " >= to=", to);
  move_inside(self.dtype(), from, to);
  XGRAD_CHECK(from < to, operation, "random_ expects 'from' casted to dtype to be less than 'to' casted to dtype, but got from=", from,
              " >= to=", to);
  return random_range(operation, self, attributes, from, to - 1, generator);
}

}  // namespace

Tensor& Tensor::random_(int64_t from, std::optional<int64_t> to, OptionalGenerator generator) const {
  const Operation& op = operation<"random_">;
  const auto attributes = with("from", from, "to", to);
  if (to) return random_between(op, *this, attributes, from, *to, generator);
  if (from == INT64_MIN) {
    XGRAD_CHECK((is_floating_point() && dtype() != kHalf) || dtype() == kLong, op,
                "random_full_64_bits_range handles only int64, double, float and bfloat16, got ", dtype());
    return fill_in_place(op, *this, attributes, [&](const Tensor& out) { draw_into(op, out, generator, kernels::fill_all_integers); });
  }
  int64_t first = from, last = is_floating_point() ? int64_t{1} << digits_of(dtype()) : bounds_of(dtype()).high;
  if (is_floating_point()) {
    int64_t unused = last;
    move_inside(dtype(), first, unused);
    XGRAD_CHECK(first < last, op, "random_ expects 'from' casted to dtype to be less than or equal to 'to_inc' casted to dtype, but got from=", first,
                " > to_inc=", last);
  }
  return random_range(op, *this, attributes, first, last, generator);
}

Tensor& Tensor::random_(int64_t to, OptionalGenerator generator) const {
  return random_between(operation<"random_", 1>, *this, with("to", to), 0, to, generator);
}

Tensor& Tensor::random_(OptionalGenerator generator) const {
  const Operation& op = operation<"random_", 2>;
  return fill_in_place(op, *this, With<>(), [&](const Tensor& out) { draw_into(op, out, generator, kernels::fill_natural_integers); });
}

// ---- factories

namespace {

Tensor with_gradient(const Tensor& t, const TensorOptions& options) {
  if (options.requires_grad()) t.set_requires_grad(true);
  return t;
}

TensorOptions without_gradient(const TensorOptions& options) { return options.requires_grad(false); }

Tensor uninitialized_like(const char* operation, const Tensor& self, const TensorOptions& options, std::optional<MemoryFormat> format) {
  check_place(operation, options);
  return allocate_in_format(operation, self, options.has_dtype() ? options.dtype() : self.dtype(),
                            format_of(operation, options, format, MemoryFormat::Preserve));
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
  const Operation& op = operation<"randperm">;
  const ScalarType dtype = options.has_dtype() ? options.dtype() : kLong;
  XGRAD_CHECK(n >= 0, op, "n must be non-negative, got ", n);
  XGRAD_CHECK_AS(NotImplementedError, dtype != kBool, op, "\"", op.name(), "\" not implemented for 'Bool'");
  XGRAD_CHECK(dtype != kFloat || n <= (int64_t{1} << 24) + 1, op, "n cannot be greater than 2^24+1 for Float type, got ", n);
  XGRAD_CHECK(dtype != kDouble || n <= (int64_t{1} << 53) + 1, op, "n cannot be greater than 2^53+1 for Double type, got ", n);
  XGRAD_CHECK(isFloatingType(dtype) || n <= bounds_of(dtype).high, op, "n cannot be converted to type ", dtype, " without overflow, got ", n);
  const Tensor out = empty({n}, without_gradient(options.dtype(dtype)));
  GeneratorImpl& g = detail::generator_or_default(generator);
  launch(op, kernels::fill_permutation, reads(g), writes(out, g), out.data_ptr(), n, dtype, &g);
  return with_gradient(out, options);
}

Tensor rand_like(const Tensor& self, TensorOptions options, std::optional<MemoryFormat> memory_format) {
  return with_gradient(uninitialized_like("rand_like", self, options, memory_format).uniform_(), options);
}
Tensor randn_like(const Tensor& self, TensorOptions options, std::optional<MemoryFormat> memory_format) {
  return with_gradient(uninitialized_like("randn_like", self, options, memory_format).normal_(), options);
}
Tensor randint_like(const Tensor& self, int64_t high, TensorOptions options, std::optional<MemoryFormat> memory_format) {
  return randint_like(self, 0, high, options, memory_format);
}
Tensor randint_like(const Tensor& self, int64_t low, int64_t high, TensorOptions options, std::optional<MemoryFormat> memory_format) {
  return with_gradient(uninitialized_like("randint_like", self, options, memory_format).random_(low, high), options);
}

// ---- distributions given by tensors

Tensor bernoulli(const Tensor& self, OptionalGenerator generator) {
  const Tensor out = untraced([&] { return allocate_tensor(self.sizes(), self.dtype()).bernoulli_(self.detach(), generator); });
  return record(Forward(operation<"bernoulli">, out), wrt(self, [](const Tensor& gy) { return zeros_like(gy); }));
}

Tensor bernoulli(const Tensor& self, double p, OptionalGenerator generator) {
  return allocate_tensor(self.sizes(), self.dtype()).bernoulli_(p, generator);
}

Tensor bernoulli(const Tensor& self, const Tensor& p, OptionalGenerator generator) {
  return allocate_tensor(self.sizes(), self.dtype()).bernoulli_(p.detach(), generator);
}

namespace {
void check_stds(const Operation& operation, const Tensor& std) {
  XGRAD_CHECK(elements_within(detail::alias(std), 0, std::numeric_limits<double>::infinity()), operation,
              "normal expects all elements of std >= 0.0");
}
}  // namespace

Tensor normal(const Tensor& mean, double std, OptionalGenerator generator) {
  const Operation& op = operation<"normal", 1>;
  check_std(op, std);
  const Tensor out = untraced([&] { return allocate_tensor(mean.sizes(), mean.dtype()).normal_(0, std, generator).add_(mean.detach()); });
  return record(Forward(op, out), with("std", std), wrt(mean, [](const Tensor& gy) { return zeros_like(gy); }));
}

Tensor normal(double mean, const Tensor& std, OptionalGenerator generator) {
  const Operation& op = operation<"normal", 2>;
  check_floating(op, "normal_kernel_cpu", std.dtype());
  check_stds(op, std);
  const Tensor out = untraced([&] { return allocate_tensor(std.sizes(), std.dtype()).normal_(0, 1, generator).mul_(std.detach()).add_(mean); });
  return record(Forward(op, out), with("mean", mean), wrt(std, [](const Tensor& gy) { return zeros_like(gy); }));
}

Tensor normal(const Tensor& mean, const Tensor& std, OptionalGenerator generator) {
  const Operation& op = operation<"normal", 3>;
  check_stds(op, std);
  const Dims shape = broadcast_shapes(op.name(), mean.sizes(), std.sizes());
  const Tensor out = untraced([&] { return allocate_tensor(shape, mean.dtype()).normal_(0, 1, generator).mul_(std.detach()).add_(mean.detach()); });
  return record(Forward(op, out), wrt(mean, [](const Tensor& gy) { return zeros_like(gy); }),
                wrt(std, [](const Tensor& gy) { return zeros_like(gy); }));
}

Tensor normal(double mean, double std, IntArrayRef size, OptionalGenerator generator, TensorOptions options) {
  return with_gradient(empty(size, without_gradient(options)).normal_(mean, std, generator), options);
}

}}  // namespace torch::xgrad

#else  // ---- samples

#include <xgrad/autograd/catalogue/catalogue.h>

namespace torch { inline namespace xgrad { namespace {

using catalogue::Inputs;

// Adds a sample whose numbers depend on the generator.
template <class F> void add_random(catalogue::Samples& s, const char* call, std::vector<catalogue::Input> inputs, F f) {
  s.at(call, std::move(inputs), std::move(f)).random = true;
}

const catalogue::Entry bernoulli_entry("bernoulli", [](catalogue::Samples& s) {
  for (const auto& shape : std::vector<std::vector<int64_t> >{{3, 4}, {}, {0, 3}, {40}}) {
    add_random(s, "torch.bernoulli(x[0])", {s.uniform(shape, 0, 1)}, [](Inputs x) { return bernoulli(x[0]); });
    add_random(s, "x[0].clone().bernoulli_(0.3)", {s.normal(shape)}, [](Inputs x) { return x[0].clone().bernoulli_(0.3); });
    add_random(s, "x[0].clone().bernoulli_(x[1])", {s.normal(shape), s.uniform(shape, 0, 1)}, [](Inputs x) { return x[0].clone().bernoulli_(x[1]); });
  }
  s.rejects("probability above 1", "bernoulli_ expects p to be in [0, 1], but got p=2", [] { ones({2}).bernoulli_(2.0); });
  s.rejects("a NaN probability", "Expected p_in >= 0 && p_in <= 1", [] { bernoulli(full({2}, std::nan(""))); });
});

const catalogue::Entry normal_entry("normal", [](catalogue::Samples& s) {
  for (const auto& shape : std::vector<std::vector<int64_t> >{{3, 4}, {}, {0, 3}, {4, 5}}) {
    add_random(s, "x[0].clone().normal_(0.5, 2)", {s.normal(shape)}, [](Inputs x) { return x[0].clone().normal_(0.5, 2); });
    add_random(s, "torch.normal(x[0], 2.0)", {s.normal(shape)}, [](Inputs x) { return normal(x[0], 2.0); });
    add_random(s, "torch.normal(0.5, x[0])", {s.uniform(shape, 0, 1)}, [](Inputs x) { return normal(0.5, x[0]); });
    add_random(s, "torch.normal(x[0], x[1])", {s.normal(shape), s.uniform(shape, 0, 1)}, [](Inputs x) { return normal(x[0], x[1]); });
  }
  add_random(s, "torch.normal(x[0], x[1])", {s.normal({3, 1}), s.uniform({4}, 0, 1)}, [](Inputs x) { return normal(x[0], x[1]); });
  s.rejects("negative deviation", "normal expects std >= 0.0, but found std -1", [] { ones({2}).normal_(0, -1); });
  s.rejects("a negative deviation among many", "normal expects all elements of std >= 0.0", [] { normal(0.0, full({2}, -1.0)); });
});

const catalogue::Entry geometric_entry("geometric_", [](catalogue::Samples& s) {
  for (const auto& shape : std::vector<std::vector<int64_t> >{{3, 4}, {}, {0, 3}, {40}}) {
    add_random(s, "x[0].clone().geometric_(0.3)", {s.normal(shape)}, [](Inputs x) { return x[0].clone().geometric_(0.3); });
    add_random(s, "x[0].clone().log_normal_(0.5, 2)", {s.normal(shape)}, [](Inputs x) { return x[0].clone().log_normal_(0.5, 2); });
    add_random(s, "x[0].clone().cauchy_(0.5, 2)", {s.normal(shape)}, [](Inputs x) { return x[0].clone().cauchy_(0.5, 2); });
  }
  for (const ScalarType dtype : {kLong, kInt, kByte})
    s.flat("x[0].clone().geometric_(0.2)", {s.integers({20}, 0, 9).to(dtype)}, [](Inputs x) { return x[0].clone().geometric_(0.2); }).random = true;
  const auto single = [&](const char* call, auto f) { s.flat(call, {catalogue::constant(s.normal({30}))}, f).random = true; };
  single("x[0].float().geometric_(0.01)", [](Inputs x) { return x[0].to(kFloat).geometric_(0.01); });
  single("x[0].float().log_normal_()", [](Inputs x) { return x[0].to(kFloat).log_normal_(); });
  single("x[0].float().cauchy_(1, -3)", [](Inputs x) { return x[0].to(kFloat).cauchy_(1, -3); });
  s.rejects("certain success", "geometric_ expects p to be in (0, 1), but got p=1", [] { ones({2}).geometric_(1); });
  s.rejects("booleans", "\"geometric_cpu\" not implemented for 'Bool'", [] { ones({2}, kBool).geometric_(0.5); });
  s.rejects("no deviation", "log_normal_ expects std > 0.0, but found std=0", [] { ones({2}).log_normal_(0, 0); });
  s.rejects("integers", "\"cauchy_cpu\" not implemented for 'Long'", [] { ones({2}, kLong).cauchy_(); });
});

const catalogue::Entry uniform_entry("uniform_", [](catalogue::Samples& s) {
  for (const auto& shape : std::vector<std::vector<int64_t> >{{3, 4}, {}, {0, 3}}) {
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
