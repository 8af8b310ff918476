// Forward mode against the reverse sweep.
#include <cmath>

#include <doctest/doctest.h>

#include <xgrad/autograd/func/linearized.h>
#include <xgrad/autograd/graph/record.h>

#include "catalogue/checks.h"
#include "catalogue/outcome.h"

namespace torch::catalogue {

namespace {

using List = std::vector<Tensor>;

// The weighted sum of all elements.
Tensor weighted_by(const List& tensors, const List& weights) {
  Tensor sum = zeros({}, kDouble);
  for (size_t i = 0; i < tensors.size(); ++i)
    if (tensors[i].defined() && tensors[i].is_floating_point() && weights[i].defined()) sum = sum + (tensors[i] * weights[i]).sum();
  return sum;
}

// The gradients of `y`; undefined where it depends on nothing.
List gradients_along(const Tensor& y, const List& x, bool create_graph) {
  return y.requires_grad() ? autograd::grad({y}, x, {}, true, create_graph, true) : List(x.size());
}

// J t as the derivative of <J^T u, t> by u, through the whole sample at once.
List by_two_sweeps(const func::Linearized& at, const List& t) {
  List u, ys;
  for (const Tensor& y : at.outputs()) {
    if (!y.defined() || !y.requires_grad()) continue;
    ys.push_back(y);
    u.push_back(weights_like(y).requires_grad_());
  }
  const List gx = autograd::grad(ys, at.inputs(), u, true, true, true);
  const List ty = gradients_along(weighted_by(gx, t), u, false);
  List all;
  size_t next = 0;
  for (const Tensor& y : at.outputs()) all.push_back(y.defined() && y.requires_grad() ? ty[next++] : Tensor());
  return all;
}

Tolerance rounding_of(const List& outputs) {
  for (const Tensor& y : outputs)
    if (y.defined() && y.dtype() == kFloat) return {1e-6, 1e-6};
  return {1e-9, 1e-9};
}

}  // namespace

std::string check_tangents(const Sample& sample) {
  if (sample.orders == 0) return "";
  const List all = values_of_inputs(sample);
  const std::vector<bool> wanted = differentiated(sample);
  List x, t;
  for (size_t i = 0; i < all.size(); ++i) {
    if (!wanted[i]) continue;
    x.push_back(all[i]);
    t.push_back(weights_like(all[i]).sin());
  }
  if (x.empty()) return "";
  const auto f = [&](const List& given) {
    List inputs = all;
    size_t next = 0;
    for (size_t i = 0; i < all.size(); ++i)
      if (wanted[i]) inputs[i] = given[next++];
    return call(sample, inputs);
  };
  const func::Linearized at(f, x, {/*create_graph=*/true});
  List w;
  for (const Tensor& y : at.outputs()) w.push_back(y.defined() && y.is_floating_point() ? weights_like(y) : Tensor());

  List forwards;
  try {
    forwards = at.jvp(t);
  } catch (const NotImplementedError&) {
    if (sample.orders < 2) return "";  // forward mode needs the derivative recorded
    throw;
  }
  for (size_t o = 0; o < forwards.size(); ++o)
    if (w[o].defined() && (forwards[o].sizes() != w[o].sizes() || forwards[o].dtype() != w[o].dtype())) return "a tangent has another shape or dtype";

  // Where a value is none, such as the mean of nothing, neither is its tangent, and no gradient says so.
  const Tensor y = weighted_by(at.outputs(), w);
  if (!std::isfinite(y.item<double>())) return "";
  const Tolerance rounding = rounding_of(at.outputs());

  // <w, J t> = <J^T w, t>, and so have their gradients, where there are second derivatives.
  const List gx = gradients_along(y, at.inputs(), true);
  const Tensor slope = weighted_by(gx, t), tangent = weighted_by(forwards, w);
  if (std::string d = difference("tangent", tangent, slope, rounding); !d.empty()) {
    // At kinks a derivative that is set to zero has a record with an infinity in it, for every way that goes through it.
    if (sample.smooth || !difference("", tangent, weighted_by(by_two_sweeps(at, t), w), rounding).empty()) return d;
    return "";
  }
  if (!sample.smooth || sample.orders < 2) return "";
  const List bent = gradients_along(slope, at.inputs(), false), bent_forwards = gradients_along(tangent, at.inputs(), false);
  const Tensor second = weighted_by(bent, t);
  if (std::string d = difference("gradient of the tangent", weighted_by(bent_forwards, t), second, rounding); !d.empty()) return d;
  return difference("second derivative", weighted_by(at.second_derivative({t}), w), second, rounding);
}

TEST_CASE("tangents of every sample are what its gradients say, to the second order") {
  const int samples = for_each_sample(check_tangents);
  MESSAGE(chosen_entries().size(), " operations, ", samples, " samples");
}

namespace {

// Claims to be elementwise, and moves its elements on.
Tensor moved_as(const Tensor& x, bool wrong) {
  const Tensor y = x.detach().roll(1);
  const auto derivative = [](const Tensor& gy) { return gy.roll(-1); };
  if (wrong) return record(Forward(operation<"tanh">, y), wrt(x, derivative));
  return record(Forward(operation<"moved">, y), wrt(x, derivative));
}

}  // namespace

TEST_CASE("an operation with the rule of another kind is found") {
  Samples s("moved");
  CHECK(check_tangents(s.add("x[0].roll(1)", {s.normal({3})}, [](Inputs x) { return moved_as(x[0], false); })) == "");
  CHECK(check_tangents(s.add("x[0].roll(1)", {s.normal({3})}, [](Inputs x) { return moved_as(x[0], true); })).find("tangent") == 0);
}

}  // namespace torch::catalogue
