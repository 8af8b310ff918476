#include <xgrad/optim/rprop.h>

#include <algorithm>
#include <cmath>

#include <xgrad/optim/asgd.h>
#include <xgrad/optim/fused_step.h>

namespace torch { inline namespace xgrad { namespace optim {

void RpropOptions::check() const {
  detail::check_option(lr() >= 0, "Rprop", "learning rate", lr());
  const auto [etaminus, etaplus] = etas();
  XGRAD_CHECK_AS(ValueError, 0 < etaminus && etaminus < 1 && 1 < etaplus, "[Rprop] Invalid eta values: ", etaminus, ", ", etaplus);
  const auto [smallest, largest] = step_sizes();
  XGRAD_CHECK_AS(ValueError, smallest <= largest, "[Rprop] Invalid step_sizes: ", smallest, ", ", largest);
}
void ASGDOptions::check() const {
  detail::check_option(lr() >= 0, "ASGD", "learning rate", lr());
  detail::check_option(weight_decay() >= 0, "ASGD", "weight_decay value", weight_decay());
}

namespace {

struct RpropRule : StepRule<RpropOptions, RpropParamState, kernels::RpropStep> {
  static constexpr const Operation& kOperation = operation<"rprop">;

  static std::array<Tensor*, 3> tensors(RpropParamState& s, const RpropOptions&) { return {&s.prev(), &s.step_size()}; }
  static double initial(const RpropOptions& o, size_t k) { return k == 1 ? o.lr() : 0; }
  static kernels::RpropStep next(const RpropOptions& o, RpropParamState& s) {
    ++s.step();
    const auto [etaminus, etaplus] = o.etas();
    const auto [smallest, largest] = o.step_sizes();
    return {etaminus, etaplus, smallest, largest, o.maximize() ? -1. : 1.};
  }
};

struct ASGDRule : StepRule<ASGDOptions, ASGDParamState, kernels::AsgdStep> {
  static constexpr const Operation& kOperation = operation<"asgd">;

  static auto numbers(ASGDParamState& s) { return std::tie(s.step(), s.eta(), s.mu()); }
  static std::array<Tensor*, 3> tensors(ASGDParamState& s, const ASGDOptions&) { return {&s.ax()}; }
  // A changed rate counts from the second step after, as in PyTorch: eta and mu are those that the step before left.
  static kernels::AsgdStep next(const ASGDOptions& o, ASGDParamState& s) {
    const auto t = static_cast<double>(++s.step());
    const double eta = s.step() == 1 ? o.lr() : s.eta(), mu = s.mu();
    s.eta() = o.lr() / std::pow(1 + o.lambd() * o.lr() * t, o.alpha());
    s.mu() = 1 / std::max(1., t - o.t0());
    return {eta, 1 - o.lambd() * eta, mu, o.weight_decay(), o.maximize() ? -1. : 1.};
  }
};

}  // namespace

XGRAD_DEFINE_OPTIMIZER(Rprop, FusedOptimizer, step_by)
XGRAD_DEFINE_OPTIMIZER(ASGD, FusedOptimizer, step_by)

}}}  // namespace torch::xgrad::optim
