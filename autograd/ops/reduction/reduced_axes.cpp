#include <xgrad/autograd/ops/reduction/reduced_axes.h>

#include <xgrad/autograd/tensor/operators.h>

namespace torch { inline namespace xgrad {

uint64_t axis_mask(const char* operation, OptionalIntArrayRef axes, int64_t ndim) {
  return axis_mask(operation, axes.has_value() ? axes.value() : IntArrayRef(), ndim);
}

uint64_t one_axis_mask(const char* operation, int64_t axis, int64_t ndim) { return axis_mask(operation, IntArrayRef(&axis, 1), ndim); }

std::vector<int64_t> masked_axes(uint64_t mask, int64_t ndim) {
  std::vector<int64_t> axes;
  for (int64_t a = 0; a < ndim; ++a)
    if (mask >> a & 1) axes.push_back(a);
  return axes;
}

int64_t reduced_numel(IntArrayRef sizes, uint64_t mask) {
  int64_t n = 1;
  for (size_t a = 0; a < sizes.size(); ++a)
    if (mask >> a & 1) n *= sizes[a];
  return n;
}

Tensor prepare_reduction(const Tensor& self, uint64_t mask, bool keepdim, ScalarType dtype, kernels::ReductionGeometry& g) {
  const TensorImpl& impl = self.impl();
  Tensor out = allocate_tensor(reduced_shape(impl.sizes, mask, keepdim), dtype);
  const Dims strides = contiguous_strides(reduced_shape(impl.sizes, mask, true));
  for (int a = 0; a < impl.sizes.size(); ++a) {
    if (mask >> a & 1) g.reduce(impl.sizes[a], impl.strides[a]);
    else g.keep(impl.sizes[a], impl.strides[a], strides[a]);
  }
  g.simplify();
  return out;
}

Tensor restore_axes(const Tensor& t, IntArrayRef sizes, uint64_t mask, bool keepdim) {
  if (keepdim || t.dim() == 0) return t.expand(sizes);
  return t.reshape(reduced_shape(sizes, mask, true)).expand(sizes);
}

Tensor share_evenly(const Tensor& gy, const Tensor& chosen, uint64_t mask, bool keepdim) {
  const Tensor share = gy / chosen.sum(masked_axes(mask, chosen.dim()), keepdim);
  return restore_axes(share, chosen.sizes(), mask, keepdim).masked_fill(chosen.logical_not(), 0);  // a NaN is not multiplied by 0
}

}}  // namespace torch::xgrad
