// Reductions over all elements or over axes.
#pragma once

#include <xgrad/autograd/tensor.h>

namespace xgrad {

XGRAD_API Tensor sum(const Tensor& self, std::optional<ScalarType> dtype = std::nullopt);
XGRAD_API Tensor sum(const Tensor& self, OptionalIntArrayRef dim, bool keepdim = false, std::optional<ScalarType> dtype = std::nullopt);
XGRAD_API Tensor mean(const Tensor& self, std::optional<ScalarType> dtype = std::nullopt);
XGRAD_API Tensor mean(const Tensor& self, OptionalIntArrayRef dim, bool keepdim = false, std::optional<ScalarType> dtype = std::nullopt);
XGRAD_API Tensor prod(const Tensor& self, std::optional<ScalarType> dtype = std::nullopt);
XGRAD_API Tensor prod(const Tensor& self, int64_t dim, bool keepdim = false, std::optional<ScalarType> dtype = std::nullopt);
XGRAD_API Tensor var(const Tensor& self, bool unbiased = true);
XGRAD_API Tensor var(const Tensor& self, OptionalIntArrayRef dim, bool unbiased = true, bool keepdim = false);
XGRAD_API Tensor var(const Tensor& self, OptionalIntArrayRef dim, std::optional<int64_t> correction, bool keepdim = false);
XGRAD_API Tensor std(const Tensor& self, bool unbiased = true);
XGRAD_API Tensor std(const Tensor& self, OptionalIntArrayRef dim, bool unbiased = true, bool keepdim = false);
XGRAD_API Tensor std(const Tensor& self, OptionalIntArrayRef dim, std::optional<int64_t> correction, bool keepdim = false);
XGRAD_API std::tuple<Tensor, Tensor> var_mean(const Tensor& self, bool unbiased = true);
XGRAD_API std::tuple<Tensor, Tensor> var_mean(const Tensor& self, OptionalIntArrayRef dim, bool unbiased = true, bool keepdim = false);
XGRAD_API std::tuple<Tensor, Tensor> var_mean(const Tensor& self, OptionalIntArrayRef dim, std::optional<int64_t> correction, bool keepdim = false);
XGRAD_API std::tuple<Tensor, Tensor> std_mean(const Tensor& self, bool unbiased = true);
XGRAD_API std::tuple<Tensor, Tensor> std_mean(const Tensor& self, OptionalIntArrayRef dim, bool unbiased = true, bool keepdim = false);
XGRAD_API std::tuple<Tensor, Tensor> std_mean(const Tensor& self, OptionalIntArrayRef dim, std::optional<int64_t> correction, bool keepdim = false);
XGRAD_API Tensor norm(const Tensor& self, const Scalar& p = 2);
XGRAD_API Tensor norm(const Tensor& self, const std::optional<Scalar>& p, IntArrayRef dim, bool keepdim = false);
XGRAD_API std::tuple<Tensor, Tensor> max(const Tensor& self, int64_t dim, bool keepdim = false);
XGRAD_API Tensor max(const Tensor& self);
XGRAD_API std::tuple<Tensor, Tensor> min(const Tensor& self, int64_t dim, bool keepdim = false);
XGRAD_API Tensor min(const Tensor& self);
XGRAD_API Tensor amax(const Tensor& self, IntArrayRef dim = {}, bool keepdim = false);
XGRAD_API Tensor amin(const Tensor& self, IntArrayRef dim = {}, bool keepdim = false);
XGRAD_API std::tuple<Tensor, Tensor> aminmax(const Tensor& self, std::optional<int64_t> dim = std::nullopt, bool keepdim = false);
XGRAD_API Tensor argmax(const Tensor& self, std::optional<int64_t> dim = std::nullopt, bool keepdim = false);
XGRAD_API Tensor argmin(const Tensor& self, std::optional<int64_t> dim = std::nullopt, bool keepdim = false);
XGRAD_API Tensor logsumexp(const Tensor& self, IntArrayRef dim, bool keepdim = false);
XGRAD_API Tensor all(const Tensor& self, int64_t dim, bool keepdim = false);
XGRAD_API Tensor all(const Tensor& self);
XGRAD_API Tensor any(const Tensor& self, int64_t dim, bool keepdim = false);
XGRAD_API Tensor any(const Tensor& self);

}  // namespace xgrad
