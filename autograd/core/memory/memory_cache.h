// The calling thread's cache of free blocks, inline for the sources that take or give a block in every operation.
#pragma once

#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>

#include <xgrad/autograd/core/namespace.h>

namespace torch { inline namespace xgrad { namespace memory {

// Size classes: every 64 bytes up to 512, then four per power of two up to 64 MiB. Larger blocks go straight to the system.
constexpr size_t kFine = 512;
constexpr size_t kLargest = size_t{64} << 20;
constexpr int kFineClasses = kFine / 64;
constexpr int kClasses = kFineClasses + 4 * 17;
/// Larger blocks are kept by the pool that all threads share, where a lock costs nothing beside the work on them.
constexpr size_t kLargestOfThread = size_t{64} << 10;
constexpr int kClassesOfThread = kFineClasses + 4 * 7;
/// What one thread keeps at most, in bytes; half of more goes to the pool.
constexpr int64_t kThreadLimit = int64_t{2} << 20;

#if defined(__SANITIZE_ADDRESS__)
constexpr bool kCaching = false;  // a recycled block would hide a use after free
#else
constexpr bool kCaching = true;
#endif

struct SizeClass {
  int index;
  size_t bytes;
};

inline SizeClass size_class(size_t bytes) {
  if (bytes <= kFine) {
    const size_t lines = bytes == 0 ? 1 : (bytes + 63) / 64;
    return {static_cast<int>(lines) - 1, lines * 64};
  }
  const int log = std::bit_width(bytes - 1) - 1;  // 2^log < bytes <= 2^(log+1)
  const int shift = log - 2;
  const size_t steps = (bytes - (size_t{1} << log) + (size_t{1} << shift) - 1) >> shift;  // 1..4
  return {kFineClasses + 4 * (log - 9) + static_cast<int>(steps) - 1, (size_t{1} << log) + (steps << shift)};
}

struct Counters {
  std::atomic<int64_t> tensors{0}, nodes{0};
};

struct FreeBlock {
  FreeBlock* next;
};

/// What the calling thread keeps; only it writes here, but for `limit`.
struct Cache {
  FreeBlock* lists[kClassesOfThread] = {};
  Counters counters;
  std::atomic<int64_t> cached{0};
  std::atomic<int64_t> limit{kThreadLimit};  ///< negative: everything is to go with the next block
};

/// Null until the thread's first block, and again while the thread's other locals are destroyed at its end.
extern __thread Cache* cache;

// Only the owning thread writes, so a plain add of relaxed halves is enough; readers sum over threads.
inline void bump(std::atomic<int64_t>& counter, int64_t change) {
  counter.store(counter.load(std::memory_order_relaxed) + change, std::memory_order_relaxed);
}

/// What a block is for: elements (with the StorageImpl before them) and scratch, which kernels work on and Withhold withholds, or the
/// graph and its handles.
enum class BlockUse { kData, kGraph };

void* take_block_slowly(size_t bytes, BlockUse use);
void give_block_slowly(void* block, size_t bytes, BlockUse use) noexcept;
/// Hands half of what the thread keeps to the pool, all of it if asked to.
void spill(Cache& c) noexcept;
void count_slowly(std::atomic<int64_t> Counters::*member, int64_t change) noexcept;

/// Throws Error, or std::bad_alloc, if the system has none.
inline void* take_block(size_t bytes, BlockUse use = BlockUse::kGraph) {
  Cache* c = cache;
  if (!kCaching || bytes > kLargestOfThread || !c) return take_block_slowly(bytes, use);
  const SizeClass k = size_class(bytes);
  FreeBlock* block = c->lists[k.index];
  if (__builtin_expect(!block, 0)) return take_block_slowly(bytes, use);
  c->lists[k.index] = block->next;
  bump(c->cached, -static_cast<int64_t>(k.bytes));
  return block;
}

/// `use` as it was taken for.
inline void give_block(void* block, size_t bytes, BlockUse use = BlockUse::kGraph) noexcept {
  Cache* c = cache;
  if (!kCaching || bytes > kLargestOfThread || !c) return give_block_slowly(block, bytes, use);
  const SizeClass k = size_class(bytes);
  const int64_t cached = c->cached.load(std::memory_order_relaxed) + static_cast<int64_t>(k.bytes);
  auto* free_block = static_cast<FreeBlock*>(block);
  free_block->next = c->lists[k.index];
  c->lists[k.index] = free_block;
  c->cached.store(cached, std::memory_order_relaxed);
  if (__builtin_expect(cached > c->limit.load(std::memory_order_relaxed), 0)) spill(*c);
}

inline void count(std::atomic<int64_t> Counters::*member, int64_t change) noexcept {
  if (Cache* c = cache) bump(c->counters.*member, change);
  else count_slowly(member, change);
}
inline void count_tensors(int change) noexcept { count(&Counters::tensors, change); }
inline void count_nodes(int change) noexcept { count(&Counters::nodes, change); }

/// For the containers of a sweep.
template <class T> struct RecyclingAllocator {
  using value_type = T;
  RecyclingAllocator() = default;
  template <class U> RecyclingAllocator(const RecyclingAllocator<U>&) {}
  T* allocate(size_t n) { return static_cast<T*>(take_block(n * sizeof(T))); }
  void deallocate(T* block, size_t n) { give_block(block, n * sizeof(T)); }
  friend bool operator==(const RecyclingAllocator&, const RecyclingAllocator&) { return true; }
};

}}}  // namespace torch::xgrad::memory
