#include <xgrad/train/metrics/ranking.h>

#include <algorithm>
#include <cstdint>

#include <xgrad/train/metrics/values.h>

namespace torch { inline namespace xgrad { namespace train {

namespace {

// Calls tie(positive, negative) with the examples of each score, the highest first.
template <class Tie> void each_score(const std::vector<double>& state, Tie&& tie) {
  std::vector<std::pair<double, bool>> all;
  all.reserve(state.size() / 2);
  for (size_t i = 0; i < state.size(); i += 2) all.emplace_back(state[i], state[i + 1] > 0);
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  for (size_t i = 0; i < all.size();) {
    int64_t count[2] = {0, 0};
    for (const double score = all[i].first; i < all.size() && all[i].first == score; ++i) ++count[all[i].second];
    tie(count[1], count[0]);
  }
}

}  // namespace

void BinaryRanking::update(const Tensor& scores, const Tensor& targets) {
  const Values s = values_of(name_, "scores", scores), t = values_of(name_, "targets", targets);
  check_same_shape(name_, scores, targets);
  check_binary(name_, t);
  check_ordered(name_, s);
  const size_t before = state_.size(), more = 2 * static_cast<size_t>(s.size());
  if (state_.capacity() < before + more) state_.reserve(std::max(2 * before, before + more));
  for (int64_t i = 0; i < s.size(); ++i) {
    state_.push_back(s[i]);
    state_.push_back(t[i]);
  }
}

double BinaryRanking::roc_auc() const {
  int64_t positive = 0, negative = 0, halves = 0;  // twice the pairs won
  each_score(state_, [&](int64_t p, int64_t n) {
    halves += n * (2 * positive + p);
    positive += p;
    negative += n;
  });
  return positive && negative ? static_cast<double>(halves) / (2 * static_cast<double>(positive) * static_cast<double>(negative)) : kUndefined;
}

double BinaryRanking::average_precision() const {
  double sum = 0, positive = 0, met = 0;
  each_score(state_, [&](int64_t p, int64_t n) {
    positive += static_cast<double>(p);
    met += static_cast<double>(p + n);
    sum += static_cast<double>(p) * positive / met;
  });
  return positive > 0 ? sum / positive : kUndefined;
}

}}}  // namespace torch::xgrad::train
