// Rounding, remainders, limits and angles with every instruction set, against loops that call the C library.
#include <doctest/doctest.h>

#include <functional>
#include <string>

#include "autograd/float_functions.h"

using namespace xgrad;
using namespace xgrad::test;

namespace {

// Floats of all sizes, then some of moderate ones, then special ones: odd in number, so that rows end within a block.
Tensor many_floats(uint64_t first) {
  manual_seed(first);
  const Tensor special =
      tensor({0.0f, -0.0f, 0.5f, -0.5f, 1.5f, 2.5f, -2.5f, 8388607.5f, -8388608.0f, 1e30f, -1e-40f, INFINITY, -INFINITY, NAN, 1.0f, 0.1f, -0.7f});
  return cat({floats(first, 2097143, 2048), randn({1000}) * 10, randn({1000}).round() / 2, special});
}

template <class T> bool same(T a, T b) { return (a != a && b != b) || (a == b && std::signbit(a) == std::signbit(b)); }

template <class T> void check_elements(const std::string& what, const Tensor& y, const std::function<T(int64_t)>& expected) {
  int64_t wrong = 0;
  for (int64_t i = 0; i < y.numel(); ++i) wrong += !same(y.data_ptr<T>()[i], expected(i));
  INFO(what << " with " << kernels::name(kernels::instruction_set()));
  CHECK(wrong == 0);
}

template <class T> void check_unary(const char* what, const Tensor& x, Tensor (*f)(const Tensor&), T (*expected)(T)) {
  check_elements<T>(what, f(x), [&](int64_t i) { return expected(x.data_ptr<T>()[i]); });
}

template <class T> void check_rounding(const Tensor& x) {
  check_unary<T>("floor", x, floor, [](T a) { return std::floor(a); });
  check_unary<T>("ceil", x, ceil, [](T a) { return std::ceil(a); });
  check_unary<T>("trunc", x, trunc, [](T a) { return std::trunc(a); });
  check_unary<T>(
      "round", x, [](const Tensor& a) { return round(a); }, [](T a) { return std::nearbyint(a); });
}

template <class T> T remainder_of(T a, T b) {
  const T r = std::fmod(a, b);
  return r != 0 && (r < 0) != (b < 0) ? r + b : r;
}
template <class T> T quotient_below(T a, T b) {
  if (b == 0) return a / b;
  const T r = std::fmod(a, b);
  T q = (a - r) / b;
  if (r != 0 && (r < 0) != (b < 0)) q -= 1;
  if (q == 0) return std::copysign(T(0), a / b);
  const T below = std::floor(q);
  return q - below > T(0.5) ? below + 1 : below;
}

template <class T> void check_divisions(const Tensor& a, const Tensor& b) {
  const T *p = a.data_ptr<T>(), *q = b.data_ptr<T>();
  check_elements<T>("fmod", fmod(a, b), [&](int64_t i) { return std::fmod(p[i], q[i]); });
  check_elements<T>("remainder", remainder(a, b), [&](int64_t i) { return remainder_of(p[i], q[i]); });
  check_elements<T>("division rounded down", div(a, b, "floor"), [&](int64_t i) { return quotient_below(p[i], q[i]); });
  check_elements<T>("division rounded to 0", div(a, b, "trunc"), [&](int64_t i) { return std::trunc(p[i] / q[i]); });
}

template <class T> T limited(T a, T low, T high) {
  if (std::isnan(a) || std::isnan(low) || std::isnan(high)) return NAN;
  const T raised = a < low ? low : a;
  return high < raised ? high : raised;
}

void in_every_set(const std::function<void()>& check) {
  for (auto set : instruction_sets()) {
    const InSet in(set);
    check();
  }
}

}  // namespace

TEST_CASE("rounding has the C library's values with every instruction set") {
  const Tensor x = many_floats(5), doubles = cat({x.to(kDouble), x.to(kDouble) * 1e9});
  in_every_set([&] {
    check_rounding<float>(x);
    check_rounding<double>(doubles);
  });
}

TEST_CASE("what a division leaves, and its rounded quotient, are exact with every instruction set") {
  const Tensor a = many_floats(7);
  for (const Tensor& b : {many_floats(11).flip({0}), a * 0.37, a.roll(1), full({a.numel()}, 0.7), full({a.numel()}, -INFINITY), a / 134217729})
    in_every_set([&] {
      check_divisions<float>(a, b);
      check_divisions<double>(a.to(kDouble), b.to(kDouble));
    });
}

TEST_CASE("a division in the memory of its operand leaves what one beside it does") {
  const Tensor a = many_floats(13), b = a.roll(3);
  in_every_set([&] {
    Tensor y = a.clone();
    y.remainder_(b);
    CHECK(same_floats(y, remainder(a, b)));
  });
}

TEST_CASE("limits and the larger of two keep NaN with every instruction set") {
  const Tensor a = many_floats(17), low = a.roll(1), high = a.roll(2), wide = a.to(kDouble), wide_low = low.to(kDouble);
  const float *p = a.data_ptr<float>(), *l = low.data_ptr<float>(), *h = high.data_ptr<float>();
  in_every_set([&] {
    check_elements<float>("clamp", clamp(a, low, high), [&](int64_t i) { return limited(p[i], l[i], h[i]); });
    check_elements<double>("clamp of doubles", clamp(wide, wide_low, high.to(kDouble)), [&](int64_t i) { return limited<double>(p[i], l[i], h[i]); });
    check_elements<float>("clamp to numbers", clamp(a, -0.5, 2), [&](int64_t i) { return limited(p[i], -0.5f, 2.0f); });
    check_elements<float>("relu", relu(a), [&](int64_t i) { return limited(p[i], 0.0f, INFINITY); });
    check_elements<float>("maximum", maximum(a, low), [&](int64_t i) { return limited(p[i], l[i], INFINITY); });
    check_elements<double>("minimum", minimum(wide, wide_low), [&](int64_t i) { return limited<double>(p[i], -INFINITY, l[i]); });
  });
}

TEST_CASE("atan2, hypot and pow are near the truth at every pair of special numbers, and elsewhere") {
  const Tensor special = tensor({0.0f, -0.0f, 1e-45f, -1e-38f, 0.5f, 1.0f, -1.0f, 0.99999994f, 2.5f, -3.0f, 8388607.5f, -16777215.0f, 16777216.0f,
                                 3e38f, -3e38f, INFINITY, -INFINITY, NAN});
  const Tensor x = many_floats(19), near_1 = randn({1000}) * 1e-5 + 1;
  const Tensor a = cat({special.repeat({special.numel()}), x, x, x.abs(), near_1});
  const Tensor b = cat({special.repeat_interleave(special.numel()), x.roll(1), x * 0.9, randn({x.numel()}) * 5, randn({1000}) * 1e6});
  in_every_set([&] {
    const Tensor angle = atan2(a, b), length = hypot(a, b), power = pow(a, b);
    double worst_angle = 0, worst_length = 0, worst_power = 0;
    for (int64_t i = 0; i < a.numel(); ++i) {
      const double p = a.data_ptr<float>()[i], q = b.data_ptr<float>()[i];
      worst_angle = std::max(worst_angle, ulps_off(angle.data_ptr<float>()[i], std::atan2(p, q)));
      worst_length = std::max(worst_length, ulps_off(length.data_ptr<float>()[i], std::hypot(p, q)));
      worst_power = std::max(worst_power, ulps_off(power.data_ptr<float>()[i], std::pow(p, q)));
    }
    CHECK(worst_angle < 0.6);
    CHECK(worst_length <= 0.5);
    CHECK(worst_power < 0.6);
  });
}

TEST_CASE("an angle's sine does not depend on its place in a row, nor on the size of its neighbours") {
  const Tensor x = many_floats(23);
  in_every_set([&] {
    using Function = Tensor (*)(const Tensor&);
    for (const Function f : {Function(sin), Function(cos), Function(tan)}) {
      const Tensor y = f(x);
      CHECK(same_floats(y.slice(0, 3, 1700).contiguous(), f(x.slice(0, 3, 1700))));
      CHECK(same_floats(y, f(x.flip({0})).flip({0})));
      CHECK(same_floats(y, f(stack({x, x}, 1).select(1, 0))));
    }
  });
}
