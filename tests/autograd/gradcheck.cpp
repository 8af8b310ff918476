#include <cmath>

#include <doctest/doctest.h>

#include <xgrad/autograd/engine/function.h>
#include <xgrad/autograd/engine/gradcheck.h>
#include <xgrad/autograd/ops/ops.h>

#include "values.h"

using namespace xgrad;
using autograd::gradcheck;
using autograd::GradcheckReport;
using autograd::gradgradcheck;
using autograd::variable_list;

namespace {

Tensor ramp_leaf(IntArrayRef shape, double start = 0.3) { return ramp(shape, start).requires_grad_(); }

// x squared, element `wrong` of whose gradient is off by a factor.
struct WrongSquare : autograd::Function<WrongSquare> {
  static Tensor forward(autograd::AutogradContext* ctx, const Tensor& x, int64_t wrong, double factor) {
    ctx->save_for_backward({x});
    ctx->saved_data["wrong"] = wrong;
    ctx->saved_data["factor"] = factor;
    return x * x;
  }
  static variable_list backward(autograd::AutogradContext* ctx, variable_list gy) {
    const Tensor x = ctx->get_saved_variables()[0];
    Tensor factor = ones(x.sizes(), kDouble);
    const int64_t wrong = ctx->saved_data["wrong"].toInt();
    if (wrong >= 0) factor.data_ptr<double>()[wrong] = ctx->saved_data["factor"].toDouble();
    return {gy[0] * x * 2 * factor, Tensor(), Tensor()};
  }
};

}  // namespace

TEST_CASE("gradcheck passes right derivatives and says what it compared") {
  const GradcheckReport r = gradcheck([](const Tensor& x) { return x * x * x; }, ramp_leaf({2, 3}));
  CHECK(r.ok);
  CHECK(r.entries == 36);
  CHECK(r.text().find("ok: 36 entries") == 0);
  CHECK(gradgradcheck([](const Tensor& x) { return x * x * x; }, ramp_leaf({2, 3})));
}

TEST_CASE("gradcheck names the entry that is wrong") {
  const GradcheckReport r = gradcheck([](const Tensor& x) { return WrongSquare::apply(x, 4, 1.001); }, ramp_leaf({2, 3}));
  CHECK_FALSE(r.ok);
  CHECK(r.input == 0);
  CHECK(r.output == 0);
  CHECK(r.input_element == 4);
  CHECK(r.output_element == 4);
  CHECK(r.numeric == doctest::Approx(2 * (0.3 + 0.17 * 4)).epsilon(1e-9));
  CHECK(r.analytic == doctest::Approx(1.001 * r.numeric).epsilon(1e-9));
  CHECK(r.tolerance < 1e-6);
  CHECK(r.text().find("failed: 36 entries compared; output 0, element 4, by input 0, element 4: numeric 1.96") == 0);
}

TEST_CASE("gradcheck tells inputs and outputs apart") {
  const variable_list x = {ramp_leaf({3}), ramp_leaf({2, 1}, 0.7), ramp({3})};
  const GradcheckReport r = gradcheck(
      [](const variable_list& x) {
        return variable_list{x[0] + x[2], Tensor(), x[0] * WrongSquare::apply(x[1], 1, 0.99)};
      },
      x);
  CHECK_FALSE(r.ok);
  CHECK(r.input == 1);
  CHECK(r.output == 2);
  CHECK(r.input_element == 1);
  CHECK(r.output_element == 5);
}

TEST_CASE("gradcheck finds a wrong element of a large Jacobian by random directions") {
  const Tensor x = ramp_leaf({100});
  const auto square = [](int64_t wrong) { return [wrong](const Tensor& x) { return WrongSquare::apply(x, wrong, 1.001); }; };
  const GradcheckReport right = gradcheck(square(-1), x), wrong = gradcheck(square(57), x);
  CHECK(right.ok);
  CHECK(right.entries == 16);
  CHECK_FALSE(wrong.ok);
  CHECK(wrong.input_element == -1);
  CHECK(wrong.text().find("a random direction") != std::string::npos);
}

TEST_CASE("gradgradcheck finds a wrong second derivative behind a right first one") {
  const auto f = [](const Tensor& x) { return WrongSquare::apply(x, -1, 1.0) * x.detach(); };
  CHECK_FALSE(gradcheck(f, ramp_leaf({3})));
  struct Half : autograd::Function<Half> {
    static Tensor forward(autograd::AutogradContext* ctx, const Tensor& x) {
      ctx->save_for_backward({x});
      return x * x;
    }
    static variable_list backward(autograd::AutogradContext* ctx, variable_list gy) {
      const Tensor x = ctx->get_saved_variables()[0];
      return {gy[0] * (x + x.detach())};
    }
  };
  const std::function<Tensor(const Tensor&)> half = [](const Tensor& x) { return Half::apply(x); };
  CHECK(gradcheck(half, ramp_leaf({3})));
  const GradcheckReport r = gradgradcheck(half, ramp_leaf({3}));
  CHECK_FALSE(r.ok);
  CHECK(r.analytic == doctest::Approx(r.numeric / 2));
}

TEST_CASE("outputs that depend on nothing and integer outputs are all right") {
  const variable_list x = {ramp_leaf({2})};
  const auto f = [](const variable_list& x) { return variable_list{x[0].detach() * 0, ones({2}, kLong), x[0] * 2, ones({3}, kDouble)}; };
  CHECK(gradcheck(f, x));
  CHECK(gradgradcheck(f, x));
  CHECK_FALSE(gradcheck([](const Tensor& x) { return x.detach(); }, x[0]));
}

TEST_CASE("0-d, empty and strided inputs") {
  CHECK(gradcheck([](const Tensor& x) { return x * x; }, ramp_leaf({})));
  const GradcheckReport r = gradcheck([](const Tensor& x) { return x * x; }, ramp_leaf({0, 3}));
  CHECK(r.ok);
  CHECK(r.text() == "ok: nothing to compare");
  Tensor strided = ramp({3, 2}).t().detach();
  CHECK(gradcheck([](const Tensor& x) { return x * x * ramp({2, 3}); }, strided.requires_grad_()));
}

TEST_CASE("gradcheck refuses what it cannot check") {
  CHECK_THROWS_WITH_AS(gradcheck([](const Tensor& x) { return x; }, ones({2}).requires_grad_()),
                       "[gradcheck] inputs that require a gradient must be float64 (Double), since finite differences of other dtypes are too "
                       "inexact; input 0 is Float",
                       TypeError);
  CHECK_THROWS_WITH_AS(gradgradcheck([](const Tensor& x) { return x; }, ramp({2})),
                       "[gradgradcheck] expects at least one input tensor to require gradient", Error);
  const Tensor shared = ramp({1}).expand({3}).detach().requires_grad_();
  CHECK_THROWS_AS(gradcheck([](const Tensor& x) { return x; }, shared), Error);
}

TEST_CASE("a function that changes its input or its mind is found") {
  const GradcheckReport changed = gradcheck(
      [](const Tensor& x) {
        NoGradGuard no_grad;
        x.add_(ones({2}, kDouble));
        return x * 1;
      },
      ramp_leaf({2}));
  CHECK_FALSE(changed.ok);
  CHECK(changed.problem == "input 0 was changed by the function");
  int calls = 0;
  const GradcheckReport moody = gradcheck([&calls](const Tensor& x) { return x * ++calls; }, ramp_leaf({2}));
  CHECK_FALSE(moody.ok);
  CHECK(moody.text() == "failed: the function gives other values for the same inputs, in output 0");
}

TEST_CASE("NaN fails") {
  CHECK_FALSE(gradcheck([](const Tensor& x) { return WrongSquare::apply(x, 0, NAN); }, ramp_leaf({2})));
}
