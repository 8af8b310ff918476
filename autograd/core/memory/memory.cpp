#include <xgrad/autograd/core/memory/memory.h>

#include <algorithm>
#include <mutex>
#include <new>

#include <xgrad/autograd/core/memory/memory_cache.h>
#include <xgrad/autograd/core/memory/memory_pool.h>

namespace torch { inline namespace xgrad {
namespace memory {

__thread Cache* cache = nullptr;

namespace {

struct RegisteredCache;

// All threads' caches; never destroyed, since threads may outlive static objects.
struct Registry {
  std::mutex mutex;
  RegisteredCache* first = nullptr;
  Counters finished;  // totals of threads that have ended
};
Registry& registry() {
  alignas(Registry) static std::byte place[sizeof(Registry)];
  static Registry* const only = new (place) Registry;
  return *only;
}

SizeClass class_of(int index) {
  if (index < kFineClasses) return {index, (static_cast<size_t>(index) + 1) * 64};
  const int log = 9 + (index - kFineClasses) / 4, steps = 1 + (index - kFineClasses) % 4;
  return {index, (size_t{1} << log) + (static_cast<size_t>(steps) << (log - 2))};
}

// Gives the pool what is behind the first so many halves of each list: 1 leaves the half that was used last, 0 nothing.
void hand_over(Cache& c, int halves) noexcept {
  for (int index = 0; index < kClassesOfThread; ++index) {
    int64_t count = 0, given = 0;
    for (FreeBlock* block = c.lists[index]; block; block = block->next) ++count;
    FreeBlock** end = &c.lists[index];
    for (int64_t i = 0; i < count / 2 * halves; ++i) end = &(*end)->next;
    FreeBlock* const rest = *end;
    *end = nullptr;
    if (!rest) continue;
    given = count - count / 2 * halves;
    const SizeClass k = class_of(index);
    bump(c.cached, -given * static_cast<int64_t>(k.bytes));
    pool().give(rest, k);
  }
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
    hand_over(*this, 0);
    Registry& r = registry();
    std::lock_guard lock(r.mutex);
    *link = next;
    if (next) next->link = link;
    r.finished.tensors.fetch_add(counters.tensors.load());
    r.finished.nodes.fetch_add(counters.nodes.load());
  }
};

// `cache` has no destructor of its own, so tensors freed while a thread's other locals are being destroyed find it
// null and go to the pool.
__thread bool ended = false;

// Where the thread's freed blocks go instead; its cache is out of the way then.
__thread Withheld* withheld = nullptr;
__thread Withhold::Use use_of_withheld = Withhold::kNever;

__thread Cache* own_cache = nullptr;

struct CacheOwner {
  RegisteredCache instance;
  CacheOwner() { cache = own_cache = &instance; }
  ~CacheOwner() {
    cache = own_cache = nullptr;
    ended = true;
  }
};

Cache* start_cache() {
  if (ended || withheld) return nullptr;
  thread_local CacheOwner owner;
  return cache;
}

// Small blocks come from the pool in numbers, so that a thread that only allocates seldom waits for its lock.
constexpr size_t kBytesAtOnce = 8192;

}  // namespace

void count_slowly(std::atomic<int64_t> Counters::*member, int64_t change) noexcept {
  if (Cache* c = start_cache()) bump(c->counters.*member, change);
  else (registry().finished.*member).fetch_add(change, std::memory_order_relaxed);
}

// From the pool or the system, with more for the thread's cache.
static void* fresh_block(size_t bytes) {
  if (!kCaching || bytes > kLargest) return pool().from_system(bytes);
  Cache* const c = bytes <= kLargestOfThread ? start_cache() : nullptr;
  const SizeClass k = size_class(bytes);
  FreeBlock* const block = pool().take(k, c ? static_cast<int>(std::max<size_t>(kBytesAtOnce / k.bytes, 1)) : 1);
  if (!block) return pool().from_system(bytes);
  for (FreeBlock* more = block->next; more;) {
    FreeBlock* const next = more->next;
    more->next = c->lists[k.index];
    c->lists[k.index] = more;
    bump(c->cached, static_cast<int64_t>(k.bytes));
    more = next;
  }
  return block;
}

void* take_block_slowly(size_t bytes, BlockUse use) {
  return withheld && use_of_withheld == Withhold::kAgain && use == BlockUse::kData ? withheld->take(bytes) : fresh_block(bytes);
}

void give_block_slowly(void* block, size_t bytes, BlockUse use) noexcept {
  if (withheld && use == BlockUse::kData && withheld->keep(block, bytes)) return;
  if (!kCaching) return pool().to_system(block, bytes);
  if (bytes > kLargest) {
    pool().to_system(block, bytes);
    return pool().give(nullptr, {});  // which may keep less now
  }
  if (bytes <= kLargestOfThread && start_cache()) return give_block(block, bytes, use);
  pool().give(new (block) FreeBlock{nullptr}, size_class(bytes));
}

void spill(Cache& c) noexcept {
  const bool everything = c.limit.exchange(kThreadLimit, std::memory_order_relaxed) < 0;
  hand_over(c, everything ? 0 : 1);
}

bool Withheld::keep(void* block, size_t bytes) noexcept {
  try {
    blocks_[static_cast<size_t>(rounded(bytes))].push_back(block);
    return true;
  } catch (const std::bad_alloc&) {
    return false;
  }
}

void* Withheld::take(size_t bytes) {
  const auto room = static_cast<size_t>(rounded(bytes));
  std::vector<void*>& kept = blocks_[room];
  if (kept.empty()) kept.push_back(fresh_block(room));
  void* const block = kept.back();
  ++given_.try_emplace(block, Given{room, 0}).first->second.times;
  kept.pop_back();
  return block;
}

int64_t Withheld::times_given(const void* block) const {
  const auto found = given_.find(block);
  return found == given_.end() ? 0 : found->second.times;
}

bool Withheld::keeps(const void* block) const {
  for (const auto& [room, blocks] : blocks_)
    if (std::find(blocks.begin(), blocks.end(), block) != blocks.end()) return true;
  return false;
}

static bool lies_in(const void* address, const void* block, size_t room) {
  const auto *at = static_cast<const char*>(address), *begin = static_cast<const char*>(block);
  return at >= begin && at < begin + room;
}

bool Withheld::keeps_at(const void* address) const {
  for (const auto& [room, blocks] : blocks_)
    for (const void* block : blocks)
      if (lies_in(address, block, room)) return true;
  return false;
}

bool Withheld::gave_at(const void* address) const {
  const auto next = given_.upper_bound(address);
  return next != given_.begin() && lies_in(address, std::prev(next)->first, std::prev(next)->second.room);
}

Withheld::~Withheld() {
  for (const auto& [room, blocks] : blocks_)
    for (void* block : blocks) give_block(block, room);
}

Withhold::Withhold(Withheld& blocks, Use use) : before_(withheld), use_before_(use_of_withheld) {
  if (!ended) start_cache();
  withheld = &blocks;
  use_of_withheld = use;
  cache = nullptr;
}

Withhold::~Withhold() {
  withheld = before_;
  use_of_withheld = use_before_;
  if (!withheld) cache = own_cache;
}

void* allocate(size_t bytes) { return take_block(bytes, BlockUse::kData); }
void deallocate(void* block, size_t bytes) noexcept { give_block(block, bytes, BlockUse::kData); }

}  // namespace memory

MemoryStats memory_stats() {
  using namespace memory;
  Registry& r = registry();
  std::lock_guard lock(r.mutex);
  MemoryStats s;
  const auto add = [&s](const Counters& c) {
    s.live_tensors += c.tensors.load(std::memory_order_relaxed);
    s.live_nodes += c.nodes.load(std::memory_order_relaxed);
  };
  add(r.finished);
  s.cached_bytes = pool().kept();
  for (RegisteredCache* c = r.first; c; c = c->next) {
    add(c->counters);
    s.cached_bytes += c->cached.load(std::memory_order_relaxed);
  }
  s.live_bytes = pool().held() - s.cached_bytes;
  s.system_allocations = pool().system();
  return s;
}

void empty_cache() {
  using namespace memory;
  if (cache) hand_over(*cache, 0);
  {
    Registry& r = registry();
    std::lock_guard lock(r.mutex);
    for (RegisteredCache* c = r.first; c; c = c->next)
      if (c != cache) c->limit.store(-1, std::memory_order_relaxed);
  }
  pool().clear();
}

}}  // namespace torch::xgrad
