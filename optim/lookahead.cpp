#include <xgrad/optim/lookahead.h>

#include <xgrad/autograd/core/step_observer.h>
#include <xgrad/autograd/core/grad_mode.h>
#include <xgrad/autograd/ops/ops.h>
#include <xgrad/io/tensor_list.h>

namespace torch { inline namespace xgrad { namespace optim {

Lookahead::Lookahead(Optimizer& fast, int64_t k, double alpha) : fast_(fast), k_(k), alpha_(alpha) {
  XGRAD_CHECK_AS(ValueError, k >= 1, "[Lookahead] k must be at least 1, got ", k);
  XGRAD_CHECK_AS(ValueError, alpha >= 0 && alpha <= 1, "[Lookahead] alpha must be in [0, 1], got ", alpha);
  for (const OptimizerParamGroup& group : fast.param_groups()) {
    for (const Tensor& p : group.params()) {
      parameters_.push_back(p);
      slow_.push_back(p.detach().clone());
    }
  }
}

Tensor Lookahead::step(Optimizer::LossClosure closure) {
  xgrad::detail::note_leaving_launches("Lookahead");
  const Tensor loss = fast_.step(std::move(closure));
  if (++steps_ < k_) return loss;
  NoGradGuard no_grad;
  for (size_t i = 0; i < slow_.size(); ++i) {
    slow_[i].lerp_(parameters_[i], alpha_);
    parameters_[i].copy_(slow_[i]);
  }
  steps_ = 0;
  return loss;
}

void Lookahead::save(serialize::OutputArchive& archive) const {
  serialize::write_list(archive, "slow", slow_);
  archive.write("steps", IValue(steps_));
}

void Lookahead::load(serialize::InputArchive& archive) {
  IValue steps;
  archive.read("steps", steps);
  const std::vector<Tensor> loaded = serialize::read_list_like(archive, "slow", slow_, "Lookahead");
  for (size_t i = 0; i < loaded.size(); ++i) slow_[i].copy_(loaded[i]);
  steps_ = steps.toInt();
}

}}}  // namespace torch::xgrad::optim
