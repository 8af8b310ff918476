// State that decays: it ends at zero, not among the denormal numbers, which many processors multiply tens of times slower.
#include <doctest/doctest.h>

#include <cmath>
#include <functional>
#include <limits>
#include <variant>

#include <xgrad/autograd/core/flush_denormal.h>
#include <xgrad/autograd/ops/ops.h>
#include <xgrad/optim/optim.h>

#include "autograd/instruction_sets.h"
#include "values.h"

using namespace xgrad;
using namespace xgrad::optim;

namespace {

constexpr int kSteps = 30000;
constexpr int64_t kElements = 45;  // sixteen at once, eight, four and one

// Gradients of all sizes from one whose square nearly is no normal number to about 1, and both signs.
template <class T> T denormal_gradient(int64_t i) {
  const double smallest = std::sqrt(static_cast<double>(std::numeric_limits<T>::min())) * 1e3;
  return static_cast<T>(std::pow(smallest, static_cast<double>(i) / kElements) * (i % 3 ? 1 : -1));
}

template <class T> Tensor first_values() {
  Tensor p = empty({kElements}, CppTypeToScalarType<T>::value);
  for (int64_t i = 0; i < kElements; ++i) p.data_ptr<T>()[i] = static_cast<T>(std::sin(static_cast<double>(i)));
  return p.requires_grad_();
}

template <class T> int64_t denormals(const Tensor& t) {
  int64_t count = 0;
  for (int64_t i = 0; i < t.numel(); ++i) count += std::fpclassify(t.data_ptr<T>()[i]) == FP_SUBNORMAL;
  return count;
}

// The parameter after two steps with gradients and kSteps without; counts what is left in any state.
template <class T> Tensor trained(const std::function<std::unique_ptr<Optimizer>(const Tensor&)>& make, int64_t& left) {
  const Tensor p = first_values<T>();
  const std::unique_ptr<Optimizer> optimizer = make(p);
  p.mutable_grad() = empty_like(p);
  for (int64_t i = 0; i < kElements; ++i) p.grad().data_ptr<T>()[i] = denormal_gradient<T>(i);
  for (int i = 0; i < 2; ++i) optimizer->step();
  optimizer->zero_grad();
  left = 0;
  for (int i = 0; i < kSteps; ++i) {
    optimizer->step();
    if (i % 1000 != 0 && i + 1 != kSteps) continue;
    for (const auto& [parameter, state] : optimizer->state())
      for (const StateField& field : state->fields())
        if (const auto* t = std::get_if<Tensor*>(&field.value); t && (*t)->defined()) left += denormals<T>(**t);
  }
  return p.detach();
}

// The same by the formulas, whose numbers may be denormal.
template <class T> Tensor sgd(double lr, double momentum, bool nesterov) {
  const Tensor result = first_values<T>().detach();
  for (int64_t i = 0; i < kElements; ++i) {
    T& w = result.data_ptr<T>()[i];
    T b = 0;
    for (int step = 0; step < kSteps + 2; ++step) {
      const T g = step < 2 ? denormal_gradient<T>(i) : T(0);
      b = static_cast<T>(momentum) * b + g;
      w -= static_cast<T>(lr) * (nesterov ? g + static_cast<T>(momentum) * b : b);
    }
  }
  return result;
}

template <class T> Tensor adam(double lr, double shrink, bool amsgrad) {
  const Tensor result = first_values<T>().detach();
  for (int64_t i = 0; i < kElements; ++i) {
    T& w = result.data_ptr<T>()[i];
    T m = 0, v = 0, largest = 0;
    for (int step = 1; step <= kSteps + 2; ++step) {
      const T g = step <= 2 ? denormal_gradient<T>(i) : T(0);
      m = m * T(0.9) + T(1 - 0.9) * g;
      v = v * T(0.999) + T(1 - 0.999) * g * g;
      largest = std::max(largest, v);
      const T root = static_cast<T>(std::sqrt(1 - std::pow(0.999, step)));
      const T size = static_cast<T>(lr / (1 - std::pow(0.9, step)));
      w = w * static_cast<T>(shrink) - size * m / (std::sqrt(amsgrad ? largest : v) / root + T(1e-8));
    }
  }
  return result;
}

template <class T> void check_within(const Tensor& got, const Tensor& expected) {
  for (int64_t i = 0; i < kElements; ++i) {
    CAPTURE(i);
    const double e = static_cast<double>(expected.data_ptr<T>()[i]);
    CHECK(std::abs(static_cast<double>(got.data_ptr<T>()[i]) - e) <= 8 * static_cast<double>(std::numeric_limits<T>::epsilon()) * std::abs(e));
  }
}

template <class T> void check_all() {
  struct Case {
    const char* name;
    std::function<std::unique_ptr<Optimizer>(const Tensor&)> make;
    Tensor expected;
  };
  const auto using_adam = [](AdamOptions o) { return [o](const Tensor& p) { return std::make_unique<Adam>(std::vector<Tensor>{p}, o); }; };
  const auto using_sgd = [](SGDOptions o) { return [o](const Tensor& p) { return std::make_unique<SGD>(std::vector<Tensor>{p}, o); }; };
  const Case cases[] = {
      {"Adam", using_adam(AdamOptions(1e-3)), adam<T>(1e-3, 1, false)},
      {"Adam, AMSGrad", using_adam(AdamOptions(1e-3).amsgrad(true)), adam<T>(1e-3, 1, true)},
      {"AdamW", [](const Tensor& p) { return std::make_unique<AdamW>(std::vector<Tensor>{p}, AdamWOptions(1e-3).weight_decay(1e-4)); },
       adam<T>(1e-3, 1 - 1e-7, false)},
      {"SGD", using_sgd(SGDOptions(0.1).momentum(0.9)), sgd<T>(0.1, 0.9, false)},
      {"SGD, Nesterov", using_sgd(SGDOptions(0.1).momentum(0.99).nesterov(true)), sgd<T>(0.1, 0.99, true)},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    Tensor first;
    for (const auto set : test::instruction_sets()) {
      const test::InSet in_set(set);
      int64_t left = 0;
      const Tensor got = trained<T>(c.make, left);
      CHECK(left == 0);
      check_within<T>(got, c.expected);
      if (!first.defined()) first = got;
      else CHECK(same_bits(got, first));
    }
  }
}

}  // namespace

TEST_CASE("after 30000 steps without a gradient no state is denormal, in any instruction set, and parameters are the formulas'") {
  SUBCASE("float") { check_all<float>(); }
  SUBCASE("double") { check_all<double>(); }
}

TEST_CASE("a NaN in the state stays, and the caller's arithmetic is what it was") {
  Tensor p = zeros({3}).requires_grad_();
  SGD optimizer({p}, SGDOptions(0).momentum(0.5));
  p.mutable_grad() = tensor({1.5e-38f, -1.5e-38f, NAN});
  optimizer.step();
  optimizer.zero_grad();
  for (const bool on : {false, true, false}) {
    set_flush_denormal(on);
    optimizer.step();
    CHECK(get_flush_denormal() == on);
  }
  const float* b = static_cast<SGDParamState&>(*optimizer.state().at(p.unsafeGetTensorImpl())).momentum_buffer().data_ptr<float>();
  CHECK(b[0] == 0);
  CHECK(b[1] == 0);
  CHECK(std::isnan(b[2]));
}

TEST_CASE("SGD without momentum has no state to flush and keeps denormal parameters") {
  Tensor p = full({20}, 1e-40).requires_grad_();
  p.mutable_grad() = full({20}, 1e-39);
  SGD({p}, SGDOptions(0.5)).step();
  for (int64_t i = 0; i < 20; ++i) CHECK(p.data_ptr<float>()[i] == 1e-40f - 0.5f * 1e-39f);
}

TEST_CASE("Adam keeps a denormal second moment that a tiny eps lets count") {
  // What libtorch 1.13.1 computes: a step of lr, though the gradient's square is denormal.
  for (const double eps : {0.0, 1e-30}) {
    Tensor p = zeros({16}).requires_grad_();
    Adam optimizer({p}, AdamOptions(0.1).eps(eps));
    p.mutable_grad() = full({16}, 1e-19);
    for (int i = 0; i < 3; ++i) optimizer.step();
    CHECK(p.data_ptr<float>()[5] == doctest::Approx(-0.3).epsilon(0.02));
    optimizer.zero_grad();
    for (int i = 0; i < 2000; ++i) optimizer.step();
    CHECK(std::isfinite(p.data_ptr<float>()[5]));
  }
}
