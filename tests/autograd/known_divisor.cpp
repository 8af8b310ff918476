#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include <xgrad/autograd/kernels/known_divisor.h>

#include "autograd/instruction_sets.h"

using namespace xgrad;
using kernels::KnownDivisor;

namespace {

// The quotients of n numbers, in the machine's widest instructions.
struct Quotients {
  static void run(const float* x, float divisor, float* y, int64_t n) {
    const KnownDivisor<float, true> d(divisor);
    for (int64_t i = 0; i < n; ++i) y[i] = d.divide(x[i]);
  }
};

int64_t wrong_quotients(const std::vector<float>& x, float divisor) {
  std::vector<float> y(x.size());
  using InSets = kernels::Variants<Quotients, const float*, float, float*, int64_t>;
  InSets::all[static_cast<int>(kernels::instruction_set())](x.data(), divisor, y.data(), static_cast<int64_t>(x.size()));
  int64_t wrong = 0;
  for (size_t i = 0; i < x.size(); ++i) wrong += y[i] != x[i] / divisor;
  return wrong;
}

std::vector<float> every_float_from_one_to_four() {
  std::vector<float> x;
  for (float a = 1; a < 4; a = std::nextafter(a, 4.0f)) x.push_back(a);
  return x;
}

}  // namespace

TEST_CASE("division by a known divisor rounds as division does") {
  const std::vector<float> x = every_float_from_one_to_four();
  for (double beta : {0.9, 0.999})
    for (int step : {1, 2, 3, 10, 1000}) CHECK(wrong_quotients(x, static_cast<float>(std::sqrt(1 - std::pow(beta, step)))) == 0);
  for (float divisor : {1.0f, 3.0f, std::nextafter(2.0f, 0.0f), 1e-30f, 1e30f}) CHECK(wrong_quotients(x, divisor) == 0);
}

TEST_CASE("a known divisor of zero, infinity and NaN") {
  const float infinity = std::numeric_limits<float>::infinity();
  for (float divisor : {0.03f, 1.0f, 7.0f}) {
    const KnownDivisor<float, true> d(divisor);
    CHECK(d.divide(0) == 0);
    CHECK(d.divide(infinity) == infinity);
    CHECK(d.divide(-infinity) == -infinity);
    CHECK(std::isnan(d.divide(std::numeric_limits<float>::quiet_NaN())));
  }
}
