// The gradients of a recurrent layer step by step, for derivatives of higher order.
#include <xgrad/autograd/kernels/recurrent/time_steps.h>
#include <xgrad/autograd/ops/ops.h>
#include <xgrad/autograd/ops/pointwise/zero_slope.h>
#include <xgrad/autograd/ops/recurrent/recurrent_layer.h>
#include <xgrad/autograd/tensor/if_defined.h>

namespace torch { inline namespace xgrad {

namespace {

using L = RecurrentLayer;

Tensor sigmoid_slope(const Tensor& g, const Tensor& y) { return g * (1 - y) * y; }
Tensor tanh_slope(const Tensor& g, const Tensor& y) { return g * (1 - y * y); }
Tensor relu_slope(const Tensor& g, const Tensor& y) { return in_steps_of(operation<"threshold_backward">, y, g.masked_fill(y <= 0, 0)); }

// A step's sequences go on with the state of the step before, or begin with their initial one.
Tensor state_before(const kernels::TimeStep& step, const Tensor& before, const Tensor& initial) {
  if (step.carried == 0) return initial.narrow(0, 0, step.count);
  const Tensor carried = before.narrow(0, 0, step.carried);
  return step.carried == step.count ? carried : cat({carried, initial.narrow(0, step.carried, step.count - step.carried)});
}

// What one step computed.
struct StepValues {
  Tensor h_before, c_before, h, c;
  std::vector<Tensor> gates;
  Tensor level;        // LSTM: tanh(c). GRU: W_hn h_before + b_hn
  Tensor unprojected;  // LSTM: o tanh(c)
};

struct StepSlopes {
  Tensor by_input, by_hidden, projected;
};

class Steps {
 public:
  explicit Steps(const RecurrentLayer& layer)
      : l_(layer), s_(layer.shape()), steps_(kernels::time_steps(static_cast<const int64_t*>(l_.batch_sizes.data_ptr()), s_.steps, s_.reverse)) {}

  RecurrentResult compute() {
    compute_values();
    return {joined_values(&StepValues::h), last(&StepValues::h), s_.is_lstm() ? last(&StepValues::c) : Tensor()};
  }

  void differentiate(const Gradients& g) {
    compute_values();
    compute_slopes(g);
    if (g.needs(L::kH0)) g.gx(L::kH0) = dh_;
    if (g.needs(L::kC0)) g.gx(L::kC0) = dc_;
    const Tensor by_input = joined([](const StepSlopes&s) { return s.by_input; }), by_hidden = joined([](const StepSlopes&s) { return s.by_hidden; });
    if (g.needs(L::kX)) g.gx(L::kX) = matmul(by_input, l_[L::kWeightIh]);
    if (g.needs(L::kWeightIh)) g.gx(L::kWeightIh) = matmul(t(by_input), l_[L::kX]);
    if (g.needs(L::kBiasIh)) g.gx(L::kBiasIh) = by_input.sum(0);
    if (g.needs(L::kBiasHh)) g.gx(L::kBiasHh) = by_hidden.sum(0);
    if (g.needs(L::kWeightHh)) g.gx(L::kWeightHh) = matmul(t(by_hidden), joined_values(&StepValues::h_before));
    if (s_.projects() && g.needs(L::kWeightHr))
      g.gx(L::kWeightHr) = matmul(t(joined([](const StepSlopes& s) { return s.projected; })), joined_values(&StepValues::unprojected));
  }

 private:
  void compute_values() {
    const Tensor by_x = linear(l_[L::kX], l_[L::kWeightIh], if_defined(l_[L::kBiasIh]));
    for (const kernels::TimeStep& step : steps_) {
      const StepValues* before = values_.empty() ? nullptr : &values_.back();
      StepValues v;
      v.h_before = state_before(step, before ? before->h : Tensor(), l_[L::kH0]);
      if (s_.is_lstm()) v.c_before = state_before(step, before ? before->c : Tensor(), l_[L::kC0]);
      const Tensor x = by_x.narrow(0, step.first, step.count), h = linear(v.h_before, l_[L::kWeightHh], if_defined(l_[L::kBiasHh]));
      if (s_.is_lstm()) compute_lstm(v, x + h);
      else if (s_.is_gru()) compute_gru(v, x, h);
      else v.h = s_.cell == kernels::RecurrentCell::kTanh ? tanh(x + h) : relu(x + h);
      values_.push_back(std::move(v));
    }
  }
  void compute_lstm(StepValues& v, const Tensor& sums) {
    const std::vector<Tensor> parts = sums.chunk(4, 1);
    v.gates = {sigmoid(parts[0]), sigmoid(parts[1]), tanh(parts[2]), sigmoid(parts[3])};
    v.c = v.gates[1] * v.c_before + v.gates[0] * v.gates[2];
    v.level = tanh(v.c);
    v.unprojected = v.gates[3] * v.level;
    v.h = s_.projects() ? matmul(v.unprojected, t(l_[L::kWeightHr])) : v.unprojected;
  }
  void compute_gru(StepValues& v, const Tensor& x, const Tensor& h) {
    const std::vector<Tensor> by_x = x.chunk(3, 1), by_h = h.chunk(3, 1);
    const Tensor r = sigmoid(by_x[0] + by_h[0]), z = sigmoid(by_x[1] + by_h[1]);
    v.level = by_h[2];
    v.gates = {r, z, tanh(by_x[2] + r * v.level)};
    v.h = v.gates[2] + z * (v.h_before - v.gates[2]);
  }

  void compute_slopes(const Gradients& g) {
    dh_ = g.gy(1).defined() ? g.gy(1) : zeros_like(l_[L::kH0]);
    if (s_.is_lstm()) dc_ = g.gy(2).defined() ? g.gy(2) : zeros_like(l_[L::kC0]);
    slopes_.resize(steps_.size());
    for (size_t i = steps_.size(); i-- > 0;) {
      const kernels::TimeStep& step = steps_[i];
      Tensor dh = dh_.narrow(0, 0, step.count), dc = s_.is_lstm() ? dc_.narrow(0, 0, step.count) : Tensor();
      if (g.gy(0).defined()) dh = dh + g.gy(0).narrow(0, step.first, step.count);
      slopes_[i] = slopes_of(values_[i], dh, dc);
      const Tensor through = matmul(slopes_[i].by_hidden, l_[L::kWeightHh]);
      dh_ = with_first(s_.is_gru() ? dh * values_[i].gates[1] + through : through, dh_);
      if (s_.is_lstm()) dc_ = with_first(dc, dc_);
    }
  }
  // dc, the gradient of c, becomes that of c_before.
  StepSlopes slopes_of(const StepValues& v, const Tensor& dh, Tensor& dc) const {
    if (s_.is_gru()) {
      const Tensor &r = v.gates[0], &z = v.gates[1], &n = v.gates[2];
      const Tensor by_n = tanh_slope(dh * (1 - z), n), by_r = sigmoid_slope(by_n * v.level, r), by_z = sigmoid_slope(dh * (v.h_before - n), z);
      return {cat({by_r, by_z, by_n}, 1), cat({by_r, by_z, by_n * r}, 1), {}};
    }
    if (s_.is_lstm()) {
      const Tensor &i = v.gates[0], &f = v.gates[1], &c = v.gates[2], &o = v.gates[3];
      const Tensor by_h = s_.projects() ? matmul(dh, l_[L::kWeightHr]) : dh, whole = dc + tanh_slope(by_h * o, v.level);
      dc = whole * f;
      const Tensor slopes =
          cat({sigmoid_slope(whole * c, i), sigmoid_slope(whole * v.c_before, f), tanh_slope(whole * i, c), sigmoid_slope(by_h * v.level, o)}, 1);
      return {slopes, slopes, dh};
    }
    const Tensor slopes = s_.cell == kernels::RecurrentCell::kTanh ? tanh_slope(dh, v.h) : relu_slope(dh, v.h);
    return {slopes, slopes, {}};
  }
  // `all` with other sequences at its front.
  static Tensor with_first(const Tensor& first, const Tensor& all) {
    return first.size(0) == all.size(0) ? first : cat({first, all.narrow(0, first.size(0), all.size(0) - first.size(0))});
  }

  // What there is of each step, in the order of rows.
  template <class F> Tensor in_rows(size_t n, F f) const {
    std::vector<Tensor> parts;
    for (size_t i = 0; i < n; ++i) parts.push_back(f(s_.reverse ? n - 1 - i : i));
    return cat(parts);
  }
  template <class F> Tensor joined(F f) const {
    return in_rows(slopes_.size(), [&](size_t i) { return f(slopes_[i]); });
  }
  Tensor joined_values(Tensor StepValues::*part) const {
    return in_rows(values_.size(), [&](size_t i) { return values_[i].*part; });
  }

  // Of every sequence, the longest of which end last.
  Tensor last(Tensor StepValues::*state) const {
    std::vector<Tensor> parts;
    for (size_t i = steps_.size(); i-- > 0;)
      if (steps_[i].ended < steps_[i].count) parts.push_back((values_[i].*state).narrow(0, steps_[i].ended, steps_[i].count - steps_[i].ended));
    return cat(parts);
  }

  const RecurrentLayer& l_;
  const kernels::RecurrentShape s_;
  const std::vector<kernels::TimeStep> steps_;
  std::vector<StepValues> values_;
  std::vector<StepSlopes> slopes_;
  Tensor dh_, dc_;
};

}  // namespace

RecurrentResult recurrent_by_steps(const RecurrentLayer& layer) { return Steps(layer).compute(); }
void differentiate_by_steps(const RecurrentLayer& layer, const Gradients& g) { Steps(layer).differentiate(g); }

}}  // namespace torch::xgrad
