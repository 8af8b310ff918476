// Products over axes.
#include <xgrad/autograd/ops/along_axis.h>
#include <xgrad/autograd/ops/comparison.h>
#include <xgrad/autograd/ops/creation.h>
#include <xgrad/autograd/ops/joining.h>
#include <xgrad/autograd/ops/rearrange.h>
#include <xgrad/autograd/ops/reduced_axes.h>
#include <xgrad/autograd/ops/reduction.h>
#include <xgrad/autograd/ops/scan.h>

namespace xgrad {

namespace {

// Along `axis`, the product of the elements before each.
Tensor product_before(const Tensor& x, int64_t axis) {
  const Tensor one = ones_like(x.narrow(axis, 0, 1));
  return cumprod(cat({one, x.narrow(axis, 0, x.size(axis) - 1)}, axis), axis);
}

// The product of all other elements along `axis`, without a division.
Tensor product_of_others(const Tensor& x, int64_t axis) {
  return product_before(x, axis) * flip(product_before(flip(x, {axis}), axis), {axis});
}

bool has_zero(const Tensor& x) { return (x == 0).any().item<bool>(); }

Forward compute(const Tensor& self, uint64_t mask, bool keepdim) {
  kernels::ReductionGeometry g;
  Tensor y = prepare_reduction(self, mask, keepdim, self.is_floating_point() ? self.dtype() : kLong, g);
  kernels::reduce_prod(g, self.dtype(), self.data_ptr(), y.data_ptr());
  return Forward(std::move(y));
}

}  // namespace

Tensor prod(const Tensor& self, std::optional<ScalarType> dtype) {
  const Tensor x = as_dtype(self, dtype);
  const uint64_t mask = axis_mask("prod", IntArrayRef(), x.dim());
  return as_dtype(record("ProdBackward0", compute(x, mask, false), wrt(x, [x = save(x)](const Tensor& gy, const Tensor& y) {
                       if (!has_zero(*x)) return gy * y / *x;
                       return gy * product_of_others((*x).reshape({-1}), 0).view((*x).sizes());
                     })), dtype);
}

Tensor prod(const Tensor& self, int64_t dim, bool keepdim, std::optional<ScalarType> dtype) {
  const Tensor x = as_dtype(self, dtype);
  const int64_t axis = wrap_axis("prod", dim, x.dim());
  const uint64_t mask = one_axis_mask("prod", axis, x.dim());
  return as_dtype(record("ProdBackward1", compute(x, mask, keepdim), wrt(x, [x = save(x), axis, mask, keepdim](const Tensor& gy, const Tensor& y) {
                       if ((*x).dim() == 0) return gy;
                       const Tensor g = restore_axes(gy, (*x).sizes(), mask, keepdim);
                       if (!has_zero(*x)) return g * restore_axes(y, (*x).sizes(), mask, keepdim) / *x;
                       return g * product_of_others(*x, axis);
                     })), dtype);
}

}  // namespace xgrad
