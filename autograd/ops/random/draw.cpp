#include <xgrad/autograd/ops/random/draw.h>

#include <algorithm>

#include <xgrad/autograd/core/step_observer.h>
#include <xgrad/autograd/tensor/copy.h>

namespace torch { inline namespace xgrad {

kernels::Iteration in_memory_order(const Tensor& out, std::initializer_list<const Tensor*> others) {
  kernels::Iteration it;
  it.operands = 1 + static_cast<int>(others.size());
  it.axes = static_cast<int>(out.dim());
  for (int k = 0; k < it.operands; ++k) {
    const Tensor& t = k == 0 ? out : *others.begin()[k - 1];
    it.pointers[k] = static_cast<char*>(t.data_ptr());
    for (int a = 0; a < it.axes; ++a) {
      it.sizes[a] = out.impl().sizes[a];
      it.strides[k][a] = t.impl().strides[a] * t.element_size();
    }
  }
  it.simplify();
  return it;
}

void check_floating(const Operation& operation, const char* kernel, ScalarType dtype) {
  XGRAD_CHECK_AS(NotImplementedError, isFloatingType(dtype), operation, "\"", kernel, "\" not implemented for '", dtype, "'");
}

bool elements_within(const Tensor& t, double low, double high) {
  const Tensor values = contiguous_as(t, kDouble);
  detail::note_leaving_launches("a check of probabilities");
  const double* v = values.data_ptr<double>();
  return std::all_of(v, v + values.numel(), [=](double x) { return x >= low && x <= high; });
}

}}  // namespace torch::xgrad
