// Free blocks that all threads share, and where blocks come from.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>

#include <xgrad/autograd/core/memory/memory_cache.h>

// Note: what is kept
//
// A thread keeps up to kThreadLimit of small blocks for itself. What goes beyond, all larger blocks and what a thread leaves
// behind when it ends are kept here, for whichever thread asks next: a producer gets back what a consumer frees. The pool holds
// at most as much as is in use (by its reckoning the threads' own caches are), and kPoolLimit. A step of training that comes
// back to the same peak finds its blocks here; a program that is done with its large tensors does not go on paying for them.
// What has lain here longest goes first.

namespace torch { inline namespace xgrad { namespace memory {

constexpr int64_t kPoolLimit = int64_t{64} << 20;

/// The bytes of a block for so many, as taken from the system.
inline int64_t rounded(size_t bytes) { return static_cast<int64_t>(bytes > kLargest ? (bytes + 63) & ~size_t{63} : size_class(bytes).bytes); }

class Pool {
 public:
  /// A list of up to `most` blocks of a class, the last one given first; null if there is none.
  FreeBlock* take(SizeClass k, int most);
  /// Takes over blocks of a class.
  void give(FreeBlock* list, SizeClass k) noexcept;
  /// Gives everything back to the system.
  void clear() noexcept;

  /// A new block; the pool is emptied where the system has none without that. Throws Error.
  void* from_system(size_t bytes);
  void to_system(void* block, size_t bytes) noexcept;

  int64_t held() const { return held_.load(std::memory_order_relaxed); }      ///< bytes had from the system and not given back
  int64_t kept() const { return kept_.load(std::memory_order_relaxed); }      ///< bytes of them that lie here
  int64_t system() const { return system_.load(std::memory_order_relaxed); }  ///< blocks ever asked of the system
  std::mutex& mutex() { return mutex_; }

 private:
  struct Block;

  void insert(void* block, SizeClass k);
  void remove(Block* block);
  // What is too much, as a list for release(), which needs no lock.
  Block* excess(int64_t most);
  void release(Block* list) noexcept;
  int64_t limit() const { return held() - kept() + kPoolLimit; }

  std::mutex mutex_;
  Block* lists_[kClasses] = {};
  Block* oldest_ = nullptr;
  Block* youngest_ = nullptr;
  std::atomic<int64_t> kept_{0}, held_{0}, system_{0};
};

/// The pool of this process; never destroyed, since threads may outlive static objects.
Pool& pool() noexcept;

}}}  // namespace torch::xgrad::memory
