// Operations in place as functions, such as torch::relu_(x): calls of the methods. Not a header of libtorch.
#pragma once

#include <utility>

#include <xgrad/autograd/ops/ops.h>

namespace torch { inline namespace xgrad {

// name(self, ...) is self.name(...), for what the method can be called with.
#define XGRAD_TORCH_BY_METHOD(name) \
  template <class... A> auto name(Tensor& self, A&&... a)->decltype(self.name(std::forward<A>(a)...)) { return self.name(std::forward<A>(a)...); }
#define XGRAD_TORCH_BY_METHODS(a, b, c, d, e, f) \
  XGRAD_TORCH_BY_METHOD(a)                       \
  XGRAD_TORCH_BY_METHOD(b)                       \
  XGRAD_TORCH_BY_METHOD(c)                       \
  XGRAD_TORCH_BY_METHOD(d)                       \
  XGRAD_TORCH_BY_METHOD(e)                       \
  XGRAD_TORCH_BY_METHOD(f)
XGRAD_TORCH_BY_METHODS(abs_, acos_, acosh_, addmv_, arccos_, arccosh_)
XGRAD_TORCH_BY_METHODS(arcsin_, arcsinh_, arctan_, arctanh_, asin_, trunc_)
XGRAD_TORCH_BY_METHODS(asinh_, atan_, atanh_, ceil_, clamp_, clamp_max_)
XGRAD_TORCH_BY_METHODS(clamp_min_, clip_, conj_physical_, cos_, cosh_, deg2rad_)
XGRAD_TORCH_BY_METHODS(detach_, erf_, erfc_, exp2_, exp_, expm1_)
XGRAD_TORCH_BY_METHODS(fill_, fix_, floor_, frac_, gcd_, i0_)
XGRAD_TORCH_BY_METHODS(lcm_, ldexp_, log10_, log1p_, log2_, log_)
XGRAD_TORCH_BY_METHODS(logit_, nan_to_num_, neg_, negative_, rad2deg_, reciprocal_)
XGRAD_TORCH_BY_METHODS(relu_, round_, rsqrt_, sigmoid_, sin_, xlogy_)
XGRAD_TORCH_BY_METHODS(sinc_, sinh_, sqrt_, square_, tan_, tanh_)
XGRAD_TORCH_BY_METHOD(zero_)
#undef XGRAD_TORCH_BY_METHODS
#undef XGRAD_TORCH_BY_METHOD
inline const Tensor& as_strided_(const Tensor& self, IntArrayRef size, IntArrayRef stride, std::optional<int64_t> storage_offset = std::nullopt) {
  return self.as_strided_(size, stride, storage_offset);
}
inline const Tensor& resize_as_(const Tensor& self, const Tensor& the_template, std::optional<MemoryFormat> format = std::nullopt) {
  return self.resize_as_(the_template, format);
}

// A copy of self that the method in place has changed.
#define XGRAD_TORCH_OF_COPY(name)                                                                                                      \
  template <class... A> auto name(const Tensor& self, A&&... a)->std::decay_t<decltype(self.clone().name##_(std::forward<A>(a)...))> { \
    return self.clone().name##_(std::forward<A>(a)...);                                                                                \
  }
XGRAD_TORCH_OF_COPY(cauchy)
XGRAD_TORCH_OF_COPY(copy)
XGRAD_TORCH_OF_COPY(exponential)
XGRAD_TORCH_OF_COPY(geometric)
XGRAD_TORCH_OF_COPY(log_normal)
XGRAD_TORCH_OF_COPY(random)
XGRAD_TORCH_OF_COPY(uniform)
XGRAD_TORCH_OF_COPY(zero)
#undef XGRAD_TORCH_OF_COPY

inline Tensor alias(const Tensor& self) { return self.alias(); }
inline bool is_same_size(const Tensor& self, const Tensor& other) { return self.sizes() == other.sizes(); }

// What is no method: the function's result written back.
#define XGRAD_TORCH_BY_FUNCTION(name)                                                                                   \
  template <class... A> auto name##_(Tensor& self, A&&... a)->decltype(self.copy_(name(self, std::forward<A>(a)...))) { \
    const Tensor before = self.requires_grad() && GradMode::is_enabled() ? self.clone() : self;                         \
    return self.copy_(name(before, std::forward<A>(a)...));                                                             \
  }
XGRAD_TORCH_BY_FUNCTION(celu)
XGRAD_TORCH_BY_FUNCTION(elu)
XGRAD_TORCH_BY_FUNCTION(gelu)
XGRAD_TORCH_BY_FUNCTION(hardsigmoid)
XGRAD_TORCH_BY_FUNCTION(hardswish)
XGRAD_TORCH_BY_FUNCTION(hardtanh)
XGRAD_TORCH_BY_FUNCTION(leaky_relu)
XGRAD_TORCH_BY_FUNCTION(mish)
XGRAD_TORCH_BY_FUNCTION(relu6)
XGRAD_TORCH_BY_FUNCTION(selu)
XGRAD_TORCH_BY_FUNCTION(silu)
XGRAD_TORCH_BY_FUNCTION(threshold)
#undef XGRAD_TORCH_BY_FUNCTION

}}  // namespace torch::xgrad
