#include <doctest/doctest.h>

#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cfenv>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <numeric>
#include <stdexcept>
#include <thread>
#include <vector>

#include <xgrad/autograd/core/threads.h>
#include <xgrad/autograd/kernels/parallel.h>
#include <xgrad/autograd/ops/ops.h>
#include <xgrad/autograd/tensor/operators.h>

#include "values.h"

using namespace xgrad;
using kernels::parallel_for;

// What the parent's other threads held looks lost to the leak checker of a forked child, where they don't exist.
static bool forked = false;
extern "C" int __lsan_is_turned_off();
extern "C" int __lsan_is_turned_off() { return forked; }

namespace {

// Sets the number of threads for a scope.
class Threads {
 public:
  explicit Threads(int n) : before_(get_num_threads()) { set_num_threads(n); }
  ~Threads() { set_num_threads(before_); }

 private:
  int before_;
};

Tensor waves_of(IntArrayRef shape, ScalarType dtype, double phase) {
  Tensor t = empty(shape, dtype);
  dispatch_floating(dtype, "waves_of", [&](auto zero) {
    auto* p = t.data_ptr<decltype(zero)>();
    for (int64_t i = 0; i < t.numel(); ++i) p[i] = static_cast<decltype(zero)>(std::sin(phase + 0.7 * static_cast<double>(i)));
  });
  return t;
}

// What a child process that calls f and exits returns; it is killed after 20 seconds.
template <class F> int in_child(F f) {
  std::fflush(nullptr);  // or the child would write it too
  const pid_t child = fork();
  if (child == 0) {
    forked = true;
    alarm(20);
    std::exit(f() ? 0 : 1);
  }
  int status = -1;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 100 + status;
}

}  // namespace

TEST_CASE("products have the same bits for every number of threads") {
  struct Shape {
    int64_t rows, depth, columns;
  };
  const Shape shapes[] = {{128, 784, 256}, {256, 128, 784}, {128, 256, 784}, {64, 784, 128},  {128, 128, 10},  {10, 128, 128},
                          {512, 512, 512}, {1, 1000, 3000}, {3000, 1000, 1}, {1, 100000, 1},  {1000, 1, 1000}, {8, 2048, 512},
                          {512, 2048, 8},  {257, 129, 513}, {33, 1000, 700}, {700, 1000, 33}, {2, 70000, 16},  {300, 300, 300}};
  for (ScalarType dtype : {kFloat, kDouble}) {
    for (const Shape& shape : shapes) {
      const int64_t m = shape.rows, k = shape.depth, n = shape.columns;
      const Tensor a = waves_of({m, k}, dtype, 1), b = waves_of({k, n}, dtype, 2), bt = waves_of({n, k}, dtype, 3), at = waves_of({k, m}, dtype, 4);
      const auto all = [&] { return std::vector<Tensor>{mm(a, b), mm(a, bt.t()), mm(at.t(), b)}; };
      std::vector<Tensor> expected;
      {
        Threads one(1);
        expected = all();
      }
      for (int threads : {2, 3}) {
        Threads many(threads);
        const std::vector<Tensor> found = all();
        for (size_t i = 0; i < found.size(); ++i) CHECK_MESSAGE(same_bits(found[i], expected[i]), m, "x", k, "x", n, ", variant ", i);
      }
    }
  }
}

TEST_CASE("batches, vectors and whole derivatives have the same bits for every number of threads") {
  const auto run = [] {
    Tensor x = waves_of({16, 64, 96}, kFloat, 1).requires_grad_(), w = waves_of({96, 80}, kFloat, 2).requires_grad_();
    Tensor y = linear(matmul(x, w), waves_of({300, 80}, kFloat, 3), waves_of({300}, kFloat, 4));
    Tensor z = bmm(y, y.transpose(1, 2));
    z.sum().backward();
    return std::vector<Tensor>{z.detach(), x.grad(), w.grad(), mv(waves_of({2000, 1500}, kDouble, 1), waves_of({1500}, kDouble, 2)),
                               dot(waves_of({300000}, kDouble, 1), waves_of({300000}, kDouble, 2))};
  };
  std::vector<Tensor> expected;
  {
    Threads one(1);
    expected = run();
  }
  for (int threads : {2, 3, 5}) {
    Threads many(threads);
    const std::vector<Tensor> found = run();
    for (size_t i = 0; i < found.size(); ++i) CHECK_MESSAGE(same_bits(found[i], expected[i]), "result ", i, " with ", threads, " threads");
  }
}

TEST_CASE("pieces cover everything once and are cut at multiples of the grain") {
  for (int threads : {1, 2, 3, 8}) {
    Threads many(threads);
    for (int64_t n : {0, 1, 7, 100, 1001})
      for (int64_t grain : {1, 8, 64, 5000}) {
        std::vector<std::atomic<int>> seen(static_cast<size_t>(n));
        std::atomic<bool> aligned{true};
        parallel_for(n, grain, [&](int64_t begin, int64_t end) {
          if (begin % grain != 0 || (end % grain != 0 && end != n)) aligned = false;
          for (int64_t i = begin; i < end; ++i) ++seen[static_cast<size_t>(i)];
        });
        CHECK(aligned);
        CHECK(std::all_of(seen.begin(), seen.end(), [](const auto& count) { return count == 1; }));
      }
  }
}

TEST_CASE("an exception reaches the caller and leaves the pool in order") {
  Threads many(3);
  for (int round = 0; round < 20; ++round) {
    CHECK_THROWS_AS(parallel_for(30, 1,
                                 [](int64_t begin, int64_t) {
                                   if (begin > 0) throw std::out_of_range("a piece failed");
                                 }),
                    std::out_of_range);
    std::atomic<int64_t> sum{0};
    parallel_for(100, 1, [&](int64_t begin, int64_t end) { sum += end - begin; });
    CHECK(sum == 100);
  }
}

TEST_CASE("a region inside a region runs on its thread") {
  Threads many(3);
  std::atomic<int64_t> sum{0};
  parallel_for(6, 1, [&](int64_t begin, int64_t end) {
    const auto self = std::this_thread::get_id();
    for (int64_t i = begin; i < end; ++i)
      parallel_for(50, 1, [&](int64_t b, int64_t e) {
        if (std::this_thread::get_id() == self) sum += e - b;
      });
  });
  CHECK(sum == 300);
}

TEST_CASE("host threads compute at the same time while the number of threads changes") {
  const Tensor a = waves_of({200, 300}, kFloat, 1), b = waves_of({300, 250}, kFloat, 2), expected = mm(a, b);
  const int before = get_num_threads();
  std::atomic<int> wrong{0};
  std::vector<std::thread> hosts;
  for (int h = 0; h < 4; ++h)
    hosts.emplace_back([&, h] {
      for (int round = 0; round < 25; ++round) {
        set_num_threads(1 + (h + round) % 4);
        if (!same_bits(mm(a, b), expected)) ++wrong;
      }
    });
  for (std::thread& t : hosts) t.join();
  set_num_threads(before);
  CHECK(wrong == 0);
}

#if !defined(__SANITIZE_THREAD__)  // which knows no threads that a forked child starts
TEST_CASE("a forked child computes with threads of its own, and ends") {
  Threads many(2);
  const Tensor a = waves_of({200, 300}, kFloat, 1), b = waves_of({300, 250}, kFloat, 2), expected = mm(a, b);
  CHECK(in_child([&] { return same_bits(mm(a, b), expected); }) == 0);
  CHECK(in_child([] { return true; }) == 0);
  CHECK(in_child([&] { return in_child([&] { return same_bits(mm(a, b), expected); }) == 0; }) == 0);
  CHECK(same_bits(mm(a, b), expected));
}
#endif

TEST_CASE("workers compute in the caller's floating-point environment") {
  Threads many(2);
  std::fesetround(FE_UPWARD);
  std::atomic<int> other{0};
  for (int round = 0; round < 50; ++round)
    parallel_for(2, 1, [&](int64_t, int64_t) {
      if (std::fegetround() != FE_UPWARD) ++other;
    });
  std::fesetround(FE_TONEAREST);
  CHECK(other == 0);
}

TEST_CASE("the number of threads must be positive") {
  CHECK_THROWS_AS(set_num_threads(0), ValueError);
  CHECK_THROWS_AS(set_num_threads(-3), ValueError);
  CHECK(get_num_threads() >= 1);
}
