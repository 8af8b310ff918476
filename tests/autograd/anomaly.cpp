// Anomaly mode: which operation's derivative went wrong.
#include <cmath>

#include <doctest/doctest.h>

#include "message.h"
#include <xgrad/autograd/engine/function.h>
#include <xgrad/autograd/graph/anomaly.h>
#include <xgrad/autograd/graph/node.h>
#include <xgrad/autograd/ops/ops.h>

#include "values.h"

using namespace xgrad;
using autograd::AnomalyMode;
using autograd::AutogradContext;
using autograd::DetectAnomalyGuard;
using autograd::variable_list;

namespace {

struct Spoils : autograd::Function<Spoils> {
  static Tensor forward(AutogradContext*, const Tensor& x, bool throws) {
    (void)throws;
    return x * 2;
  }
  static variable_list backward(AutogradContext*, variable_list gy) { return {gy[0] * NAN, Tensor()}; }
};
struct Fails : autograd::Function<Fails> {
  static Tensor forward(AutogradContext*, const Tensor& x, const Tensor& y) { return x * y; }
  static variable_list backward(AutogradContext*, variable_list) { throw Error("no derivative today"); }
};

std::string error_of(const Tensor& y) {
  return message_of([&] { y.backward(); });
}

}  // namespace

TEST_CASE("without anomaly mode NaN passes") {
  const Tensor x = leaf({1, 2});
  CHECK(error_of(Spoils::apply(x, false).sum()) == "nothing was thrown");
  CHECK(std::isnan(list(x.grad())[0]));
}

TEST_CASE("in anomaly mode the first derivative with NaN is refused, naming the forward operation and its shapes") {
  DetectAnomalyGuard anomaly;
  CHECK(AnomalyMode::is_enabled());
  const Tensor x = ramp({2, 3}).requires_grad_();
  const std::string text = error_of(Spoils::apply(x * 1, false).sum());
  CHECK(contains(text, "Function 'torch::autograd::CppNode<"));
  CHECK(contains(text, "Spoils>' returned nan values in its 0th output"));
  CHECK(contains(text, "the forward operation was torch::autograd::CppNode<"));
  CHECK(contains(text, "of Double[2, 3]"));
  CHECK_FALSE(x.grad().defined());
}

TEST_CASE("an operation of the library is named too") {
  DetectAnomalyGuard anomaly;
  const Tensor x = leaf({0}), w = leaf({1, 1});
  const std::string text = error_of((x.sqrt() * 0 * w).sum());
  CHECK(contains(text, "Function 'SqrtBackward0' returned nan values in its 0th output"));
  CHECK(contains(text, "the forward operation was SqrtBackward0 of Double[1]"));
}

TEST_CASE("an operation on a list names all of it") {
  DetectAnomalyGuard anomaly;
  const Tensor x = leaf({0}), y = leaf({1, 2});
  const std::string text = error_of((cat({x, y}) * NAN).sum());
  CHECK(contains(text, "MulBackward"));
  const Tensor joined = cat({x, y});
  joined.register_hook([](Tensor g) { return g * NAN; });
  CHECK(contains(error_of(joined.sum()), "the forward operation was CatBackward0(dim=0) of Double[1] Double[2]"));
}

TEST_CASE("a derivative that throws names its forward operation") {
  DetectAnomalyGuard anomaly;
  const std::string text = error_of(Fails::apply(leaf({1, 2}), numbers({3, 4})).sum());
  CHECK(contains(text, "no derivative today"));
  CHECK(contains(text, "of Double[2] Double[2]"));
}

TEST_CASE("what was recorded before says so") {
  const Tensor y = Spoils::apply(leaf({1}), false);
  DetectAnomalyGuard anomaly;
  CHECK(contains(error_of(y), "it was recorded while anomaly mode was off"));
}

TEST_CASE("NaN need not be checked") {
  DetectAnomalyGuard anomaly(false);
  CHECK(AnomalyMode::is_enabled());
  CHECK_FALSE(AnomalyMode::should_check_nan());
  CHECK(error_of(Spoils::apply(leaf({1}), false)) == "nothing was thrown");
  CHECK(contains(error_of(Fails::apply(leaf({1}), numbers({3}))), "the forward operation was"));
}

TEST_CASE("the mode ends with its scope, and nests") {
  CHECK_FALSE(AnomalyMode::is_enabled());
  {
    DetectAnomalyGuard outer;
    {
      DetectAnomalyGuard inner(false);
      CHECK_FALSE(AnomalyMode::should_check_nan());
    }
    CHECK(AnomalyMode::should_check_nan());
    try {
      DetectAnomalyGuard thrown;
      throw 1;
    } catch (int) {}
    CHECK(AnomalyMode::is_enabled());
  }
  CHECK_FALSE(AnomalyMode::is_enabled());
  AnomalyMode::set_enabled(true);
  CHECK(AnomalyMode::is_enabled());
  AnomalyMode::set_enabled(false);
}
