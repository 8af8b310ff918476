#include <xgrad/autograd/core/memory/memory_pool.h>

#include <pthread.h>
#include <sys/mman.h>

#include <cstdlib>
#include <new>

#include <xgrad/autograd/core/error.h>

namespace torch { inline namespace xgrad { namespace memory {

namespace {

// Blocks of at least this size lie on huge pages where the system has them: walking large tensors then misses the TLB
// seldom, and a first touch costs one fault for 2 MiB. They are mapped one by one, so that giving them back does.
constexpr size_t kHugePage = size_t{2} << 20;
constexpr bool kMapping = kCaching;  // a sanitizer watches the heap

void* map(size_t bytes) {
  const size_t whole = (bytes + 4095) & ~size_t{4095}, room = whole + kHugePage;
  void* const mapping = mmap(nullptr, room, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (mapping == MAP_FAILED) return nullptr;
  const size_t before = -reinterpret_cast<uintptr_t>(mapping) & (kHugePage - 1), behind = kHugePage - before;
  char* const block = static_cast<char*>(mapping) + before;
  if (before > 0) munmap(mapping, before);
  munmap(block + whole, behind);
  madvise(block, whole, MADV_HUGEPAGE);
  return block;
}

bool is_mapped(int64_t bytes) { return kMapping && bytes >= static_cast<int64_t>(kHugePage); }

void* ask(int64_t bytes) noexcept {
  const auto size = static_cast<size_t>(bytes);
  if (is_mapped(bytes)) return map(size);
  void* block = nullptr;
  return posix_memalign(&block, 64, size) == 0 ? block : nullptr;
}

}  // namespace

struct Pool::Block {
  Block* next;
  Block* previous;
  Block* older;
  Block* younger;
  SizeClass size;
};

void Pool::insert(void* memory, SizeClass k) {
  Block*& list = lists_[k.index];
  Block* const block = new (memory) Block{list, nullptr, youngest_, nullptr, k};
  if (list) list->previous = block;
  list = block;
  (youngest_ ? youngest_->younger : oldest_) = block;
  youngest_ = block;
  kept_.fetch_add(static_cast<int64_t>(k.bytes), std::memory_order_relaxed);
}

void Pool::remove(Block* block) {
  (block->previous ? block->previous->next : lists_[block->size.index]) = block->next;
  if (block->next) block->next->previous = block->previous;
  (block->older ? block->older->younger : oldest_) = block->younger;
  (block->younger ? block->younger->older : youngest_) = block->older;
  kept_.fetch_sub(static_cast<int64_t>(block->size.bytes), std::memory_order_relaxed);
}

Pool::Block* Pool::excess(int64_t most) {
  Block* list = nullptr;
  for (int64_t kept = this->kept(); oldest_ && kept > most;) {
    Block* const block = oldest_;
    remove(block);
    kept -= static_cast<int64_t>(block->size.bytes);
    block->next = list;
    list = block;
  }
  return list;
}

void Pool::release(Block* list) noexcept {
  while (list) {
    Block* const block = list;
    list = block->next;
    to_system(block, block->size.bytes);
  }
}

FreeBlock* Pool::take(SizeClass k, int most) {
  static_assert(sizeof(Block) <= 64);
  FreeBlock* taken = nullptr;
  FreeBlock** end = &taken;
  const std::lock_guard lock(mutex_);
  for (Block* block; most > 0 && (block = lists_[k.index]); --most) {
    remove(block);
    *end = new (block) FreeBlock{nullptr};
    end = &(*end)->next;
  }
  return taken;
}

void Pool::give(FreeBlock* list, SizeClass k) noexcept {
  Block* too_many;
  {
    const std::lock_guard lock(mutex_);
    while (list) {
      FreeBlock* const block = list;
      list = block->next;
      insert(block, k);
    }
    too_many = excess(limit());
  }
  release(too_many);
}

void Pool::clear() noexcept {
  Block* everything;
  {
    const std::lock_guard lock(mutex_);
    everything = excess(0);
  }
  release(everything);
}

void* Pool::from_system(size_t bytes) {
  const bool possible = bytes <= static_cast<size_t>(INT64_MAX) - 2 * kHugePage;
  const int64_t size = possible ? rounded(bytes) : 0;
  void* block = possible ? ask(size) : nullptr;
  if (!block && possible) {
    clear();
    block = ask(size);
  }
  if (!block)
    detail::raise<Error>("[allocate] DefaultCPUAllocator: can't allocate memory: you tried to allocate ", bytes,
                         " bytes. Error code 12 (Cannot allocate memory)");
  held_.fetch_add(size, std::memory_order_relaxed);
  system_.fetch_add(1, std::memory_order_relaxed);
  return block;
}

void Pool::to_system(void* block, size_t bytes) noexcept {
  const int64_t size = rounded(bytes);
  held_.fetch_sub(size, std::memory_order_relaxed);
  if (is_mapped(size)) munmap(block, (static_cast<size_t>(size) + 4095) & ~size_t{4095});
  else std::free(block);
}

Pool& pool() noexcept {
  alignas(Pool) static std::byte place[sizeof(Pool)];
  static Pool* const only = [] {
    // A fork must not find the lock taken by a thread that the child lacks.
    pthread_atfork([] { pool().mutex().lock(); }, [] { pool().mutex().unlock(); }, [] { pool().mutex().unlock(); });
    return new (place) Pool;
  }();
  return *only;
}

}}}  // namespace torch::xgrad::memory
