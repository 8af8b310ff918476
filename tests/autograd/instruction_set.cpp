#include <doctest/doctest.h>

#include <cstdlib>
#include <functional>
#include <string>

#include "autograd/float_functions.h"

using namespace xgrad;
using namespace xgrad::test;
using kernels::InstructionSet;

namespace {

constexpr int64_t kSample = 1 << 16;

Tensor special_floats() {
  const float inf = INFINITY, least = std::numeric_limits<float>::denorm_min(), normal = std::numeric_limits<float>::min(),
              most = std::numeric_limits<float>::max();
  std::vector<float> values;
  for (float v : {0.0f, least, 3 * least, normal - least, normal, 1e-20f, 1e-7f,  0.25f,  0.5f,   0.75f, 1.0f, 1.5f,
                  9.0f, 17.3f, 87.4f,     88.7f,          88.8f,  103.9f, 104.1f, 128.0f, 149.5f, 1e10f, most, inf})
    values.insert(values.end(), {v, -v});
  values.push_back(NAN);
  return tensor(values);
}

// The first set's answer is compared with the others'.
void check_equal_in(const std::vector<InstructionSet>& sets, const std::string& what, const std::function<Tensor()>& compute) {
  INFO(what);
  Tensor first;
  for (InstructionSet set : sets) {
    InSet in(set);
    INFO(kernels::name(set));
    const Tensor y = compute().contiguous();
    if (!first.defined()) first = y;
    CHECK(same_floats(first, y));
  }
}
void check_equal_in_all_sets(const std::string& what, const std::function<Tensor()>& compute) { check_equal_in(instruction_sets(), what, compute); }
void check_equal_in_fused_sets(const std::string& what, const std::function<Tensor()>& compute) { check_equal_in(fused_sets(), what, compute); }

}  // namespace

TEST_CASE("functions of a float are near the truth over the whole range") {
  const Tensor special = special_floats(), sample = floats(12345, 65521, kSample);
  for (const FloatFunction& f : float_functions()) {
    Worst worst;
    for (const Tensor& x : {special, sample})
      for (InstructionSet set : instruction_sets()) measure(f, x, {in_set(set, f, x)}, worst);
    INFO(f.name << " at " << worst.at);
    CHECK(worst.ulps <= f.ulps);
  }
}

TEST_CASE("functions of a float give the same bits with every instruction set that fuses multiply-adds") {
  const Tensor special = special_floats(), sample = floats(777, 65519, kSample);
  for (const FloatFunction& f : float_functions()) {
    check_equal_in_fused_sets(f.name, [&] { return f.ours(special); });
    check_equal_in_fused_sets(f.name, [&] { return f.ours(sample); });
  }
}

TEST_CASE("arithmetic and derivatives give the same bits with every instruction set") {
  manual_seed(1);
  const Tensor x = randn({1003}), y = randn({1003}), grid = randn({37, 19}), row = randn({19}), column = randn({37, 1});
  const auto gradient_of = [&](Tensor (*f)(const Tensor&)) {
    return [&x, f] {
      const Tensor v = x.detach().clone().requires_grad_();
      (f(v) * x).sum().backward();
      return v.grad();
    };
  };
  check_equal_in_all_sets("add", [&] { return x + y; });
  check_equal_in_all_sets("division", [&] { return x / y; });
  check_equal_in_all_sets("constant", [&] { return 2.5 - x * 3; });
  check_equal_in_all_sets("sqrt", [&] { return x.abs().sqrt(); });
  check_equal_in_all_sets("relu", [&] { return relu(x); });
  check_equal_in_all_sets("where", [&] { return where(x > y, x, y); });
  check_equal_in_all_sets("broadcast", [&] { return grid * row + column; });
  check_equal_in_fused_sets("transposed", [&] { return exp(grid.t()) * grid.t(); });
  check_equal_in_fused_sets("every other", [&] { return tanh(x.slice(0, 1, 1003, 2)); });
  for (const FloatFunction& f : float_functions()) check_equal_in_fused_sets(f.name, gradient_of(f.ours));
}

TEST_CASE("reductions, softmax and cross entropy give the same bits with every instruction set") {
  manual_seed(2);
  const Tensor x = randn({37, 1003}), labels = randint(0, 1003, {37}, kLong), cube = randn({7, 33, 19});
  for (int64_t axis : {0, 1, 2}) {
    check_equal_in_all_sets("sum", [&] { return cube.sum(axis); });
    check_equal_in_all_sets("max", [&] { return amax(cube, axis); });
    check_equal_in_all_sets("variance", [&] { return cube.var(IntArrayRef(axis)); });
    check_equal_in_fused_sets("softmax", [&] { return softmax(cube, axis); });
  }
  check_equal_in_all_sets("sum of all", [&] { return x.sum(); });
  check_equal_in_all_sets("mean of a transposed", [&] { return x.t().mean(0); });
  check_equal_in_all_sets("norm", [&] { return x.norm(); });
  for (const int64_t n : {1003, 5}) {
    const auto gradient_of = [&](const std::function<Tensor(const Tensor&)>& f) {
      return [&x, f, n] {
        const Tensor v = x.detach().slice(1, 0, n).clone().requires_grad_(), y = f(v);
        (y * y).sum().backward();
        return cat({y.detach().reshape({-1}), v.grad().reshape({-1})});
      };
    };
    check_equal_in_fused_sets("softmax with gradient", gradient_of([](const Tensor& v) { return softmax(v, 1); }));
    check_equal_in_fused_sets("log_softmax with gradient", gradient_of([](const Tensor& v) { return log_softmax(v, 1); }));
    check_equal_in_fused_sets("cross entropy with gradient",
                              gradient_of([&](const Tensor& v) { return cross_entropy_loss(v, labels.remainder(n)); }));
  }
}

TEST_CASE("cross entropy of labels in one pass agrees with its definition") {
  manual_seed(3);
  const Tensor labels = tensor({2, 0, -100, 4, 1}), weight = rand({5}) + 0.5;
  for (int64_t reduction : {Reduction::None, Reduction::Mean, Reduction::Sum})
    for (bool weighted : {false, true}) {
      const std::optional<Tensor> w = weighted ? std::optional<Tensor>(weight) : std::nullopt;
      const Tensor x = (randn({5, 5}) * 3).requires_grad_(), v = x.detach().clone().requires_grad_();
      const Tensor loss = cross_entropy_loss(x, labels, w, reduction), expected = nll_loss(log_softmax(v, 1), labels, w, reduction);
      CHECK(allclose(loss, expected, 1e-6, 1e-6));
      loss.sum().backward();
      expected.sum().backward();
      CHECK(allclose(x.grad(), v.grad(), 1e-5, 1e-6));
      CHECK(x.grad()[2].abs().sum().item<float>() == 0);
    }
}

TEST_CASE("a row's elements don't depend on its length, its neighbours or its layout") {
  for (InstructionSet set : instruction_sets()) {
    InSet in(set);
    const Tensor x = floats(0x3c000000, 100003, 600), whole = exp(x);
    for (int64_t n : {0, 1, 7, 15, 16, 17, 31, 33, 255, 256, 257, 530}) {
      CHECK(same_floats(exp(x.slice(0, 0, n).clone()), whole.slice(0, 0, n).contiguous()));
      CHECK(same_floats(exp(x.slice(0, 3, 3 + n).flip(0)).flip(0), whole.slice(0, 3, 3 + n).contiguous()));
    }
    Tensor in_place = x.clone();
    in_place.slice(0, 5, 405).exp_();
    CHECK(same_floats(in_place, cat({x.slice(0, 0, 5), whole.slice(0, 5, 405), x.slice(0, 405, 600)})));
  }
}

TEST_CASE("a derivative's elements don't depend on the length of the row") {
  manual_seed(5);
  const Tensor x = randn({600}) * 2, gy = randn({600});
  std::vector<FloatFunction> functions = float_functions();
  functions.push_back({"hardswish", [](const Tensor& v) { return hardswish(v); }, nullptr, 0});
  functions.push_back({"hardsigmoid", [](const Tensor& v) { return hardsigmoid(v); }, nullptr, 0});
  for (InstructionSet set : instruction_sets()) {
    InSet in(set);
    for (const FloatFunction& f : functions) {
      INFO(std::string(kernels::name(set)) << " " << std::string(f.name));
      const auto gradient = [&](int64_t n) {
        const Tensor v = x.slice(0, 0, n).abs().requires_grad_();
        f.ours(v).backward(gy.slice(0, 0, n));
        return v.grad().contiguous();
      };
      const Tensor whole = gradient(600);
      for (int64_t n : {1, 7, 15, 16, 17, 31, 33, 257, 530}) CHECK(same_floats(gradient(n), whole.slice(0, 0, n).contiguous()));
    }
  }
}

TEST_CASE("the set in use is the widest of this processor that the environment asks for") {
  const char* asked = std::getenv("XGRAD_INSTRUCTIONS");
  InstructionSet widest = InstructionSet::kAvx512;
  for (InstructionSet set : {InstructionSet::kBaseline, InstructionSet::kAvx2, InstructionSet::kAvx512})
    if (asked && asked == std::string(kernels::name(set))) widest = set;
  InstructionSet expected = InstructionSet::kBaseline;
  for (InstructionSet set : instruction_sets())
    if (set <= widest) expected = set;
  CHECK(kernels::name(kernels::instruction_set()) == std::string(kernels::name(expected)));
#ifndef __x86_64__
  CHECK(instruction_sets().size() == 1);
#endif
}

TEST_CASE("an instruction set is chosen by name and only if the processor has it") {
  CHECK(has(InstructionSet::kBaseline));
  CHECK(has(kernels::instruction_set()));
  CHECK(kernels::name(InstructionSet::kAvx512) == std::string("avx512"));
  const InstructionSet now = kernels::instruction_set();
  for (InstructionSet set : {InstructionSet::kAvx2, InstructionSet::kAvx512})
    if (!has(set)) CHECK_FALSE(use(set));
  CHECK(kernels::instruction_set() == now);
}
