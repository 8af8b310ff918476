#include <xgrad/optim/adam.h>

#include <cmath>

#include <xgrad/optim/adamw.h>
#include <xgrad/optim/fused_step.h>

namespace torch { inline namespace xgrad { namespace optim {

namespace {

template <class Options> void check_adam(const char* optimizer, const Options& o) {
  detail::check_option(o.lr() >= 0, optimizer, "learning rate", o.lr());
  detail::check_option(o.eps() >= 0, optimizer, "epsilon value", o.eps());
  detail::check_betas(optimizer, o.betas());
  detail::check_option(o.weight_decay() >= 0, optimizer, "weight_decay value", o.weight_decay());
}

template <class Options, bool kDecoupled> struct AdamKindRule : StepRule<Options, AdamParamState, kernels::AdamStep> {
  static std::array<Tensor*, 3> tensors(AdamParamState& s, const Options& o) {
    return {&s.exp_avg(), &s.exp_avg_sq(), o.amsgrad() ? &s.max_exp_avg_sq() : nullptr};
  }
  static kernels::AdamStep next(const Options& o, AdamParamState& s) {
    const auto [beta1, beta2] = o.betas();
    const auto t = static_cast<double>(++s.step());
    const double size = o.lr() / (1 - std::pow(beta1, t)), root = std::sqrt(1 - std::pow(beta2, t)), sign = o.maximize() ? -1 : 1;
    if (kDecoupled) return {beta1, beta2, o.eps(), 0, 1 - o.lr() * o.weight_decay(), size, root, sign};
    return {beta1, beta2, o.eps(), o.weight_decay(), 1, size, root, sign};
  }
};

struct AdamRule : AdamKindRule<AdamOptions, false> {
  static constexpr const Operation& kOperation = operation<"adam">;
};
struct AdamWRule : AdamKindRule<AdamWOptions, true> {
  static constexpr const Operation& kOperation = operation<"adamw">;
};

}  // namespace

void AdamOptions::check() const { check_adam("Adam", *this); }
void AdamWOptions::check() const { check_adam("AdamW", *this); }
std::unique_ptr<OptimizerParamState> AdamWParamState::clone() const { return std::make_unique<AdamWParamState>(*this); }

XGRAD_DEFINE_OPTIMIZER(Adam, FusedOptimizer, step_by)
XGRAD_DEFINE_OPTIMIZER(AdamW, FusedOptimizer, step_by)

}}}  // namespace torch::xgrad::optim
