// Elementwise operations: layouts of memory, dtypes, in-place forms, and what the catalogue's comparison cannot hold.
#include <cmath>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "message.h"
#include "values.h"
#include <xgrad/autograd/engine/engine.h>
#include <xgrad/autograd/graph/node.h>
#include <xgrad/autograd/ops/ops.h>
#include <xgrad/autograd/tensor/operators.h>

using namespace xgrad;

namespace {

Tensor doubles(std::vector<double> values) {
  Tensor t = empty({static_cast<int64_t>(values.size())}, kDouble);
  std::copy(values.begin(), values.end(), t.data_ptr<double>());
  return t;
}

Tensor slow_ramp(IntArrayRef shape) {
  Tensor t = empty(shape, kDouble);
  for (int64_t i = 0; i < t.numel(); ++i) t.data_ptr<double>()[i] = 0.1 + 0.07 * static_cast<double>(i);
  return t;
}

double first_derivative(const std::function<Tensor(const Tensor&)>& f, double at) {
  Tensor x = doubles({at}).requires_grad_();
  f(x).backward();
  return x.grad().item<double>();
}

double second_derivative(const std::function<Tensor(const Tensor&)>& f, double at) {
  Tensor x = doubles({at}).requires_grad_();
  const std::vector<Tensor> slope = autograd::grad({f(x)}, {x}, {}, true, true);
  return autograd::grad({slope[0]}, {x})[0].item<double>();
}

// An in-place method with the operation it stands for.
struct Pair {
  const char* name;
  std::function<void(const Tensor&)> in_place;
  std::function<Tensor(const Tensor&)> apart;
};

const Tensor kOther = slow_ramp({2, 3}) + 0.3, kRow = slow_ramp({3}) + 0.2;

// clang-format off
#define XGRAD_UNARY_PAIR(name) \
  Pair { #name, [](const Tensor& x) { x.name##_(); }, [](const Tensor& x) { return x.name(); } }
#define XGRAD_PAIR(name, ...) \
  Pair { #name "(" #__VA_ARGS__ ")", [](const Tensor& x) { x.name##_(__VA_ARGS__); }, [](const Tensor& x) { return x.name(__VA_ARGS__); } }

const std::vector<Pair>& pairs() {
  static const std::vector<Pair> all = {
      XGRAD_UNARY_PAIR(abs), XGRAD_UNARY_PAIR(acos), XGRAD_UNARY_PAIR(asin), XGRAD_UNARY_PAIR(atan), XGRAD_UNARY_PAIR(asinh),
      XGRAD_UNARY_PAIR(atanh), XGRAD_UNARY_PAIR(ceil), XGRAD_UNARY_PAIR(cos), XGRAD_UNARY_PAIR(cosh), XGRAD_UNARY_PAIR(erf),
      XGRAD_UNARY_PAIR(erfc), XGRAD_UNARY_PAIR(erfinv), XGRAD_UNARY_PAIR(exp), XGRAD_UNARY_PAIR(expm1), XGRAD_UNARY_PAIR(floor),
      XGRAD_UNARY_PAIR(log), XGRAD_UNARY_PAIR(log10), XGRAD_UNARY_PAIR(log1p), XGRAD_UNARY_PAIR(log2), XGRAD_UNARY_PAIR(neg),
      XGRAD_UNARY_PAIR(reciprocal), XGRAD_UNARY_PAIR(relu), XGRAD_UNARY_PAIR(round), XGRAD_UNARY_PAIR(rsqrt), XGRAD_UNARY_PAIR(sigmoid),
      XGRAD_UNARY_PAIR(sign), XGRAD_UNARY_PAIR(sin), XGRAD_UNARY_PAIR(sinh), XGRAD_UNARY_PAIR(sqrt), XGRAD_UNARY_PAIR(square),
      XGRAD_UNARY_PAIR(tan), XGRAD_UNARY_PAIR(tanh), XGRAD_UNARY_PAIR(trunc), XGRAD_UNARY_PAIR(logical_not),
      XGRAD_PAIR(add, kOther), XGRAD_PAIR(add, kRow, 2), XGRAD_PAIR(add, 1.5), XGRAD_PAIR(sub, kOther), XGRAD_PAIR(sub, kRow, 0.5),
      XGRAD_PAIR(sub, 3), XGRAD_PAIR(mul, kOther), XGRAD_PAIR(mul, 2.5), XGRAD_PAIR(div, kOther), XGRAD_PAIR(div, 3),
      XGRAD_PAIR(div, kRow, "floor"), XGRAD_PAIR(div, 0.2, "trunc"), XGRAD_PAIR(floor_divide, kRow), XGRAD_PAIR(fmod, kRow),
      XGRAD_PAIR(fmod, 0.3), XGRAD_PAIR(remainder, kOther), XGRAD_PAIR(remainder, 0.3), XGRAD_PAIR(pow, 3), XGRAD_PAIR(pow, kOther),
      XGRAD_PAIR(lerp, kOther, 0.3), XGRAD_PAIR(lerp, kOther, kRow), XGRAD_PAIR(addcmul, kOther, kRow, 2), XGRAD_PAIR(addcdiv, kRow, kOther, 0.5),
      XGRAD_PAIR(clamp, Scalar(0.2), Scalar(0.4)), XGRAD_PAIR(clamp_min, 0.3), XGRAD_PAIR(clamp_max, kRow), XGRAD_PAIR(clip, Scalar(0.2)),
      XGRAD_PAIR(round, 1), XGRAD_PAIR(eq, 0.1), XGRAD_PAIR(lt, kOther), XGRAD_PAIR(ge, kRow)};
  // clang-format on
  return all;
}

}  // namespace

TEST_CASE("in place gives what the operation gives, in every layout, and counts as one edit") {
  for (const Pair& p : pairs()) {
    CAPTURE(p.name);
    const Tensor expected = p.apart(slow_ramp({2, 3})).to(kDouble);
    Tensor dense = slow_ramp({2, 3});
    const int64_t version = dense._version();
    p.in_place(dense);
    CHECK(dense.equal(expected));
    CHECK(dense._version() == version + 1);

    Tensor transposed = slow_ramp({2, 3}).t().contiguous().t();
    p.in_place(transposed);
    CHECK(transposed.equal(expected));

    Tensor spaced = zeros({2, 6}, kDouble), columns = spaced.slice(1, 0, 6, 2);
    columns.copy_(slow_ramp({2, 3}));
    p.in_place(columns);
    CHECK(columns.equal(expected));
    CHECK(spaced.slice(1, 1, 6, 2).equal(zeros({2, 3}, kDouble)));

    // With a graph: the same values, and the gradients of the operation.
    Tensor a = slow_ramp({2, 3}).requires_grad_(), b = slow_ramp({2, 3}).requires_grad_();
    Tensor y = a * 1, z = p.apart(b * 1).to(kDouble);
    p.in_place(y);
    CHECK(y.equal(z));
    if (!z.requires_grad()) continue;
    y.sum().backward();
    z.sum().backward();
    CHECK(a.grad().equal(b.grad()));
  }
}

TEST_CASE("an operand on the memory that is written is read first") {
  Tensor x = slow_ramp({3, 3});
  const Tensor expected = x + x.t();
  x.add_(x.t());
  CHECK(x.equal(expected));
  Tensor y = slow_ramp({4});
  y.add_(y);
  CHECK(y.equal(slow_ramp({4}) * 2));
  Tensor z = slow_ramp({5});
  z.slice(0, 1, 5).sub_(z.slice(0, 0, 4));
  CHECK(z.slice(0, 1, 5).allclose(full({4}, 0.07, kDouble)));
}

TEST_CASE("an in-place edit of a value that its own derivative needs is found at the backward") {
  Tensor x = slow_ramp({3}).requires_grad_();
  Tensor y = x * 1;
  y.mul_(y);
  CHECK(message_of([&] { y.sum().backward(); }).find("modified by an inplace operation") != std::string::npos);
  Tensor e = x.exp();
  e.add_(1);
  CHECK(message_of([&] { e.sum().backward(); }).find("modified by an inplace operation") != std::string::npos);
}

TEST_CASE("a refused in-place call changes nothing") {
  const Tensor n = full({2}, 7, kLong);
  CHECK_THROWS_AS(n.div_(zeros({2}, kLong), "floor"), Error);
  CHECK_THROWS_AS(n.mul_(1.5), Error);
  CHECK_THROWS_AS(n.add_(ones({3}, kLong)), Error);
  CHECK_THROWS_AS(n.sqrt_(), Error);
  CHECK(n.equal(full({2}, 7, kLong)));
  CHECK(n._version() == 0);
  Tensor leaf = slow_ramp({2}).requires_grad_();
  CHECK(message_of([&] { leaf.add_(1); }).find("a leaf Variable that requires grad") != std::string::npos);
  CHECK(message_of([&] { ones({1}).expand({3}).add_(1); }).find("more than one element") != std::string::npos);
  {
    NoGradGuard guard;
    leaf.add_(1);
  }
  CHECK(leaf.equal(slow_ramp({2}) + 1));
}

TEST_CASE("operands of any layout give the same numbers") {
  const Tensor a = slow_ramp({2, 3, 4}), b = slow_ramp({2, 3, 4}) + 0.5, c = (slow_ramp({2, 3, 4}) * 10).floor();
  const Tensor sum = a + b, chosen = where(c > 10, a, b), fused = addcmul(a, b, c, 2);
  const auto other_layouts = [](const Tensor& t) {
    const Tensor spaced = zeros({2, 3, 8}, kDouble).slice(2, 0, 8, 2);
    spaced.copy_(t);
    return std::vector<Tensor>{t, spaced, t.permute({2, 0, 1}).contiguous().permute({1, 2, 0})};
  };
  for (const Tensor& x : other_layouts(a))
    for (const Tensor& y : other_layouts(b))
      for (const Tensor& z : other_layouts(c)) {
        CHECK((x + y).equal(sum));
        CHECK(where(z > 10, x, y).equal(chosen));
        CHECK(addcmul(x, y, z, 2).equal(fused));
      }
  CHECK((a.slice(0, 0, 1).expand({2, 3, 4}) * b).equal(a.slice(0, 0, 1) * b));
}

TEST_CASE("dtypes of results") {
  const Tensor i = ones({2}, kLong), u = ones({2}, kByte), b = ones({2}, kBool), f = ones({2}), d = ones({2}, kDouble);
  const Tensor zero_dim = full({}, 2.0, kDouble);
  CHECK(((i + 1.5).dtype() == kFloat));
  CHECK(((u - 2).dtype() == kByte));
  CHECK(((b * 2).dtype() == kLong));
  CHECK(((i / 2).dtype() == kFloat));
  CHECK(((f + d).dtype() == kDouble));
  CHECK(((f * zero_dim).dtype() == kFloat));
  CHECK(((i * zero_dim).dtype() == kDouble));
  CHECK(((u + i).dtype() == kLong));
  CHECK(((b + b).dtype() == kBool));
  CHECK(((i > 0.5).dtype() == kBool));
  CHECK((i.exp().dtype() == kFloat));
  CHECK((maximum(i, f).dtype() == kFloat));
  CHECK(((2 - i).dtype() == kLong));
  CHECK_THROWS_AS(2 / i, Error);
}

TEST_CASE("a gradient has its input's dtype") {
  Tensor x = ones({2}).requires_grad_(), y = ones({2}, kDouble).requires_grad_();
  (x * y).sum().backward();
  CHECK((x.grad().dtype() == kFloat));
  CHECK((y.grad().dtype() == kDouble));
}

TEST_CASE("integer division at the ends of the range") {
  const Tensor least = full({2}, INT64_MIN, kLong);
  CHECK(least.div(-1, "trunc").equal(least));
  CHECK(least.div(-1, "floor").equal(least));
  CHECK(least.remainder(-1).equal(zeros({2}, kLong)));
  CHECK(least.fmod(-1).equal(zeros({2}, kLong)));
}

TEST_CASE("nodes are named as in PyTorch") {
  const Tensor x = slow_ramp({2}).requires_grad_(), y = slow_ramp({2}).requires_grad_();
  // clang-format off
  const std::vector<std::pair<std::string, Tensor>> expected = {
      {"AddBackward0", x + y}, {"AddBackward1", x + 1}, {"SubBackward1", x - 1}, {"SubBackward0", 1 - x}, {"MulBackward1", 2 * x},
      {"DivBackward0", 2 / x}, {"DivBackward3", x.div(2, "floor")}, {"PowBackward0", square(x)}, {"PowBackward1", pow(x, y)},
      {"PowBackward2", pow(2, x)}, {"ClampBackward1", clamp(x, 0.5)}, {"ClampBackward0", clamp(x, x, y)}, {"MaximumBackward0", max(x, y)},
      {"WhereBackward0", where(x > 0, x, y)}, {"ReluBackward0", relu(x)}, {"HardtanhBackward0", relu6(x)}, {"Log1PBackward0", log1p(x)}};
  // clang-format on
  for (const auto& [name, t] : expected) CHECK(t.grad_fn()->name() == name);
}

TEST_CASE("second derivatives are finite where the limits are") {
  for (const double at : {kInf, -kInf}) {
    CHECK(second_derivative(xgrad::erf, at) == 0);
    CHECK(second_derivative(xgrad::erfc, at) == 0);
    CHECK(second_derivative(xgrad::atan, at) == 0);
    CHECK(second_derivative(xgrad::asinh, at) == 0);
  }
  CHECK(second_derivative(xgrad::acosh, kInf) == 0);
  CHECK(second_derivative(xgrad::sinc, 0) == doctest::Approx(-M_PI * M_PI / 3));
  for (const double exponent : {0.5, 1.0, 2.0}) CHECK(second_derivative([](const Tensor& b) { return pow(doubles({0}), b); }, exponent) == 0);
  CHECK(second_derivative([](const Tensor& b) { return pow(0, b); }, 2) == 0);
}

TEST_CASE("results that differ from PyTorch on purpose") {
  const auto gelu_exact = [](const Tensor& x) { return gelu(x); };
  const auto gelu_tanh = [](const Tensor& x) { return gelu(x, "tanh"); };
  for (const std::function<Tensor(const Tensor&)>& f :
       {std::function<Tensor(const Tensor&)>(xgrad::silu), {xgrad::mish}, {gelu_exact}, {gelu_tanh}}) {
    CHECK(f(doubles({-kInf})).item<double>() == 0);
    CHECK(first_derivative(f, kInf) == 1);
    CHECK(first_derivative(f, -kInf) == 0);
  }
  for (Tensor (*f)(const Tensor&, const Tensor&) : {xgrad::maximum, xgrad::minimum}) {
    Tensor a = doubles({kNaN, 1, kNaN}).requires_grad_(), b = doubles({1, kNaN, kNaN}).requires_grad_();
    f(a, b).sum().backward();
    CHECK(a.grad().equal(doubles({1, 0, 0.5})));
    CHECK(b.grad().equal(doubles({0, 1, 0.5})));
  }
  for (const double size : {1e200, 1e-200}) {
    Tensor y = doubles({size}).requires_grad_(), x = doubles({size}).requires_grad_();
    atan2(y, x).backward();
    CHECK(y.grad().item<double>() == doctest::Approx(0.5 / size).epsilon(1e-12));
    CHECK(x.grad().item<double>() == doctest::Approx(-0.5 / size).epsilon(1e-12));
  }
  const Tensor tiny = full({1}, -1e-8f);
  for (const Tensor& y : {elu(tiny), celu(tiny)}) CHECK(y.item<float>() == -1e-8f);
  CHECK(selu(tiny).item<float>() == doctest::Approx(-1.7580993e-8));
  CHECK(std::isnan(sign(doubles({kNaN})).item<double>()));
  CHECK(std::isnan(softshrink(doubles({kNaN})).item<double>()));
  CHECK(first_derivative([](const Tensor& x) { return hypot(x, doubles({0})); }, 0) == 0);
  CHECK(first_derivative([](const Tensor& x) { return logaddexp(x, doubles({-kInf})); }, -kInf) == 0);
}

TEST_CASE("the inverse error function is exact to the last digits") {
  // 40-digit arithmetic, rounded.
  const Tensor y = erfinv(doubles({0.99999999, 0.5, 1e-300}));
  const double* p = y.data_ptr<double>();
  CHECK(p[0] == doctest::Approx(4.0522372432687634).epsilon(1e-15));
  CHECK(p[1] == doctest::Approx(0.47693627620446987).epsilon(1e-15));
  CHECK(p[2] == doctest::Approx(8.8622692545275801e-301).epsilon(1e-15));
}

TEST_CASE("the sign of zero survives selections") {
  const auto negative_zero = [](const Tensor& t) { return t.item<double>() == 0 && std::signbit(t.item<double>()); };
  CHECK(negative_zero(relu(doubles({-0.0}))));
  CHECK(negative_zero(clamp(doubles({-0.0}), 0, 1)));
  CHECK(negative_zero(sqrt(doubles({-0.0}))));
  CHECK(negative_zero(pow(doubles({-0.0}), 0.5)));
}

TEST_CASE("lerp begins at the nearer end, as in PyTorch: weights below a half, negative ones too, at the first") {
  const double inf = std::numeric_limits<double>::infinity();
  for (const double weight : {-1.5, -0.5, -0.25}) CHECK(xgrad::lerp(tensor(0.), tensor(-inf), weight).item<double>() == inf);
  for (const double weight : {0.25, 1.5}) CHECK(xgrad::lerp(tensor(0.), tensor(-inf), weight).item<double>() == -inf);
  CHECK(std::isnan(xgrad::lerp(tensor(0.), tensor(-inf), 0.5).item<double>()));
  CHECK(xgrad::lerp(tensor(1e30), tensor(1.), 1.).item<double>() == 1);  // from the second end nothing is lost
}
