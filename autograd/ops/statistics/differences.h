// Numerical integrals and derivatives along an axis.
#pragma once

#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad {

/// The integral of y along `dim` by the trapezoidal rule, between points x (a vector, or broadcast to y) or points dx apart; 0 of nothing.
/// Not for Bool.
XGRAD_API Tensor trapezoid(const Tensor& y, const Tensor& x, int64_t dim = -1);
XGRAD_API Tensor trapezoid(const Tensor& y, const Scalar& dx = 1, int64_t dim = -1);
XGRAD_API Tensor trapz(const Tensor& y, const Tensor& x, int64_t dim = -1);
XGRAD_API Tensor trapz(const Tensor& y, double dx = 1, int64_t dim = -1);
/// The integrals from the first point to each of the others.
XGRAD_API Tensor cumulative_trapezoid(const Tensor& y, const Tensor& x, int64_t dim = -1);
XGRAD_API Tensor cumulative_trapezoid(const Tensor& y, const Scalar& dx = 1, int64_t dim = -1);

/// The derivatives of self along each axis of `dim` (all where it is missing) by central differences of second order, at both ends by one-sided
/// ones of edge_order 1 or 2. Points lie `spacing` apart, a number for all axes or for each, or at the coordinates in one vector for each.
/// Throws for uint8 and unless every axis has more than edge_order points.
XGRAD_API std::vector<Tensor> gradient(const Tensor& self, const std::optional<Scalar>& spacing = std::nullopt,
                                       std::optional<int64_t> dim = std::nullopt, int64_t edge_order = 1);
XGRAD_API std::vector<Tensor> gradient(const Tensor& self, const Scalar& spacing, IntArrayRef dim, int64_t edge_order = 1);
XGRAD_API std::vector<Tensor> gradient(const Tensor& self, IntArrayRef dim, int64_t edge_order = 1);
XGRAD_API std::vector<Tensor> gradient(const Tensor& self, ArrayRef<Scalar> spacing, std::optional<int64_t> dim = std::nullopt,
                                       int64_t edge_order = 1);
XGRAD_API std::vector<Tensor> gradient(const Tensor& self, ArrayRef<Scalar> spacing, IntArrayRef dim, int64_t edge_order = 1);
XGRAD_API std::vector<Tensor> gradient(const Tensor& self, TensorList spacing, std::optional<int64_t> dim = std::nullopt, int64_t edge_order = 1);
XGRAD_API std::vector<Tensor> gradient(const Tensor& self, TensorList spacing, IntArrayRef dim, int64_t edge_order = 1);

}}  // namespace torch::xgrad
