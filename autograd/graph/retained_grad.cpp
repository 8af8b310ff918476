#include <xgrad/autograd/graph/retained_grad.h>

#include <unordered_map>

#include <xgrad/autograd/tensor/operators.h>
#include <xgrad/autograd/tensor/sparse.h>

namespace torch { inline namespace xgrad {

namespace {

// Few tensors retain a gradient, so they are listed here instead of taking room in every one.
class Keepers {
 public:
  static Keepers& all() {
    static Keepers* const keepers = new Keepers;  // never destroyed: static tensors may outlive it
    return *keepers;
  }

  void put(const TensorImpl* tensor, std::shared_ptr<RetainedGrad> keeper) {
    std::lock_guard lock(mutex_);
    of_[tensor] = std::move(keeper);
  }
  std::shared_ptr<RetainedGrad> take(const TensorImpl* tensor) {
    std::lock_guard lock(mutex_);
    const auto found = of_.find(tensor);
    if (found == of_.end()) return nullptr;
    std::shared_ptr<RetainedGrad> keeper = std::move(found->second);
    of_.erase(found);
    return keeper;
  }

 private:
  std::mutex mutex_;
  std::unordered_map<const TensorImpl*, std::shared_ptr<RetainedGrad>> of_;
};

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
