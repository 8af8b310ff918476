// Reductions that are no methods too (autograd/tensor/operations/reduction.h, where `dim` and `keepdim` are explained).
#pragma once

#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad {

/// var or std, and the mean.
XGRAD_API std::tuple<Tensor, Tensor> var_mean(const Tensor& self, bool unbiased = true);
XGRAD_API std::tuple<Tensor, Tensor> var_mean(const Tensor& self, OptionalIntArrayRef dim, bool unbiased = true, bool keepdim = false);
inline std::tuple<Tensor, Tensor> var_mean(const Tensor& self, int dim) { return var_mean(self, IntArrayRef{dim}); }
XGRAD_API std::tuple<Tensor, Tensor> var_mean(const Tensor& self, OptionalIntArrayRef dim, std::optional<int64_t> correction, bool keepdim = false);
XGRAD_API std::tuple<Tensor, Tensor> std_mean(const Tensor& self, bool unbiased = true);
XGRAD_API std::tuple<Tensor, Tensor> std_mean(const Tensor& self, OptionalIntArrayRef dim, bool unbiased = true, bool keepdim = false);
inline std::tuple<Tensor, Tensor> std_mean(const Tensor& self, int dim) { return std_mean(self, IntArrayRef{dim}); }
XGRAD_API std::tuple<Tensor, Tensor> std_mean(const Tensor& self, OptionalIntArrayRef dim, std::optional<int64_t> correction, bool keepdim = false);

/// Tensor::is_nonzero().
inline bool is_nonzero(const Tensor& self) { return self.is_nonzero(); }

}}  // namespace torch::xgrad
