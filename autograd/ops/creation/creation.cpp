#include <xgrad/autograd/ops/creation/creation.h>

#include <cmath>

#include <xgrad/autograd/core/shape.h>
#include <xgrad/autograd/kernels/pointwise/fill.h>
#include <xgrad/autograd/kernels/sequence.h>
#include <xgrad/autograd/ops/creation/numbers.h>
#include <xgrad/autograd/tensor/allocate.h>
#include <xgrad/autograd/tensor/copy.h>
#include <xgrad/autograd/tensor/memory_order.h>
#include <xgrad/autograd/tensor/tensor_memory.h>

#ifndef XGRAD_SAMPLES

namespace torch { inline namespace xgrad {

namespace {

Tensor with_options(Tensor t, const TensorOptions& options) {
  if (options.requires_grad()) t.set_requires_grad(true);
  return t;
}

Tensor uninitialized(const Operation& operation, IntArrayRef size, ScalarType dtype, const TensorOptions& options) {
  check_place(operation.name(), options);
  checked_numel(operation.name(), size);
  return allocate_tensor(size, dtype);
}

Tensor filled(const Operation& operation, IntArrayRef size, const Scalar& value, ScalarType dtype, const TensorOptions& options) {
  Tensor t = uninitialized(operation, size, dtype, options);
  write_number(operation, t, value);
  return with_options(std::move(t), options);
}

}  // namespace

Tensor empty(IntArrayRef size, TensorOptions options, std::optional<MemoryFormat> memory_format) {
  const MemoryFormat format = format_of("empty", options, memory_format, MemoryFormat::Contiguous);
  if (format == MemoryFormat::Contiguous) return with_options(uninitialized(operation<"empty">, size, options.dtype(), options), options);
  check_place("empty", options);
  checked_numel("empty", size);
  return with_options(allocate_with_strides(size, strides_in_format("empty", size, format), options.dtype()), options);
}

Tensor zeros(IntArrayRef size, TensorOptions options) {
  Tensor t = uninitialized(operation<"zeros">, size, options.dtype(), options);
  clear_elements(t);
  return with_options(std::move(t), options);
}

Tensor ones(IntArrayRef size, TensorOptions options) { return filled(operation<"ones">, size, 1, options.dtype(), options); }

Tensor full(IntArrayRef size, const Scalar& fill_value, TensorOptions options) {
  const ScalarType dtype = options.has_dtype() || fill_value.isFloatingPoint() ? options.dtype() : fill_value.type();
  return filled(operation<"full">, size, fill_value, dtype, options);
}

Tensor eye(int64_t n, TensorOptions options) { return eye(n, n, options); }

Tensor eye(int64_t n, int64_t m, TensorOptions options) {
  const Operation& op = operation<"eye">;
  XGRAD_CHECK(n >= 0 && m >= 0, op, "n and m must be greater or equal to 0, got ", n, " and ", m);
  Tensor t = filled(op, {n, m}, 0, options.dtype(), options.requires_grad(false));
  dispatch_stored(t.dtype(), op.name(), [&](auto zero) {
    using T = decltype(zero);
    launch(op, kernels::fill_every<T>, reads(t), writes(t), t.data_ptr<T>(), std::min(n, m), m + 1, T(1));
  });
  return with_options(std::move(t), options);
}

Tensor arange(const Scalar& end, TensorOptions options) { return arange(0, end, 1, options); }
Tensor arange(const Scalar& start, const Scalar& end, TensorOptions options) { return arange(start, end, 1, options); }

namespace {

// How many numbers of start, start + step, ... lie before end, `distance` away.
int64_t arange_length(const Operation& op, double start, double end, double distance, double step) {
  XGRAD_CHECK(step != 0, op, "step must be nonzero");
  XGRAD_CHECK(std::isfinite(start) && std::isfinite(end) && std::isfinite(step), op, "unsupported range: ", start, " -> ", end, " by ", step);
  XGRAD_CHECK(step > 0 ? end >= start : end <= start, op, "upper bound and larger bound inconsistent with step sign, got ", start, " -> ", end,
              " by ", step);
  const double count = std::ceil(distance / step);
  XGRAD_CHECK(count < 1e18, op, "invalid size, possible overflow? got ", count, " elements");
  return static_cast<int64_t>(count);
}

// start, start + step, ...: n numbers.
Tensor sequence(const Operation& op, int64_t n, const Scalar& start, const Scalar& step, ScalarType dtype, const TensorOptions& options) {
  Tensor t = uninitialized(op, {n}, dtype, options);
  dispatch_stored(dtype, op.name(), [&](auto zero) {
    using T = decltype(zero);
    using Number = kernels::ArangeNumber<T>;
    launch(op, kernels::arange<T>, reads(), writes(t), t.data_ptr<T>(), n, start.to<Number>(), step.to<Number>());
  });
  return with_options(std::move(t), options);
}

}  // namespace

Tensor arange(const Scalar& start, const Scalar& end, const Scalar& step, TensorOptions options) {
  const Operation& op = operation<"arange">;
  const bool integers = start.isIntegral(true) && end.isIntegral(true) && step.isIntegral(true);
  const ScalarType dtype = options.has_dtype() ? options.dtype() : integers ? kLong : get_default_dtype();
  XGRAD_CHECK_AS(NotImplementedError, dtype != kBool, "\"arange\" not implemented for 'Bool'");
  int64_t n;
  if (dtype == kLong) {
    const int64_t from = start.toLong(), to = end.toLong();
    int64_t distance;
    XGRAD_CHECK(!__builtin_sub_overflow(to, from, &distance), op, "invalid size, possible overflow? got ", from, " -> ", to);
    n = arange_length(op, static_cast<double>(from), static_cast<double>(to), static_cast<double>(distance), static_cast<double>(step.toLong()));
  } else {
    XGRAD_CHECK(isFloatingType(dtype) || step.toLong() != 0, op, "step must be nonzero");
    n = arange_length(op, start.toDouble(), end.toDouble(), end.toDouble() - start.toDouble(), step.toDouble());
  }
  return sequence(op, n, start, step, dtype, options);
}

Tensor range(const Scalar& start, const Scalar& end, TensorOptions options) { return range(start, end, 1, options); }

Tensor range(const Scalar& start, const Scalar& end, const Scalar& step, TensorOptions options) {
  const Operation& op = operation<"range">;
  const ScalarType dtype = options.dtype();
  XGRAD_CHECK_AS(NotImplementedError, dtype != kBool, "\"range_cpu\" not implemented for 'Bool'");
  const auto number = [dtype](const Scalar& s) { return isFloatingType(dtype) ? s.toDouble() : static_cast<double>(s.toLong()); };
  const double from = number(start), to = number(end), by = number(step);
  XGRAD_CHECK(by != 0, op, "step must be nonzero");
  XGRAD_CHECK(std::isfinite(from) && std::isfinite(to), op, "unsupported range: ", from, " -> ", to);
  XGRAD_CHECK(by > 0 ? to >= from : to <= from, op, "upper bound and lower bound inconsistent with step sign, got ", from, " -> ", to, " by ", by);
  const double last = std::floor((to - from) / by);
  XGRAD_CHECK(last < 1e18, op, "invalid size, possible overflow? got ", last, " elements");
  return sequence(op, static_cast<int64_t>(last) + 1, start, step, dtype, options);
}

Tensor linspace(const Scalar& start, const Scalar& end, int64_t steps, TensorOptions options) {
  const Operation& op = operation<"linspace">;
  XGRAD_CHECK(steps >= 0, op, "number of steps must be non-negative, got ", steps);
  XGRAD_CHECK_AS(NotImplementedError, options.dtype() != kBool, "\"linspace\" not implemented for 'Bool'");
  Tensor t = uninitialized(op, {steps}, options.dtype(), options);
  dispatch_stored(t.dtype(), op.name(), [&](auto zero) {
    using T = decltype(zero);
    using Number = kernels::LinspaceNumber<T>;
    launch(op, kernels::linspace<T>, reads(), writes(t), t.data_ptr<T>(), steps, start.to<Number>(), end.to<Number>());
  });
  return with_options(std::move(t), options);
}

Tensor logspace(const Scalar& start, const Scalar& end, int64_t steps, double base, TensorOptions options) {
  const Operation& op = operation<"logspace">;
  XGRAD_CHECK(steps >= 0, op, "number of steps must be non-negative, got ", steps);
  XGRAD_CHECK_AS(NotImplementedError, options.dtype() != kBool, "\"logspace\" not implemented for 'Bool'");
  const ScalarType dtype = options.dtype();
  const ScalarType compute = isFloatingType(dtype) ? dtype : kDouble;
  const Tensor powers = linspace(start, end, steps, options.dtype(compute).requires_grad(false));
  dispatch_floating(compute, op.name(), [&](auto zero) {
    using T = decltype(zero);
    launch(op, kernels::raise<T>, reads(powers), writes(powers), powers.data_ptr<T>(), steps, static_cast<T>(base));
  });
  return with_options(contiguous_as(powers, dtype), options);
}

Tensor empty_strided(IntArrayRef size, IntArrayRef stride, TensorOptions options) {
  const Operation& op = operation<"empty_strided">;
  check_place(op.name(), options);
  XGRAD_CHECK(size.size() == stride.size(), op, "dimensionality of sizes (", size.size(), ") must match dimensionality of strides (", stride.size(),
              ")");
  int64_t last = checked_numel(op.name(), size) == 0 ? -1 : 0;
  for (size_t a = 0; a < size.size() && last >= 0; ++a) {
    int64_t reach;
    XGRAD_CHECK(stride[a] >= 0 && !__builtin_mul_overflow(size[a] - 1, stride[a], &reach) && !__builtin_add_overflow(last, reach, &last) &&
                    last < INT64_MAX / 8,
                op, "strides ", stride, " don't fit sizes ", size);
  }
  const Tensor block = uninitialized(op, {last + 1}, options.dtype(), options);
  return with_options(tensor_on(block.storage(), block.dtype(), size, stride, 0), options);
}

Tensor empty_like(const Tensor& self, TensorOptions options, std::optional<MemoryFormat> format) {
  check_place("empty_like", options);
  const ScalarType dtype = options.has_dtype() ? options.dtype() : self.dtype();
  return with_options(allocate_in_format("empty_like", self, dtype, format_of("empty_like", options, format, MemoryFormat::Preserve)), options);
}

Tensor zeros_like(const Tensor& self, TensorOptions options, std::optional<MemoryFormat> format) {
  const Tensor t = empty_like(self, options.requires_grad(false), format);
  clear_elements(t);
  return with_options(t, options);
}

Tensor ones_like(const Tensor& self, TensorOptions options, std::optional<MemoryFormat> format) { return full_like(self, 1, options, format); }

Tensor full_like(const Tensor& self, const Scalar& fill_value, TensorOptions options, std::optional<MemoryFormat> format) {
  const Tensor t = empty_like(self, options.requires_grad(false), format);
  write_number(operation<"full_like">, t, fill_value);
  return with_options(t, options);
}

}}  // namespace torch::xgrad

#else  // ---- samples

#include <xgrad/autograd/catalogue/catalogue.h>

namespace torch { inline namespace xgrad {

using catalogue::Inputs;
using catalogue::Samples;

namespace {

// A factory takes no inputs; what it makes is compared.
template <class F> void makes(Samples& s, const char* call, F f) {
  s.flat(call, {}, [f](Inputs) { return f(); });
}

}  // namespace

static const catalogue::Entry empty_entry("empty", [](Samples& s) {
  makes(s, "torch.empty(2, 0, 3)", [] { return empty({2, 0, 3}); });
  s.rejects("a negative size", "negative dimension -1", [] { empty({2, -1}); });
  s.rejects("too many elements", "overflow", [] { empty({int64_t{1} << 62, 4}); });
  s.rejects("another device", "cuda", [] { empty({1}, kCUDA); });
  s.rejects("a dtype there is not", "not supported", [] { empty({1}, kComplexFloat); });
  s.rejects("integers with a gradient", "floating point", [] { empty({1}, TensorOptions(kLong).requires_grad(true)); });
});

static const catalogue::Entry zeros_entry("zeros", [](Samples& s) {
  makes(s, "torch.zeros(2, 3)", [] { return zeros({2, 3}); });
  makes(s, "torch.zeros(2, dtype=torch.int32)", [] { return zeros({2}, kInt); });
  makes(s, "torch.zeros([])", [] { return zeros({}); });
});

static const catalogue::Entry ones_entry("ones", [](Samples& s) {
  makes(s, "torch.ones(2, 3, dtype=torch.float64)", [] { return ones({2, 3}, kDouble); });
  makes(s, "torch.ones(2, dtype=torch.bool)", [] { return ones({2}, kBool); });
});

static const catalogue::Entry full_entry("full", [](Samples& s) {
  makes(s, "torch.full((2,), 3)", [] { return full({2}, 3); });
  makes(s, "torch.full((2,), 2.5)", [] { return full({2}, 2.5); });
  makes(s, "torch.full((2,), True)", [] { return full({2}, true); });
  makes(s, "torch.full((2,), -1, dtype=torch.uint8)", [] { return full({2}, -1, kByte); });
  makes(s, "torch.full((2,), 2.7, dtype=torch.int64)", [] { return full({2}, 2.7, kLong); });
  s.rejects("a number the dtype can't hold", "cannot be converted to type Byte without overflow", [] { full({2}, 300, kByte); });
});

static const catalogue::Entry eye_entry("eye", [](Samples& s) {
  makes(s, "torch.eye(3)", [] { return eye(3); });
  makes(s, "torch.eye(2, 3, dtype=torch.int64)", [] { return eye(2, 3, kLong); });
  makes(s, "torch.eye(0)", [] { return eye(0); });
  s.rejects("a negative size", "must be greater or equal to 0", [] { eye(2, -1); });
});

static const catalogue::Entry arange_entry("arange", [](Samples& s) {
  makes(s, "torch.arange(5)", [] { return arange(5); });
  makes(s, "torch.arange(5, 0, -2)", [] { return arange(5, 0, -2); });
  makes(s, "torch.arange(0., 10., 0.1)", [] { return arange(0., 10., 0.1); });
  makes(s, "torch.arange(-1, 2, 0.01, dtype=torch.float64)", [] { return arange(-1, 2, 0.01, kDouble); });
  makes(s, "torch.arange(2.5, dtype=torch.int64)", [] { return arange(2.5, kLong); });
  makes(s, "torch.arange(0.5, 3, dtype=torch.int64)", [] { return arange(0.5, 3, kLong); });
  makes(s, "torch.arange(2**60, 2**60 + 3)", [] { return arange(int64_t{1} << 60, (int64_t{1} << 60) + 3); });
  makes(s, "torch.arange(3, dtype=torch.uint8)", [] { return arange(3, kByte); });
  makes(s, "torch.arange(1.5, 1.5)", [] { return arange(1.5, 1.5); });
  s.rejects("a step of 0", "step must be nonzero", [] { arange(0, 5, 0); });
  s.rejects("a step that rounds to 0", "step must be nonzero", [] { arange(0, 3, 0.5, kLong); });
  s.rejects("a step of the wrong sign", "inconsistent with step sign", [] { arange(5, 0); });
  s.rejects("an infinite end", "unsupported range", [] { arange(0, INFINITY); });
});

static const catalogue::Entry linspace_entry("linspace", [](Samples& s) {
  makes(s, "torch.linspace(-1, 1, 13)", [] { return linspace(-1, 1, 13); });
  makes(s, "torch.linspace(0.3, 7.1, 101)", [] { return linspace(0.3, 7.1, 101); });
  makes(s, "torch.linspace(0.3, 7.1, 50, dtype=torch.float64)", [] { return linspace(0.3, 7.1, 50, kDouble); });
  makes(s, "torch.linspace(0, 10, 4, dtype=torch.int64)", [] { return linspace(0, 10, 4, kLong); });
  makes(s, "torch.linspace(3, 4, 1)", [] { return linspace(3, 4, 1); });
  makes(s, "torch.linspace(0, 1, 0)", [] { return linspace(0, 1, 0); });
  s.rejects("negative steps", "number of steps must be non-negative", [] { linspace(0, 1, -1); });
});

static const catalogue::Entry range_entry("range", [](Samples& s) {
  makes(s, "torch.range(1, 4)", [] { return range(1, 4); });
  makes(s, "torch.range(1, 1)", [] { return range(1, 1); });
  makes(s, "torch.range(4, 1, -1.5, dtype=torch.float64)", [] { return range(4, 1, -1.5, kDouble); });
  makes(s, "torch.range(0, 1, 0.1, dtype=torch.float64)", [] { return range(0, 1, 0.1, kDouble); });
  makes(s, "torch.range(0, 30, dtype=torch.int64)", [] { return range(0, 30, kLong); });
  makes(s, "torch.range(0.5, 3, dtype=torch.int32)", [] { return range(0.5, 3, kInt); });
  makes(s, "torch.range(0, 3, dtype=torch.uint8)", [] { return range(0, 3, kByte); });
  s.rejects("a step of 0", "step must be nonzero", [] { range(0, 5, 0); });
  s.rejects("a step that rounds to 0", "step must be nonzero", [] { range(0, 3, 0.5, kLong); });
  s.rejects("a step of the wrong sign", "upper bound and lower bound inconsistent with step sign", [] { range(5, 0); });
  s.rejects("an end without a number", "unsupported range: ", [] { range(0, HUGE_VAL); });
  s.rejects("Bool", "\"range_cpu\" not implemented for 'Bool'", [] { range(0, 3, kBool); });
});

static const catalogue::Entry logspace_entry("logspace", [](Samples& s) {
  makes(s, "torch.logspace(0, 3, 4, 2, dtype=torch.float64)", [] { return logspace(0, 3, 4, 2., kDouble); });
  makes(s, "torch.logspace(-3, 3, 7, dtype=torch.float64)", [] { return logspace(-3, 3, 7, 10., kDouble); });
  s.rejects("negative steps", "number of steps must be non-negative", [] { logspace(0, 1, -1); });
});

static const catalogue::Entry empty_strided_entry("empty_strided", [](Samples& s) {
  makes(s, "torch.empty_strided((2, 3), (1, 2)).fill_(4)", [] { return empty_strided({2, 3}, {1, 2}).fill_(4); });
  makes(s, "torch.empty_strided((0, 3), (1, 2))", [] { return empty_strided({0, 3}, {1, 2}); });
  s.rejects("fewer strides than sizes", "must match dimensionality of strides", [] { empty_strided({2, 2}, {1}); });
  s.rejects("a negative stride", "don't fit", [] { empty_strided({2, 2}, {-1, 1}); });
});

static const catalogue::Entry empty_like_entry("empty_like", [](Samples& s) {
  s.flat("torch.empty_like(x[0])", {s.normal({0, 3})}, [](Inputs x) { return empty_like(x[0]); });
});

static const catalogue::Entry zeros_like_entry("zeros_like", [](Samples& s) {
  s.flat("torch.zeros_like(x[0])", {s.normal({2, 3})}, [](Inputs x) { return zeros_like(x[0]); });
  s.flat("torch.zeros_like(x[0], dtype=torch.int64)", {s.normal({2})}, [](Inputs x) { return zeros_like(x[0], kLong); });
});

static const catalogue::Entry ones_like_entry("ones_like", [](Samples& s) {
  s.flat("torch.ones_like(x[0])", {s.integers({2, 3}, 0, 9)}, [](Inputs x) { return ones_like(x[0]); });
});

static const catalogue::Entry full_like_entry("full_like", [](Samples& s) {
  s.flat("torch.full_like(x[0], 1.5)", {s.normal({2})}, [](Inputs x) { return full_like(x[0], 1.5); });
  s.flat("torch.full_like(x[0], 1.5)", {s.integers({2}, 0, 9)}, [](Inputs x) { return full_like(x[0], 1.5); });
});

}}  // namespace torch::xgrad

#endif
