// What the library keeps of freed memory: counted in bytes.
#include <array>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <random>
#include <thread>
#include <vector>

#include <doctest/doctest.h>

#include <xgrad/autograd/core/memory/memory.h>
#include <xgrad/autograd/ops/creation/creation.h>

using namespace xgrad;

namespace {

constexpr int64_t kMiB = int64_t{1} << 20;
constexpr int64_t kShared = 64 * kMiB, kOfThread = 2 * kMiB;
constexpr int kThreads = 16;  // at most, in any of these tests

// True iff no more is kept than memory.h promises.
bool is_bounded() {
  const MemoryStats s = memory_stats();
  return s.cached_bytes >= 0 && s.cached_bytes <= s.live_bytes + kShared + kThreads * kOfThread;
}

Tensor block(int64_t bytes) { return empty({bytes}, kByte); }

// Hands tensors from one thread to another, a few at a time.
class Belt {
 public:
  void put(Tensor t) {
    std::unique_lock lock(mutex_);
    moved_.wait(lock, [this] { return tensors_.size() < 3; });
    tensors_.push_back(std::move(t));
    moved_.notify_all();
  }
  Tensor take() {
    std::unique_lock lock(mutex_);
    moved_.wait(lock, [this] { return !tensors_.empty(); });
    Tensor t = std::move(tensors_.front());
    tensors_.pop_front();
    moved_.notify_all();
    return t;
  }

 private:
  std::mutex mutex_;
  std::condition_variable moved_;
  std::deque<Tensor> tensors_;
};

// What a thread that frees what another makes costs, in bytes had from the system.
int64_t growth_by_handing_over(int64_t bytes, int times) {
  empty_cache();
  const MemoryStats before = memory_stats();
  int64_t most = 0;
  Belt belt;
  std::thread producer([&] {
    for (int i = 0; i < times; ++i) belt.put(block(bytes));
  });
  for (int i = 0; i < times; ++i) {
    belt.take();
    const MemoryStats s = memory_stats();
    most = std::max(most, s.live_bytes + s.cached_bytes - before.live_bytes - before.cached_bytes);
  }
  producer.join();
  return most;
}

}  // namespace

TEST_CASE("what one thread makes and another frees goes round") {
  CHECK(growth_by_handing_over(4 * kMiB, 200) <= 16 * 5 * kMiB);
  CHECK(growth_by_handing_over(40 << 10, 20000) <= 8 * kMiB);
  CHECK(growth_by_handing_over(600, 50000) <= 8 * kMiB);
}

TEST_CASE("tensors of all sizes, one alive at a time, leave little behind") {
  std::mt19937 random(1);
  for (int i = 0; i < 500; ++i) {
    const Tensor t = block(std::uniform_int_distribution<int64_t>(kMiB, 60 * kMiB)(random));
    CHECK(is_bounded());
  }
  CHECK(is_bounded());
}

TEST_CASE("after a peak most of it goes back to the system") {
  for (const int64_t bytes : {int64_t{500}, int64_t{50} << 10, 10 * kMiB, 80 * kMiB}) {
    CAPTURE(bytes);
    std::vector<Tensor> peak;
    while (static_cast<int64_t>(peak.size()) * bytes < 200 * kMiB) peak.push_back(block(bytes));
    CHECK(is_bounded());
    peak.clear();
    CHECK(is_bounded());
    for (int i = 0; i < 100; ++i) block(1000);
    CHECK(is_bounded());
  }
}

TEST_CASE("threads that end leave their blocks to others") {
  empty_cache();
  [[maybe_unused]] const int64_t before = memory_stats().system_allocations;
  for (int i = 0; i < 200; ++i)
    std::thread([] {
      std::vector<Tensor> some;
      for (int k = 0; k < 60; ++k) some.push_back(block(16 << 10));
    }).join();
  CHECK(is_bounded());
#if !defined(__SANITIZE_ADDRESS__)
  CHECK(memory_stats().system_allocations - before <= 200);  // those of the first thread
#endif
  std::array<std::thread, 8> together;
  for (std::thread& t : together)
    t = std::thread([] {
      std::vector<Tensor> some;
      for (int k = 0; k < 100; ++k) some.push_back(block(kMiB));
    });
  for (std::thread& t : together) t.join();
  CHECK(is_bounded());
}

TEST_CASE("every thread's blocks can be given back") {
  empty_cache();
  const auto of_others = memory_stats().cached_bytes;  // that worked in other tests
  std::mutex mutex;
  std::condition_variable changed;
  int stage = 0;
  const auto reach = [&](int wanted) {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return stage == wanted; });
  };
  const auto set = [&](int next) {
    const std::lock_guard lock(mutex);
    stage = next;
    changed.notify_all();
  };
  std::thread other([&] {
    {
      std::vector<Tensor> some;
      for (int k = 0; k < 100; ++k) some.push_back(block(5000));
    }
    set(1);
    reach(2);
    block(5000);
    set(3);
    reach(4);
  });
  reach(1);
#if !defined(__SANITIZE_ADDRESS__)
  CHECK(memory_stats().cached_bytes >= 500000);
#endif
  block(20 * kMiB);
  empty_cache();
  CHECK(memory_stats().cached_bytes <= kOfThread);
  set(2);
  reach(3);
  empty_cache();
  CHECK(memory_stats().cached_bytes <= of_others + 100000);
  set(4);
  other.join();
  empty_cache();
  CHECK(memory_stats().cached_bytes <= kOfThread);
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
TEST_CASE("memory that no machine has is refused with PyTorch's text") {
  const MemoryStats before = memory_stats();
  for (const int64_t n : {int64_t{1} << 50, int64_t{1} << 59}) {
    std::string text;
    try {
      zeros({n}, kByte);
    } catch (const Error& e) {
      text = e.what();
    }
    CHECK(text.find("DefaultCPUAllocator: can't allocate memory: you tried to allocate ") != std::string::npos);
    CHECK(memory_stats().live_tensors == before.live_tensors);
    CHECK(memory_stats().live_bytes == before.live_bytes);
  }
}
#endif
