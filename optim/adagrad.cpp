#include <xgrad/optim/adagrad.h>

#include <xgrad/autograd/ops/index/sparse.h>
#include <xgrad/autograd/ops/ops.h>
#include <xgrad/optim/fused_step.h>
#include <xgrad/optim/listed_rows.h>

namespace torch { inline namespace xgrad { namespace optim {

void AdagradOptions::check() const {
  detail::check_option(lr() >= 0, "Adagrad", "learning rate", lr());
  detail::check_option(lr_decay() >= 0, "Adagrad", "lr_decay value", lr_decay());
  detail::check_option(weight_decay() >= 0, "Adagrad", "weight_decay value", weight_decay());
  detail::check_option(initial_accumulator_value() >= 0, "Adagrad", "initial_accumulator_value value", initial_accumulator_value());
  detail::check_option(eps() >= 0, "Adagrad", "epsilon value", eps());
}

namespace {

struct AdagradRule : StepRule<AdagradOptions, AdagradParamState, kernels::AdagradStep> {
  static constexpr const Operation& kOperation = operation<"adagrad">;

  static std::array<Tensor*, 3> tensors(AdagradParamState& s, const AdagradOptions&) { return {&s.sum()}; }
  static double initial(const AdagradOptions& o, size_t) { return o.initial_accumulator_value(); }
  static double advance(const AdagradOptions& o, AdagradParamState& s) { return o.lr() / (1 + static_cast<double>(s.step()++) * o.lr_decay()); }
  static kernels::AdagradStep next(const AdagradOptions& o, AdagradParamState& s) {
    return {advance(o, s), o.eps(), o.weight_decay(), o.maximize() ? -1. : 1.};
  }

  static void check_sparse(const AdagradOptions& o) {
    XGRAD_CHECK(o.weight_decay() == 0, "[Adagrad] weight_decay option is not compatible with sparse gradients, got ", o.weight_decay());
  }
  static void update_rows(const Tensor& p, const AdagradOptions& o, AdagradParamState* state) {
    if (!state->sum().defined()) state->sum() = full_like(p, o.initial_accumulator_value());
    const RowsOnce g(p.grad());
    const Tensor sum = state->sum().index_select(0, g.positions).addcmul_(g.values, g.values);
    const Tensor change = g.values / sum.sqrt().add_(o.eps());
    replace_rows(state->sum(), g.positions, sum);
    const double rate = advance(o, *state);
    add_to_rows(p, g.positions, change, o.maximize() ? rate : -rate);
  }
};

}  // namespace

XGRAD_DEFINE_OPTIMIZER(Adagrad, FusedOptimizer, step_by)

}}}  // namespace torch::xgrad::optim
