// Blocks of memory that begin with their StorageImpl, inline for the sources that make or free one in every operation.
#pragma once

#include <new>

#include <xgrad/autograd/core/memory/memory_cache.h>
#include <xgrad/autograd/tensor/storage.h>

namespace torch { inline namespace xgrad {

struct StorageBlock {
  static constexpr size_t kAlignment = 64;

  /// Bytes in front of the elements: the StorageImpl and `room` more.
  static constexpr size_t front(size_t room) { return (sizeof(StorageImpl) + room + kAlignment - 1) / kAlignment * kAlignment; }

  /// A storage of `nbytes` bytes, with one reference. The room in front of them begins behind the StorageImpl.
  static StorageImpl* create(size_t nbytes, size_t room) {
    if (nbytes > SIZE_MAX - front(room)) throw std::bad_alloc();
    auto* block = static_cast<std::byte*>(memory::take_block(front(room) + nbytes, memory::BlockUse::kData));
    auto* s = new (block) StorageImpl;
    s->data_ = block + front(room);
    s->nbytes_ = nbytes;
    return s;
  }

  /// Drops one reference to a storage that is not foreign, as release() does.
  static void release_own(StorageImpl* s) {
    if (s->refs_.decrement()) destroy(s);
  }

  /// Gives the whole block back.
  static void destroy(StorageImpl* s) {
    const size_t bytes = static_cast<size_t>(static_cast<char*>(s->data_) - reinterpret_cast<char*>(s)) + s->nbytes_;
    s->~StorageImpl();
    memory::give_block(s, bytes, memory::BlockUse::kData);
  }
};

}}  // namespace torch::xgrad
