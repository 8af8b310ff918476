#include <xgrad/autograd/ops/reduction.h>

#include <xgrad/autograd/ops/along_axis.h>
#include <xgrad/autograd/ops/reduced_axes.h>

namespace xgrad {

namespace {

using kernels::ReductionGeometry;

Tensor sum_over(const char* name, const Tensor& self, uint64_t mask, bool keepdim) {
  ReductionGeometry g;
  Tensor y = prepare_reduction(self, mask, keepdim, self.is_floating_point() ? self.dtype() : kLong, g);
  kernels::reduce_sum(g, self.dtype(), self.data_ptr(), y.data_ptr());
  return record(name, Forward(std::move(y)), wrt(self, [sizes = Dims(self.sizes()), mask, keepdim](const Tensor& gy) {
                  return restore_axes(gy, sizes, mask, keepdim);
                }));
}

Tensor mean_over(const char* name, const Tensor& self, uint64_t mask, bool keepdim) {
  XGRAD_CHECK(self.is_floating_point(), "[mean] could not infer output dtype. Input dtype must be either a floating point or complex dtype. Got: ",
              self.dtype());
  ReductionGeometry g;
  const auto n = static_cast<double>(reduced_numel(self.sizes(), mask));
  Tensor y = prepare_reduction(self, mask, keepdim, self.dtype(), g);
  kernels::reduce_sum(g, self.dtype(), self.data_ptr(), y.data_ptr(), n);
  return record(name, Forward(std::move(y)), wrt(self, [sizes = Dims(self.sizes()), mask, keepdim, n](const Tensor& gy) {
                  return restore_axes(gy / n, sizes, mask, keepdim);
                }));
}

using TruthKernel = void (*)(const ReductionGeometry&, ScalarType, const void*, void*);

Tensor truth_over(TruthKernel kernel, const Tensor& self, uint64_t mask, bool keepdim) {
  ReductionGeometry g;
  Tensor y = prepare_reduction(self, mask, keepdim, self.dtype() == kByte ? kByte : kBool, g);
  kernel(g, self.dtype(), self.data_ptr(), y.data_ptr());
  return not_differentiable(Forward(std::move(y)));
}

}  // namespace

Tensor sum(const Tensor& self, std::optional<ScalarType> dtype) {
  const Tensor y = sum_over("SumBackward0", as_dtype(self, dtype), axis_mask("sum", IntArrayRef(), self.dim()), false);
  return as_dtype(y, dtype);
}

Tensor sum(const Tensor& self, OptionalIntArrayRef dim, bool keepdim, std::optional<ScalarType> dtype) {
  const uint64_t mask = axis_mask("sum", dim, self.dim());
  return as_dtype(sum_over("SumBackward1", as_dtype(self, dtype), mask, keepdim), dtype);
}

Tensor mean(const Tensor& self, std::optional<ScalarType> dtype) {
  return mean_over("MeanBackward0", as_dtype(self, dtype), axis_mask("mean", IntArrayRef(), self.dim()), false);
}

Tensor mean(const Tensor& self, OptionalIntArrayRef dim, bool keepdim, std::optional<ScalarType> dtype) {
  const uint64_t mask = axis_mask("mean", dim, self.dim());
  return mean_over("MeanBackward1", as_dtype(self, dtype), mask, keepdim);
}

Tensor all(const Tensor& self) { return truth_over(kernels::reduce_all, self, axis_mask("all", IntArrayRef(), self.dim()), false); }
Tensor all(const Tensor& self, int64_t dim, bool keepdim) {
  return truth_over(kernels::reduce_all, self, one_axis_mask("all", dim, self.dim()), keepdim);
}

Tensor any(const Tensor& self) { return truth_over(kernels::reduce_any, self, axis_mask("any", IntArrayRef(), self.dim()), false); }
Tensor any(const Tensor& self, int64_t dim, bool keepdim) {
  return truth_over(kernels::reduce_any, self, one_axis_mask("any", dim, self.dim()), keepdim);
}

}  // namespace xgrad
