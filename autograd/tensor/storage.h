// The memory that tensors and their views share.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>

#include <xgrad/autograd/core/export.h>
#include <xgrad/autograd/core/memory/intrusive_ptr.h>
#include <xgrad/autograd/core/memory/ref_count.h>

namespace torch { inline namespace xgrad {

/// A block of memory with the version that in-place operations advance.
/// Invariants: data() is 64-byte aligned unless foreign; a foreign block has a deleter (possibly empty).
class StorageImpl {
 public:
  void* data() const { return data_; }
  size_t nbytes() const { return nbytes_; }
  uint32_t version() const { return version_.load(std::memory_order_relaxed); }
  void bump_version() {
    // Who remembers a version holds a reference. Where nobody does, no advance can be lost.
    if (refs_.value() == 1) version_.store(version() + 1, std::memory_order_relaxed);
    else version_.fetch_add(1, std::memory_order_relaxed);
  }
  int64_t use_count() const { return refs_.value(); }
  /// True iff launches were kept that work on it, so that who changes a tensor of it other than by its elements has to begin a new epoch
  /// of kept launches.
  bool is_in_kept_launches() const { return kept_.load(std::memory_order_relaxed); }
  void note_kept_launches() { kept_.store(true, std::memory_order_relaxed); }
  /// True iff the block belongs to somebody else.
  bool is_foreign() const { return deleter_ != nullptr; }

 private:
  friend class Storage;
  friend struct StorageBlock;
  friend void retain(StorageImpl* s) { s->refs_.increment(); }
  friend void release(StorageImpl* s) {
    if (s->refs_.decrement()) destroy(s);
  }
  XGRAD_API static void destroy(StorageImpl* s);

  RefCount refs_;
  std::atomic<uint32_t> version_{0};
  std::atomic<bool> kept_{false};
  void* data_ = nullptr;
  size_t nbytes_ = 0;
  std::function<void(void*)>* deleter_ = nullptr;  // set iff the block is foreign
};

/// A handle on a StorageImpl.
class Storage : public IntrusivePtr<StorageImpl> {
 public:
  Storage() = default;
  Storage(IntrusivePtr<StorageImpl>&& p) : IntrusivePtr(std::move(p)) {}
  /// Uninitialised memory. Throws std::bad_alloc.
  XGRAD_API static Storage allocate(size_t nbytes);
  /// Memory owned elsewhere; `deleter` runs when the last user is gone, and also when this call throws.
  XGRAD_API static Storage foreign(void* data, size_t nbytes, std::function<void(void*)> deleter);

  void* data() const { return get()->data(); }
  size_t nbytes() const { return get()->nbytes(); }
  bool is_alias_of(const Storage& other) const { return get() == other.get(); }
  int64_t use_count() const { return get()->use_count(); }
};

}}  // namespace torch::xgrad
