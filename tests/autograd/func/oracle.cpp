// The transforms against torch.autograd.functional and functorch, whose answers tests/oracle/record_transforms.py records.
#include <doctest/doctest.h>

#include <map>
#include <sstream>

#include <xgrad/autograd/func/func.h>
#include <xgrad/autograd/ops/ops.h>

#include "values.h"
#include "recorded_text.h"

using namespace xgrad;
using func::variable_list;

namespace {

const Values& recorded(const std::string& name) {
  static const auto all = [] {
    std::map<std::string, Values> read;
    std::istringstream file(torch::recorded_text("transforms.gz"));
    for (std::string line; std::getline(file, line);) {
      const size_t colon = line.find(':');
      std::istringstream numbers(line.substr(colon + 1));
      for (double x; numbers >> x;) read[line.substr(0, colon)].push_back(x);
    }
    return read;
  }();
  return all.at(name);
}

void check_answer(const std::string& name, const variable_list& got) {
  CAPTURE(name);
  const Values& expected = recorded(name);
  Values all;
  for (const Tensor& t : got)
    for (double x : list(t)) all.push_back(x);
  REQUIRE(all.size() == expected.size());
  for (size_t i = 0; i < all.size(); ++i) CHECK(all[i] == doctest::Approx(expected[i]).epsilon(1e-10));
}
variable_list flat(const func::Jacobians& all) {
  variable_list tensors;
  for (const variable_list& row : all) tensors.insert(tensors.end(), row.begin(), row.end());
  return tensors;
}
variable_list flat(variable_list first, const variable_list& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

Tensor numbered(IntArrayRef shape, double start = -0.4, double step = 0.13) { return ramp(shape, start, step); }

Tensor one(const Tensor& x) { return sin(x) * x.sum() + x.flip({0}).pow(2); }
variable_list several(const variable_list& x) { return {matmul(x[1].t(), x[0]).exp(), (x[0] * x[0]).sum() * x[1]}; }
Tensor scalar(const variable_list& x) { return sin(x[0]).prod() * x[1].pow(3).sum() + matmul(x[1].t(), x[0]).tanh().sum(); }

struct Net {
  Tensor w = numbered({3, 4}, -0.4, 0.07), v = numbered({4, 2}, 0.2);
  Tensor operator()(const Tensor& x) const { return matmul(tanh(matmul(x, w)), v); }
};

const Tensor a = numbered({2}, 0.3), b = numbered({2, 3}), points = numbered({5, 3}, -0.4, 0.05);
const variable_list directions{numbered({2}), numbered({2, 3}, 0.1)};

}  // namespace

TEST_CASE("Jacobians, Hessians and products are those of torch.autograd.functional") {
  check_answer("jacobian one", {func::jacobian(one, numbered({3}))});
  check_answer("jacobian one", {func::jacfwd(one, numbered({3}))});
  check_answer("jacobian one forward", {func::jacfwd(one, numbered({3}))});
  check_answer("jacobian several", flat(func::jacrev(several, {a, b})));
  check_answer("jacobian several", flat(func::jacfwd(several, {a, b})));
  check_answer("hessian", flat(func::hessian(scalar, {a, b})));
  const auto [value, hv] = func::hvp(scalar, {a, b}, directions);
  check_answer("hvp", flat({value}, hv));
  const auto [same, vh] = func::vhp(scalar, {a, b}, directions);
  check_answer("vhp", flat({same}, vh));
  const auto [y, gx] = func::vjp(several, {a, b}, {numbered({3}), numbered({2, 3}, 0.1)});
  check_answer("vjp", flat(y, gx));
  const auto [outputs, tangents] = func::jvp(several, {a, b}, directions);
  check_answer("jvp", flat(outputs, tangents));
}

TEST_CASE("what acts row by row is as in functorch") {
  const Net net;
  check_answer("batch jacobian", {func::batch_jacobian(net, points)});
  check_answer("laplacian", {func::laplacian(net, points)});
  const auto [y, tangents] = func::jvp(net, points, numbered({5, 3}, 0.2));
  check_answer("functorch jvp", {y, tangents});
  const auto loss = [](const variable_list& parameters, const variable_list& sample) {
    return (Net{parameters[0], parameters[1]}(sample[0]) - sample[1]).pow(2).mean();
  };
  check_answer("per sample", func::per_sample_gradients(loss, {net.w, net.v}, {points, numbered({5, 2}, -0.4, 0.11)}));
  func::VmapOptions options;
  options.in_axes = {1, 0};
  options.out_axes = {1, 0};
  check_answer("vmap", func::vmap(several, options)({numbered({2, 4}), numbered({4, 2, 3})}));
}

TEST_CASE("transforms of transforms: forward over reverse, reverse over forward, forward over forward") {
  const Tensor x = numbered({3});
  const auto f = [](const Tensor& x) { return (sin(x) * x.flip({0}).exp()).sum() * x[0]; };
  const Tensor expected = func::hessian(f, x);
  const func::Options graph{true, false};
  const auto reverse = [&](const Tensor& x) { return func::jacrev(f, x, graph); };
  const auto forward = [&](const Tensor& x) { return func::jacfwd(f, x, graph); };
  for (const Tensor& h : {func::jacfwd(reverse, x), func::jacrev(forward, x), func::jacfwd(forward, x), func::jacrev(reverse, x)})
    for (size_t i = 0; i < 9; ++i) CHECK(list(h)[i] == doctest::Approx(list(expected)[i]).epsilon(1e-12));
  // Third derivatives, three ways.
  const auto second = [&](const Tensor& x) { return func::jacfwd(reverse, x, graph); };
  const Values third = list(func::jacrev(second, x)), again = list(func::jacfwd(second, x));
  for (size_t i = 0; i < third.size(); ++i) CHECK(third[i] == doctest::Approx(again[i]).epsilon(1e-12));
}
