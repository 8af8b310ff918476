#include <xgrad/optim/adafactor.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include <xgrad/autograd/ops/ops.h>
#include <xgrad/optim/single_step.h>

namespace torch { inline namespace xgrad { namespace optim {

void AdafactorOptions::check() const {
  detail::check_option(lr() >= 0, "Adafactor", "learning rate", lr());
  detail::check_option(beta2_decay() <= 0, "Adafactor", "beta2_decay value", beta2_decay());
  detail::check_option(eps1().value_or(0) >= 0, "Adafactor", "epsilon1 value", eps1().value_or(0));
  detail::check_option(eps2() >= 0, "Adafactor", "epsilon2 value", eps2());
  detail::check_option(d() > 0, "Adafactor", "clipping threshold d value", d());
  detail::check_option(weight_decay() >= 0, "Adafactor", "weight_decay value", weight_decay());
}

std::vector<std::string> AdafactorParamState::misfits(const Tensor& parameter) {
  std::vector<std::string> lines;
  const auto expect = [&](const char* name, const Tensor& t, bool used, int64_t axis) {
    if (!t.defined()) return;
    std::vector<int64_t> shape = parameter.sizes().vec();
    if (used && axis < 0) shape[shape.size() + static_cast<size_t>(axis)] = 1;
    if (!used || t.sizes() != IntArrayRef(shape) || t.dtype() != parameter.dtype())
      lines.push_back(xgrad::detail::concatenate(name, " is ", t, ", which is not that of ", parameter));
  };
  expect("row_var", row_var(), parameter.dim() > 1, -1);
  expect("col_var", col_var(), parameter.dim() > 1, -2);
  expect("variance", variance(), parameter.dim() < 2, 0);
  return lines;
}

namespace {

double root_mean_square(const Tensor& t) { return t.numel() == 0 ? 0 : t.norm().item<double>() / std::sqrt(static_cast<double>(t.numel())); }

struct AdafactorRule {
  using Options = AdafactorOptions;
  using State = AdafactorParamState;

  static void check(const Tensor&, const Options&) {}

  static void update(const Tensor& p, const Tensor& g, const Options& o, State& s) {
    const auto t = static_cast<double>(++s.step());
    const double rest2 = std::pow(t, o.beta2_decay());
    const double eps1 = o.eps1().value_or(p.dtype() == kFloat ? std::numeric_limits<float>::epsilon() : std::numeric_limits<double>::epsilon());
    const double rate = std::max(o.eps2(), root_mean_square(p)) * std::min(o.lr(), 1 / std::sqrt(t));
    const Tensor squares = g * g;
    Tensor v;
    if (p.dim() > 1) {
      advance(s.row_var(), squares.mean(-1, true), rest2);
      advance(s.col_var(), squares.mean(-2, true), rest2);
      v = s.row_var() / s.row_var().mean(-2, true).clamp_min(eps1) * s.col_var();
    } else {
      advance(s.variance(), squares, rest2);
      v = s.variance().clone();
    }
    const Tensor u = v.clamp_min_(eps1 * eps1).rsqrt_().mul_(g);
    if (o.weight_decay() != 0) p.mul_(1 - o.lr() * o.weight_decay());
    p.add_(u, -rate / std::max(1., root_mean_square(u) / o.d()));
  }

  static void advance(Tensor& mean, const Tensor& now, double share) {
    if (!mean.defined()) mean = zeros_like(now);
    mean.lerp_(now, share);
  }
};

}  // namespace

XGRAD_DEFINE_OPTIMIZER(Adafactor, Optimizer, step_each)

}}}  // namespace torch::xgrad::optim
