#include <xgrad/optim/adafactor.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include <xgrad/autograd/kernels/optimizer/adafactor.h>
#include <xgrad/autograd/kernels/scratch.h>
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

namespace {

// Of the means over an axis, kept; 0: of each element.
std::vector<int64_t> shape_of_means(const Tensor& parameter, int64_t axis) {
  std::vector<int64_t> shape = parameter.sizes().vec();
  if (axis < 0) shape[shape.size() + static_cast<size_t>(axis)] = 1;
  return shape;
}

}  // namespace

std::vector<std::string> AdafactorParamState::misfits(const Tensor& parameter) {
  std::vector<std::string> lines;
  const auto expect = [&](const char* name, const Tensor& t, bool used, int64_t axis) {
    if (!t.defined()) return;
    if (!used || t.sizes() != IntArrayRef(shape_of_means(parameter, axis)) || t.dtype() != parameter.dtype())
      lines.push_back(xgrad::detail::concatenate(name, " is ", t, ", which is not that of ", parameter));
  };
  expect("row_var", row_var(), parameter.dim() > 1, -1);
  expect("col_var", col_var(), parameter.dim() > 1, -2);
  expect("variance", variance(), parameter.dim() < 2, 0);
  return lines;
}

namespace {

void count_step(const AdafactorOptions* o, AdafactorParamState* s, double default_eps1, kernels::AdafactorStep* step) {
  const auto t = static_cast<double>(++s->step());
  *step = {std::pow(t, o->beta2_decay()),
           std::min(o->lr(), 1 / std::sqrt(t)),
           1 - o->lr() * o->weight_decay(),
           o->eps1().value_or(default_eps1),
           o->eps2(),
           o->d(),
           o->maximize() ? -1. : 1.};
}

// Means of squares of the last axes: [..., rows, 1] and [..., 1, columns], or of each element.
struct AdafactorRule {
  using Options = AdafactorOptions;
  using State = AdafactorParamState;

  static constexpr bool kTurns = true;

  static void check(const Tensor&, const Options&) {}

  static void update(const Tensor& p, const Tensor& g, const Options& o, State& s) {
    if (p.dtype() == kFloat) update_elements<float>(p, g, o, s);
    else update_elements<double>(p, g, o, s);
  }

  template <class T> static void update_elements(const Tensor& p, const Tensor& gradient, const Options& o, State& s) {
    const Tensor w = p.contiguous(), g = gradient.contiguous();
    kernels::AdafactorTensor<T> t{w.data_ptr<T>(), g.data_ptr<T>(), nullptr, nullptr, 1, 1, p.numel()};
    Tensor& rows = p.dim() > 1 ? s.row_var() : s.variance();
    if (p.dim() > 1) {
      t.rows = p.size(-2);
      t.columns = p.size(-1);
      t.count = p.numel() == 0 ? 0 : p.numel() / (t.rows * t.columns);
      t.column_means = means_of(s.col_var(), p, -2).template data_ptr<T>();
    }
    t.row_means = means_of(rows, p, p.dim() > 1 ? -1 : 0).template data_ptr<T>();

    const kernels::Scratch<kernels::AdafactorStep> step(1);
    const kernels::MemoryRange numbers{step.data(), sizeof(kernels::AdafactorStep)}, count{&s.step(), sizeof(int64_t)}, options{&o, sizeof o};
    launch(operation<"adafactor">, count_step, reads(options, count), writes(count, numbers), &o, &s,
           static_cast<double>(std::numeric_limits<T>::epsilon()), step.data());
    launch(operation<"adafactor">, kernels::adafactor<T>, reads(numbers, w, g, rows, s.col_var()), writes(w, rows, s.col_var()), step.data(), t);
    if (w.is_same(p)) p.impl().storage->bump_version();
    else p.copy_(w);
  }

  // Zeros at first; row-major, as the kernel reads them.
  static const Tensor& means_of(Tensor& means, const Tensor& p, int64_t axis) {
    if (!means.defined()) means = zeros(shape_of_means(p, axis), p.options().requires_grad(false));
    return means = means.contiguous();
  }
};

}  // namespace

XGRAD_DEFINE_OPTIMIZER(Adafactor, Optimizer, step_each)

}}}  // namespace torch::xgrad::optim
