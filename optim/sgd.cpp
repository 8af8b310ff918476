#include <xgrad/optim/sgd.h>

#include <xgrad/autograd/ops/ops.h>
#include <xgrad/optim/fused_step.h>

namespace torch { inline namespace xgrad { namespace optim {

void SGDOptions::check() const {
  detail::check_option(lr() >= 0, "SGD", "learning rate", lr());
  detail::check_option(momentum() >= 0, "SGD", "momentum value", momentum());
  detail::check_option(weight_decay() >= 0, "SGD", "weight_decay value", weight_decay());
  XGRAD_CHECK_AS(ValueError, !nesterov() || (momentum() > 0 && dampening() == 0),
                 "[SGD] Nesterov momentum requires a momentum and zero dampening, got momentum ", momentum(), " and dampening ", dampening());
}

namespace {

struct SGDRule : FirstStepRule<SGDOptions, SGDParamState, kernels::SgdStep> {
  static constexpr const Operation& kOperation = operation<"sgd">;

  static bool remembers(const SGDOptions& o) { return o.momentum() != 0; }
  static std::array<Tensor*, 3> tensors(SGDParamState& s, const SGDOptions&) { return {&s.momentum_buffer()}; }
  static kernels::SgdStep next(const SGDOptions& o, bool first) {
    return {o.lr(), o.momentum(), o.dampening(), o.weight_decay(), o.maximize() ? -1. : 1., o.nesterov(), first};
  }

  static void check_sparse(const SGDOptions& o) {
    XGRAD_CHECK_AS(NotImplementedError, o.weight_decay() == 0, "[SGD] weight_decay with a sparse gradient: add(sparse, dense) is not supported, got ",
                   o.weight_decay());
  }
  // A buffer that sparse gradients began is sparse too: it lists every row that any of them has listed. So the result is that of dense ones.
  static void update_rows(const Tensor& p, const SGDOptions& o, SGDParamState* state) {
    Tensor change = o.maximize() ? -p.grad() : p.grad();
    if (state) {
      Tensor& buffer = state->momentum_buffer();
      if (!buffer.defined()) buffer = change.clone();
      else buffer.mul_(o.momentum()).add_(change, 1 - o.dampening());
      if (buffer.is_sparse()) buffer = buffer.coalesce();
      if (!o.nesterov()) change = buffer;
      else change = buffer.is_sparse() ? change + buffer * o.momentum() : buffer * o.momentum() + change;
    }
    p.add_(change, -o.lr());
  }
};

}  // namespace

XGRAD_DEFINE_OPTIMIZER(SGD, FusedOptimizer, step_by)

}}}  // namespace torch::xgrad::optim
