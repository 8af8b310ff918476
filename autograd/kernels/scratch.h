// Memory that a computation needs while it runs.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>

#include <xgrad/autograd/core/memory/memory.h>
#include <xgrad/autograd/kernels/parallel.h>

namespace torch { inline namespace xgrad { namespace kernels {

/// n elements.
template <class T> class Scratch {
 public:
  explicit Scratch(int64_t n) : bytes_(static_cast<size_t>(n) * sizeof(T)), data_(static_cast<T*>(memory::allocate(bytes_))) {}
  ~Scratch() { memory::deallocate(data_, bytes_); }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  T* data() const { return data_; }

 private:
  size_t bytes_;
  T* data_;
};

/// A few pieces of n elements, which the threads of a parallel region borrow. The thread that opens the region makes them: blocks
/// that workers took from their own caches would be asked of the system whenever another worker comes first.
template <class T> class SharedScratch {
 public:
  static constexpr int kMostPieces = 32;

  SharedScratch(int pieces, int64_t n) : memory_(pieces * n), n_(n), free_(pieces < kMostPieces ? (uint32_t{1} << pieces) - 1 : ~uint32_t{0}) {}

  /// Null if all are out.
  T* borrow() {
    uint32_t free = free_.load(std::memory_order_relaxed);
    while (free && !free_.compare_exchange_weak(free, free & (free - 1), std::memory_order_acquire, std::memory_order_relaxed)) {}
    return free ? memory_.data() + __builtin_ctz(free) * n_ : nullptr;
  }
  void give_back(T* piece) { free_.fetch_or(uint32_t{1} << ((piece - memory_.data()) / n_), std::memory_order_release); }

 private:
  Scratch<T> memory_;
  int64_t n_;
  std::atomic<uint32_t> free_;
};

/// A piece of a SharedScratch, or memory of its own where there is none or all are out.
template <class T> class Borrowed {
 public:
  Borrowed(SharedScratch<T>* shared, int64_t n) : shared_(shared), piece_(shared ? shared->borrow() : nullptr) {
    if (!piece_) own_.emplace(n);
  }
  ~Borrowed() {
    if (piece_) shared_->give_back(piece_);
  }
  Borrowed(const Borrowed&) = delete;
  Borrowed& operator=(const Borrowed&) = delete;
  T* data() const { return piece_ ? piece_ : own_->data(); }

 private:
  SharedScratch<T>* shared_;
  T* piece_;
  std::optional<Scratch<T>> own_;
};

/// Pieces that a parallel region of so many tasks borrows at once.
inline int pieces_for(int64_t tasks) { return static_cast<int>(std::min<int64_t>({num_threads(), tasks, SharedScratch<char>::kMostPieces})); }

/// parallel_for() whose body(first, last, room) has n elements of room while it runs.
template <class T, class F> void parallel_for_with_room(int64_t tasks, int64_t grain, int64_t n, const F& body) {
  SharedScratch<T> rooms(pieces_for(tasks), n);
  parallel_for(tasks, grain, [&](int64_t first, int64_t last) {
    const Borrowed<T> room(&rooms, n);
    body(first, last, room.data());
  });
}

}}}  // namespace torch::xgrad::kernels
