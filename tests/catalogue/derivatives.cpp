// First and second derivatives against finite differences.
#include <doctest/doctest.h>

#include <xgrad/autograd/engine/gradcheck.h>
#include <xgrad/autograd/graph/record.h>

#include "catalogue/checks.h"
#include "catalogue/outcome.h"

namespace torch::catalogue {

std::string check_derivatives(const Sample& sample) {
  if (!sample.smooth || sample.orders == 0) return "";
  std::vector<Tensor> inputs;
  bool any = false;
  for (const Input& x : sample.inputs) {
    inputs.push_back(row_major_copy(x.value));
    if (x.differentiated) inputs.back().requires_grad_();
    any = any || x.differentiated;
  }
  if (!any) return "";
  const autograd::TensorFunction f = [&sample](const std::vector<Tensor>& x) { return call(sample, x); };
  const autograd::GradcheckReport first = autograd::gradcheck(f, inputs);
  if (!first) return "first derivative " + first.text();
  if (sample.orders < 2) return "";
  // Along random directions where there are many entries, each of which would take sixteen backward passes; a miss is looked for among all.
  autograd::GradcheckOptions directions;
  directions.full_jacobian = 64;
  directions.directions = 4;
  if (autograd::gradgradcheck(f, inputs, directions)) return "";
  return "second derivative " + autograd::gradgradcheck(f, inputs).text();
}

TEST_CASE("first and second derivatives agree with finite differences") {
  const int samples = for_each_sample(check_derivatives);
  MESSAGE(chosen_entries().size(), " operations, ", samples, " samples");
}

namespace {

Tensor cube_with(const Tensor& x, double first_order, double second_order) {
  return record(Forward(operation<"cube">, x.detach() * x.detach() * x.detach()), wrt(x, [x = save(x), first_order, second_order](const Tensor& gy) {
                  const Tensor slope = *x * *x * (3 * first_order);
                  // The slope itself, with a derivative that is off.
                  return gy * (slope * second_order + slope.detach() * (1 - second_order));
                }));
}

Sample cube(double first_order, double second_order) {
  Samples s("cube");
  return s.add("x[0] ** 3", {s.normal({2, 3})}, [=](Inputs x) { return cube_with(x[0], first_order, second_order); });
}

}  // namespace

TEST_CASE("a derivative that is off by 0.1% is found") {
  CHECK(check_derivatives(cube(1, 1)) == "");
  CHECK(check_derivatives(cube(1.001, 1)).find("first derivative failed") == 0);
  CHECK(check_derivatives(cube(0.999, 1)).find("first derivative failed") == 0);
  CHECK(check_derivatives(cube(1, 1.001)).find("second derivative failed") == 0);
}

}  // namespace torch::catalogue
