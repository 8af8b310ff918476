#include <doctest/doctest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <vector>

#include <xgrad/autograd/core/threads.h>
#include <xgrad/autograd/ops/ops.h>

#include "values.h"
#include "autograd/instruction_sets.h"

using namespace xgrad;

namespace {

// Calls f with the kernels of every instruction set this machine has.
template <class F> void with_every_instruction_set(F f) {
  for (auto set : test::instruction_sets()) {
    const test::InSet in(set);
    INFO(kernels::name(set));
    f();
  }
}

// Integers from -8 to 7, which float sums represent exactly.
Tensor whole_numbers(IntArrayRef shape, ScalarType dtype) {
  static uint32_t state = 1;
  Tensor t = empty(shape, dtype);
  dispatch_all(dtype, "whole_numbers", [&](auto zero) {
    using T = decltype(zero);
    for (int64_t i = 0; i < t.numel(); ++i) t.data_ptr<T>()[i] = static_cast<T>(static_cast<int>((state = state * 1664525u + 1013904223u) >> 28) - 8);
  });
  return t;
}

// The same numbers inside a larger matrix of NaN, so that reading anything else shows; transposed in memory or not.
Tensor framed(int64_t rows, int64_t columns, ScalarType dtype, bool transposed) {
  if (transposed) return framed(columns, rows, dtype, false).t();
  Tensor inside = full({rows + 2, columns + 3}, kNaN, dtype).slice(0, 1, rows + 1).slice(1, 2, columns + 2);
  inside.copy_(whole_numbers({rows, columns}, dtype));
  return inside;
}

template <class T> std::vector<T> elements(const Tensor& t) {
  const Tensor c = t.contiguous();
  return {c.data_ptr<T>(), c.data_ptr<T>() + c.numel()};
}

template <class T> std::vector<T> triple_loop(const Tensor& a, const Tensor& b) {
  const std::vector<T> x = elements<T>(a), y = elements<T>(b);
  const size_t m = static_cast<size_t>(a.size(0)), k = static_cast<size_t>(a.size(1)), n = static_cast<size_t>(b.size(1));
  std::vector<T> c(m * n, 0);
  for (size_t i = 0; i < m; ++i)
    for (size_t d = 0; d < k; ++d)
      for (size_t j = 0; j < n; ++j) c[i * n + j] += x[i * k + d] * y[d * n + j];
  return c;
}

template <class T> bool equal(const Tensor& t, const std::vector<T>& expected) { return elements<T>(t) == expected; }

// a b, s + a b with s of the product's shape and with a row of it, for every layout of a and b.
template <class T> int wrong_products(int64_t m, int64_t n, int64_t k, ScalarType dtype) {
  int wrong = 0;
  const Tensor row = whole_numbers({n}, dtype), whole = framed(m, n, dtype, false);
  for (bool ta : {false, true})
    for (bool tb : {false, true}) {
      const Tensor a = framed(m, k, dtype, ta), b = framed(k, n, dtype, tb);
      std::vector<T> expected = triple_loop<T>(a, b);
      wrong += !equal(mm(a, b), expected);
      const std::vector<T> r = elements<T>(row), w = elements<T>(whole);
      std::vector<T> with_row = expected, with_whole = expected;
      for (size_t i = 0; i < expected.size(); ++i) with_row[i] += r[i % r.size()], with_whole[i] += w[i];
      wrong += !equal(addmm(row, a, b), with_row);
      wrong += !equal(addmm(whole, a, b), with_whole);
    }
  return wrong;
}

template <class T> int wrong_small_products(ScalarType dtype) {
  int wrong = 0;
  for (int64_t m = 1; m <= 20; ++m)
    for (int64_t n = 1; n <= 20; ++n)
      for (int64_t k = 1; k <= 20; ++k) wrong += wrong_products<T>(m, n, k, dtype);
  return wrong;
}

struct Shape {
  int64_t m, n, k;
};

// One element beside every width of a tile, several tiles, several blocks, and more rows, columns and depth than are copied at once.
const Shape kLarger[] = {{1, 33, 40},    {1, 127, 3},     {1, 129, 70},     {1, 200, 300},   {200, 1, 300}, {3, 49, 257},
                         {33, 2, 65},    {2, 33, 65},     {64, 10, 128},    {10, 64, 130},   {47, 95, 31},  {9, 145, 513},
                         {130, 97, 260}, {600, 50, 20},   {257, 130, 300},  {300, 50, 1100}, {70, 800, 13}, {800, 70, 13},
                         {20, 30, 1500}, {150, 130, 700}, {150, 300, 1100}, {1100, 130, 150}};

}  // namespace

TEST_CASE("small products of every shape equal the triple loop") {
  with_every_instruction_set([] {
    CHECK(wrong_small_products<float>(kFloat) == 0);
    CHECK(wrong_small_products<double>(kDouble) == 0);
  });
}

TEST_CASE("larger products equal the triple loop") {
  with_every_instruction_set([] {
    for (const Shape& shape : kLarger) {
      const int64_t m = shape.m, n = shape.n, k = shape.k;
      INFO(m, " x ", n, " x ", k);
      CHECK(wrong_products<float>(m, n, k, kFloat) == 0);
      CHECK(wrong_products<double>(m, n, k, kDouble) == 0);
    }
  });
}

TEST_CASE("factors whose rows lie a power of two apart equal the triple loop") {
  const int64_t m = 65, n = 70, k = 150;
  const Tensor memory = whole_numbers({150, 4096}, kFloat), other = whole_numbers({150, 4096}, kFloat);
  const auto part = [](const Tensor& t, int64_t rows, int64_t columns) { return t.slice(0, 0, rows).slice(1, 0, columns); };
  with_every_instruction_set([&] {
    for (const Tensor& a : {part(memory, m, k), part(memory, k, m).t()})
      for (const Tensor& b : {part(other, k, n), part(other, n, k).t()}) CHECK(equal(mm(a, b), triple_loop<float>(a, b)));
  });
}

TEST_CASE("a factor whose elements repeat or lie apart in both directions") {
  const Tensor wide = whole_numbers({40, 60}, kFloat), a = wide.slice(0, 0, 40, 2).slice(1, 0, 60, 3), b = wide.slice(0, 0, 20).slice(1, 1, 60, 2);
  CHECK(equal(mm(a, b), triple_loop<float>(a, b)));
  const Tensor one = whole_numbers({1, 20}, kFloat).expand({20, 20}), other = whole_numbers({20, 1}, kFloat).expand({20, 20});
  for (const Tensor& x : {a, one, other})
    for (const Tensor& y : {b, one, other}) CHECK(equal(mm(x, y), triple_loop<float>(x, y)));
}

namespace {

int misplaced(double special, int64_t m, int64_t n, int64_t k, bool ta, bool tb) {
  const Tensor a = zeros({m, k}), b = ones({k, n});
  b.select(0, k / 2).select(0, n / 2).fill_(special);
  const std::vector<float> c = elements<float>(mm(ta ? a.t().contiguous().t() : a, tb ? b.t().contiguous().t() : b));
  int wrong = 0;
  for (size_t i = 0; i < c.size(); ++i) {
    const bool expected = static_cast<int64_t>(i) % n == n / 2;
    wrong += expected ? !std::isnan(c[i]) : c[i] != 0;
  }
  return wrong;
}

}  // namespace

TEST_CASE("zero times NaN or infinity is NaN in every shape, and stays in its column") {
  with_every_instruction_set([] {
    int wrong = 0;
    for (double special : {kNaN, std::numeric_limits<double>::infinity()})
      for (int64_t m : {1, 2, 5, 8, 17})
        for (int64_t n : {1, 2, 7, 16, 17, 50})
          for (int64_t k : {1, 3, 16, 19})
            for (int layout = 0; layout < 4; ++layout) wrong += misplaced(special, m, n, k, layout & 1, layout & 2);
    CHECK(wrong == 0);
  });
}

TEST_CASE("batches multiply as their matrices do") {
  for (const auto& [m, n, k] : {Shape{1, 1, 1}, Shape{4, 4, 4}, Shape{3, 17, 5}, Shape{16, 2, 40}, Shape{40, 33, 50}}) {
    const Tensor a = whole_numbers({5, m, k}, kFloat), b = whole_numbers({5, n, k}, kFloat).transpose(1, 2), s = whole_numbers({n}, kFloat);
    const Tensor y = bmm(a, b), z = baddbmm(s, a, b);
    for (int64_t i = 0; i < 5; ++i) {
      CHECK(equal(y[i], triple_loop<float>(a[i], b[i])));
      CHECK(elements<float>(z[i]) == elements<float>(y[i] + s));
    }
    CHECK(equal(bmm(a[0].expand({3, m, k}), b.slice(0, 0, 3))[2], triple_loop<float>(a[0], b[2])));
  }
}

namespace {

// s + a b^T on 1, 2 and 3 threads.
std::vector<Tensor> on_threads(const Tensor& s, const Tensor& a, const Tensor& b) {
  const int before = get_num_threads();
  std::vector<Tensor> results;
  for (int threads : {1, 2, 3}) {
    set_num_threads(threads);
    results.push_back(addmm(s, a, b.t()));
  }
  set_num_threads(before);
  return results;
}

}  // namespace

TEST_CASE("products have the same bits on any number of threads") {
  manual_seed(1);
  with_every_instruction_set([] {
    for (const auto& [m, n, k] : {Shape{128, 512, 784}, Shape{10, 128, 5000}, Shape{3000, 7, 200}, Shape{1, 1000, 1000}, Shape{1000, 1, 1000},
                                  Shape{513, 700, 129}, Shape{700, 700, 700}})
      for (ScalarType dtype : {kFloat, kDouble}) {
        const std::vector<Tensor> results = on_threads(randn({n}, dtype), randn({m, k}, dtype), randn({n, k}, dtype));
        for (const Tensor& y : results) CHECK(std::memcmp(y.data_ptr(), results[0].data_ptr(), y.nbytes()) == 0);
      }
  });
}
