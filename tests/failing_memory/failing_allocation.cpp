#include "failing_memory/failing_allocation.h"

#include <dlfcn.h>
#include <sys/mman.h>
#include <sys/types.h>

#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdlib>

namespace failing {

namespace {

std::atomic<int64_t> left{0};  // allocations until the one that fails; it, and those after it, count on below 0
std::atomic<bool> armed{false}, for_good{false};

}  // namespace

// True iff this one fails.
bool fails() {
  if (!armed.load(std::memory_order_relaxed)) return false;
  const int64_t before = left.fetch_sub(1, std::memory_order_relaxed);
  return before == 1 || (before < 1 && for_good.load(std::memory_order_relaxed));
}

Allocation::Allocation(int64_t n, Kind kind) {
  left = n;
  for_good = kind == Kind::kFromOn;
  armed = true;
}
Allocation::~Allocation() { armed = false; }
bool Allocation::happened() const { return left.load() <= 0; }

}  // namespace failing

// The program's own are everybody's.
void* operator new(size_t n) {
  void* const p = failing::fails() ? nullptr : std::malloc(n > 0 ? n : 1);
  if (!p) throw std::bad_alloc();
  return p;
}
void* operator new(size_t n, const std::nothrow_t&) noexcept { return failing::fails() ? nullptr : std::malloc(n > 0 ? n : 1); }
void operator delete(void* p) noexcept { std::free(p); }
void operator delete(void* p, size_t) noexcept { std::free(p); }

extern "C" {
void* __libc_memalign(size_t, size_t);

// Blocks are aligned further than any type. What asks for no more is libc++abi, for an exception: its reserve, which would
// take the place of a refused one, is misaligned in LLVM 14.
int posix_memalign(void** p, size_t alignment, size_t n) {
  *p = alignment > alignof(std::max_align_t) && failing::fails() ? nullptr : __libc_memalign(alignment, n);
  return *p ? 0 : ENOMEM;
}

void* mmap(void* address, size_t length, int protection, int flags, int file, off_t offset) noexcept {
  static const auto real = reinterpret_cast<decltype(&mmap)>(dlsym(RTLD_NEXT, "mmap"));
  if (!failing::fails()) return real(address, length, protection, flags, file, offset);
  errno = ENOMEM;
  return MAP_FAILED;
}
}
