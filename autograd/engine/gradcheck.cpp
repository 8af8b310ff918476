#include <xgrad/autograd/engine/gradcheck.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include <xgrad/autograd/core/shape.h>
#include <xgrad/autograd/ops/creation/creation.h>
#include <xgrad/autograd/tensor/copy.h>

// Note: finite differences
//
// The fourth-order central formula (f(x-2h) - 8 f(x-h) + 8 f(x+h) - f(x+2h)) / 12h has an error of about 1e-9 of the
// derivative for well-behaved functions at h = 1e-3, a hundred times less than the two-point formula reaches at any h.
// Near poles its error grows like h^4, which the second, smaller step repairs, at the price of more rounding.

namespace torch { inline namespace xgrad { namespace autograd {

namespace {

// ---- numbers of tensors, in row-major order

using Numbers = std::vector<double>;

Numbers numbers_of(const Tensor& t) {
  const Tensor row_major = contiguous_as(t, kDouble);
  const double* p = row_major.data_ptr<double>();
  return Numbers(p, p + row_major.numel());
}

double dot(const Numbers& a, const Numbers& b) {
  double sum = 0;
  for (size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

Tensor tensor_of(const Numbers& numbers, IntArrayRef sizes) {
  Tensor t = empty(sizes, kDouble);
  std::copy(numbers.begin(), numbers.end(), t.data_ptr<double>());
  return t;
}

bool same_bits(const Numbers& a, const Numbers& b) {
  return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof(double)) == 0);
}

// A repeatable source of signs and values (splitmix64), so that checking disturbs no random stream.
class Random {
 public:
  Numbers signs(size_t n) {
    Numbers v(n);
    for (double& x : v) x = next() >> 63 ? 1.0 : -1.0;
    return v;
  }
  Numbers values(size_t n) {
    Numbers v(n);
    for (double& x : v) x = (next() >> 63 ? 1.0 : -1.0) * (0.5 + static_cast<double>(next() >> 11) * 0x1p-53);
    return v;
  }

 private:
  uint64_t next() {
    uint64_t z = (state_ += 0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }
  uint64_t state_ = 42;
};

// ---- one check

class Check {
 public:
  Check(const char* name, const TensorFunction& f, const variable_list& inputs, const GradcheckOptions& options)
      : f_(f), inputs_(inputs), options_(options) {
    bool any = false;
    for (size_t i = 0; i < inputs.size(); ++i) {
      const Tensor& x = inputs[i];
      if (!x.defined() || !x.requires_grad()) continue;
      any = true;
      XGRAD_CHECK_AS(TypeError, x.dtype() == kDouble, "[", name,
                     "] inputs that require a gradient must be float64 (Double), since finite differences "
                     "of other dtypes are too inexact; input ",
                     i, " is ", x.dtype());
      XGRAD_CHECK(x.is_contiguous() || !may_overlap(x.sizes(), x.strides()), "[", name, "] elements of an input must not share memory; input ", i,
                  " has shape ", x.sizes(), " and strides ", x.strides());
      values_.resize(inputs.size());
      values_[i] = numbers_of(x);
    }
    XGRAD_CHECK(any, "[", name, "] expects at least one input tensor to require gradient");
  }

  GradcheckReport run() {
    {
      EnableGradGuard grad;
      outputs_ = f_(inputs_);
    }
    if (!check_inputs_kept()) return report_;
    if (!check_repeatable()) return report_;
    for (size_t o = 0; o < outputs_.size(); ++o) {
      if (!outputs_[o].defined() || !outputs_[o].is_floating_point()) continue;
      for (size_t i = 0; i < inputs_.size(); ++i) {
        if (!is_checked(i)) continue;
        const int64_t entries = inputs_[i].numel() * outputs_[o].numel();
        if (entries == 0) continue;
        if (entries <= options_.full_jacobian) check_jacobian(o, i);
        else check_directions(o, i);
      }
    }
    return report_;
  }

 private:
  bool is_checked(size_t i) const { return inputs_[i].defined() && inputs_[i].requires_grad(); }

  bool fail(std::string problem) {
    report_.ok = false;
    report_.problem = std::move(problem);
    return false;
  }

  bool check_inputs_kept() {
    for (size_t i = 0; i < inputs_.size(); ++i)
      if (is_checked(i) && !same_bits(numbers_of(inputs_[i]), values_[i])) return fail("input " + std::to_string(i) + " was changed by the function");
    return true;
  }

  bool check_repeatable() {
    variable_list again;
    {
      EnableGradGuard grad;
      again = f_(inputs_);
    }
    if (again.size() != outputs_.size()) return fail("the function gives another number of outputs each time");
    const variable_list unrecorded = evaluate(inputs_.size(), {});
    for (size_t o = 0; o < outputs_.size(); ++o) {
      const std::string where = ", in output " + std::to_string(o);
      if (!alike(again[o], outputs_[o])) return fail("the function gives other shapes for the same inputs" + where);
      if (unrecorded.size() != outputs_.size() || !alike(unrecorded[o], outputs_[o]))
        return fail("the function gives other shapes without grad mode" + where);
      if (!outputs_[o].defined() || !outputs_[o].is_floating_point()) continue;
      const Numbers y = numbers_of(outputs_[o]);
      if (!same_bits(numbers_of(again[o]), y)) return fail("the function gives other values for the same inputs" + where);
      if (!close(numbers_of(unrecorded[o]), y)) return fail("the function gives other values without grad mode" + where);
    }
    return true;
  }

  static bool alike(const Tensor& a, const Tensor& b) {
    return a.defined() == b.defined() && (!a.defined() || (a.sizes() == b.sizes() && a.dtype() == b.dtype()));
  }

  // Equal up to rounding: sums are added up in another order while nothing is recorded.
  static bool close(const Numbers& a, const Numbers& b) {
    double scale = 0;
    for (double x : b)
      if (std::isfinite(x)) scale = std::max(scale, std::abs(x));
    for (size_t e = 0; e < a.size(); ++e)
      if (!(a[e] == b[e] || std::abs(a[e] - b[e]) <= 1e-10 * scale || (std::isnan(a[e]) && std::isnan(b[e])))) return false;
    return true;
  }

  // The outputs at the inputs, input `moved` having other elements, without a graph.
  variable_list evaluate(size_t moved, const Numbers& elements) const {
    NoGradGuard no_grad;
    variable_list x;
    for (size_t i = 0; i < inputs_.size(); ++i)
      x.push_back(i == moved ? tensor_of(elements, inputs_[i].sizes()) : is_checked(i) ? inputs_[i].detach() : inputs_[i]);
    return f_(x);
  }

  // The derivative of output `o`'s elements when input `i` moves along `direction` (a unit step being `h`).
  Numbers difference(size_t o, size_t i, const Numbers& direction, double h) const {
    Numbers sum(static_cast<size_t>(outputs_[o].numel()), 0.0);
    for (const auto& [times, weight] : {std::pair(-2, 1.0), std::pair(-1, -8.0), std::pair(1, 8.0), std::pair(2, -1.0)}) {
      Numbers x = values_[i];
      for (size_t e = 0; e < x.size(); ++e) x[e] += times * h * direction[e];
      const Numbers y = numbers_of(evaluate(i, x)[o]);
      for (size_t e = 0; e < sum.size(); ++e) sum[e] += weight * y[e];
    }
    for (double& s : sum) s /= 12 * h;
    return sum;
  }

  // The gradient of <gy, output o> with respect to input `i`.
  Numbers gradient(size_t o, size_t i, const Numbers& gy) const {
    const Tensor& y = outputs_[o];
    if (!y.requires_grad()) return Numbers(static_cast<size_t>(inputs_[i].numel()), 0.0);
    EnableGradGuard grad_mode;
    const Tensor gx = grad({y}, {inputs_[i]}, {tensor_of(gy, y.sizes())}, true, false, true)[0];
    return gx.defined() ? numbers_of(gx) : Numbers(static_cast<size_t>(inputs_[i].numel()), 0.0);
  }

  void compare(size_t o, size_t i, int64_t oe, int64_t ie, double analytic, const double (&numeric)[2]) {
    // Not <, so that NaN never wins.
    const double n = std::abs(analytic - numeric[1]) < std::abs(analytic - numeric[0]) ? numeric[1] : numeric[0];
    const double tolerance = options_.atol + options_.rtol * std::max(std::abs(analytic), std::abs(n));
    const double miss = std::abs(analytic - n) / tolerance;
    const double factor = std::isnan(miss) ? INFINITY : miss;
    ++report_.entries;
    if (!(factor <= 1)) report_.ok = false;
    if (factor <= worst_) return;
    worst_ = factor;
    report_.output = o;
    report_.input = i;
    report_.output_element = oe;
    report_.input_element = ie;
    report_.analytic = analytic;
    report_.numeric = n;
    report_.tolerance = tolerance;
  }

  void check_jacobian(size_t o, size_t i) {
    const auto rows = static_cast<size_t>(outputs_[o].numel()), columns = values_[i].size();
    std::vector<Numbers> analytic(rows);
    for (size_t r = 0; r < rows; ++r) {
      Numbers gy(rows, 0.0);
      gy[r] = 1;
      analytic[r] = gradient(o, i, gy);
    }
    for (size_t c = 0; c < columns; ++c) {
      Numbers direction(columns, 0.0);
      direction[c] = 1;
      const double h = options_.step * std::max(1.0, std::abs(values_[i][c]));
      const Numbers coarse = difference(o, i, direction, h), fine = difference(o, i, direction, h / 10);
      for (size_t r = 0; r < rows; ++r) compare(o, i, static_cast<int64_t>(r), static_cast<int64_t>(c), analytic[r][c], {coarse[r], fine[r]});
    }
  }

  void check_directions(size_t o, size_t i) {
    for (int k = 0; k < options_.directions; ++k) {
      const Numbers u = random_.signs(static_cast<size_t>(outputs_[o].numel()));
      Numbers v = random_.signs(values_[i].size());
      for (size_t e = 0; e < v.size(); ++e) v[e] *= std::max(1.0, std::abs(values_[i][e]));
      const double h = options_.step;
      compare(o, i, -1, -1, dot(gradient(o, i, u), v), {dot(difference(o, i, v, h), u), dot(difference(o, i, v, h / 10), u)});
    }
  }

  const TensorFunction& f_;
  const variable_list& inputs_;
  GradcheckOptions options_;
  std::vector<Numbers> values_;  // of the inputs that are checked
  variable_list outputs_;
  GradcheckReport report_;
  double worst_ = -1;
  Random random_;
};

GradcheckOptions with_tolerances(GradcheckOptions options, double rtol, double atol) {
  if (!(options.rtol > 0)) options.rtol = rtol;
  if (!(options.atol > 0)) options.atol = atol;
  return options;
}

// f's gradients, as a function of its inputs followed by the gradients of its outputs.
variable_list gradients_of(const TensorFunction& f, const std::vector<bool>& checked, const variable_list& all) {
  const bool create_graph = GradMode::is_enabled();
  EnableGradGuard grad_mode;
  variable_list x(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(checked.size())), wanted;
  for (size_t i = 0; i < checked.size(); ++i) {
    if (!checked[i]) continue;
    if (!create_graph) x[i] = x[i].detach().requires_grad_();
    wanted.push_back(x[i]);
  }
  variable_list ys, gys;
  size_t next = checked.size();
  for (const Tensor& y : f(x)) {
    if (!y.defined() || !y.is_floating_point()) continue;
    const Tensor& gy = all[next++];
    if (!y.requires_grad()) continue;
    ys.push_back(y);
    gys.push_back(gy);
  }
  variable_list gx(wanted.size());
  if (!ys.empty()) gx = grad(ys, wanted, gys, create_graph, create_graph, true);
  for (size_t i = 0; i < gx.size(); ++i)
    if (!gx[i].defined()) gx[i] = zeros_like(wanted[i].detach());
  return gx;
}

TensorFunction as_lists(const std::function<Tensor(const Tensor&)>& f) {
  return [&f](const variable_list& x) { return variable_list{f(x[0])}; };
}

}  // namespace

std::string GradcheckReport::text() const {
  if (!problem.empty()) return "failed: " + problem;
  if (entries == 0) return "ok: nothing to compare";
  const auto element = [](int64_t e) { return e < 0 ? std::string("a random direction") : "element " + std::to_string(e); };
  std::string text = ok ? "ok: " : "failed: ";
  xgrad::detail::append(text, entries);
  text += ok ? " entries; the worst is output " : " entries compared; output ";
  return xgrad::detail::concatenate(text, output, ", ", element(output_element), ", by input ", input, ", ", element(input_element), ": numeric ",
                                    numeric, ", analytic ", analytic, ", difference ", std::abs(numeric - analytic), ", allowed ", tolerance);
}

GradcheckReport gradcheck(const TensorFunction& f, const variable_list& inputs, const GradcheckOptions& options) {
  return Check("gradcheck", f, inputs, with_tolerances(options, 1e-7, 1e-9)).run();
}

GradcheckReport gradgradcheck(const TensorFunction& f, const variable_list& inputs, const GradcheckOptions& options) {
  std::vector<bool> checked;
  for (const Tensor& x : inputs) checked.push_back(x.defined() && x.requires_grad());
  variable_list all = inputs;
  Random random;
  for (const Tensor& y : f(inputs)) {
    if (!y.defined() || !y.is_floating_point()) continue;
    all.push_back(tensor_of(random.values(static_cast<size_t>(y.numel())), y.sizes()));
    if (y.requires_grad()) all.back().requires_grad_();
  }
  const TensorFunction gradients = [&](const variable_list& x) { return gradients_of(f, checked, x); };
  return Check("gradgradcheck", gradients, all, with_tolerances(options, 1e-6, 1e-8)).run();
}

GradcheckReport gradcheck(const std::function<Tensor(const Tensor&)>& f, const Tensor& input, const GradcheckOptions& options) {
  return gradcheck(as_lists(f), {input}, options);
}
GradcheckReport gradgradcheck(const std::function<Tensor(const Tensor&)>& f, const Tensor& input, const GradcheckOptions& options) {
  return gradgradcheck(as_lists(f), {input}, options);
}

}  // namespace autograd
}}  // namespace torch::xgrad
