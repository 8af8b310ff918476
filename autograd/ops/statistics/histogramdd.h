// Histograms of points.
#pragma once

#include <tuple>
#include <vector>

#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad {

/// How many of the points, of which the last axis of self holds the D coordinates, lie in each of a grid of boxes; and for each coordinate the
/// edges of the boxes. `bins`: those edges, D ascending vectors of self's dtype; or for all coordinates, or each, the number of intervals of
/// equal length between the smallest and the largest, or over `range`, D pairs {min, max}. An interval holds its lower end, the last one both.
/// Points elsewhere, or with a NaN, are not counted. Points count with `weight`, which has self's shape without the last axis; with `density`
/// counts are divided by their sum and the boxes' sizes. In self's dtype, a floating one. No derivative.
XGRAD_API std::tuple<Tensor, std::vector<Tensor>> histogramdd(const Tensor& self, IntArrayRef bins,
                                                              std::optional<ArrayRef<double>> range = std::nullopt,
                                                              const std::optional<Tensor>& weight = {}, bool density = false);
XGRAD_API std::tuple<Tensor, std::vector<Tensor>> histogramdd(const Tensor& self, int64_t bins, std::optional<ArrayRef<double>> range = std::nullopt,
                                                              const std::optional<Tensor>& weight = {}, bool density = false);
XGRAD_API std::tuple<Tensor, std::vector<Tensor>> histogramdd(const Tensor& self, TensorList bins,
                                                              std::optional<ArrayRef<double>> range = std::nullopt,
                                                              const std::optional<Tensor>& weight = {}, bool density = false);
/// Those edges alone.
XGRAD_API std::vector<Tensor> _histogramdd_bin_edges(const Tensor& self, IntArrayRef bins, std::optional<ArrayRef<double>> range = std::nullopt,
                                                     const std::optional<Tensor>& weight = {}, bool density = false);

}}  // namespace torch::xgrad
