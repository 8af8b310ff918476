#include <xgrad/train/metrics/classification.h>

#include <cmath>

#include <xgrad/autograd/ops/creation/tensor_literal.h>
#include <xgrad/autograd/ops/shape/view.h>

#include <xgrad/autograd/tensor/copy.h>
#include <xgrad/train/metrics/values.h>

namespace torch { inline namespace xgrad { namespace train {

namespace {

std::vector<int64_t> classes_of(const char* metric, const char* what, const Tensor& t, int64_t classes) {
  std::vector<int64_t> result;
  const Values values = values_of(metric, what, t);
  result.reserve(static_cast<size_t>(values.size()));
  for (const double v : values) {
    XGRAD_CHECK_AS(IndexError, v >= 0 && v < static_cast<double>(classes) && v == std::floor(v), "[", metric, "] ", what,
                   " must be whole numbers of [0, ", classes, "), got ", v, ": out of bounds");
    result.push_back(static_cast<int64_t>(v));
  }
  return result;
}

bool has_class_axis(const char* metric, const Tensor& predictions, const Tensor& targets) {
  XGRAD_CHECK(predictions.defined() && targets.defined(), "[", metric, "] predictions and targets must be tensors, got ", predictions, " and ",
              targets);
  if (predictions.dim() == targets.dim()) {
    check_same_shape(metric, predictions, targets);
    return false;
  }
  Dims rest(predictions.sizes());
  if (!rest.empty()) rest.erase(rest.size() > 1 ? 1 : 0);
  XGRAD_CHECK(predictions.dim() > 0 && IntArrayRef(rest) == targets.sizes(), "[", metric,
              "] predictions must have the targets' shape, or an axis of classes more behind the first, got ", predictions.sizes(), " and ",
              targets.sizes());
  return true;
}

// Calls row(scores, i) for the scores of the i-th example.
template <class Row> void each_row(const Tensor& predictions, Row&& row) {
  const Tensor last = predictions.dim() > 2 ? predictions.detach().movedim(1, -1) : predictions;
  const int64_t classes = last.size(-1);
  const Tensor scores = contiguous_as(last, last.dtype() == kFloat ? kFloat : kDouble);
  dispatch_floating(scores.dtype(), "scores", [&](auto zero) {
    const auto* at = scores.data_ptr<decltype(zero)>();
    for (int64_t i = 0, n = classes ? scores.numel() / classes : 0; i < n; ++i) row(at + i * classes, i);
  });
}

template <class T> void check_row(const char* metric, const T* scores, int64_t classes, int64_t i) {
  bool nan = false;
  for (int64_t c = 0; c < classes; ++c) nan |= scores[c] != scores[c];
  XGRAD_CHECK_AS(ValueError, !nan, "[", metric, "] scores must not be NaN, got one for example ", i);
}

// How many classes come before class t.
template <class T> int64_t place_of(const T* scores, int64_t classes, int64_t t) {
  int64_t place = 0;
  for (int64_t c = 0; c < t; ++c) place += scores[c] >= scores[t];
  for (int64_t c = t + 1; c < classes; ++c) place += scores[c] > scores[t];
  return place;
}

// Of predictions without an axis of classes.
std::vector<int64_t> predicted_classes(const char* metric, const Tensor& predictions, double threshold, int64_t classes) {
  if (!predictions.is_floating_point()) return classes_of(metric, "predictions", predictions, classes);
  const Values values = values_of(metric, "predictions", predictions);
  check_ordered(metric, values);
  std::vector<int64_t> result;
  for (const double v : values) result.push_back(v > threshold);
  return result;
}

constexpr int64_t kAnyClass = int64_t{1} << 53;  // whole numbers up to here are exact

}  // namespace

Accuracy::Accuracy(int64_t top_k, double threshold) : Metric("Accuracy", 2), top_k_(top_k), threshold_(threshold) {
  XGRAD_CHECK_AS(ValueError, top_k >= 1, "[Accuracy] top_k must be at least 1, got ", top_k);
}

void Accuracy::update(const Tensor& predictions, const Tensor& targets) {
  int64_t found = 0;
  if (has_class_axis(name_, predictions, targets)) {
    const int64_t classes = predictions.size(predictions.dim() > 1 ? 1 : 0);
    XGRAD_CHECK_AS(ValueError, classes >= top_k_, "[Accuracy] there must be top_k = ", top_k_, " classes, got predictions of shape ",
                   predictions.sizes());
    const std::vector<int64_t> right = classes_of(name_, "targets", targets, classes);
    each_row(predictions, [&](const auto* scores, int64_t i) {
      check_row(name_, scores, classes, i);
      found += place_of(scores, classes, right[static_cast<size_t>(i)]) < top_k_;
    });
  } else {
    XGRAD_CHECK_AS(ValueError, top_k_ == 1, "[Accuracy] top_k = ", top_k_, " needs scores of each class, got predictions of shape ",
                   predictions.sizes());
    const int64_t classes = predictions.is_floating_point() ? 2 : kAnyClass;
    const std::vector<int64_t> right = classes_of(name_, "targets", targets, classes);
    const std::vector<int64_t> guess = predicted_classes(name_, predictions, threshold_, classes);
    for (size_t i = 0; i < right.size(); ++i) found += guess[i] == right[i];
  }
  state_[0] += static_cast<double>(found);
  state_[1] += static_cast<double>(targets.numel());
}

double Accuracy::compute() const { return state_[0] / state_[1]; }

ConfusionMatrix::ConfusionMatrix(int64_t classes, double threshold)
    : Metric("ConfusionMatrix", classes >= 1 && classes <= 65536 ? static_cast<size_t>(classes * classes) : 0),
      classes_(classes),
      threshold_(threshold) {
  XGRAD_CHECK_AS(ValueError, classes >= 1 && classes <= 65536, "[ConfusionMatrix] there must be 1 to 65536 classes, got ", classes);
}

void ConfusionMatrix::update(const Tensor& predictions, const Tensor& targets) {
  std::vector<int64_t> guess;
  if (has_class_axis(name_, predictions, targets)) {
    XGRAD_CHECK(predictions.size(predictions.dim() > 1 ? 1 : 0) == classes_, "[ConfusionMatrix] predictions must have scores of ", classes_,
                " classes, got ", predictions.sizes());
    guess.reserve(static_cast<size_t>(targets.numel()));
    each_row(predictions, [&](const auto* scores, int64_t i) {
      check_row(name_, scores, classes_, i);
      int64_t best = 0;
      for (int64_t c = 1; c < classes_; ++c)
        if (scores[c] > scores[best]) best = c;
      guess.push_back(best);
    });
  } else {
    XGRAD_CHECK_AS(ValueError, classes_ == 2 || !predictions.is_floating_point(),
                   "[ConfusionMatrix] one score an example tells two classes apart, not ", classes_, ", got floating predictions of shape ",
                   predictions.sizes());
    guess = predicted_classes(name_, predictions, threshold_, classes_);
  }
  const std::vector<int64_t> right = classes_of(name_, "targets", targets, classes_);
  for (size_t i = 0; i < right.size(); ++i) ++state_[static_cast<size_t>(right[i] * classes_ + guess[i])];
}

struct ConfusionMatrix::Class {
  double targets = 0, predicted = 0, both = 0;
  double precision() const { return predicted > 0 ? both / predicted : 0; }
  double recall() const { return targets > 0 ? both / targets : 0; }
  double f1() const { return targets + predicted > 0 ? 2 * both / (targets + predicted) : 0; }
};

std::vector<ConfusionMatrix::Class> ConfusionMatrix::per_class() const {
  const auto n = static_cast<size_t>(classes_);
  std::vector<Class> all(n);
  for (size_t t = 0; t < n; ++t)
    for (size_t p = 0; p < n; ++p) {
      const double count = state_[t * n + p];
      all[t].targets += count;
      all[p].predicted += count;
      if (t == p) all[t].both = count;
    }
  return all;
}

template <class Score> Tensor ConfusionMatrix::scores(Score score) const {
  std::vector<double> result;
  for (const Class& c : per_class()) result.push_back((c.*score)());
  return tensor(result, kDouble);
}

template <class Score> double ConfusionMatrix::averaged(Average average, Score score) const {
  double sum = 0, weights = 0;
  Class all;
  for (const Class& c : per_class()) {
    all.targets += c.targets;
    all.predicted += c.predicted;
    all.both += c.both;
    const double weight = average == Average::weighted ? c.targets : c.targets + c.predicted > 0;
    sum += weight * (c.*score)();
    weights += weight;
  }
  if (all.targets == 0) return kUndefined;
  return average == Average::micro ? (all.*score)() : sum / weights;
}

Tensor ConfusionMatrix::compute() const { return tensor(std::vector<int64_t>(state_.begin(), state_.end())).view({classes_, classes_}); }

double ConfusionMatrix::accuracy() const { return averaged(Average::micro, &Class::recall); }
Tensor ConfusionMatrix::precision() const { return scores(&Class::precision); }
Tensor ConfusionMatrix::recall() const { return scores(&Class::recall); }
Tensor ConfusionMatrix::f1() const { return scores(&Class::f1); }
double ConfusionMatrix::precision(Average average) const { return averaged(average, &Class::precision); }
double ConfusionMatrix::recall(Average average) const { return averaged(average, &Class::recall); }
double ConfusionMatrix::f1(Average average) const { return averaged(average, &Class::f1); }

}}}  // namespace torch::xgrad::train
