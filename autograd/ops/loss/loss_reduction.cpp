#include <xgrad/autograd/ops/loss/loss_reduction.h>

#include <xgrad/autograd/ops/reduction/reduced_axes.h>
#include <xgrad/autograd/tensor/copy.h>
#include <xgrad/autograd/tensor/tensor_memory.h>

namespace torch { inline namespace xgrad {

void check_reduction(const Operation& operation, int64_t reduction) {
  XGRAD_CHECK_AS(ValueError, reduction >= 0 && reduction < Reduction::END, operation, "reduction must be Reduction::None, Mean or Sum, got ",
                 reduction);
}

Forward elements_as(Forward elements, ScalarType dtype) {
  return elements.value().dtype() == dtype ? std::move(elements) : Forward(elements.operation(), copy_of(elements.value(), dtype));
}

Forward reduce_elements(const Forward& elements, int64_t reduction) {
  const Tensor& x = elements.value();
  if (reduction == Reduction::None) return elements;
  kernels::ReductionGeometry g;
  Tensor y = prepare_reduction(x, ~uint64_t{0}, false, x.dtype(), g);
  launch(elements.operation(), kernels::reduce_sum, reads(x), writes(y), g, x.dtype(), x.data_ptr(), y.data_ptr(),
         reduction == Reduction::Mean ? static_cast<double>(x.numel()) : 1);
  return Forward(elements.operation(), std::move(y));
}

Tensor reduced(const Tensor& elements, int64_t reduction) {
  return reduction == Reduction::Mean ? elements.mean() : reduction == Reduction::Sum ? elements.sum() : elements;
}

Tensor per_element(const Tensor& gy, int64_t reduction, int64_t n) { return reduction == Reduction::Mean ? gy / static_cast<double>(n) : gy; }

Tensor constant_input(const Operation& operation, const char* argument, const std::optional<Tensor>& value) {
  if (!value || !value->defined()) return Tensor();
  XGRAD_CHECK(!Recording::needs(*value), operation, "The function is not differentiable with respect to argument '", argument,
              "'. This input cannot have requires_grad True.");
  return *value;
}

}}  // namespace torch::xgrad
