// Different elements and slices.
#pragma once

#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad {

// Each function gives the different elements, of every element its position among them in the shape of self (return_inverse), and how often
// each occurs (return_counts), both int64 and empty unless asked for; slices get both, and _unique2 gives positions with counts. Every NaN
// differs from every other. No derivative: the elements are part of the graph, and a sweep
// that comes to them throws.

/// In ascending order, whether `sorted` or not.
XGRAD_API std::tuple<Tensor, Tensor> _unique(const Tensor& self, bool sorted = true, bool return_inverse = false);
XGRAD_API std::tuple<Tensor, Tensor, Tensor> _unique2(const Tensor& self, bool sorted = true, bool return_inverse = false,
                                                      bool return_counts = false);
/// Of the slices along `dim`, in lexicographic order.
XGRAD_API std::tuple<Tensor, Tensor, Tensor> unique_dim(const Tensor& self, int64_t dim, bool sorted = true, bool return_inverse = false,
                                                        bool return_counts = false);
/// The first of each run of equal elements, or of equal slices along `dim`.
XGRAD_API std::tuple<Tensor, Tensor, Tensor> unique_consecutive(const Tensor& self, bool return_inverse = false, bool return_counts = false,
                                                                std::optional<int64_t> dim = std::nullopt);
XGRAD_API std::tuple<Tensor, Tensor, Tensor> unique_dim_consecutive(const Tensor& self, int64_t dim, bool return_inverse = false,
                                                                    bool return_counts = false);

}}  // namespace torch::xgrad
