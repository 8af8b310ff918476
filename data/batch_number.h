// Which batch this thread is preparing, so that random transforms don't depend on which worker that is.
#pragma once

#include <cstdint>
#include <optional>

#include <xgrad/autograd/core/export.h>

namespace torch { inline namespace xgrad { namespace data {

/// The number of the batch that a data loader is preparing on this thread: its place in its epoch, and the epoch.
XGRAD_API std::optional<uint64_t> current_batch_number();

/// Sets the number while it lives.
class XGRAD_API BatchNumberGuard {
 public:
  explicit BatchNumberGuard(uint64_t number);
  BatchNumberGuard(const BatchNumberGuard&) = delete;
  BatchNumberGuard& operator=(const BatchNumberGuard&) = delete;
  ~BatchNumberGuard();

 private:
  std::optional<uint64_t> before_;
};

}}}  // namespace torch::xgrad::data
