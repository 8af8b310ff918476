#include <xgrad/optim/lbfgs.h>

#include <algorithm>
#include <cmath>

#include <xgrad/autograd/core/grad_mode.h>
#include <xgrad/autograd/ops/ops.h>
#include <xgrad/optim/line_search.h>

namespace torch { inline namespace xgrad { namespace optim {

void LBFGSOptions::check() const {
  detail::check_option(lr() >= 0, "LBFGS", "learning rate", lr());
  detail::check_option(max_iter() >= 0, "LBFGS", "max_iter value", static_cast<double>(max_iter()));
  detail::check_option(max_eval().value_or(0) >= 0, "LBFGS", "max_eval value", static_cast<double>(max_eval().value_or(0)));
  detail::check_option(tolerance_grad() >= 0, "LBFGS", "tolerance_grad value", tolerance_grad());
  detail::check_option(tolerance_change() >= 0, "LBFGS", "tolerance_change value", tolerance_change());
  detail::check_option(history_size() >= 1, "LBFGS", "history_size value", static_cast<double>(history_size()));
  XGRAD_CHECK_AS(ValueError, line_search_fn().value_or("strong_wolfe") == "strong_wolfe", "[LBFGS] only 'strong_wolfe' is supported, got '",
                 line_search_fn().value_or(""), "'");
}

// How many elements all parameters have only the optimizer knows.
std::vector<std::string> LBFGSParamState::misfits(const Tensor& parameter) {
  std::vector<std::string> lines;
  const auto add = [&](const char* name, const Tensor& t) {
    if (t.defined() && t.dtype() != parameter.dtype())
      lines.push_back(xgrad::detail::concatenate(name, " is ", t, ", expected the dtype of ", parameter));
  };
  add("d", d());
  add("prev_flat_grad", prev_flat_grad());
  if (old_dirs().size() != old_stps().size() || old_dirs().size() != ro().size())
    lines.push_back(
        xgrad::detail::concatenate("old_dirs, old_stps and ro have lengths ", old_dirs().size(), ", ", old_stps().size(), " and ", ro().size()));
  return lines;
}

std::optional<std::vector<Tensor>> LBFGSParamState::al() const {
  if (al_.empty()) return std::nullopt;
  std::vector<Tensor> list;
  for (const double a : al_) list.push_back(full({}, a, d().options()));
  return list;
}

namespace {
int64_t most_evaluations(const LBFGSOptions& o) { return o.max_eval().value_or(o.max_iter() * 5 / 4); }
}  // namespace

LBFGS::LBFGS(std::vector<OptimizerParamGroup> param_groups, LBFGSOptions defaults)
    : Optimizer(std::move(param_groups), std::make_unique<LBFGSOptions>(defaults)) {
  XGRAD_CHECK_AS(ValueError, param_groups_.size() == 1, "[LBFGS] LBFGS doesn't support per-parameter options (parameter groups), got ",
                 param_groups_.size());
  for (const Tensor& p : parameters())
    XGRAD_CHECK_AS(ValueError, p.dtype() == parameters()[0].dtype(), "[LBFGS] parameters must share one dtype, got ", parameters()[0], " and ", p);
  for (OptimizerOptions* options : {&param_groups_[0].options(), defaults_.get()})
    if (auto& o = static_cast<LBFGSOptions&>(*options); !o.max_eval()) o.max_eval(most_evaluations(o));
}
LBFGS::LBFGS(std::vector<Tensor> params, LBFGSOptions defaults)
    : LBFGS(std::vector<OptimizerParamGroup>{OptimizerParamGroup(std::move(params))}, std::move(defaults)) {}
std::unique_ptr<OptimizerParamState> LBFGS::new_state() const { return std::make_unique<LBFGSParamState>(); }

std::vector<std::string> LBFGS::misfits(OptimizerParamState& state, const Tensor& parameter) const {
  std::vector<std::string> lines = state.misfits(parameter);
  int64_t n = 0;
  for (const Tensor& p : parameters()) n += p.numel();
  const auto check = [&](const char* name, const Tensor& t) {
    if (t.defined() && (t.dim() != 1 || t.numel() != n)) lines.push_back(xgrad::detail::concatenate(name, " is ", t, ", expected [", n, "]"));
  };
  auto& s = static_cast<LBFGSParamState&>(state);
  check("d", s.d());
  check("prev_flat_grad", s.prev_flat_grad());
  for (const Tensor& t : s.old_dirs()) check("old_dirs", t);
  for (const Tensor& t : s.old_stps()) check("old_stps", t);
  return lines;
}

namespace {

double largest(const Tensor& t) { return t.numel() == 0 ? 0 : t.abs().max().item<double>(); }
double product(const Tensor& a, const Tensor& b) { return a.dot(b).item<double>(); }

}  // namespace

// What one call of step() works on.
struct LBFGS::Iteration {
  const LBFGSOptions& options;
  const std::vector<Tensor>& parameters;
  const LossClosure& closure;
  LBFGSParamState& state;

  double evaluate() { return loss_of(closure).item<double>(); }

  Tensor flat_gradient() const {
    std::vector<Tensor> parts;
    parts.reserve(parameters.size());
    for (const Tensor& p : parameters) {
      if (!p.grad().defined()) parts.push_back(zeros({p.numel()}, p.options()));
      else parts.push_back((p.grad().is_sparse() ? p.grad().to_dense() : p.grad()).reshape({-1}));
    }
    return cat(parts, 0);
  }

  void move(double t, const Tensor& direction) const {
    int64_t offset = 0;
    for (const Tensor& p : parameters) {
      p.add_(direction.narrow(0, offset, p.numel()).view_as(p), t);
      offset += p.numel();
    }
  }

  // The gradient has become g after a step of t along d: what that says of the curvature.
  void remember(const Tensor& g) {
    const Tensor y = g - state.prev_flat_grad(), s = state.d() * state.t();
    const double ys = product(y, s);
    if (!(ys > 1e-10)) return;
    if (static_cast<int64_t>(state.old_dirs().size()) >= options.history_size()) {
      state.old_dirs().pop_front();
      state.old_stps().pop_front();
      state.ro().pop_front();
    }
    state.old_dirs().push_back(y);
    state.old_stps().push_back(s);
    state.ro().push_back(full({}, 1 / ys, g.options()));
    state.H_diag() = full({}, ys / product(y, y), g.options());
  }

  // Minus the approximate inverse Hessian times g.
  Tensor direction(const Tensor& g) {
    const size_t n = state.old_dirs().size();
    std::vector<double>& al = state.al_;
    al.resize(n);
    const Tensor q = -g;
    for (size_t i = n; i-- > 0;) {
      al[i] = product(state.old_stps()[i], q) * state.ro()[i].item<double>();
      q.add_(state.old_dirs()[i], -al[i]);
    }
    q.mul_(state.H_diag());
    for (size_t i = 0; i < n; ++i) q.add_(state.old_stps()[i], al[i] - product(state.old_dirs()[i], q) * state.ro()[i].item<double>());
    return q;
  }

  LineSearchResult search(double loss, const Tensor& gradient, double slope) {
    std::vector<Tensor> begin;
    for (const Tensor& p : parameters) begin.push_back(p.detach().clone());
    const auto restore = [&] {
      for (size_t i = 0; i < begin.size(); ++i) parameters[i].copy_(begin[i]);
    };
    const auto at = [&](double t) -> LinePoint {
      move(t, state.d());
      try {
        const double l = evaluate();
        const Tensor g = flat_gradient();
        restore();
        return {t, l, g, product(g, state.d())};
      } catch (...) {
        restore();
        throw;
      }
    };
    return search_strong_wolfe(at, {0, loss, gradient, slope}, state.t(), largest(state.d()), options.tolerance_change());
  }
};

Tensor LBFGS::step(LossClosure closure) {
  XGRAD_CHECK(closure, "[LBFGS] LBFGS requires a closure function that computes the loss and its gradients anew");
  NoGradGuard no_grad;
  const Tensor first_loss = loss_of(closure);
  targets();
  XGRAD_CHECK(first_loss.defined(), "[LBFGS] the closure must return the loss, got an undefined tensor");
  const auto& o = static_cast<const LBFGSOptions&>(param_groups_[0].options());
  StateMap::mapped_type* place = nullptr;
  auto& state = static_cast<LBFGSParamState&>(state_of({&parameters()[0], &o, &place}));
  Iteration run{o, parameters(), closure, state};

  double loss = first_loss.item<double>();
  int64_t evaluations = 1;
  ++state.func_evals();
  Tensor g = run.flat_gradient();
  if (largest(g) <= o.tolerance_grad()) return first_loss;

  const int64_t max_eval = most_evaluations(o);
  for (int64_t i = 1; i <= o.max_iter(); ++i) {
    if (++state.n_iter() == 1 || !state.prev_flat_grad().defined()) {
      state.d() = -g;
      state.old_dirs().clear();
      state.old_stps().clear();
      state.ro().clear();
      state.al_.clear();
      state.H_diag() = ones({}, g.options());
    } else {
      run.remember(g);
      state.d() = run.direction(g);
    }
    state.prev_flat_grad() = g;
    state.prev_loss() = loss;
    state.t() = state.n_iter() == 1 ? std::min(1., 1 / g.abs().sum().item<double>()) * o.lr() : o.lr();
    const double slope = product(g, state.d());
    if (slope > -o.tolerance_change()) break;

    int64_t used = 0;
    if (o.line_search_fn()) {
      const LineSearchResult found = run.search(loss, g, slope);
      state.t() = found.point.t;
      loss = found.point.loss;
      g = found.point.gradient;
      used = found.evaluations;
      run.move(state.t(), state.d());
    } else {
      run.move(state.t(), state.d());
      if (i != o.max_iter()) {  // after the last the loss would serve nobody
        loss = run.evaluate();
        g = run.flat_gradient();
        used = 1;
      }
    }
    evaluations += used;
    state.func_evals() += used;
    if (evaluations >= max_eval || largest(g) <= o.tolerance_grad() || largest(state.d() * state.t()) <= o.tolerance_change() ||
        std::abs(loss - state.prev_loss()) < o.tolerance_change())
      break;
  }
  return first_loss;
}

}}}  // namespace torch::xgrad::optim
