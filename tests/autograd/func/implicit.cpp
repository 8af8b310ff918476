// Derivatives of solutions of equations.
#include <cmath>

#include <doctest/doctest.h>

#include <xgrad/autograd/engine/gradcheck.h>
#include <xgrad/autograd/func/func.h>
#include <xgrad/autograd/ops/ops.h>

#include "values.h"
#include "message.h"

using namespace xgrad;
using func::variable_list;

namespace {

Tensor apply_matrix(const Tensor& v, const variable_list& p) { return matmul(p[0], v); }

}  // namespace

TEST_CASE("a linear equation with an operator has the solution and derivatives of the matrix's") {
  const Tensor A = (eye(4, kDouble) * 2 + ramp({4, 4}, -0.5, 0.07).sin()).requires_grad_(), b = leaf({1, -2, 0.5, 3});
  const Tensor x = func::solve_linear(apply_matrix, b, {A}), expected = linalg::solve(A, b);
  const Tensor w = numbers({1, 2, 3, 4});
  const variable_list g = autograd::grad({(x * w).sum()}, {A, b}), h = autograd::grad({(expected * w).sum()}, {A, b});
  for (size_t i = 0; i < 4; ++i) CHECK(list(x)[i] == doctest::Approx(list(expected)[i]).epsilon(1e-11));
  for (size_t i = 0; i < 16; ++i) CHECK(list(g[0])[i] == doctest::Approx(list(h[0])[i]).epsilon(1e-10));
  const auto f = [](const variable_list& x) { return variable_list{func::solve_linear(apply_matrix, x[0], {x[1]})}; };
  CHECK(autograd::gradcheck(f, {b, A}).text().find("ok") == 0);
  CHECK(autograd::gradgradcheck(f, {b, A}).text().find("ok") == 0);
}

TEST_CASE("the right side may be of any shape, and zero") {
  const auto twice = [](const Tensor& v, const variable_list&) { return v * 2; };
  const Values halves = list(func::solve_linear(twice, ramp({2, 3}), {})), expected = list(ramp({2, 3}) / 2);
  for (size_t i = 0; i < 6; ++i) CHECK(halves[i] == doctest::Approx(expected[i]).epsilon(1e-12));
  CHECK(list(func::solve_linear(twice, zeros({2}, kDouble), {})) == Values{0, 0});
  CHECK(func::solve_linear(twice, zeros({0}, kDouble), {}).numel() == 0);
  const auto none = [](const Tensor& v, const variable_list&) { return v * 0; };
  CHECK_THROWS_AS(func::solve_linear(none, numbers({1, 2}), {}), LinAlgError);
  const auto rotation = [](const Tensor& v, const variable_list&) { return v.roll(1); };
  func::SolverOptions options;
  options.max_iterations = 3;
  CHECK(message_of([&] {
          func::solve_linear(rotation, numbers({1, 0, 0, 0, 0, 0, 0, 0}), {}, options);
        }).find("has not converged") != std::string::npos);
  CHECK(message_of([&] {
          func::solve_linear([](const Tensor& v, const variable_list&) { return v.sum(); }, numbers({1, 2}), {});
        }).find("keep the shape") != std::string::npos);
}

TEST_CASE("a fixed point: the derivative of the equation, of two orders") {
  const Tensor W = ramp({3, 3}, -0.2, 0.05).requires_grad_(), b = leaf({0.1, 0.4, -0.3});
  const auto f = [](const Tensor& z, const variable_list& p) { return tanh(matmul(p[0], z) + p[1]); };
  const auto solution = [&](const variable_list& p) { return variable_list{func::fixed_point(f, zeros({3}, kDouble), p)}; };
  const Tensor z = solution({W, b})[0];
  for (size_t i = 0; i < 3; ++i) CHECK(list(f(z, {W, b}))[i] == doctest::Approx(list(z)[i]).epsilon(1e-11));
  CHECK(autograd::gradcheck(solution, {W, b}).text().find("ok") == 0);
  CHECK(autograd::gradgradcheck(solution, {W, b}).text().find("ok") == 0);
}

TEST_CASE("square roots by Newton's steps, whose derivative has nothing of the steps") {
  const auto newton = [](const Tensor& z, const variable_list& p) { return (z + p[0] / z) / 2; };
  const Tensor a = leaf({2, 9});
  const Tensor root = func::fixed_point(newton, ones({2}, kDouble), {a});
  CHECK(list(root)[1] == doctest::Approx(3));
  root.sum().backward();
  CHECK(list(a.grad())[0] == doctest::Approx(0.5 / std::sqrt(2.0)));
  CHECK(list(a.grad())[1] == doctest::Approx(1.0 / 6));
  const auto doubling = [](const Tensor& z, const variable_list&) { return z * 2; };
  CHECK(message_of([&] { func::fixed_point(doubling, ones({2}, kDouble), {}); }).find("no fixed point after 500") != std::string::npos);
  const Tensor start = numbers({5, 5});
  const Tensor same = func::fixed_point([](const Tensor& z, const variable_list&) { return z; }, start, {});
  CHECK_FALSE(same.is_alias_of(start));
}
