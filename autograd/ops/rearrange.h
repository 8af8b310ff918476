// Rearranged copies.
#pragma once

#include <xgrad/autograd/tensor.h>

namespace xgrad {

XGRAD_API Tensor flip(const Tensor& self, IntArrayRef dims);
XGRAD_API Tensor roll(const Tensor& self, IntArrayRef shifts, IntArrayRef dims = {});
XGRAD_API Tensor repeat_interleave(const Tensor& repeats, std::optional<int64_t> output_size = std::nullopt);
XGRAD_API Tensor repeat_interleave(const Tensor& self, const Tensor& repeats, std::optional<int64_t> dim = std::nullopt, std::optional<int64_t> output_size = std::nullopt);
XGRAD_API Tensor repeat_interleave(const Tensor& self, int64_t repeats, std::optional<int64_t> dim = std::nullopt, std::optional<int64_t> output_size = std::nullopt);
XGRAD_API Tensor diag(const Tensor& self, int64_t diagonal = 0);
XGRAD_API Tensor diag_embed(const Tensor& self, int64_t offset = 0, int64_t dim1 = -2, int64_t dim2 = -1);
XGRAD_API Tensor triu(const Tensor& self, int64_t diagonal = 0);
XGRAD_API Tensor tril(const Tensor& self, int64_t diagonal = 0);
XGRAD_API Tensor trace(const Tensor& self);

}  // namespace xgrad
