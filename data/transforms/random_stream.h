// Where a random transform's numbers come from.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>

#include <xgrad/autograd/tensor/generator.h>

namespace torch { inline namespace xgrad { namespace data::transforms {

/// One generator per batch, seeded by a number drawn once and by the batch's number, so that the results don't depend on
/// which worker prepares which batch. Outside of a data loader, batches are counted here.
class XGRAD_API RandomStream {
 public:
  /// Draws one 64-bit number from `generator`, or from the default generator if it is undefined.
  explicit RandomStream(const Generator& generator);
  /// The generator for the batch that this thread is preparing.
  Generator for_batch() const;

 private:
  uint64_t seed_;
  std::shared_ptr<std::atomic<uint64_t>> counted_;  // shared by copies of the transform
};

}}}  // namespace torch::xgrad::data::transforms
