// Blocks for tensors, nodes and data, recycled.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include <xgrad/autograd/core/export.h>

namespace torch { inline namespace xgrad {

/// What this process holds, over all threads. Exact when no other thread is allocating.
struct MemoryStats {
  int64_t live_tensors = 0;        ///< tensor handles' targets that exist
  int64_t live_nodes = 0;          ///< graph nodes that exist
  int64_t live_bytes = 0;          ///< bytes of blocks in use
  int64_t cached_bytes = 0;        ///< bytes of blocks kept for reuse: at most as many as are in use, 64 MiB, and 2 MiB a thread
  int64_t system_allocations = 0;  ///< blocks ever asked of the system: constant once a program has warmed up
};
XGRAD_API MemoryStats memory_stats();

/// Gives unused blocks back to the system: the calling thread's and those that all threads share now, the few small ones that
/// another thread keeps for itself when that thread frees its next.
XGRAD_API void empty_cache();

namespace memory {

/// At least `bytes` bytes, aligned to 64. Throws Error when the system has none, with PyTorch's text ("can't allocate memory: you
/// tried to allocate ..."), or std::bad_alloc when there is no memory for the text either.
XGRAD_API void* allocate(size_t bytes);
/// `bytes` as given to allocate; from any thread.
XGRAD_API void deallocate(void* block, size_t bytes) noexcept;

/// Blocks that were freed and yet stay out of use, until this is destroyed.
class XGRAD_API Withheld {
 public:
  Withheld() = default;
  ~Withheld();
  Withheld(const Withheld&) = delete;
  Withheld& operator=(const Withheld&) = delete;
  /// False, and the block is not kept, if there is no memory to note it.
  bool keep(void* block, size_t bytes) noexcept;
  /// A block for so many bytes, one that it keeps if there is one. Throws as allocate does.
  void* take(size_t bytes);
  /// True iff `block` is kept here.
  bool keeps(const void* block) const;
  /// How many times take() gave the block, which may each time have come back.
  int64_t times_given(const void* block) const;
  /// True iff an address lies in a block that is kept here.
  bool keeps_at(const void* address) const;
  /// True iff it lies in one that take() gave, whether that has come back or not.
  bool gave_at(const void* address) const;
  /// Calls f(block) for each block that take() gave and that has not come back.
  template <class F> void for_each_out(const F& f) const {
    for (const auto& [block, given] : given_)
      if (!keeps(block)) f(block);
  }

 private:
  std::map<size_t, std::vector<void*>> blocks_;  // kept, by their room
  struct Given {
    size_t room;
    int64_t times;
  };
  std::map<const void*, Given> given_;
};

/// While it lives, blocks of elements and scratch that the calling thread frees are withheld.
class XGRAD_API Withhold {
 public:
  enum Use {
    kNever,  ///< withheld blocks stay as they are
    kAgain,  ///< what the thread allocates meanwhile may lie in them
  };
  explicit Withhold(Withheld& blocks, Use use = kNever);
  ~Withhold();
  Withhold(const Withhold&) = delete;
  Withhold& operator=(const Withhold&) = delete;

 private:
  Withheld* before_;
  Use use_before_;
};

}  // namespace memory
}}  // namespace torch::xgrad
