#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <vector>

#include <xgrad/autograd/graph/node.h>
#include <xgrad/autograd/ops/ops.h>
#include <xgrad/autograd/tensor/operators.h>

using namespace xgrad;

namespace {

// Small repeatable numbers that float sums represent exactly.
struct Numbers {
  uint32_t state = 1;
  int operator()() { return static_cast<int>((state = state * 1664525u + 1013904223u) >> 28) - 8; }
};

Tensor drawn_by(IntArrayRef shape, ScalarType dtype, uint32_t seed) {
  Tensor t = empty(shape, dtype);
  Numbers next{seed};
  dispatch_all(dtype, "drawn", [&](auto zero) {
    using T = decltype(zero);
    for (int64_t i = 0; i < t.numel(); ++i) static_cast<T*>(t.data_ptr())[i] = static_cast<T>(next());
  });
  return t;
}

template <class T> std::vector<T> naive(const Tensor& a, const Tensor& b) {
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

template <class T> std::vector<T> elements_of(const Tensor& t) { return std::vector<T>(t.data_ptr<T>(), t.data_ptr<T>() + t.numel()); }

// The ways a matrix of rows x columns may lie in memory.
std::vector<Tensor> layouts(int64_t rows, int64_t columns, ScalarType dtype, uint32_t seed) {
  return {drawn_by({rows, columns}, dtype, seed),
          drawn_by({columns, rows}, dtype, seed).t(),
          drawn_by({rows, columns + 3}, dtype, seed).slice(1, 2, columns + 2),
          drawn_by({rows, 2 * columns}, dtype, seed).slice(1, 0, 2 * columns, 2),
          drawn_by({2 * columns, 3 * rows}, dtype, seed).slice(0, 0, 2 * columns, 2).slice(1, 0, 3 * rows, 3).t(),
          drawn_by({1, columns}, dtype, seed).expand({rows, columns}),
          drawn_by({rows, 1}, dtype, seed).expand({rows, columns}),
          drawn_by({1, 1}, dtype, seed).expand({rows, columns})};
}

template <class T> void check_products(ScalarType dtype) {
  for (auto [m, k, n] :
       std::vector<std::tuple<int64_t, int64_t, int64_t>>{{1, 1, 1}, {1, 5, 1}, {1, 5, 4}, {4, 5, 1}, {3, 1, 4}, {2, 3, 4}, {17, 9, 33}})
    for (const Tensor& a : layouts(m, k, dtype, 7))
      for (const Tensor& b : layouts(k, n, dtype, 9)) CHECK(elements_of<T>(mm(a, b)) == naive<T>(a, b));
}

}  // namespace

TEST_CASE("products of every memory layout equal the triple loop") {
  check_products<float>(kFloat);
  check_products<double>(kDouble);
  check_products<int64_t>(kLong);
  check_products<int32_t>(kInt);
  check_products<uint8_t>(kByte);
}

namespace {

Tensor filled(IntArrayRef shape, double value) { return full(shape, value, kFloat); }

}  // namespace

TEST_CASE("NaN and infinity survive products, and only beta 0 hides them") {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const auto all_nan = [](const Tensor& t) {
    for (float v : elements_of<float>(t))
      if (!std::isnan(v)) return false;
    return true;
  };
  for (int64_t n : {1, 3, 40}) {
    const Tensor zeros = filled({n, n}, 0), nans = filled({n, n}, nan);
    CHECK(all_nan(mm(zeros, nans)));
    CHECK(all_nan(mm(nans, zeros)));
    CHECK(all_nan(mv(zeros, filled({n}, nan))));
    CHECK(all_nan(dot(filled({n}, 0), filled({n}, nan))));
    CHECK(all_nan(addmm(zeros, nans, zeros, 1, 0)));
    CHECK(all_nan(addmm(nans, zeros, zeros, 1, 1)));
    CHECK(all_nan(addmm(zeros, zeros, zeros, nan, 1)));
    CHECK(all_nan(addmm(zeros, zeros, zeros, 1, nan)));
    CHECK(elements_of<float>(addmm(nans, zeros, zeros, 0, 1)) == std::vector<float>(static_cast<size_t>(n * n), 0));
  }
  CHECK(elements_of<float>(mm(filled({2, 0}, nan), filled({0, 2}, nan))) == std::vector<float>(4, 0));
  CHECK(elements_of<float>(addmm(filled({2}, 3), filled({2, 0}, nan), filled({0, 2}, nan), 2)) == std::vector<float>(4, 6));
}

TEST_CASE("operations are recorded under PyTorch's names") {
  const auto leaf = [](IntArrayRef shape) { return filled(shape, 1).requires_grad_(); };
  const auto name = [](const Tensor& t) { return t.grad_fn()->name(); };
  CHECK(name(mm(leaf({2, 3}), leaf({3, 2}))) == "MmBackward0");
  CHECK(name(mv(leaf({2, 3}), leaf({3}))) == "MvBackward0");
  CHECK(name(dot(leaf({3}), leaf({3}))) == "DotBackward0");
  CHECK(name(bmm(leaf({1, 2, 3}), leaf({1, 3, 2}))) == "BmmBackward0");
  CHECK(name(addmm(leaf({2}), leaf({2, 3}), leaf({3, 2}))) == "AddmmBackward0");
  CHECK(name(matmul(leaf({3}), leaf({3, 2}))) == "SqueezeBackward3");
  CHECK(name(matmul(leaf({4, 2, 3}), leaf({3, 2}))) == "UnsafeViewBackward0");
  CHECK(name(linear(leaf({2, 3}), leaf({4, 3}), leaf({4}))) == "AddmmBackward0");
  CHECK(name(linear(leaf({2, 3}), leaf({4, 3}))) == "MmBackward0");
  CHECK(name(linear(leaf({5, 2, 3}), leaf({4, 3}), leaf({4}))) == "ViewBackward0");
  CHECK(name(outer(leaf({2}), leaf({3}))) == "MulBackward0");
}

TEST_CASE("a result of matmul may be changed in place") {
  Tensor x = filled({2, 2, 3}, 1).requires_grad_(), w = filled({3, 2}, 2).requires_grad_();
  Tensor y = matmul(x, w);
  CHECK(!y.is_view());
  y.mul_(3);
  y.sum().backward();
  CHECK(elements_of<float>(w.grad()) == std::vector<float>(6, 12));
}

TEST_CASE("a failed product changes nothing") {
  Tensor self = filled({2, 2}, 1);
  CHECK_THROWS_AS(self.addmm_(filled({2, 3}, 1), filled({4, 2}, 1)), Error);
  CHECK(self._version() == 0);
  self.addmm_(filled({2, 3}, 1), filled({3, 2}, 1), 0.5, 2);
  CHECK(elements_of<float>(self) == std::vector<float>(4, 6.5));
}
