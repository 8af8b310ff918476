#include <xgrad/autograd/graph/retained_grad.h>

#include <xgrad/autograd/graph/by_tensor.h>
#include <xgrad/autograd/tensor/operators.h>
#include <xgrad/autograd/tensor/sparse.h>

namespace torch { inline namespace xgrad {

namespace {

using Keepers = ByTensor<std::shared_ptr<RetainedGrad>>;

}  // namespace

void RetainedGrad::keep(const Tensor& g) {
  Tensor earlier;  // dies without the lock
  std::lock_guard lock(mutex_);
  if (!tensor_) return;
  Tensor& grad = tensor_->grad();
  earlier = grad;
  if (earlier.defined() && (earlier.is_sparse() || g.is_sparse())) add_to_sum(grad, g, false);
  else grad = earlier.defined() ? earlier + g : g.clone(MemoryFormat::Contiguous);
}

void RetainedGrad::forget_tensor() {
  std::lock_guard lock(mutex_);
  tensor_ = nullptr;
}

void retain_gradient(TensorImpl& t) {
  stop_retaining(t);
  t.retains_grad = true;
  if (!t.edge.function) return;
  auto keeper = std::make_shared<RetainedGrad>(&t);
  Keepers::all().put(&t, keeper);
  t.edge.function->hooks().retain(t.edge.input_nr, std::move(keeper));
}

void stop_retaining(TensorImpl& t) {
  if (const auto keeper = Keepers::all().take(&t)) keeper->forget_tensor();
}

}}  // namespace torch::xgrad
