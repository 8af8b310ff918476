// How often the right class is found: accuracy, confusion, precision and recall.
#pragma once

#include <xgrad/train/metrics/metric.h>

namespace torch { inline namespace xgrad { namespace train {

/// The part of the examples whose class is found. Predictions are one of
///
///     scores of each class, [n, classes, ...] (or [classes] for one example), with targets [n, ...]: found when fewer than `top_k` classes have
///       a higher score than the right one, or an equal one and a lower number (so that top_k = 1 is argmax);
///     floating probabilities or scores of class 1, of the targets' shape, targets being 0 and 1: class 1 is predicted above `threshold`
///       (0.5 for probabilities; take 0 for logits);
///     classes in an integral dtype, of the targets' shape.
///
/// Targets are whole numbers of any dtype. The definitions are those of torchmetrics' Accuracy; what it leaves open for ties is said above.
class XGRAD_API Accuracy : public Metric {
 public:
  /// Throws unless top_k >= 1.
  explicit Accuracy(int64_t top_k = 1, double threshold = 0.5);
  /// Throws for shapes that do not go together, targets that are no class, NaN, and unless there are top_k classes.
  void update(const Tensor& predictions, const Tensor& targets);
  double compute() const;
  /// Examples met.
  int64_t count() const { return static_cast<int64_t>(state_[1]); }

 private:
  int64_t top_k_;
  double threshold_;
};

/// How scores of classes become one: their mean over the classes that occur among targets or predictions, the score of all examples
/// together, or the mean weighted by how often each class is a target. scikit-learn's names and definitions.
enum class Average { macro, micro, weighted };

/// Counts of examples by their class and the one predicted. Of predictions as Accuracy takes them, scores being of all classes and the
/// highest of equal scores that with the lowest number; with two classes also probabilities of class 1.
/// With t, p and c the number of examples of a class, of those predicted as it, and of both: precision c / p, recall c / t,
/// F1 2c / (t + p), each 0 where it would be 0 / 0, as in scikit-learn.
class XGRAD_API ConfusionMatrix : public Metric {
 public:
  /// Throws unless 1 <= classes <= 65536.
  explicit ConfusionMatrix(int64_t classes, double threshold = 0.5);
  /// Throws as Accuracy does, and for predictions that are no class.
  void update(const Tensor& predictions, const Tensor& targets);
  /// int64 [classes of targets, classes predicted].
  Tensor compute() const;
  double accuracy() const;
  /// float64 [classes]. Of two classes, element 1 is what is meant by the score of a binary classifier.
  Tensor precision() const;
  Tensor recall() const;
  Tensor f1() const;
  double precision(Average average) const;
  double recall(Average average) const;
  double f1(Average average) const;

 private:
  struct Class;
  std::vector<Class> per_class() const;
  template <class Score> Tensor scores(Score score) const;
  template <class Score> double averaged(Average average, Score score) const;

  int64_t classes_;
  double threshold_;
};

}}}  // namespace torch::xgrad::train
