#include <xgrad/autograd/memory.h>

#include <atomic>
#include <bit>
#include <cstdlib>
#include <mutex>
#include <new>

namespace xgrad {
namespace memory {
namespace {

// Size classes: four per power of two from 64 bytes to 64 MiB. Larger blocks go straight to the system.
constexpr size_t kSmallest = 64;
constexpr size_t kLargest = size_t{64} << 20;
constexpr int kClasses = 4 * 20 + 1;
// What one thread keeps at most.
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
  if (bytes <= kSmallest) return {0, kSmallest};
  const int log = std::bit_width(bytes - 1) - 1;  // 2^log < bytes <= 2^(log+1)
  const size_t quarter = size_t{1} << (log - 2);
  const size_t steps = (bytes - (size_t{1} << log) + quarter - 1) / quarter;  // 1..4
  const size_t rounded = (size_t{1} << log) + steps * quarter;
  return {4 * (log - 6) + static_cast<int>(steps), (rounded + 63) & ~size_t{63}};
}

struct Counters {
  std::atomic<int64_t> tensors{0}, nodes{0}, live{0}, cached{0}, system{0};
};

// Only the owning thread writes, so a plain add of relaxed halves is enough; readers sum over threads.
inline void bump(std::atomic<int64_t>& counter, int64_t change) {
  counter.store(counter.load(std::memory_order_relaxed) + change, std::memory_order_relaxed);
}

struct FreeBlock {
  FreeBlock* next;
};

struct Cache;

// All threads' caches, for memory_stats(); never destroyed, since threads may outlive static objects.
struct Registry {
  std::mutex mutex;
  Cache* first = nullptr;
  Counters finished;  // totals of threads that have ended
};
Registry& registry() {
  static Registry* r = new Registry;
  return *r;
}

struct Cache {
  FreeBlock* lists[kClasses] = {};
  Counters counters;
  Cache* next = nullptr;
  Cache** link = nullptr;

  Cache() {
    Registry& r = registry();
    std::lock_guard lock(r.mutex);
    next = r.first;
    link = &r.first;
    if (next) next->link = &next;
    r.first = this;
  }

  void release_all() {
    for (FreeBlock*& list : lists) {
      while (list) {
        FreeBlock* block = list;
        list = block->next;
        std::free(block);
      }
    }
    counters.cached.store(0, std::memory_order_relaxed);
  }

  ~Cache() {
    release_all();
    Registry& r = registry();
    std::lock_guard lock(r.mutex);
    *link = next;
    if (next) next->link = link;
    const auto move = [](std::atomic<int64_t>& to, std::atomic<int64_t>& from) { to.fetch_add(from.load()); };
    move(r.finished.tensors, counters.tensors);
    move(r.finished.nodes, counters.nodes);
    move(r.finished.live, counters.live);
    move(r.finished.system, counters.system);
  }
};

// The pointer has no destructor of its own, so tensors freed while a thread's other locals are being destroyed
// find it null and go to the system.
thread_local Cache* cache = nullptr;
thread_local bool ended = false;

struct CacheOwner {
  Cache instance;
  CacheOwner() { cache = &instance; }
  ~CacheOwner() {
    cache = nullptr;
    ended = true;
  }
};

[[gnu::noinline]] Cache* start_cache() {
  if (ended) return nullptr;
  thread_local CacheOwner owner;
  return cache;
}

inline Cache* current() { return __builtin_expect(cache != nullptr, 1) ? cache : start_cache(); }

void* from_system(size_t bytes) {
  void* block = std::aligned_alloc(64, bytes);
  if (!block) throw std::bad_alloc();
  return block;
}

void count(std::atomic<int64_t> Counters::*member, int64_t change) {
  if (Cache* c = current()) bump(c->counters.*member, change);
  else (registry().finished.*member).fetch_add(change, std::memory_order_relaxed);
}

}  // namespace

void* allocate(size_t bytes) {
  Cache* c = current();
  if (bytes > kLargest || !kCaching || !c) {
    if (bytes > SIZE_MAX - 64) throw std::bad_alloc();
    const size_t rounded = bytes > kLargest ? (bytes + 63) & ~size_t{63} : size_class(bytes).bytes;
    void* block = from_system(rounded);
    count(&Counters::system, 1);
    count(&Counters::live, static_cast<int64_t>(rounded));
    return block;
  }
  const SizeClass k = size_class(bytes);
  void* block = c->lists[k.index];
  if (block) {
    c->lists[k.index] = c->lists[k.index]->next;
    bump(c->counters.cached, -static_cast<int64_t>(k.bytes));
  } else {
    block = from_system(k.bytes);
    bump(c->counters.system, 1);
  }
  bump(c->counters.live, static_cast<int64_t>(k.bytes));
  return block;
}

void deallocate(void* block, size_t bytes) noexcept {
  Cache* c = current();
  const size_t rounded = bytes > kLargest ? (bytes + 63) & ~size_t{63} : size_class(bytes).bytes;
  count(&Counters::live, -static_cast<int64_t>(rounded));
  if (bytes > kLargest || !kCaching || !c || c->counters.cached.load(std::memory_order_relaxed) + static_cast<int64_t>(rounded) > kCacheLimit) {
    std::free(block);
    return;
  }
  auto* free_block = static_cast<FreeBlock*>(block);
  FreeBlock*& list = c->lists[size_class(bytes).index];
  free_block->next = list;
  list = free_block;
  bump(c->counters.cached, static_cast<int64_t>(rounded));
}

void count_tensors(int change) noexcept { count(&Counters::tensors, change); }
void count_nodes(int change) noexcept { count(&Counters::nodes, change); }

}  // namespace memory

MemoryStats memory_stats() {
  using namespace memory;
  Registry& r = registry();
  std::lock_guard lock(r.mutex);
  MemoryStats s;
  const auto add = [&s](const Counters& c) {
    s.live_tensors += c.tensors.load(std::memory_order_relaxed);
    s.live_nodes += c.nodes.load(std::memory_order_relaxed);
    s.live_bytes += c.live.load(std::memory_order_relaxed);
    s.cached_bytes += c.cached.load(std::memory_order_relaxed);
    s.system_allocations += c.system.load(std::memory_order_relaxed);
  };
  add(r.finished);
  for (Cache* c = r.first; c; c = c->next) add(c->counters);
  return s;
}

void empty_cache() {
  if (memory::Cache* c = memory::current()) c->release_all();
}

}  // namespace xgrad
