#include <xgrad/train/metrics/moments.h>

#include <algorithm>
#include <cmath>

#include <xgrad/autograd/ops/shape/view.h>
#include <xgrad/train/metrics/values.h>

namespace torch { inline namespace xgrad { namespace train {

namespace {

// W, m and M of values with weights.
struct Part {
  double weight = 0, mean = 0, squares = 0;
};

Part merged(const Part& a, const Part& b) {
  if (b.weight == 0) return a;
  if (a.weight == 0) return b;
  const double weight = a.weight + b.weight, step = b.mean - a.mean;
  return {weight, a.mean + step * (b.weight / weight), a.squares + b.squares + step * step * (a.weight * (b.weight / weight))};
}

// Of n > 0 numbers. The mean is taken of differences to the first, so that equal numbers have no deviation at all.
template <class At> Part part_of(int64_t n, At at) {
  double sum = 0, squares = 0;
  for (int64_t i = 0; i < n; ++i) sum += at(i) - at(0);
  const double mean = at(0) + sum / static_cast<double>(n);
  for (int64_t i = 0; i < n; ++i) squares += (at(i) - mean) * (at(i) - mean);
  return {static_cast<double>(n), mean, squares};
}

void check_weight(double weight) {
  XGRAD_CHECK_AS(ValueError, weight >= 0 && std::isfinite(weight), "[MeanStd] weights must be finite and not negative, got ", weight);
}

}  // namespace

void MeanStd::update(double value, double weight) {
  check_weight(weight);
  const Part all = merged({state_[0], state_[1], state_[2]}, {weight, value, 0});
  state_ = {all.weight, all.mean, all.squares};
}

void MeanStd::update(const Tensor& values, double weight) {
  check_weight(weight);
  const Values v = values_of(name_, "values", values);
  if (v.size() == 0) return;
  Part part = part_of(v.size(), [&](int64_t i) { return v[i]; });
  part.weight *= weight;
  part.squares *= weight;
  const Part all = merged({state_[0], state_[1], state_[2]}, part);
  state_ = {all.weight, all.mean, all.squares};
}

void MeanStd::update(const Tensor& values, const Tensor& weights) {
  const Values v = values_of(name_, "values", values);
  XGRAD_CHECK(weights.defined(), "[MeanStd] weights must be a tensor or a number, got ", weights);
  const Values w = values_of(name_, "weights", weights.detach().expand(values.sizes()));
  Part all{state_[0], state_[1], state_[2]};
  for (const double weight : w) check_weight(weight);
  for (int64_t i = 0; i < v.size(); ++i) all = merged(all, {w[i], v[i], 0});
  state_ = {all.weight, all.mean, all.squares};
}

double MeanStd::mean() const { return state_[0] > 0 ? state_[1] : kUndefined; }
double MeanStd::stddev(double correction) const {
  return state_[0] > correction && state_[0] > 0 ? std::sqrt(state_[2] / (state_[0] - correction)) : kUndefined;
}

// The state: how many; the means of prediction, target and error; their sums of squares about these; the sum of products of prediction and target
// about theirs; the sum and the largest of |error|.
void Regression::update(const Tensor& predictions, const Tensor& targets) {
  const Values p = values_of(name_, "predictions", predictions), t = values_of(name_, "targets", targets);
  check_same_shape(name_, predictions, targets);
  const int64_t n = p.size();
  if (n == 0) return;
  const auto error = [&](int64_t i) { return t[i] - p[i]; };
  const Part parts[3] = {part_of(n, [&](int64_t i) { return p[i]; }), part_of(n, [&](int64_t i) { return t[i]; }), part_of(n, error)};
  double products = 0, sum = 0, largest = state_[9];
  for (int64_t i = 0; i < n; ++i) {
    const double size = std::abs(error(i));
    products += (p[i] - parts[0].mean) * (t[i] - parts[1].mean);
    sum += size;
    if (size > largest || size != size) largest = size;
  }
  const double before = state_[0], both = static_cast<double>(n) + before;
  state_[7] += products + (before == 0 ? 0 : (parts[0].mean - state_[1]) * (parts[1].mean - state_[2]) * before * (static_cast<double>(n) / both));
  for (size_t k = 0; k < 3; ++k) {
    const Part all = merged({before, state_[1 + k], state_[4 + k]}, parts[k]);
    state_[1 + k] = all.mean;
    state_[4 + k] = all.squares;
  }
  state_[0] = both;
  state_[8] += sum;
  state_[9] = largest;
}

RegressionScores Regression::compute() const {
  const double n = state_[0], bias = state_[3];
  if (n == 0) return {0, kUndefined, kUndefined, kUndefined, kUndefined, kUndefined, kUndefined, kUndefined};
  const double pp = state_[4], tt = state_[5], ee = state_[6], mse = ee / n + bias * bias;
  const auto explained = [tt](double left) { return tt == 0 ? (left == 0 ? 1.0 : left > 0 ? 0.0 : kUndefined) : 1 - left / tt; };
  const double pearson = pp == 0 || tt == 0 ? kUndefined : std::clamp(state_[7] / std::sqrt(pp) / std::sqrt(tt), -1.0, 1.0);
  return {static_cast<int64_t>(n), mse, std::sqrt(mse), state_[8] / n, state_[9], n < 2 ? kUndefined : explained(mse * n), explained(ee), pearson};
}

}}}  // namespace torch::xgrad::train
