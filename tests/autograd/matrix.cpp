#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <vector>

#include <xgrad/autograd/kernels/gemm.h>
#include <xgrad/autograd/ops.h>
#include <xgrad/autograd/operators.h>

using namespace xgrad;

namespace {

// Small repeatable numbers that float sums represent exactly.
struct Numbers {
  uint32_t state = 1;
  int operator()() { return static_cast<int>((state = state * 1664525u + 1013904223u) >> 28) - 8; }
};

Tensor numbers(IntArrayRef shape, ScalarType dtype, uint32_t seed) {
  Tensor t = empty(shape, dtype);
  Numbers next{seed};
  dispatch_all(dtype, "numbers", [&](auto zero) {
    using T = decltype(zero);
    for (int64_t i = 0; i < t.numel(); ++i) static_cast<T*>(t.data_ptr())[i] = static_cast<T>(next());
  });
  return t;
}

template <class T>
std::vector<T> naive(const Tensor& a, const Tensor& b) {
  auto x = a.accessor<T, 2>(), y = b.accessor<T, 2>();
  std::vector<T> c;
  for (int64_t i = 0; i < a.size(0); ++i)
    for (int64_t j = 0; j < b.size(1); ++j) {
      T sum = 0;
      for (int64_t k = 0; k < a.size(1); ++k) sum = static_cast<T>(sum + x[i][k] * y[k][j]);
      c.push_back(sum);
    }
  return c;
}

template <class T>
std::vector<T> values(const Tensor& t) {
  return std::vector<T>(t.data_ptr<T>(), t.data_ptr<T>() + t.numel());
}

// The ways a matrix of rows x columns may lie in memory.
std::vector<Tensor> layouts(int64_t rows, int64_t columns, ScalarType dtype, uint32_t seed) {
  return {numbers({rows, columns}, dtype, seed),
          numbers({columns, rows}, dtype, seed).t(),
          numbers({rows, columns + 3}, dtype, seed).slice(1, 2, columns + 2),
          numbers({rows, 2 * columns}, dtype, seed).slice(1, 0, 2 * columns, 2),
          numbers({2 * columns, 3 * rows}, dtype, seed).slice(0, 0, 2 * columns, 2).slice(1, 0, 3 * rows, 3).t(),
          numbers({1, columns}, dtype, seed).expand({rows, columns}),
          numbers({rows, 1}, dtype, seed).expand({rows, columns}),
          numbers({1, 1}, dtype, seed).expand({rows, columns})};
}

template <class T>
void check_products(ScalarType dtype) {
  for (auto [m, k, n] : std::vector<std::tuple<int64_t, int64_t, int64_t>>{{1, 1, 1}, {1, 5, 1}, {1, 5, 4}, {4, 5, 1}, {3, 1, 4}, {2, 3, 4}, {17, 9, 33}})
    for (const Tensor& a : layouts(m, k, dtype, 7))
      for (const Tensor& b : layouts(k, n, dtype, 9)) CHECK(values<T>(mm(a, b)) == naive<T>(a, b));
}

}  // namespace

TEST_CASE("products of every memory layout equal the triple loop") {
  check_products<float>(kFloat);
  check_products<double>(kDouble);
  check_products<int64_t>(kLong);
  check_products<int32_t>(kInt);
  check_products<uint8_t>(kByte);
}
