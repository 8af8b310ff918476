#include <xgrad/autograd/ops/softmax.h>

#include <xgrad/autograd/allocate.h>
#include <xgrad/autograd/copy.h>
#include <xgrad/autograd/kernels/softmax.h>
#include <xgrad/autograd/ops/along_axis.h>
#include <xgrad/autograd/record.h>

namespace xgrad {

namespace {

using kernels::AxisLayout;

using ForwardKernel = void (*)(ScalarType, const AxisLayout&, const void*, void*);
using BackwardKernel = void (*)(ScalarType, const AxisLayout&, const void*, const void*, void*);

Forward run(ForwardKernel kernel, const Tensor& self, int64_t axis) {
  const Tensor x = contiguous_as(self, self.dtype());
  Tensor y = allocate_tensor(x.sizes(), x.dtype());
  kernel(x.dtype(), layout_along(x, axis), x.data_ptr(), y.data_ptr());
  return Forward(std::move(y));
}

Forward run(BackwardKernel kernel, const Tensor& gy, const Tensor& y, int64_t axis) {
  const Tensor g = contiguous_as(gy, gy.dtype()), output = contiguous_as(y, y.dtype());
  Tensor gx = allocate_tensor(g.sizes(), g.dtype());
  kernel(g.dtype(), layout_along(g, axis), g.data_ptr(), output.data_ptr(), gx.data_ptr());
  return Forward(std::move(gx));
}

Tensor softmax_backward(const Tensor& gy, const Tensor& y, int64_t axis) {
  return record("SoftmaxBackwardDataBackward0", run(kernels::softmax_backward, gy, y, axis),
                wrt(gy, [y = save(y), axis](const Tensor& v) { return softmax_backward(v, *y, axis); }),
                wrt(y, [gy = save(gy), y = save(y), axis](const Tensor& v) {
                  return v * (*gy - (*gy * *y).sum(axis, true)) - *gy * (v * *y).sum(axis, true);
                }));
}

Tensor log_softmax_backward(const Tensor& gy, const Tensor& y, int64_t axis) {
  return record("LogSoftmaxBackwardDataBackward0", run(kernels::log_softmax_backward, gy, y, axis),
                wrt(gy, [y = save(y), axis](const Tensor& v) { return v - (v * (*y).exp()).sum(axis, true); }),
                wrt(y, [gy = save(gy), y = save(y), axis](const Tensor& v) { return -v * (*y).exp() * (*gy).sum(axis, true); }));
}

}  // namespace

Tensor softmax(const Tensor& self, int64_t dim, std::optional<ScalarType> dtype) {
  const int64_t axis = wrap_axis("softmax", dim, self.dim());
  const Tensor x = as_dtype(self, dtype);
  return record("SoftmaxBackward0", run(kernels::softmax, x, axis),
                wrt(x, [axis](const Tensor& gy, const Tensor& y) { return softmax_backward(gy, y, axis); }));
}

Tensor log_softmax(const Tensor& self, int64_t dim, std::optional<ScalarType> dtype) {
  const int64_t axis = wrap_axis("log_softmax", dim, self.dim());
  const Tensor x = as_dtype(self, dtype);
  return record("LogSoftmaxBackward0", run(kernels::log_softmax, x, axis),
                wrt(x, [axis](const Tensor& gy, const Tensor& y) { return log_softmax_backward(gy, y, axis); }));
}

}  // namespace xgrad
