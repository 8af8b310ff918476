#include <xgrad/autograd/ops/scan.h>

#include <xgrad/autograd/allocate.h>
#include <xgrad/autograd/copy.h>
#include <xgrad/autograd/kernels/scan.h>
#include <xgrad/autograd/ops/along_axis.h>
#include <xgrad/autograd/ops/comparison.h>
#include <xgrad/autograd/ops/joining.h>
#include <xgrad/autograd/ops/reduction.h>
#include <xgrad/autograd/record.h>
#include <xgrad/autograd/shape.h>

namespace xgrad {

namespace {

ScalarType widened(const Tensor& x) { return x.is_floating_point() ? x.dtype() : kLong; }

Tensor running_sum(const Tensor& self, int64_t axis, bool from_the_end) {
  const Tensor x = contiguous_as(self, self.dtype());
  Tensor y = allocate_tensor(x.sizes(), widened(x));
  kernels::running_sum(x.dtype(), layout_along(x, axis), x.data_ptr(), y.data_ptr(), from_the_end);
  return record("CumsumBackward0", Forward(std::move(y)),
                wrt(self, [axis, from_the_end](const Tensor& gy) { return running_sum(gy, axis, !from_the_end); }));
}

// gx_k = (product of x before k) * s_k with s_k = gy_k + x_(k+1) s_(k+1): no division, so zeros do no harm.
Tensor gradient_across_zeros(const Tensor& gy, const Tensor& x, int64_t axis) {
  const int64_t n = x.size(axis);
  std::vector<Tensor> before(static_cast<size_t>(n)), gx(static_cast<size_t>(n));
  for (int64_t k = 1; k < n; ++k) {
    const Tensor previous = x.select(axis, k - 1);
    before[static_cast<size_t>(k)] = k == 1 ? previous : before[static_cast<size_t>(k - 1)] * previous;
  }
  Tensor s;
  for (int64_t k = n - 1; k >= 0; --k) {
    const Tensor g = gy.select(axis, k);
    s = s.defined() ? g + x.select(axis, k + 1) * s : g;
    gx[static_cast<size_t>(k)] = k == 0 ? s : before[static_cast<size_t>(k)] * s;
  }
  return stack(gx, axis);
}

}  // namespace

Tensor cumsum(const Tensor& self, int64_t dim, std::optional<ScalarType> dtype) {
  const int64_t axis = wrap_axis("cumsum", dim, self.dim());
  return as_dtype(running_sum(as_dtype(self, dtype), axis, false), dtype);
}

Tensor cumprod(const Tensor& self, int64_t dim, std::optional<ScalarType> dtype) {
  const int64_t axis = wrap_axis("cumprod", dim, self.dim());
  const Tensor x = as_dtype(self, dtype), rows = contiguous_as(x, x.dtype());
  Tensor y = allocate_tensor(x.sizes(), widened(x));
  kernels::running_product(x.dtype(), layout_along(x, axis), rows.data_ptr(), y.data_ptr());
  return as_dtype(record("CumprodBackward0", Forward(std::move(y)), wrt(x, [x = save(x), axis](const Tensor& gy, const Tensor& y) {
                       if ((*x).dim() == 0 || (*x).numel() == 0) return gy;
                       if ((*x == 0).any().item<bool>()) return gradient_across_zeros(gy, *x, axis);
                       return running_sum(gy * y, axis, true) / *x;
                     })), dtype);
}

}  // namespace xgrad
