// Small tensors of float64 numbers, in and out, and what their bits say.
#pragma once

#include <algorithm>
#include <cstring>
#include <limits>
#include <vector>

#include <xgrad/autograd/ops/creation/creation.h>
#include <xgrad/autograd/tensor/copy.h>

using Values = std::vector<double>;

inline constexpr double kInf = std::numeric_limits<double>::infinity(), kNaN = std::numeric_limits<double>::quiet_NaN();

/// A vector of these numbers.
inline xgrad::Tensor numbers(const Values& v) {
  xgrad::Tensor t = xgrad::empty({static_cast<int64_t>(v.size())}, xgrad::kDouble);
  std::copy(v.begin(), v.end(), t.data_ptr<double>());
  return t;
}
/// The same, requiring a gradient.
inline xgrad::Tensor leaf(const Values& v) { return numbers(v).requires_grad_(); }

/// 0.3, 0.47, 0.64, ... in any shape.
inline xgrad::Tensor ramp(xgrad::IntArrayRef shape, double start = 0.3, double step = 0.17) {
  xgrad::Tensor t = xgrad::empty(shape, xgrad::kDouble);
  for (int64_t i = 0; i < t.numel(); ++i) t.data_ptr<double>()[i] = start + step * static_cast<double>(i);
  return t;
}

/// True iff both have the same shape, dtype and bytes, in row-major order, or both are undefined.
inline bool same_bits(const xgrad::Tensor& a, const xgrad::Tensor& b) {
  if (!a.defined() || !b.defined()) return a.defined() == b.defined();
  const xgrad::Tensor x = a.detach().contiguous(), y = b.detach().contiguous();
  return x.sizes() == y.sizes() && x.dtype() == y.dtype() && (x.nbytes() == 0 || std::memcmp(x.data_ptr(), y.data_ptr(), x.nbytes()) == 0);
}
inline bool same_bits(const std::vector<xgrad::Tensor>& a, const std::vector<xgrad::Tensor>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const xgrad::Tensor& x, const xgrad::Tensor& y) { return same_bits(x, y); });
}

/// FNV-1a of the bytes in row-major order.
inline uint64_t hash_of(const xgrad::Tensor& t) {
  const xgrad::Tensor rows = t.detach().contiguous();
  const auto* bytes = static_cast<const unsigned char*>(rows.data_ptr());
  uint64_t h = 1469598103934665603u;
  for (size_t i = 0; i < rows.nbytes(); ++i) h = (h ^ bytes[i]) * 1099511628211u;
  return h;
}

/// The elements in row-major order.
inline Values list(const xgrad::Tensor& t) {
  const xgrad::Tensor copy = xgrad::copy_of(t, xgrad::kDouble);
  return {copy.data_ptr<double>(), copy.data_ptr<double>() + copy.numel()};
}
