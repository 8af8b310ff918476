#include <xgrad/train/penalty.h>

#include <xgrad/autograd/ops/ops.h>

namespace torch { inline namespace xgrad { namespace train {

namespace {

template <class F> Tensor sum_over(const char* name, const std::vector<Tensor>& parameters, F&& part) {
  XGRAD_CHECK(!parameters.empty(), "[", name, "] there must be parameters, got an empty list");
  for (const Tensor& p : parameters) XGRAD_CHECK(p.defined() && p.is_floating_point(), "[", name, "] parameters must be floating tensors, got ", p);
  Tensor sum = part(parameters[0]);
  for (size_t i = 1; i < parameters.size(); ++i) sum = sum + part(parameters[i]);
  return sum;
}

}  // namespace

// Both read a parameter once and leave no tensor of its size behind.
Tensor l1_penalty(const std::vector<Tensor>& parameters) {
  return sum_over("l1_penalty", parameters, [](const Tensor& p) { return p.norm(1); });
}

Tensor l2_penalty(const std::vector<Tensor>& parameters) {
  return sum_over("l2_penalty", parameters, [](const Tensor& p) {
    const Tensor flat = p.reshape({-1});
    return flat.dot(flat);
  });
}

}}}  // namespace torch::xgrad::train
