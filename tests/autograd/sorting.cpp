// Sorting of short and long lines of every type against std::stable_sort.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <numeric>
#include <vector>

#include <xgrad/autograd/ops/creation/tensor_literal.h>
#include <xgrad/autograd/ops/ops.h>

using namespace xgrad;

namespace {

template <class T> bool is_nan(T x) { return x != x; }

// Positions in order; NaN is larger than every number, equal elements keep their order.
template <class T> std::vector<int64_t> order(const T* x, int64_t n, bool descending) {
  std::vector<int64_t> at(static_cast<size_t>(n));
  std::iota(at.begin(), at.end(), 0);
  std::stable_sort(at.begin(), at.end(), [&](int64_t i, int64_t j) {
    const T a = descending ? x[j] : x[i], b = descending ? x[i] : x[j];
    return is_nan(b) ? !is_nan(a) : a < b;
  });
  return at;
}

template <class T> void check_lines(const Tensor& x, const Tensor& values, const Tensor& positions, bool descending) {
  const int64_t n = x.size(1), k = values.size(1);
  for (int64_t row = 0; row < x.size(0); ++row) {
    const T* const line = x.data_ptr<T>() + row * n;
    const std::vector<int64_t> expected = order(line, n, descending);
    bool same = true;
    for (int64_t i = 0; i < k; ++i) {
      const int64_t at = expected[static_cast<size_t>(i)];
      same = same && positions.data_ptr<int64_t>()[row * k + i] == at;
      same = same && std::memcmp(values.data_ptr<T>() + row * k + i, line + at, sizeof(T)) == 0;
    }
    CHECK(same);
  }
}

template <class T> void check_sorts(const Tensor& x) {
  const int64_t n = x.size(1);
  for (bool descending : {false, true}) {
    CAPTURE(descending);
    const auto [values, positions] = x.sort(1, descending);
    check_lines<T>(x, values, positions, descending);
    const auto [columns, rows] = x.t().contiguous().sort(0, descending);
    check_lines<T>(x, columns.t().contiguous(), rows.t().contiguous(), descending);
    CHECK(equal(x.argsort(1, descending), positions));
    if (x.dtype() == kBool) continue;
    for (int64_t k : {int64_t{1}, std::min<int64_t>(n, 9), n / 2 + 1, n}) {
      CAPTURE(k);
      const auto [largest, at] = x.topk(k, 1, descending);
      check_lines<T>(x, largest, at, descending);
    }
  }
}

// Some of everything a floating type has, many times over.
template <class T> Tensor with_special_values(int64_t rows, int64_t n, ScalarType dtype) {
  using Limits = std::numeric_limits<T>;
  const std::vector<T> special = {T(0),
                                  -T(0),
                                  Limits::infinity(),
                                  -Limits::infinity(),
                                  Limits::quiet_NaN(),
                                  -Limits::quiet_NaN(),
                                  Limits::denorm_min(),
                                  -Limits::denorm_min(),
                                  Limits::max(),
                                  Limits::lowest(),
                                  Limits::min(),
                                  T(1),
                                  std::nextafter(T(1), T(2)),
                                  T(-1)};
  Tensor x = randn({rows, n}).to(dtype);
  const Tensor choice = randint(0, 3 * static_cast<int64_t>(special.size()), {rows * n});
  for (int64_t i = 0; i < rows * n; ++i)
    if (const auto c = static_cast<size_t>(choice.data_ptr<int64_t>()[i]); c < special.size()) x.data_ptr<T>()[i] = special[c];
  return x;
}

}  // namespace

TEST_CASE("lines of any length and type are sorted, equal elements keep their order") {
  manual_seed(3);
  for (int64_t n : {1, 2, 7, 31, 99, 100, 101, 249, 250, 251, 700, 3000}) {
    CAPTURE(n);
    check_sorts<float>(with_special_values<float>(3, n, kFloat));
    check_sorts<double>(with_special_values<double>(3, n, kDouble));
    check_sorts<int64_t>(randint(-20, 20, {3, n}));
    check_sorts<int64_t>(randint(std::numeric_limits<int64_t>::min(), std::numeric_limits<int64_t>::max(), {3, n}));
    check_sorts<int32_t>(randint(std::numeric_limits<int32_t>::min(), std::numeric_limits<int32_t>::max(), {3, n}).to(kInt));
    check_sorts<uint8_t>(randint(0, 256, {3, n}).to(kByte));
    check_sorts<bool>(randint(0, 2, {3, n}).to(kBool));
  }
}

TEST_CASE("a line of equal elements, one in order and one against it") {
  for (int64_t n : {50, 1000}) {
    check_sorts<float>(zeros({1, n}));
    check_sorts<float>(arange(n).to(kFloat).view({1, n}));
    check_sorts<double>(arange(n, 0, -1).to(kDouble).view({1, n}));
  }
}

TEST_CASE("different elements are part of the graph, and a sweep to them throws") {
  const Tensor x = tensor({2., 1., 2.}).requires_grad_();
  const auto refuses = [](const Tensor& values, const char* name) {
    CHECK(values.requires_grad());
    CHECK_THROWS_WITH_AS(values.sum().backward(), doctest::Contains(name), NotImplementedError);
  };
  refuses(std::get<0>(_unique(x)), "the derivative for '_unique' is not implemented");
  refuses(std::get<0>(_unique2(x)), "the derivative for '_unique2' is not implemented");
  refuses(std::get<0>(unique_dim(x, 0)), "the derivative for 'unique_dim' is not implemented");
  refuses(std::get<0>(unique_consecutive(x)), "the derivative for 'unique_consecutive' is not implemented");
  CHECK(!std::get<0>(_unique2(x.detach())).requires_grad());
}
