// Datasets that decide themselves what comes next.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include <xgrad/data/datasets/base.h>

namespace torch { inline namespace xgrad {
namespace serialize {
class OutputArchive;
class InputArchive;
}  // namespace serialize

namespace data::datasets {

/// A dataset whose get_batch gives the next batch, or nothing when its epoch is over. torch::save and torch::load keep where it is. A
/// loader's workers share it, so with more than one of them get_batch must be safe to call from several threads at once.
template <class Self, class Batch = std::vector<Example<>>, class BatchRequest = size_t>
class StatefulDataset : public BatchDataset<Self, std::optional<Batch>, BatchRequest> {
 public:
  /// Starts an epoch; a loader calls it before each.
  virtual void reset() = 0;
  virtual void save(serialize::OutputArchive& archive) const = 0;
  virtual void load(serialize::InputArchive& archive) = 0;
};

}  // namespace data::datasets
}}  // namespace torch::xgrad
