// Running mean and standard deviation, and the scores of a regression that rest on them.
#pragma once

#include <xgrad/train/metrics/metric.h>

namespace torch { inline namespace xgrad { namespace train {

/// Mean and standard deviation of numbers with weights, such as a loss over batches of different sizes. Weight W, mean m and the
/// weighted sum of squares about it, M, of two parts come together (Chan, Golub and LeVeque, 1983) as
///
///     W = W1 + W2,  m = m1 + (m2 - m1) W2 / W,  M = M1 + M2 + (m2 - m1)^2 W1 W2 / W
class XGRAD_API MeanStd : public Metric {
 public:
  MeanStd() : Metric("MeanStd", 3) {}
  /// A number, or all elements of a tensor, with one weight. Throws unless weights are finite and not negative; what weighs nothing changes nothing.
  void update(double value, double weight = 1);
  void update(const Tensor& values, double weight = 1);
  /// Each element with the weight to which `weights` broadcasts.
  void update(const Tensor& values, const Tensor& weights);
  double mean() const;
  /// sqrt(M / (W - correction)), NaN unless W > correction: 0 for the deviation of these numbers, 1 to estimate that of what they are drawn
  /// from, where weights count repetitions.
  double stddev(double correction = 0) const;
  double compute() const { return mean(); }
  /// The sum of the weights.
  double weight() const { return state_[0]; }
};

/// With error e = target - prediction, n elements, and scikit-learn's definitions, elements being as many examples of one output:
struct RegressionScores {
  int64_t count;
  double mse;                 // mean of e^2
  double rmse;                // its root
  double mae;                 // mean of |e|
  double max_error;           // largest |e|
  double r2;                  // 1 - sum e^2 / sum (target - mean)^2; NaN of one example; of equal targets 1 if all e are 0, else 0
  double explained_variance;  // 1 - var e / var target; of equal targets 1 if all e are equal, else 0
  double pearson;             // the correlation of prediction and target; NaN where one of them never changes
};

/// Scores of predicted numbers. Means and squares are merged as in MeanStd, so that nothing is lost to large means.
class XGRAD_API Regression : public Metric {
 public:
  Regression() : Metric("Regression", 10) {}
  /// Throws unless both have one shape.
  void update(const Tensor& predictions, const Tensor& targets);
  RegressionScores compute() const;
};

}}}  // namespace torch::xgrad::train
