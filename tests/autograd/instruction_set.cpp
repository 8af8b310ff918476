#include <doctest/doctest.h>

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
  for (float v : {0.0f, least, 3 * least, normal - least, normal, 1e-20f, 1e-7f, 0.25f, 0.5f, 0.75f, 1.0f, 1.5f, 9.0f, 17.3f, 87.4f, 88.7f,
                  88.8f, 103.9f, 104.1f, 128.0f, 149.5f, 1e10f, most, inf})
    values.insert(values.end(), {v, -v});
  values.push_back(NAN);
  return tensor(values);
}

// What all sets give; the first one's answer is compared with the others'.
void check_equal_in_all_sets(const std::string& what, const std::function<Tensor()>& compute) {
  INFO(what);
  Tensor first;
  for (InstructionSet set : instruction_sets()) {
    InSet in(set);
    INFO(kernels::name(set));
    const Tensor y = compute().contiguous();
    if (!first.defined()) first = y;
    CHECK(same_bits(first, y));
  }
}

}  // namespace

TEST_CASE("functions of a float are near the truth over the whole range") {
  const Tensor special = special_floats(), sample = floats(12345, 65521, kSample);
  for (const FloatFunction& f : float_functions()) {
    Worst worst;
    measure(f, special, worst);
    measure(f, sample, worst);
    INFO(f.name << " at " << worst.at);
    CHECK(worst.ulps <= f.ulps);
  }
}

TEST_CASE("functions of a float give the same bits with every instruction set") {
  const Tensor special = special_floats(), sample = floats(777, 65519, kSample);
  for (const FloatFunction& f : float_functions()) {
    check_equal_in_all_sets(f.name, [&] { return f.ours(special); });
    check_equal_in_all_sets(f.name, [&] { return f.ours(sample); });
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
  check_equal_in_all_sets("transposed", [&] { return exp(grid.t()) * grid.t(); });
  check_equal_in_all_sets("every other", [&] { return tanh(x.slice(0, 1, 1003, 2)); });
  for (const FloatFunction& f : float_functions()) check_equal_in_all_sets(f.name, gradient_of(f.ours));
}

TEST_CASE("a row's elements don't depend on its length, its neighbours or its layout") {
  for (InstructionSet set : instruction_sets()) {
    InSet in(set);
    const Tensor x = floats(0x3c000000, 100003, 600), whole = exp(x);
    for (int64_t n : {0, 1, 7, 15, 16, 17, 31, 33, 255, 256, 257, 530}) {
      CHECK(same_bits(exp(x.slice(0, 0, n).clone()), whole.slice(0, 0, n).contiguous()));
      CHECK(same_bits(exp(x.slice(0, 3, 3 + n).flip(0)).flip(0), whole.slice(0, 3, 3 + n).contiguous()));
    }
    Tensor in_place = x.clone();
    in_place.slice(0, 5, 405).exp_();
    CHECK(same_bits(in_place, cat({x.slice(0, 0, 5), whole.slice(0, 5, 405), x.slice(0, 405, 600)})));
  }
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
