// Operations by their other names in PyTorch: one line for each.
#pragma once

#include <xgrad/autograd/ops/pointwise/into.h>

namespace torch { inline namespace xgrad {

/// ONE(name, operation) for operations of `self` alone; WITH states the other parameters (a default argument as XGRAD_OR(1)) and the arguments
/// they make. A line stands for the function, the method in place and name_out(out, self, ...).
// clang-format off
#define XGRAD_EACH_ALIAS(ONE, WITH)                                                                               \
  ONE(absolute, abs) ONE(negative, neg) ONE(fix, trunc) ONE(arccos, acos) ONE(arccosh, acosh)                     \
  ONE(arcsin, asin) ONE(arcsinh, asinh) ONE(arctan, atan) ONE(arctanh, atanh)                                     \
  WITH(subtract, sub, (const Tensor& other, const Scalar& alpha XGRAD_OR(1)), (other, alpha))                     \
  WITH(subtract, sub, (const Scalar& other, const Scalar& alpha XGRAD_OR(1)), (other, alpha))                     \
  WITH(multiply, mul, (const Tensor& other), (other))                                                             \
  WITH(multiply, mul, (const Scalar& other), (other))                                                             \
  WITH(divide, div, (const Tensor& other), (other))                                                               \
  WITH(divide, div, (const Tensor& other, std::optional<std::string_view> rounding_mode), (other, rounding_mode)) \
  WITH(divide, div, (const Scalar& other), (other))                                                               \
  WITH(divide, div, (const Scalar& other, std::optional<std::string_view> rounding_mode), (other, rounding_mode)) \
  WITH(arctan2, atan2, (const Tensor& other), (other))                                                            \
  WITH(greater, gt, (const Scalar& other), (other))                                                               \
  WITH(greater, gt, (const Tensor& other), (other))                                                               \
  WITH(greater_equal, ge, (const Scalar& other), (other))                                                         \
  WITH(greater_equal, ge, (const Tensor& other), (other))                                                         \
  WITH(less, lt, (const Scalar& other), (other))                                                                  \
  WITH(less, lt, (const Tensor& other), (other))                                                                  \
  WITH(less_equal, le, (const Scalar& other), (other))                                                            \
  WITH(less_equal, le, (const Tensor& other), (other))                                                            \
  WITH(not_equal, ne, (const Scalar& other), (other))                                                             \
  WITH(not_equal, ne, (const Tensor& other), (other))                                                             \
  WITH(true_divide, div, (const Tensor& other), (other))                                                          \
  WITH(true_divide, div, (const Scalar& other), (other))
// clang-format on

}}  // namespace torch::xgrad
