// How well scores put the positive examples before the negative ones.
#pragma once

#include <xgrad/train/metrics/metric.h>

namespace torch { inline namespace xgrad { namespace train {

/// Both measures of the same scores, which are all kept: 16 bytes an example.
class XGRAD_API BinaryRanking : public Metric {
 public:
  BinaryRanking() : BinaryRanking("BinaryRanking") {}
  /// Scores of class 1, higher for more likely ones (infinite ones too), and targets 0 and 1 of any dtype, in one shape. Throws otherwise,
  /// and for NaN.
  void update(const Tensor& scores, const Tensor& targets);
  /// The area under the receiver operating characteristic: the part of the pairs of a positive and a negative example of which the positive
  /// has the higher score, pairs of equal scores counting one half (the statistic of Mann and Whitney; scikit-learn's
  /// roc_auc_score). Pairs are counted in whole numbers. NaN unless both classes occur.
  double roc_auc() const;
  /// The sum over all distinct scores, from the highest down, of precision times the growth of recall (scikit-learn's
  /// average_precision_score). NaN unless there is a positive example.
  double average_precision() const;

 protected:
  explicit BinaryRanking(const char* name) : Metric(name, 2, /*grows=*/true) {}
};

class XGRAD_API RocAuc : public BinaryRanking {
 public:
  RocAuc() : BinaryRanking("RocAuc") {}
  double compute() const { return roc_auc(); }
};

class XGRAD_API AveragePrecision : public BinaryRanking {
 public:
  AveragePrecision() : BinaryRanking("AveragePrecision") {}
  double compute() const { return average_precision(); }
};

}}}  // namespace torch::xgrad::train
