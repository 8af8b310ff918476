#include <xgrad/optim/muon.h>

#include <algorithm>
#include <cmath>

#include <xgrad/autograd/core/step_observer.h>
#include <xgrad/autograd/ops/ops.h>
#include <xgrad/optim/single_step.h>

namespace torch { inline namespace xgrad { namespace optim {

void MuonOptions::check() const {
  detail::check_option(lr() >= 0, "Muon", "learning rate", lr());
  detail::check_option(momentum() >= 0, "Muon", "momentum value", momentum());
  detail::check_option(weight_decay() >= 0, "Muon", "weight_decay value", weight_decay());
  detail::check_option(eps() >= 0, "Muon", "epsilon value", eps());
  detail::check_option(ns_steps() >= 0 && ns_steps() < 100, "Muon", "ns_steps value", static_cast<double>(ns_steps()));
  const std::string adjust = adjust_lr_fn().value_or("original");
  XGRAD_CHECK_AS(ValueError, adjust == "original" || adjust == "match_rms_adamw", "[Muon] Invalid adjust_lr_fn: '", adjust, "'");
}

namespace {

// Wide matrices cost less: the products are of rows by rows.
Tensor orthogonalised(const Tensor& matrix, double eps, int64_t steps) {
  constexpr double a = 3.4445, b = -4.775, c = 2.0315;
  const bool tall = matrix.size(0) > matrix.size(1);
  Tensor x = tall ? matrix.t() : matrix;
  x = x / std::max(x.norm().item<double>(), eps);
  for (int64_t i = 0; i < steps; ++i) {
    const Tensor gram = x.mm(x.t());
    x = addmm(x, addmm(gram, gram, gram, b, c), x, a, 1);
  }
  return tall ? x.t() : x;
}

struct MuonRule {
  using Options = MuonOptions;
  using State = MuonParamState;

  static void check(const Tensor& p, const Options&) {
    XGRAD_CHECK_AS(ValueError, p.dim() == 2, "[Muon] Muon only supports 2D parameters, got ", p, "; give the others to AdamW");
  }

  static void update(const Tensor& p, const Tensor& g, const Options& o, State& s) {
    xgrad::detail::note_leaving_launches("muon");  // its rate goes into launches as a number
    if (!s.momentum_buffer().defined()) s.momentum_buffer() = zeros_like(p);
    s.momentum_buffer().lerp_(g, 1 - o.momentum());
    const Tensor b = o.nesterov() ? g.lerp(s.momentum_buffer(), o.momentum()) : s.momentum_buffer();
    const auto rows = static_cast<double>(p.size(0)), columns = static_cast<double>(p.size(1));
    const bool as_adamw = o.adjust_lr_fn() == std::optional<std::string>("match_rms_adamw");
    const double ratio = as_adamw ? 0.2 * std::sqrt(std::max(rows, columns)) : std::sqrt(std::max(1., rows / columns));
    if (o.weight_decay() != 0) p.mul_(1 - o.lr() * o.weight_decay());
    if (p.numel() != 0) p.add_(orthogonalised(b, o.eps(), o.ns_steps()), -o.lr() * ratio);
  }
};

}  // namespace

XGRAD_DEFINE_OPTIMIZER(Muon, Optimizer, step_each)

}}}  // namespace torch::xgrad::optim
