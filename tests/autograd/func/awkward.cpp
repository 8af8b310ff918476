// Functions that transforms have to take as they are, and arguments they refuse.
#include <doctest/doctest.h>

#include <cmath>

#include <xgrad/autograd/engine/function.h>
#include <xgrad/autograd/func/func.h>
#include <xgrad/autograd/ops/ops.h>

#include "values.h"
#include "message.h"

using namespace xgrad;
using func::variable_list;

namespace {

const func::Options kStrict{false, true}, kGraph{true, false};

variable_list first_only(const variable_list& x) { return {x[0] * 2}; }

}  // namespace

TEST_CASE("inputs that are ignored, returned or replaced by a constant") {
  const Tensor a = numbers({1, 2}), b = numbers({3, 4, 5});
  for (const func::Jacobians& j : {func::jacrev(first_only, {a, b}), func::jacfwd(first_only, {a, b})}) {
    CHECK(list(j[0][0]) == Values{2, 0, 0, 2});
    CHECK(j[0][1].sizes() == IntArrayRef({2, 3}));
    CHECK(list(j[0][1]) == Values(6, 0));
  }
  const auto identity = [](const Tensor& x) { return x; };
  CHECK(list(func::jacrev(identity, a)) == Values{1, 0, 0, 1});
  CHECK(list(func::jacfwd(identity, a)) == Values{1, 0, 0, 1});
  const auto constant = [](const Tensor&) { return numbers({7, 8}); };
  CHECK(list(func::jacrev(constant, a)) == Values(4, 0));
  CHECK(list(func::jacfwd(constant, a)) == Values(4, 0));
  CHECK(list(func::laplacian(constant, a)) == Values{0, 0});
  CHECK(list(func::hessian([](const Tensor& x) { return x.sum(); }, a)) == Values(4, 0));
  CHECK(message_of([&] { func::jacrev(constant, a, kStrict); }).find("independent of the inputs") != std::string::npos);
  CHECK(message_of([&] { func::jvp(constant, a, a, kStrict); }).find("independent of the inputs") != std::string::npos);
  CHECK(message_of([&] { func::vjp(first_only, {a, b}, {a}, kStrict); }).find("derivative 1 is zero") != std::string::npos);
}

TEST_CASE("one tensor in several places") {
  const Tensor a = numbers({2, 3});
  const auto product = [](const variable_list& x) { return variable_list{x[0] * x[1], x[0]}; };
  const auto [y, t] = func::jvp(product, {a, a}, {numbers({1, 1}), numbers({10, 10})});
  CHECK(list(t[0]) == Values{22, 33});
  CHECK(list(t[1]) == Values{1, 1});
  const auto shared = [](const Tensor& x) { return cat({x, x.flip({0}), x * x}); };  // outputs that share memory with the input
  CHECK(list(func::jacfwd(shared, a)) == list(func::jacrev(shared, a)));
  const auto views = [](const variable_list& x) { return variable_list{x[0].view({2, 1}), x[0].select(0, 1), x[0]}; };
  const func::Jacobians j = func::jacfwd(views, {a});
  CHECK(list(j[0][0]) == Values{1, 0, 0, 1});
  CHECK(list(j[1][0]) == Values{0, 1});
}

TEST_CASE("edits inside the function") {
  const Tensor a = numbers({2, 3});
  const auto edits = [](const Tensor& x) {
    Tensor y = x * 3;
    y.select(0, 0).mul_(x[1]);
    y += 1;
    y[1] = x[0].exp();
    return y;
  };
  const Values expected{9, 6, std::exp(2.0), 0};
  for (const Tensor& j : {func::jacrev(edits, a), func::jacfwd(edits, a)})
    for (size_t i = 0; i < 4; ++i) CHECK(list(j)[i] == doctest::Approx(expected[i]));
  CHECK_THROWS_AS(func::jacrev([](const Tensor& x) { return x.mul_(2); }, a), Error);  // the caller's tensor
  CHECK(list(a) == Values{2, 3});
}

TEST_CASE("inputs with a graph of their own, callers without grad mode") {
  const Tensor w = leaf({1, 2}), x = w * 3;
  const auto cube = [](const Tensor& x) { return (x * x * x).sum(); };
  CHECK_FALSE(func::grad(cube, x).requires_grad());
  CHECK_FALSE(w.grad().defined());
  func::grad(cube, x, kGraph).sum().backward();  // 3 (3 w)^2, of which 54 w
  CHECK(list(w.grad()) == Values{54, 108});
  NoGradGuard no_grad;
  CHECK(list(func::grad(cube, x)) == Values{27, 108});
  CHECK(list(func::jvp(cube, x, x).second) == Values{27 * 3 + 108 * 6});
  CHECK(list(func::hvp(cube, x, x).second) == Values{54, 216});
  CHECK_FALSE(GradMode::is_enabled());
}

TEST_CASE("what a function captures is constant, and part of the graph if that is asked for") {
  const Tensor w = leaf({2, 3}), x = numbers({5, 7});
  const auto f = [&](const Tensor& x) { return w * x * x; };
  CHECK(list(func::jvp(f, x, numbers({1, 1})).second) == Values{20, 42});
  func::jvp(f, x, numbers({1, 1}), kGraph).second.sum().backward();
  CHECK(list(w.grad()) == Values{10, 14});
  const Tensor v = leaf({1, 4});
  func::laplacian([&](const Tensor& x) { return (v * v * x * x * x).sum(); }, x, kGraph).backward();  // 6 v^2 x, of which 12 v x
  CHECK(list(v.grad()) == Values{60, 336});
}

TEST_CASE("empty tensors, numbers without axes, NaN") {
  const Tensor none = zeros({0}, kDouble), scalar = numbers({3})[0];
  const auto square = [](const Tensor& x) { return x * x; };
  CHECK(func::jacrev(square, none).sizes() == IntArrayRef({0, 0}));
  CHECK(func::jacfwd(square, none).sizes() == IntArrayRef({0, 0}));
  CHECK(func::jacrev([](const Tensor& x) { return x.sum(); }, none).sizes() == IntArrayRef({0}));
  CHECK(func::jacfwd([](const Tensor&) { return zeros({0}, kDouble); }, numbers({1, 2})).sizes() == IntArrayRef({0, 2}));
  CHECK(list(func::hessian(square, scalar)) == Values{2});
  CHECK(func::batch_jacobian(square, zeros({0, 2}, kDouble)).sizes() == IntArrayRef({0, 2, 2}));
  CHECK(func::laplacian(square, zeros({0, 2}, kDouble)).sizes() == IntArrayRef({0, 2}));
  CHECK(func::vmap(func::TensorMap(square))(zeros({0, 2}, kDouble)).sizes() == IntArrayRef({0, 2}));
  const Values nan = list(func::jvp(square, numbers({NAN, 1}), numbers({1, 1})).second);
  CHECK(std::isnan(nan[0]));
  CHECK(nan[1] == 2);
}

TEST_CASE("floats, and outputs that are integers") {
  const Tensor x = tensor({0.5f, 2.f});
  const auto f = [](const variable_list& x) { return variable_list{x[0].exp(), x[0].argmax()}; };
  const auto [y, t] = func::jvp(f, {x}, {ones_like(x)});
  CHECK(y[1].item<int64_t>() == 1);
  CHECK(t[0].dtype() == kFloat);
  CHECK(list(t[1]) == Values{0});
  CHECK(message_of([&] { func::jacrev(f, {x}); }).find("outputs must be floating, output 1") != std::string::npos);
  CHECK(message_of([] { func::grad([](const Tensor& x) { return x.sum(); }, tensor({1, 2})); }).find("inputs must be floating") != std::string::npos);
}

TEST_CASE("exceptions of the function pass, and leave nothing behind") {
  const Tensor x = numbers({1, 2});
  for (int i = 0; i < 2; ++i) CHECK_THROWS_AS(func::jvp([](const Tensor&) -> Tensor { throw std::domain_error("mine"); }, x, x), std::domain_error);
  CHECK(list(func::jvp([](const Tensor& x) { return x * x; }, x, x).second) == Values{2, 8});
}

namespace {

struct Detached : autograd::Function<Detached> {
  static Tensor forward(autograd::AutogradContext* context, const Tensor& x) {
    context->save_for_backward({x});
    return x * x;
  }
  static variable_list backward(autograd::AutogradContext* context, variable_list gy) {
    NoGradGuard no_grad;
    return {gy[0] * context->get_saved_variables()[0] * 2};
  }
};
struct Squared : autograd::Function<Squared> {
  static Tensor forward(autograd::AutogradContext* context, const Tensor& x) {
    context->save_for_backward({x});
    return x * x;
  }
  static variable_list backward(autograd::AutogradContext* context, variable_list gy) { return {gy[0] * context->get_saved_variables()[0] * 2}; }
};

}  // namespace

TEST_CASE("functions with a derivative of their own go forwards where that is recorded, and are refused elsewhere") {
  const Tensor x = numbers({3, 4});
  CHECK(list(func::jvp([](const Tensor& x) { return Squared::apply(x); }, x, numbers({1, 10})).second) == Values{6, 80});
  CHECK(list(func::laplacian([](const Tensor& x) { return Squared::apply(x).sum(); }, x)) == Values{4});
  CHECK(message_of([&] { func::jvp([](const Tensor& x) { return Detached::apply(x); }, x, x); }).find("not recorded itself") != std::string::npos);
}

TEST_CASE("vectors of another number or shape are refused") {
  const Tensor x = numbers({1, 2});
  const auto f = [](const Tensor& x) { return x * x; };
  CHECK(message_of([&] { func::jvp(f, x, numbers({1})); }).find("[jvp] vector 0 must have the shape") == 0);
  CHECK(message_of([&] { func::vjp(f, x, numbers({1})); }).find("[vjp] vector 0 must have the shape") == 0);
  CHECK(message_of([&] { func::vjp(f, x); }).find("may be left out for one output") != std::string::npos);
  CHECK(message_of([&] { func::hvp(f, x, x); }).find("must give one element") != std::string::npos);
  CHECK(message_of([&] { func::laplacian(f, zeros({2, 2, 2})); }).find("points must be of shape [d] or [N, d]") != std::string::npos);
  CHECK(message_of([&] { func::divergence([](const Tensor& x) { return x.sum(); }, x); }).find("has the shape of its points") != std::string::npos);
  CHECK(message_of([&] { func::batch_jacobian([](const Tensor& x) { return x[0]; }, x); }).find("same number of rows") != std::string::npos);
}

TEST_CASE("divergence, exact and estimated, and the norm of gradients") {
  const auto field = [](const Tensor& x) { return stack({x.select(-1, 0).pow(2) * x.select(-1, 1), x.select(-1, 1).exp()}, -1); };
  const Tensor x = tensor({{1.0, 0.5}, {2.0, -1.0}}, kDouble);
  const Values exact = list(func::divergence(field, x));
  CHECK(exact[0] == doctest::Approx(2 * 1 * 0.5 + std::exp(0.5)));
  CHECK(exact[1] == doctest::Approx(2 * 2 * -1 + std::exp(-1.0)));
  CHECK(list(func::divergence(field, x[1]))[0] == doctest::Approx(exact[1]));
  // The variance of one sample is the sum of (J_ij + J_ji)^2: 1 and 16; of 4000 samples the mean has a deviation of 0.016 and 0.063.
  const Values estimate = list(func::divergence_estimate(field, x, 4000, make_generator<CPUGeneratorImpl>(3)));
  CHECK(std::abs(estimate[0] - exact[0]) < 0.06);
  CHECK(std::abs(estimate[1] - exact[1]) < 0.25);
  const Tensor norm = func::gradient_norm([](const Tensor& x) { return x.pow(2).sum(-1) / 2; }, tensor({{3.0, 4.0}, {0.0, 0.0}}, kDouble));
  CHECK(list(norm) == Values{5, 0});
}

TEST_CASE("the Jacobian of rows goes the shorter way") {
  const Tensor wide = ramp({2, 9}), x = ramp({4, 2}), narrow = ramp({9, 1});
  const auto many = [&](const Tensor& x) { return matmul(x, wide).sin(); };
  const auto few = [&](const Tensor& x) { return matmul(matmul(x, wide).sin(), narrow); };
  for (const auto& f : {func::TensorMap(many), func::TensorMap(few)}) {
    const Tensor all = func::batch_jacobian(f, x);
    for (int64_t n = 0; n < 4; ++n) {
      const Values row = list(all[n]), expected = list(func::jacrev(f, x[n]));
      for (size_t i = 0; i < row.size(); ++i) CHECK(row[i] == doctest::Approx(expected[i]).epsilon(1e-12));
    }
  }
}
