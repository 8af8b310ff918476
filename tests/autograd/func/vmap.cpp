// Functions of one example over batches.
#include <doctest/doctest.h>

#include <xgrad/autograd/engine/gradcheck.h>
#include <xgrad/autograd/func/func.h>
#include <xgrad/autograd/ops/ops.h>

#include "values.h"
#include "message.h"

using namespace xgrad;
using func::variable_list;

namespace {

// vmap that counts the calls of f and notes what it was told.
struct Observed {
  explicit Observed(func::ListMap f) : f(std::move(f)) {}
  variable_list operator()(const variable_list& inputs, std::vector<int64_t> in_axes = {}) {
    func::VmapOptions options;
    options.in_axes = std::move(in_axes);
    options.on_loop = [this](const std::string& why) { said = why; };
    return func::vmap(
        [this](const variable_list& x) {
          ++calls;
          return f(x);
        },
        options)(inputs);
  }
  func::ListMap f;
  int calls = 0;
  std::string said;
};

void check_close(const Tensor& a, const Tensor& b) {
  REQUIRE(a.sizes() == b.sizes());
  CHECK(allclose(a, b, 1e-10, 1e-12));
}

}  // namespace

TEST_CASE("two calls of the function do for a batch of any size") {
  const Tensor w = ramp({3, 4}, -0.4, 0.07);
  Observed f([&](const variable_list& x) { return variable_list{tanh(matmul(x[0], w)).softmax(0) * x[1], x[0].sum(), w}; });
  const Tensor x = ramp({50, 3}, -1, 0.01), y = ramp({50, 4});
  const variable_list got = f({x, y});
  CHECK(f.said == "");
  CHECK(f.calls == 2);
  check_close(got[0], tanh(matmul(x, w)).softmax(1) * y);
  check_close(got[1], x.sum(1));
  check_close(got[2], w.expand({50, 3, 4}));
}

TEST_CASE("axes other than the first, and inputs that all examples share") {
  Observed f([](const variable_list& x) { return variable_list{matmul(x[0], x[1])}; });
  const Tensor a = ramp({2, 7, 3}), b = ramp({3, 4}), c = ramp({3, 4, 7});
  check_close(f({a, b}, {1, func::VmapOptions::kNotMapped})[0], matmul(a.transpose(0, 1), b));
  check_close(f({a, c}, {-2, 2})[0], matmul(a.transpose(0, 1), c.permute({2, 0, 1})));
  CHECK(f.said == "");
  const auto square = func::vmap([](const Tensor& x) { return x * x; }, 1, 1);
  CHECK(list(square(a)) == list(a * a));
}

TEST_CASE("vmap is differentiable, inside and around other transforms") {
  const Tensor w = ramp({3, 3}, -0.4, 0.07).requires_grad_(), x = ramp({6, 3}, -1, 0.1).requires_grad_();
  const auto mapped = [](const variable_list& inputs) {
    const auto f = [&](const variable_list& x) { return variable_list{sin(matmul(inputs[0], x[0])) * x[0]}; };
    return func::vmap(f)({inputs[1]});
  };
  CHECK(autograd::gradcheck(mapped, {w, x}).text().find("ok") == 0);
  CHECK(autograd::gradgradcheck(mapped, {w, x}).text().find("ok") == 0);
  // Hessians of every row, by mapping one that is made of recorded operations.
  const auto energy = [](const Tensor& x) { return (x.sin() * x.roll(1)).sum(); };
  Observed gradients([&](const variable_list& x) {
    return variable_list{func::grad([](const Tensor& x) { return (x.sin() * x).sum(); }, x[0], {true, false})};
  });
  check_close(gradients({x.detach()})[0], x.detach().cos() * x.detach() + x.detach().sin());
  CHECK(gradients.said == "");
  const Tensor hessians = func::vmap([&](const Tensor& x) { return func::hessian(energy, x); })(x.detach());
  for (int64_t n = 0; n < 6; ++n) check_close(hessians[n], func::hessian(energy, x.detach()[n]));
}

TEST_CASE("what can't be done at once runs example by example, and says so") {
  const Tensor x = ramp({6, 3}, -1, 0.1);
  Observed branches([](const variable_list& x) { return variable_list{x[0].sum().item<double>() > 0 ? x[0] : -x[0]}; });
  check_close(branches({x})[0], where((x.sum(1) > 0).unsqueeze(1), x, -x));
  CHECK(branches.said.find("other things for other examples") != std::string::npos);
  Observed edits([](const variable_list& x) {
    Tensor y = x[0] * 2;
    y[0] = 5;
    return variable_list{y.add_(1)};
  });
  CHECK(list(edits({x})[0].select(1, 0)) == Values(6, 6));
  CHECK(edits.said != "");
  Observed adds([](const variable_list& x) { return variable_list{(x[0] * 2).add_(1)}; });
  check_close(adds({x})[0], x * 2 + 1);
  CHECK(adds.said.find("in place") != std::string::npos);
  Observed draws([](const variable_list& x) { return variable_list{x[0] * rand({3}, kDouble)}; });
  manual_seed(3);
  const Tensor got = draws({x})[0];
  manual_seed(3);
  for (int64_t n = 0; n < 6; ++n) CHECK(same_bits(got[n], x[n] * rand({3}, kDouble)));
  CHECK(draws.said.find("random") != std::string::npos);
  Observed rare([](const variable_list& x) { return variable_list{x[0].sinc()}; });
  check_close(rare({x})[0], x.sinc());
  CHECK(rare.said.find("sinc has no rule") != std::string::npos);
}

TEST_CASE("gradients of single examples, in one piece") {
  const Tensor w = ramp({4, 3}, -0.4, 0.07), b = ramp({4}), x = ramp({9, 3}, -1, 0.05), y = ramp({9, 4}, 0.5, 0.01);
  int calls = 0;
  const auto loss = [&](const variable_list& p, const variable_list& example) {
    ++calls;
    return mse_loss(tanh(linear(example[0], p[0], p[1])), example[1]);
  };
  const variable_list all = func::per_sample_gradients(loss, {w, b}, {x, y});
  CHECK(calls == 2);
  for (int64_t n = 0; n < 9; ++n) {
    const variable_list one = func::grad([&](const variable_list& p) { return loss(p, {x[n], y[n]}); }, {w, b});
    check_close(all[0][n], one[0]);
    check_close(all[1][n], one[1]);
  }
}

TEST_CASE("what vmap refuses") {
  const auto f = [](const variable_list& x) { return x; };
  CHECK(contains(message_of([&] { func::vmap(f)({ramp({2}), ramp({3})}); }), "all mapped axes must be of one length, got 2 and 3"));
  CHECK(contains(message_of([&] { func::vmap(f)({ramp({})}); }), "has no axes to map over"));
  CHECK(contains(message_of([&] { func::vmap(f, {{func::VmapOptions::kNotMapped}, {}, {}})({ramp({2})}); }), "at least one input must be mapped"));
  CHECK(contains(message_of([&] { func::vmap(f, {{0, 0}, {}, {}})({ramp({2})}); }), "in_axes must name an axis for each of 1 inputs"));
  CHECK(contains(message_of([&] { func::vmap(f, {{0}, {0, 0}, {}})({ramp({2})}); }), "out_axes must name an axis for each of 1 outputs"));
  CHECK_THROWS_AS(func::vmap(f, {{3}, {}, {}})({ramp({2})}), IndexError);
}

TEST_CASE("gradients of a norm, whose divisor is chosen by the norm itself, for zero and other examples") {
  const Tensor x = ramp({5, 3}, -1, 0.2);
  x[2].zero_();
  const auto gradient = [](const Tensor& row) { return func::grad([](const Tensor& t) { return t.norm(); }, row, {true}); };
  const Tensor got = func::vmap(gradient)(x);
  for (int64_t i = 0; i < 5; ++i) check_close(got[i], gradient(x[i]));
}
