// Adam's kin: what they make of running means of the gradient.
#include <cmath>

#include <xgrad/optim/adamax.h>
#include <xgrad/optim/fused_step.h>
#include <xgrad/optim/lamb.h>
#include <xgrad/optim/lion.h>
#include <xgrad/optim/nadam.h>
#include <xgrad/optim/radam.h>

namespace torch { inline namespace xgrad { namespace optim {

namespace {

template <class Options> void check_kin(const char* optimizer, const Options& o) {
  detail::check_option(o.lr() >= 0, optimizer, "learning rate", o.lr());
  if constexpr (requires { o.eps(); }) detail::check_option(o.eps() >= 0, optimizer, "epsilon value", o.eps());
  detail::check_betas(optimizer, o.betas());
  detail::check_option(o.weight_decay() >= 0, optimizer, "weight_decay value", o.weight_decay());
}

// What weight decay does: to the gradient, and to the parameter.
struct Decay {
  template <class Options>
  explicit Decay(const Options& o)
      : gradient(o.decoupled_weight_decay() ? 0 : o.weight_decay()), shrink(o.decoupled_weight_decay() ? 1 - o.lr() * o.weight_decay() : 1) {}
  double gradient, shrink;
};

struct AdamaxRule : StepRule<AdamaxOptions, AdamaxParamState, kernels::AdamaxStep> {
  static constexpr const Operation& kOperation = operation<"adamax">;

  static std::array<Tensor*, 3> tensors(AdamaxParamState& s, const AdamaxOptions&) { return {&s.exp_avg(), &s.exp_inf()}; }
  static kernels::AdamaxStep next(const AdamaxOptions& o, AdamaxParamState& s) {
    const auto [beta1, beta2] = o.betas();
    const double size = o.lr() / (1 - std::pow(beta1, static_cast<double>(++s.step())));
    return {beta1, beta2, o.eps(), o.weight_decay(), size, o.maximize() ? -1. : 1.};
  }
};

struct NAdamRule : StepRule<NAdamOptions, NAdamParamState, kernels::NAdamStep> {
  static constexpr const Operation& kOperation = operation<"nadam">;

  static auto numbers(NAdamParamState& s) { return std::tie(s.step(), s.mu_product()); }
  static std::array<Tensor*, 3> tensors(NAdamParamState& s, const NAdamOptions&) { return {&s.exp_avg(), &s.exp_avg_sq()}; }
  static kernels::NAdamStep next(const NAdamOptions& o, NAdamParamState& s) {
    const double beta1 = std::get<0>(o.betas()), beta2 = std::get<1>(o.betas());
    const auto t = static_cast<double>(++s.step());
    const auto mu = [&](double step) { return beta1 * (1 - 0.5 * std::pow(0.96, step * o.momentum_decay())); };
    s.mu_product() *= mu(t);
    const double by_gradient = o.lr() * (1 - mu(t)) / (1 - s.mu_product()), by_moment = o.lr() * mu(t + 1) / (1 - s.mu_product() * mu(t + 1));
    const Decay decay(o);
    return {beta1, beta2, o.eps(), decay.gradient, decay.shrink, by_gradient, by_moment, 1 - std::pow(beta2, t), o.maximize() ? -1. : 1.};
  }
};

struct RAdamRule : StepRule<RAdamOptions, RAdamParamState, kernels::RAdamStep> {
  static constexpr const Operation& kOperation = operation<"radam">;

  static std::array<Tensor*, 3> tensors(RAdamParamState& s, const RAdamOptions&) { return {&s.exp_avg(), &s.exp_avg_sq()}; }
  static kernels::RAdamStep next(const RAdamOptions& o, RAdamParamState& s) {
    const auto [beta1, beta2] = o.betas();
    const auto t = static_cast<double>(++s.step());
    const double bias1 = 1 - std::pow(beta1, t), bias2 = 1 - std::pow(beta2, t);
    const double r = 2 / (1 - beta2) - 1, rt = r - 2 * t * std::pow(beta2, t) / bias2;
    const double rectification = rt > 5 ? std::sqrt((rt - 4) * (rt - 2) * r / ((r - 4) * (r - 2) * rt)) : 0;
    const Decay decay(o);
    return {beta1, beta2, o.eps(), decay.gradient, decay.shrink, o.lr(), bias1, std::sqrt(bias2), rectification, o.maximize() ? -1. : 1.};
  }
};

struct LAMBRule : StepRule<LAMBOptions, LAMBParamState, kernels::LambStep> {
  static constexpr const Operation& kOperation = operation<"lamb">;

  static std::array<Tensor*, 3> tensors(LAMBParamState& s, const LAMBOptions&) { return {&s.exp_avg(), &s.exp_avg_sq()}; }
  static kernels::LambStep next(const LAMBOptions& o, LAMBParamState& s) {
    const auto [beta1, beta2] = o.betas();
    const auto t = static_cast<double>(++s.step());
    return {o.lr(), beta1, beta2, o.eps(), o.weight_decay(), 1 - std::pow(beta1, t), 1 - std::pow(beta2, t), o.maximize() ? -1. : 1.};
  }
};

struct LionRule : FirstStepRule<LionOptions, LionParamState, kernels::LionStep> {
  static constexpr const Operation& kOperation = operation<"lion">;

  static std::array<Tensor*, 3> tensors(LionParamState& s, const LionOptions&) { return {&s.exp_avg()}; }
  static kernels::LionStep next(const LionOptions& o, bool) {
    const auto [beta1, beta2] = o.betas();
    return {o.lr(), beta1, beta2, 1 - o.lr() * o.weight_decay(), o.maximize() ? -1. : 1.};
  }
};

}  // namespace

void AdamaxOptions::check() const { check_kin("Adamax", *this); }
void NAdamOptions::check() const {
  check_kin("NAdam", *this);
  detail::check_option(momentum_decay() >= 0, "NAdam", "momentum_decay value", momentum_decay());
}
void RAdamOptions::check() const { check_kin("RAdam", *this); }
void LAMBOptions::check() const { check_kin("LAMB", *this); }
void LionOptions::check() const { check_kin("Lion", *this); }

XGRAD_DEFINE_OPTIMIZER(Adamax, FusedOptimizer, step_by)
XGRAD_DEFINE_OPTIMIZER(NAdam, FusedOptimizer, step_by)
XGRAD_DEFINE_OPTIMIZER(RAdam, FusedOptimizer, step_by)
XGRAD_DEFINE_OPTIMIZER(LAMB, FusedOptimizer, step_by)
XGRAD_DEFINE_OPTIMIZER(Lion, FusedOptimizer, step_by)

}}}  // namespace torch::xgrad::optim
