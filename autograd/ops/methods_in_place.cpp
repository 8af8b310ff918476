// In-place methods that compute out of place and write the result back.
#include <xgrad/autograd/graph/in_place.h>
#include <xgrad/autograd/ops/ops.h>

namespace torch { inline namespace xgrad {

Tensor& Tensor::index_copy_(int64_t dim, const Tensor& index, const Tensor& source) const {
  return edit_in_place("index_copy_", *this, [&](const auto& x) { return xgrad::index_copy(x, dim, index, source); });
}
Tensor& Tensor::addmm_(const Tensor& mat1, const Tensor& mat2, const Scalar& beta, const Scalar& alpha) const {
  return edit_in_place("addmm_", *this, [&](const auto& x) { return xgrad::addmm(x, mat1, mat2, beta, alpha); });
}
Tensor& Tensor::masked_fill_(const Tensor& mask, const Scalar& value) const {
  return edit_in_place("masked_fill_", *this, [&](const auto& x) { return xgrad::masked_fill(x, mask, value); });
}
Tensor& Tensor::masked_fill_(const Tensor& mask, const Tensor& value) const {
  return edit_in_place("masked_fill_", *this, [&](const auto& x) { return xgrad::masked_fill(x, mask, value); });
}
Tensor& Tensor::index_add_(int64_t dim, const Tensor& index, const Tensor& source, const Scalar& alpha) const {
  return edit_in_place("index_add_", *this, [&](const auto& x) { return xgrad::index_add(x, dim, index, source, alpha); });
}
Tensor& Tensor::index_fill_(int64_t dim, const Tensor& index, const Scalar& value) const {
  return edit_in_place("index_fill_", *this, [&](const auto& x) { return xgrad::index_fill(x, dim, index, value); });
}
Tensor& Tensor::index_fill_(int64_t dim, const Tensor& index, const Tensor& value) const {
  return edit_in_place("index_fill_", *this, [&](const auto& x) { return xgrad::index_fill(x, dim, index, value); });
}
Tensor& Tensor::scatter_(int64_t dim, const Tensor& index, const Tensor& src) const {
  return edit_in_place("scatter_", *this, [&](const auto& x) { return xgrad::scatter(x, dim, index, src); });
}
Tensor& Tensor::scatter_(int64_t dim, const Tensor& index, const Scalar& value) const {
  return edit_in_place("scatter_", *this, [&](const auto& x) { return xgrad::scatter(x, dim, index, value); });
}
Tensor& Tensor::scatter_(int64_t dim, const Tensor& index, const Tensor& src, std::string_view reduce) const {
  return edit_in_place("scatter_", *this, [&](const auto& x) { return xgrad::scatter(x, dim, index, src, reduce); });
}
Tensor& Tensor::scatter_(int64_t dim, const Tensor& index, const Scalar& value, std::string_view reduce) const {
  return edit_in_place("scatter_", *this, [&](const auto& x) { return xgrad::scatter(x, dim, index, value, reduce); });
}
Tensor& Tensor::scatter_add_(int64_t dim, const Tensor& index, const Tensor& src) const {
  return edit_in_place("scatter_add_", *this, [&](const auto& x) { return xgrad::scatter_add(x, dim, index, src); });
}

}}  // namespace torch::xgrad
