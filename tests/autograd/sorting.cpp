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

constexpr double kNan = NAN;

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

namespace {

// What each row's elements up to and including each give, by definition.
template <class T> void check_extremes(const Tensor& x, bool largest) {
  const auto [values, positions] = largest ? cummax(x, 1) : cummin(x, 1);
  const int64_t n = x.size(1);
  bool same = true;
  for (int64_t row = 0; row < x.size(0); ++row) {
    const T* const line = x.data_ptr<T>() + row * n;
    int64_t best = 0;
    for (int64_t i = 0; i < n; ++i) {
      const bool better = largest ? line[i] >= line[best] : line[i] <= line[best];
      if (is_nan(line[i]) || (better && !is_nan(line[best]))) best = i;
      same = same && positions.data_ptr<int64_t>()[row * n + i] == best;
      same = same && std::memcmp(values.data_ptr<T>() + row * n + i, line + best, sizeof(T)) == 0;
    }
  }
  CHECK(same);
}

template <class T> void check_median(const Tensor& x) {
  const int64_t n = x.size(1);
  const auto [values, positions] = x.median(1);
  const auto [of_numbers, at_numbers] = x.nanmedian(1);
  for (int64_t row = 0; row < x.size(0); ++row) {
    const T* const line = x.data_ptr<T>() + row * n;
    const std::vector<int64_t> ordered = order(line, n, false);
    const int64_t numbers = n - std::count_if(line, line + n, is_nan<T>);
    const int64_t middle = numbers == 0 ? 0 : ordered[static_cast<size_t>((numbers - 1) / 2)];
    const int64_t first_nan = std::find_if(line, line + n, is_nan<T>) - line;
    if (numbers > 0) CHECK(at_numbers.data_ptr<int64_t>()[row] == middle);  // of NaN it may be any
    CHECK(positions.data_ptr<int64_t>()[row] == (numbers == n ? middle : first_nan));
    CHECK(std::memcmp(of_numbers.data_ptr<T>() + row, line + at_numbers.data_ptr<int64_t>()[row], sizeof(T)) == 0);
    CHECK(std::memcmp(values.data_ptr<T>() + row, line + positions.data_ptr<int64_t>()[row], sizeof(T)) == 0);
  }
}

template <class T> void check_search(const Tensor& edges, const Tensor& values) {
  const T *const edge = edges.data_ptr<T>(), *const value = values.data_ptr<T>();
  for (const bool right : {false, true})
    for (const bool narrow : {false, true}) {
      const Tensor found = bucketize(values, edges, narrow, right).to(kLong);
      bool same = true;
      for (int64_t i = 0; i < values.numel(); ++i) {
        int64_t expected = 0;
        while (expected < edges.numel() && !(right ? edge[expected] > value[i] : edge[expected] >= value[i])) ++expected;
        same = same && found.data_ptr<int64_t>()[i] == expected;
      }
      CHECK(same);
    }
}

}  // namespace

TEST_CASE("the first few of a line are those of the whole line in order") {
  manual_seed(4);
  for (int64_t n : {2, 9, 40, 700})
    for (int64_t k : {1, 3, 8, 9}) {
      if (k > n) continue;
      for (const bool largest : {false, true}) {
        const auto check = [&](auto type, const Tensor& x) {
          const auto [values, positions] = x.topk(k, 1, largest);
          check_lines<decltype(type)>(x, values, positions, largest);
        };
        check(float(), with_special_values<float>(5, n, kFloat));
        check(double(), with_special_values<double>(5, n, kDouble));
        check(int64_t(), randint(-3, 3, {5, n}));
        check(uint8_t(), randint(0, 256, {5, n}).to(kByte));
      }
    }
}

TEST_CASE("running extrema are those of a loop, NaN stays and the last of equal ones counts") {
  manual_seed(5);
  for (int64_t n : {1, 2, 15, 16, 17, 64, 300})
    for (const bool largest : {false, true}) {
      CAPTURE(n);
      check_extremes<float>(with_special_values<float>(4, n, kFloat), largest);
      check_extremes<double>(with_special_values<double>(4, n, kDouble), largest);
      check_extremes<float>(randn({4, n}), largest);
      check_extremes<double>(randint(-3, 3, {4, n}).to(kDouble), largest);
      check_extremes<int64_t>(randint(-3, 3, {4, n}), largest);
    }
}

TEST_CASE("medians are the middle of the sorted line") {
  manual_seed(6);
  for (int64_t n : {1, 2, 3, 10, 101, 600}) {
    CAPTURE(n);
    check_median<float>(with_special_values<float>(4, n, kFloat));
    check_median<double>(with_special_values<double>(4, n, kDouble));
    check_median<float>(randn({4, n}));
    check_median<int64_t>(randint(-3, 3, {4, n}));
    check_median<uint8_t>(randint(0, 256, {4, n}).to(kByte));
    check_median<float>(full({2, n}, NAN));
  }
}

TEST_CASE("a search finds the first edge that is not less, or is greater") {
  manual_seed(7);
  for (int64_t n : {0, 1, 2, 6, 16, 17, 100}) {
    CAPTURE(n);
    const Tensor edges = std::get<0>(randint(-9, 9, {n}).sort()), values = randint(-12, 12, {203});
    check_search<int64_t>(edges, values);
    check_search<int32_t>(edges.to(kInt), values.to(kInt));
    check_search<float>(edges.to(kFloat) / 2, cat({values.to(kFloat) / 2, tensor({HUGE_VAL, kNan, -HUGE_VAL, -0.0}, kFloat)}));
    check_search<double>(edges.to(kDouble) / 2, cat({values.to(kDouble) / 2, tensor({HUGE_VAL, kNan, -HUGE_VAL, -0.0}, kDouble)}));
    check_search<uint8_t>(edges.clamp_min(0).to(kByte), values.clamp_min(0).to(kByte));
  }
}

TEST_CASE("different elements are those of the sorted list, be they few or many") {
  manual_seed(8);
  for (const int64_t kinds : {1, 40, 2048, 2049, 5000})
    for (const ScalarType dtype : {kFloat, kDouble, kLong, kInt}) {
      CAPTURE(kinds);
      const Tensor x = cat({randperm(kinds), randint(0, kinds, {7000})}).sub(kinds / 2).to(dtype);
      const auto [values, inverse, counts] = _unique2(x, true, true, true);
      CHECK(values.equal((arange(kinds) - kinds / 2).to(dtype)));
      CHECK(values.index_select(0, inverse).equal(x));
      CHECK(counts.equal(bincount(inverse, {}, kinds)));
    }
  const auto [zero, inverse, counts] = _unique2(tensor({0.0, -0.0, -0.0}, kDouble), true, true, true);
  CHECK((zero.numel() == 1 && counts.item<int64_t>() == 3 && !std::signbit(zero.item<double>())));
  CHECK(std::get<0>(_unique(tensor({1.0, kNan, 1.0, kNan}, kDouble))).numel() == 3);
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

TEST_CASE("slices along the last axis are compared in the order that exchanging it for the first one gives") {
  const Tensor x = tensor({1, 1, 1, 2, 2, 1, 0, 0}, kInt).view({2, 2, 2});  // slices {{1, 1}, {2, 0}} and {{1, 2}, {1, 0}}, compared by columns
  const auto [values, inverse, counts] = unique_dim(x, 2, true, true, true);
  CHECK(values.equal(x.flip({2})));
  CHECK(values.strides() == IntArrayRef({1, 2, 4}));
  CHECK(inverse.equal(tensor({1, 0})));
}
