// The calling thread's cache of free blocks, inline for the sources that take or give a block in every operation.
#pragma once

#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>

#include <xgrad/autograd/namespace.h>

namespace torch::memory {

// Size classes: every 64 bytes up to 512, then four per power of two up to 64 MiB. Larger blocks go straight to the system.
constexpr size_t kFine = 512;
constexpr size_t kLargest = size_t{64} << 20;
constexpr int kFineClasses = kFine / 64;
constexpr int kClasses = kFineClasses + 4 * 17;
/// What one thread keeps at most, in bytes.
constexpr int64_t kCacheLimit = int64_t{512} << 20;

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

/// `held`: bytes had from the system and not given back; those in use are the ones of them that no cache keeps.
struct Counters {
  std::atomic<int64_t> tensors{0}, nodes{0}, held{0}, cached{0}, system{0};
};

struct FreeBlock {
  FreeBlock* next;
};

/// What the calling thread keeps; only it writes here.
struct Cache {
  FreeBlock* lists[kClasses] = {};
  Counters counters;
};

/// Null until the thread's first block, and again while the thread's other locals are destroyed at its end.
extern __thread Cache* cache;

// Only the owning thread writes, so a plain add of relaxed halves is enough; readers sum over threads.
inline void bump(std::atomic<int64_t>& counter, int64_t change) {
  counter.store(counter.load(std::memory_order_relaxed) + change, std::memory_order_relaxed);
}

void* from_system(size_t bytes);
void to_system(void* block, size_t bytes) noexcept;
void count_slowly(std::atomic<int64_t> Counters::*member, int64_t change) noexcept;

inline void* take_block(size_t bytes) {
  Cache* c = cache;
  if (!kCaching || bytes > kLargest || !c) return from_system(bytes);
  const SizeClass k = size_class(bytes);
  FreeBlock* block = c->lists[k.index];
  if (__builtin_expect(!block, 0)) return from_system(bytes);
  c->lists[k.index] = block->next;
  bump(c->counters.cached, -static_cast<int64_t>(k.bytes));
  return block;
}

inline void give_block(void* block, size_t bytes) noexcept {
  Cache* c = cache;
  if (!kCaching || bytes > kLargest || !c) return to_system(block, bytes);
  const SizeClass k = size_class(bytes);
  const int64_t cached = c->counters.cached.load(std::memory_order_relaxed) + static_cast<int64_t>(k.bytes);
  if (__builtin_expect(cached > kCacheLimit, 0)) return to_system(block, bytes);
  auto* free_block = static_cast<FreeBlock*>(block);
  free_block->next = c->lists[k.index];
  c->lists[k.index] = free_block;
  c->counters.cached.store(cached, std::memory_order_relaxed);
}

inline void count(std::atomic<int64_t> Counters::*member, int64_t change) noexcept {
  if (Cache* c = cache) bump(c->counters.*member, change);
  else count_slowly(member, change);
}
inline void count_tensors(int change) noexcept { count(&Counters::tensors, change); }
inline void count_nodes(int change) noexcept { count(&Counters::nodes, change); }

/// For the containers of a sweep.
template <class T>
struct RecyclingAllocator {
  using value_type = T;
  RecyclingAllocator() = default;
  template <class U>
  RecyclingAllocator(const RecyclingAllocator<U>&) {}
  T* allocate(size_t n) { return static_cast<T*>(take_block(n * sizeof(T))); }
  void deallocate(T* block, size_t n) { give_block(block, n * sizeof(T)); }
  friend bool operator==(const RecyclingAllocator&, const RecyclingAllocator&) { return true; }
};

}  // namespace torch::memory
