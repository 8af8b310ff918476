#include <xgrad/autograd/ops/creation.h>

#include <cmath>
#include <cstring>

#include <xgrad/autograd/allocate.h>
#include <xgrad/autograd/shape.h>

namespace xgrad {

namespace {

Tensor with_options(Tensor t, const TensorOptions& options) {
  if (options.requires_grad()) t.set_requires_grad(true);
  return t;
}

Tensor uninitialized(const char* operation, IntArrayRef size, ScalarType dtype, const TensorOptions& options) {
  check_device(operation, options.device());
  checked_numel(operation, size);
  return allocate_tensor(size, dtype);
}

Tensor filled(const char* operation, IntArrayRef size, const Scalar& value, ScalarType dtype, const TensorOptions& options) {
  Tensor t = uninitialized(operation, size, dtype, options);
  dispatch_all(dtype, operation, [&](auto zero) {
    using T = decltype(zero);
    std::fill_n(reinterpret_cast<T*>(t.data_ptr()), t.numel(), value.to<T>());
  });
  return with_options(std::move(t), options);
}

// What a factory like `t` makes where `options` says nothing.
TensorOptions like(const Tensor& t, const TensorOptions& options) { return options.has_dtype() ? options : options.dtype(t.dtype()); }

}  // namespace

Tensor empty(IntArrayRef size, TensorOptions options, std::optional<MemoryFormat>) {
  return with_options(uninitialized("empty", size, options.dtype(), options), options);
}

Tensor zeros(IntArrayRef size, TensorOptions options) {
  Tensor t = uninitialized("zeros", size, options.dtype(), options);
  std::memset(t.data_ptr(), 0, t.nbytes());
  return with_options(std::move(t), options);
}

Tensor ones(IntArrayRef size, TensorOptions options) { return filled("ones", size, 1, options.dtype(), options); }

Tensor full(IntArrayRef size, const Scalar& fill_value, TensorOptions options) {
  const ScalarType dtype = options.has_dtype() || fill_value.isFloatingPoint() ? options.dtype() : fill_value.type();
  return filled("full", size, fill_value, dtype, options);
}

Tensor eye(int64_t n, TensorOptions options) { return eye(n, n, options); }

Tensor eye(int64_t n, int64_t m, TensorOptions options) {
  XGRAD_CHECK(n >= 0 && m >= 0, "[eye] n and m must be greater or equal to 0, got ", n, " and ", m);
  Tensor t = filled("eye", {n, m}, 0, options.dtype(), options.requires_grad(false));
  dispatch_all(t.dtype(), "eye", [&](auto zero) {
    using T = decltype(zero);
    T* p = reinterpret_cast<T*>(t.data_ptr());
    for (int64_t i = 0; i < std::min(n, m); ++i) p[i * m + i] = T(1);
  });
  return with_options(std::move(t), options);
}

Tensor arange(const Scalar& end, TensorOptions options) { return arange(0, end, 1, options); }
Tensor arange(const Scalar& start, const Scalar& end, TensorOptions options) { return arange(start, end, 1, options); }

Tensor arange(const Scalar& start, const Scalar& end, const Scalar& step, TensorOptions options) {
  const bool integers = start.isIntegral(true) && end.isIntegral(true) && step.isIntegral(true);
  const ScalarType dtype = options.has_dtype() ? options.dtype() : integers ? kLong : get_default_dtype();
  const double from = start.toDouble(), to = end.toDouble(), by = step.toDouble();
  XGRAD_CHECK(by != 0, "[arange] step must be nonzero");
  XGRAD_CHECK(std::isfinite(from) && std::isfinite(to), "[arange] unsupported range: ", from, " -> ", to);
  XGRAD_CHECK((by > 0) == (to >= from) || to == from, "[arange] upper bound and larger bound inconsistent with step sign, got ", from, " -> ", to,
              " by ", by);
  const double count = std::ceil((to - from) / by);
  XGRAD_CHECK(count >= 0 && count < 9e18, "[arange] invalid size, possible overflow?");
  Tensor t = uninitialized("arange", {static_cast<int64_t>(count)}, dtype, options);
  dispatch_all(dtype, "arange", [&](auto zero) {
    using T = decltype(zero);
    T* p = reinterpret_cast<T*>(t.data_ptr());
    for (int64_t i = 0; i < t.numel(); ++i) {
      if constexpr (std::is_floating_point_v<T>) p[i] = static_cast<T>(from + by * static_cast<double>(i));
      else p[i] = static_cast<T>(start.toLong() + i * step.toLong());
    }
  });
  return with_options(std::move(t), options);
}

Tensor linspace(const Scalar& start, const Scalar& end, int64_t steps, TensorOptions options) {
  XGRAD_CHECK(steps >= 0, "[linspace] number of steps must be non-negative, got ", steps);
  Tensor t = uninitialized("linspace", {steps}, options.dtype(), options);
  dispatch_all(t.dtype(), "linspace", [&](auto zero) {
    using T = decltype(zero);
    T* p = reinterpret_cast<T*>(t.data_ptr());
    // From both ends towards the middle, so that the last value is exact.
    using Step = std::conditional_t<std::is_same_v<T, float>, float, double>;
    const Step from = start.to<Step>(), to = end.to<Step>();
    const Step step = steps > 1 ? (to - from) / static_cast<Step>(steps - 1) : Step(0);
    for (int64_t i = 0; i < steps; ++i)
      p[i] = static_cast<T>(i < steps / 2 || steps == 1 ? from + step * static_cast<Step>(i) : to - step * static_cast<Step>(steps - i - 1));
  });
  return with_options(std::move(t), options);
}

Tensor empty_strided(IntArrayRef size, IntArrayRef stride, TensorOptions options) {
  check_device("empty_strided", options.device());
  XGRAD_CHECK(size.size() == stride.size(), "[empty_strided] dimensionality of sizes (", size.size(), ") must match dimensionality of strides (",
              stride.size(), ")");
  int64_t last = checked_numel("empty_strided", size) == 0 ? -1 : 0;
  for (size_t a = 0; a < size.size() && last >= 0; ++a) {
    int64_t reach;
    XGRAD_CHECK(stride[a] >= 0 && !__builtin_mul_overflow(size[a] - 1, stride[a], &reach) && !__builtin_add_overflow(last, reach, &last) &&
                    last < INT64_MAX / 8, "[empty_strided] strides ", stride, " don't fit sizes ", size);
  }
  const Tensor block = uninitialized("empty_strided", {last + 1}, options.dtype(), options);
  return with_options(tensor_on(block.storage(), block.dtype(), size, stride, 0), options);
}

Tensor empty_like(const Tensor& self, TensorOptions options, std::optional<MemoryFormat>) { return empty(self.sizes(), like(self, options)); }
Tensor zeros_like(const Tensor& self, TensorOptions options, std::optional<MemoryFormat>) { return zeros(self.sizes(), like(self, options)); }
Tensor ones_like(const Tensor& self, TensorOptions options, std::optional<MemoryFormat>) { return ones(self.sizes(), like(self, options)); }
Tensor full_like(const Tensor& self, const Scalar& fill_value, TensorOptions options, std::optional<MemoryFormat>) {
  return full(self.sizes(), fill_value, like(self, options));
}

}  // namespace xgrad
