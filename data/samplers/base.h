// Which examples make up each batch.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include <xgrad/autograd/core/export.h>

namespace torch { inline namespace xgrad {
namespace serialize {
class OutputArchive;
class InputArchive;
}  // namespace serialize

namespace data::samplers {

template <class BatchRequest = std::vector<size_t>> class Sampler {
 public:
  using BatchRequestType = BatchRequest;

  virtual ~Sampler() = default;
  /// Starts a new epoch; a loader calls it before each.
  virtual void reset(std::optional<size_t> new_size) = 0;
  /// The next batch, of batch_size examples or what is left; nothing when the epoch is over.
  virtual std::optional<BatchRequest> next(size_t batch_size) = 0;
  /// Where in its epoch the sampler is.
  virtual void save(serialize::OutputArchive& archive) const = 0;
  virtual void load(serialize::InputArchive& archive) = 0;
};

}  // namespace data::samplers
}}  // namespace torch::xgrad
