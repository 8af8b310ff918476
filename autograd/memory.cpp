#include <xgrad/autograd/memory.h>

#include <sys/mman.h>

#include <cstdlib>
#include <mutex>
#include <new>

#include <xgrad/autograd/memory_cache.h>

namespace torch { inline namespace xgrad {
namespace memory {

__thread Cache* cache = nullptr;

namespace {

struct RegisteredCache;

// All threads' caches, for memory_stats(); never destroyed, since threads may outlive static objects.
struct Registry {
  std::mutex mutex;
  RegisteredCache* first = nullptr;
  Counters finished;  // totals of threads that have ended
};
Registry& registry() {
  static Registry* r = new Registry;
  return *r;
}

void release_all(Cache& c) {
  for (FreeBlock*& list : c.lists) {
    while (list) {
      FreeBlock* block = list;
      list = block->next;
      std::free(block);
    }
  }
  bump(c.counters.held, -c.counters.cached.load(std::memory_order_relaxed));
  c.counters.cached.store(0, std::memory_order_relaxed);
}

struct RegisteredCache : Cache {
  RegisteredCache* next = nullptr;
  RegisteredCache** link = nullptr;

  RegisteredCache() {
    Registry& r = registry();
    std::lock_guard lock(r.mutex);
    next = r.first;
    link = &r.first;
    if (next) next->link = &next;
    r.first = this;
  }

  ~RegisteredCache() {
    release_all(*this);
    Registry& r = registry();
    std::lock_guard lock(r.mutex);
    *link = next;
    if (next) next->link = link;
    const auto move = [](std::atomic<int64_t>& to, std::atomic<int64_t>& from) { to.fetch_add(from.load()); };
    move(r.finished.tensors, counters.tensors);
    move(r.finished.nodes, counters.nodes);
    move(r.finished.held, counters.held);
    move(r.finished.system, counters.system);
  }
};

// `cache` has no destructor of its own, so tensors freed while a thread's other locals are being destroyed find it
// null and go to the system.
__thread bool ended = false;

struct CacheOwner {
  RegisteredCache instance;
  CacheOwner() { cache = &instance; }
  ~CacheOwner() {
    cache = nullptr;
    ended = true;
  }
};

Cache* start_cache() {
  if (ended) return nullptr;
  thread_local CacheOwner owner;
  return cache;
}

// Blocks of at least this size lie on huge pages where the system has them: walking large tensors then misses the TLB
// seldom, and a first touch costs one fault for 2 MiB.
constexpr int64_t kHugePage = int64_t{2} << 20;

int64_t rounded(size_t bytes) {
  return static_cast<int64_t>(bytes > kLargest ? (bytes + 63) & ~size_t{63} : size_class(bytes).bytes);
}

}  // namespace

void count_slowly(std::atomic<int64_t> Counters::*member, int64_t change) noexcept {
  if (Cache* c = start_cache()) bump(c->counters.*member, change);
  else (registry().finished.*member).fetch_add(change, std::memory_order_relaxed);
}

void* from_system(size_t bytes) {
  if (bytes > SIZE_MAX - 64) throw std::bad_alloc();
  const int64_t size = rounded(bytes);
  void* block = nullptr;
  if (posix_memalign(&block, size >= kHugePage ? kHugePage : 64, static_cast<size_t>(size)) != 0) throw std::bad_alloc();
  if (size >= kHugePage) madvise(block, static_cast<size_t>(size), MADV_HUGEPAGE);
  count(&Counters::system, 1);
  count(&Counters::held, size);
  return block;
}

void to_system(void* block, size_t bytes) noexcept {
  std::free(block);
  count(&Counters::held, -rounded(bytes));
}

void* allocate(size_t bytes) { return take_block(bytes); }
void deallocate(void* block, size_t bytes) noexcept { give_block(block, bytes); }

}  // namespace memory

MemoryStats memory_stats() {
  using namespace memory;
  Registry& r = registry();
  std::lock_guard lock(r.mutex);
  MemoryStats s;
  const auto add = [&s](const Counters& c) {
    const int64_t cached = c.cached.load(std::memory_order_relaxed);
    s.live_tensors += c.tensors.load(std::memory_order_relaxed);
    s.live_nodes += c.nodes.load(std::memory_order_relaxed);
    s.live_bytes += c.held.load(std::memory_order_relaxed) - cached;
    s.cached_bytes += cached;
    s.system_allocations += c.system.load(std::memory_order_relaxed);
  };
  add(r.finished);
  for (RegisteredCache* c = r.first; c; c = c->next) add(c->counters);
  return s;
}

void empty_cache() {
  if (memory::cache) memory::release_all(*memory::cache);
}

}}  // namespace torch::xgrad
