// int8, int16, float16 and bfloat16 against what their definitions say.
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include <doctest/doctest.h>

#include <xgrad/xgrad.h>

using namespace torch;

namespace {

template <class T> T of_bits(uint32_t bits) { return T(static_cast<uint16_t>(bits), T::from_bits()); }

// The number that the bits stand for: `fraction` bits of fraction, and a bias of the exponent.
double value_of(uint32_t bits, int fraction, int bias) {
  const int exponent = static_cast<int>((bits & 0x7fff) >> fraction), last = (0x8000 >> fraction) - 1;
  const double digits = bits & ((1u << fraction) - 1), sign = bits & 0x8000 ? -1 : 1;
  if (exponent == last) return digits == 0 ? sign * INFINITY : NAN;
  return sign * std::ldexp(exponent == 0 ? digits : digits + std::ldexp(1.0, fraction), std::max(exponent, 1) - bias - fraction);
}

template <class T> bool every_number_is_what_its_bits_say(int fraction, int bias) {
  for (uint32_t bits = 0; bits < 65536; ++bits) {
    const double expected = value_of(bits, fraction, bias), found = static_cast<float>(of_bits<T>(bits));
    if (std::isnan(expected) ? !std::isnan(found) : found != expected || std::signbit(found) != std::signbit(expected)) return false;
    if (!std::isnan(expected) && T(static_cast<float>(found)).x != bits) return false;
  }
  return true;
}

// Between two neighbours the middle goes to the even one, and what lies beside it to the nearer.
template <class T> bool rounds_to_the_nearest() {
  const uint32_t infinity = std::numeric_limits<T>::infinity().x;
  for (uint32_t bits = 0; bits + 1 < infinity; ++bits) {
    const float low = of_bits<T>(bits), high = of_bits<T>(bits + 1), middle = low + (high - low) / 2;
    const uint32_t even = bits % 2 == 0 ? bits : bits + 1;
    if (T(middle).x != even || T(std::nextafter(middle, low)).x != bits || T(std::nextafter(middle, high)).x != bits + 1) return false;
    if (T(-middle).x != (even | 0x8000)) return false;
  }
  return true;
}

constexpr ScalarType kAll[] = {kBool, kByte, kChar, kShort, kInt, kLong, kHalf, kBFloat16, kFloat, kDouble};

}  // namespace

TEST_CASE("float16 and bfloat16 are the numbers their bits say, and round to the nearest") {
  CHECK(every_number_is_what_its_bits_say<Half>(10, 15));
  CHECK(every_number_is_what_its_bits_say<BFloat16>(7, 127));
  CHECK(rounds_to_the_nearest<Half>());
  CHECK(rounds_to_the_nearest<BFloat16>());
  CHECK(float(Half(65519.996f)) == 65504);
  CHECK(float(Half(65520.0f)) == INFINITY);
  CHECK(float(Half(-1e30f)) == -INFINITY);
  CHECK(float(BFloat16(3.4e38f)) == INFINITY);
  CHECK(std::isnan(float(Half(NAN))));
  CHECK(std::isnan(float(BFloat16(NAN))));
}

TEST_CASE("numbers that every dtype holds survive the way through each of them") {
  const Tensor numbers = tensor({0, 1, 2, 7, 100, 127}, kLong);
  for (const ScalarType a : kAll)
    for (const ScalarType b : kAll) {
      CAPTURE(a);
      CAPTURE(b);
      const Tensor there = numbers.to(a).to(b);
      CHECK(there.dtype() == b);
      CHECK(there.to(kLong).equal(a == kBool || b == kBool ? numbers.ne(0).to(kLong) : numbers));
      CHECK(tensor({1, 0}, a).to(b).to(kLong).equal(tensor({1, 0})));
    }
}

TEST_CASE("int8 computes modulo 256, every pair of numbers") {
  const Tensor all = arange(-128, 128, kChar), a = all.view({256, 1}), b = all.view({1, 256});
  const Tensor wide_a = a.to(kInt), wide_b = b.to(kInt);
  const auto wrapped = [](const Tensor& t) { return (t + 128).remainder(256) - 128; };
  CHECK((a + b).dtype() == kChar);
  CHECK((a + b).to(kInt).equal(wrapped(wide_a + wide_b)));
  CHECK((a - b).to(kInt).equal(wrapped(wide_a - wide_b)));
  CHECK((a * b).to(kInt).equal(wrapped(wide_a * wide_b)));
  CHECK(bitwise_xor(a, b).to(kInt).equal(bitwise_xor(wide_a, wide_b)));
  CHECK((a < b).equal(wide_a < wide_b));
  CHECK(maximum(a, b).to(kInt).equal(maximum(wide_a, wide_b)));
  CHECK(a.clone().expand({256, 256}).clone().mul_(b).to(kInt).equal(wrapped(wide_a * wide_b)));
  CHECK(all.sum().item<int64_t>() == -128);
  CHECK(all.sum().dtype() == kLong);
  CHECK(matmul(a, b).to(kInt).equal(wrapped(wide_a * wide_b)));
}

TEST_CASE("operations on float16 round once what float32 gives") {
  manual_seed(5);
  for (const ScalarType dtype : {kHalf, kBFloat16}) {
    CAPTURE(dtype);
    const Tensor x = randn({64, 33}).to(dtype), y = randn({64, 33}).to(dtype), wide_x = x.to(kFloat), wide_y = y.to(kFloat);
    const auto once = [&](const Tensor& narrow, const Tensor& wide) { return narrow.dtype() == dtype && narrow.equal(wide.to(dtype)); };
    CHECK(once(x + y, wide_x + wide_y));
    CHECK(once(x * y, wide_x * wide_y));
    CHECK(once(x / y, wide_x / wide_y));
    CHECK(once(x.exp(), wide_x.exp()));
    CHECK(once(x.t() - y.t(), (wide_x - wide_y).t()));
    CHECK(once(x.slice(1, 0, 33, 2).tanh(), wide_x.slice(1, 0, 33, 2).tanh()));
    CHECK(once(x.sum(0), wide_x.sum(0)));
    CHECK(once(x.mean(), wide_x.mean()));
    CHECK(once(x.amax(1), wide_x.amax(1)));
    CHECK(once(x.softmax(1), wide_x.softmax(1)));
    CHECK(once(x.var(1), wide_x.var(1)));
    CHECK(once(x.cumsum(1), wide_x.cumsum(1)));
    CHECK(once(matmul(x, y.t()), matmul(wide_x, wide_y.t())));
    CHECK(once(std::get<0>(x.sort(1)), std::get<0>(wide_x.sort(1))));
    CHECK(once(where(x > 0, x, y), where(wide_x > 0, wide_x, wide_y)));
    CHECK((x < y).equal(wide_x < wide_y));
    CHECK(x.allclose(x.clone()));
  }
}

TEST_CASE("gradients of narrow tensors are narrow, and those of a cast are the input's") {
  const Tensor x = tensor({1.5, -2.25}, TensorOptions(kBFloat16).requires_grad(true));
  (x * x).sum().backward();
  CHECK(x.grad().dtype() == kBFloat16);
  CHECK(x.grad().to(kFloat).equal(tensor({3.0f, -4.5f})));
  const Tensor w = tensor({1.5f, -2.25f}, requires_grad());
  (w.to(kHalf) * w.to(kHalf)).sum().backward();
  CHECK(w.grad().dtype() == kFloat);
  CHECK(w.grad().equal(tensor({3.0f, -4.5f})));
}

TEST_CASE("what a narrow tensor cannot do is refused by name") {
  CHECK_THROWS_WITH_AS(tensor({1}, kChar).requires_grad_(), doctest::Contains("floating point"), Error);
  CHECK_THROWS_WITH_AS(ones({2}, kHalf).data_ptr<float>(), doctest::Contains("expected scalar type Float but found Half"), Error);
  CHECK_THROWS_WITH_AS(full({2}, 300, kChar), doctest::Contains("cannot be converted to type Char without overflow"), Error);
  CHECK_THROWS_WITH_AS(bitwise_and(ones({2}, kHalf), ones({2}, kHalf)), doctest::Contains("not implemented for 'Half'"), Error);
}
