// What all metrics share: numbers that are summed over batches, emptied, saved and loaded.
#pragma once

#include <cstddef>
#include <vector>

#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad {
namespace serialize {
class OutputArchive;
class InputArchive;
}  // namespace serialize

namespace train {

/// A metric is updated batch by batch and computed at any time; the result does not hang on how the data were cut into batches (but for
/// rounding). All is done in float64, no tensor and no graph is kept, an update that throws changes nothing, and copies are independent.
/// Before the first example every result is NaN.
///
/// NaN: means, deviations and scores of a regression of data with a NaN, or an infinity where no number is the answer, are NaN. Scores that are to be
/// ordered (accuracy, confusion, ROC) must not be NaN.
class XGRAD_API Metric {
 public:
  virtual ~Metric();
  /// Forgets everything.
  void reset();
  void save(serialize::OutputArchive& archive) const;
  /// Throws, changing nothing, when the archive holds another kind of metric or one of another size.
  void load(serialize::InputArchive& archive);

 protected:
  /// `size` numbers, or with `grows` a multiple of them. `name` lives for ever.
  Metric(const char* name, size_t size, bool grows = false);
  Metric(const Metric&) = default;
  Metric& operator=(const Metric&) = default;

  const char* name_;  // for errors
  std::vector<double> state_;

 private:
  size_t size_;
  bool grows_;
};

}  // namespace train
}}  // namespace torch::xgrad
