// Sums of floats: as near the truth as a float can say, in range whenever the truth is, and the same however they are reached.
#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <random>

#include <xgrad/autograd/core/threads.h>
#include <xgrad/autograd/ops/ops.h>

#include "autograd/instruction_sets.h"
#include "values.h"

using namespace xgrad;

namespace {

constexpr double kHalfUnit = 1.0 / (1 << 24);

enum class Kind { kNormal, kPositive, kCancelling };

// Cancelling numbers: pairs of opposite sign far apart, and small ones that remain.
Tensor make(int64_t n, Kind kind) {
  std::mt19937 random(static_cast<unsigned>(n));
  std::normal_distribution<float> normal;
  Tensor x = empty({n});
  float* p = x.data_ptr<float>();
  for (int64_t i = 0; i < n; ++i) p[i] = kind == Kind::kPositive ? std::abs(normal(random)) : normal(random);
  if (kind == Kind::kCancelling)
    for (int64_t i = 0; i < n / 2; ++i) p[i] = 1e6f * p[i], p[n - 1 - i] = -p[i] + normal(random);
  return x;
}

struct Truth {
  long double sum = 0, magnitudes = 0;
};
Truth truth(const float* x, int64_t n, int64_t step = 1) {
  Truth t;
  for (int64_t i = 0; i < n; ++i) {
    t.sum += x[i * step];
    t.magnitudes += std::abs(x[i * step]);
  }
  return t;
}

// Eight numbers are added in float by a tree of three levels, the rest in double; the result is rounded once.
bool is_near(float found, const Truth& t) { return std::abs(found - t.sum) <= kHalfUnit * (1.01L * std::abs(t.sum) + 3.01L * t.magnitudes); }

Tensor row(std::initializer_list<std::pair<int64_t, float>> places, int64_t n) {
  Tensor x = zeros({n});
  for (const auto& [i, value] : places) x.data_ptr<float>()[i] = value;
  return x;
}

}  // namespace

TEST_CASE("float sums are near the truth, for numbers of one sign, of both, and for those that cancel") {
  for (const Kind kind : {Kind::kNormal, Kind::kPositive, Kind::kCancelling})
    for (const int64_t n : {1, 10, 63, 64, 65, 127, 128, 129, 143, 1000, 32768, 32769, 100000, 1000000}) {
      const Tensor x = make(n, kind);
      INFO("kind ", static_cast<int>(kind), ", ", n, " elements");
      CHECK(is_near(x.sum().item<float>(), truth(x.data_ptr<float>(), n)));
      CHECK(is_near(x.norm(1).item<float>(), {truth(x.abs().data_ptr<float>(), n)}));
    }
}

TEST_CASE("fewer than 128 floats add up to the nearest float") {
  for (const int64_t n : {2, 8, 10, 31, 100, 127}) {
    const Tensor x = make(n, Kind::kNormal);
    CHECK(x.sum().item<float>() == static_cast<float>(truth(x.data_ptr<float>(), n).sum));
  }
}

TEST_CASE("rows and columns of every size add up to the truth") {
  for (const auto& shape : std::vector<std::pair<int64_t, int64_t>>{{1, 300},
                                                                    {2, 3},
                                                                    {7, 1},
                                                                    {15, 20},
                                                                    {16, 20},
                                                                    {17, 20},
                                                                    {100, 64},
                                                                    {33, 65},
                                                                    {40, 127},
                                                                    {9, 300},
                                                                    {3000, 2},
                                                                    {3001, 10},
                                                                    {300, 511},
                                                                    {300, 513},
                                                                    {20000, 3},
                                                                    {2050, 129}}) {
    const int64_t rows = shape.first, columns = shape.second;
    const Tensor x = make(rows * columns, Kind::kNormal).view({rows, columns});
    const float* p = x.data_ptr<float>();
    const Tensor of_rows = x.sum(1), of_columns = x.sum(0), means = x.mean(0), largest = x.amax(0), lengths = x.norm(2, 1);
    bool near = true, exact = true;
    for (int64_t i = 0; i < rows; ++i) {
      near &= is_near(of_rows.data_ptr<float>()[i], truth(p + i * columns, columns));
      long double squares = 0;
      for (int64_t j = 0; j < columns; ++j) squares += static_cast<long double>(p[i * columns + j]) * p[i * columns + j];
      near &= std::abs(lengths.data_ptr<float>()[i] - std::sqrt(squares)) <= 2 * kHalfUnit * std::sqrt(squares);
    }
    for (int64_t j = 0; j < columns; ++j) {
      const Truth t = truth(p + j, rows, columns);
      near &= is_near(of_columns.data_ptr<float>()[j], t);
      near &= is_near(means.data_ptr<float>()[j], {t.sum / rows, t.magnitudes / rows});
      float best = p[j];
      for (int64_t i = 1; i < rows; ++i) best = std::max(best, p[i * columns + j]);
      exact &= largest.data_ptr<float>()[j] == best;
    }
    CHECK_MESSAGE(near, rows, " x ", columns);
    CHECK_MESSAGE(exact, rows, " x ", columns);
  }
}

TEST_CASE("a row has the same sum alone and among others") {
  for (const int64_t n : {1, 3, 16, 17, 64, 65, 200}) {
    const Tensor x = make(50 * n, Kind::kNormal).view({50, n}), sums = x.sum(1);
    for (const int64_t i : {0, 15, 16, 47, 48, 49}) CHECK(same_bits(sums[i], x[i].sum()));
  }
}

TEST_CASE("a sum that is in range is found even where a part of it is not") {
  const Tensor x = row({{0, 3e38f}, {16, 3e38f}, {300, -3e38f}}, 400);
  CHECK(x.sum().item<float>() == 3e38f);
  CHECK(x.norm(1).item<float>() == kInf);
  CHECK(x.unsqueeze(1).expand({400, 20}).contiguous().sum(0)[13].item<float>() == 3e38f);
  CHECK(x.unsqueeze(1).expand({400, 300}).contiguous().sum(0)[299].item<float>() == 3e38f);
  CHECK(x.mean().item<float>() == doctest::Approx(3e38 / 400));
  CHECK(row({{5, 3e38f}, {6, 3e38f}}, 400).sum().item<float>() == kInf);
}

TEST_CASE("infinities and NaN come out of sums wherever they stand") {
  for (const int64_t n : {3, 20, 128, 500, 40000})
    for (const int64_t at : {int64_t{0}, n / 2, n - 2}) {
      CHECK(row({{at, kInf}}, n).sum().item<float>() == kInf);
      CHECK(row({{at, -kInf}}, n).sum().item<float>() == -kInf);
      CHECK(std::isnan(row({{at, kNaN}}, n).sum().item<float>()));
      CHECK(std::isnan(row({{at, kInf}, {at + 1, -kInf}}, n).sum().item<float>()));
      CHECK(row({{at, kInf}, {at + 1, -3e38f}}, n).sum().item<float>() == kInf);
      CHECK(std::isnan(row({{at, kNaN}}, n).max().item<float>()));
      CHECK(row({{at, kInf}}, n).max().item<float>() == kInf);
      const Tensor columns = row({{at, kInf}, {at + 1, kNaN}}, n).unsqueeze(0).expand({40, n}).contiguous();
      const Tensor sums = columns.sum(0), largest = columns.amax(0);
      CHECK(sums[at].item<float>() == kInf);
      CHECK(std::isnan(sums[at + 1].item<float>()));
      CHECK(std::isnan(largest[at + 1].item<float>()));
      CHECK(std::isnan(sums.sum().item<float>()));
    }
}

TEST_CASE("sums have the same bits with every instruction set and every number of threads") {
  const Tensor x = make(600000, Kind::kCancelling);
  const auto run = [&] {
    std::vector<Tensor> all{x.sum(), x.norm(), x.norm(1), x.var(), x.max()};
    for (const int64_t columns : {6, 10, 60, 200, 1000, 300000}) {
      const Tensor t = x.view({-1, columns});
      for (const int64_t dim : {0, 1})
        for (const Tensor& y : {t.sum(dim), t.mean(dim), t.amax(dim), t.norm(2, dim)}) all.push_back(y);
    }
    return all;
  };
  const int before = get_num_threads();
  std::vector<Tensor> expected;
  for (const auto set : test::instruction_sets()) {
    const test::InSet in(set);
    for (const int threads : {1, 2, 5}) {
      set_num_threads(threads);
      const std::vector<Tensor> found = run();
      if (expected.empty()) expected = found;
      for (size_t i = 0; i < found.size(); ++i)
        CHECK_MESSAGE(same_bits(found[i], expected[i]), "result ", i, ", ", name(set), ", ", threads, " threads");
    }
  }
  set_num_threads(before);
}
