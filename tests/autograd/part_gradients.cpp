// Gradients of parts of tensors, and sums over expanded axes, against loops over single elements.
#include <doctest/doctest.h>

#include <functional>
#include <limits>
#include <string>
#include <vector>

#include <xgrad/xgrad.h>

#include "autograd/instruction_sets.h"

using namespace xgrad;
using namespace xgrad::test;

namespace {

using Part = std::function<Tensor(const Tensor&)>;

struct NamedPart {
  std::string name;
  Part take;
};

std::vector<NamedPart> parts() {
  std::vector<NamedPart> all;
  for (int64_t axis : {0, 1})
    for (const int64_t step : {1, 2, 3, 7})
      for (const auto& [from, to] : std::vector<std::pair<int64_t, int64_t>>{{0, 999}, {1, 999}, {2, -1}, {3, 4}, {0, 0}})
        all.push_back({"slice " + std::to_string(axis) + " " + std::to_string(from) + ":" + std::to_string(to) + ":" + std::to_string(step),
                       [=, from = from, to = to](const Tensor& x) { return x.slice(axis, from, to, step); }});
  all.push_back({"row", [](const Tensor& x) { return x.select(0, 1); }});
  all.push_back({"column", [](const Tensor& x) { return x.select(1, -2); }});
  all.push_back({"element", [](const Tensor& x) { return x.select(1, 2).select(0, 0); }});
  all.push_back({"diagonal", [](const Tensor& x) { return x.diagonal(1); }});
  all.push_back({"every other of both axes", [](const Tensor& x) { return x.slice(0, 1, 999, 2).slice(1, 1, 999, 2); }});
  all.push_back({"columns of the transposed", [](const Tensor& x) { return x.t().slice(1, 0, 999, 2); }});
  all.push_back({"windows that overlap", [](const Tensor& x) { return x.as_strided({3, 4}, {2, 1}, 1); }});
  all.push_back({"an element many times", [](const Tensor& x) { return x.as_strided({5, 3}, {0, 0}, 2); }});
  all.push_back({"steps of two in memory", [](const Tensor& x) { return x.as_strided({2, 3}, {7, 2}, 1); }});
  return all;
}

// What gy adds up to at each element of a row-major tensor like x, by the part of a tensor of positions.
Tensor gradient_by_elements(const Tensor& x, const Part& take, const Tensor& gy) {
  const Tensor positions = take(arange(x.numel(), kLong).view(x.sizes())).clone(MemoryFormat::Contiguous).view({-1});
  const Tensor source = gy.to(kDouble).clone(MemoryFormat::Contiguous).view({-1});
  std::vector<double> sums(static_cast<size_t>(x.numel()), 0.0);
  for (int64_t i = 0; i < positions.numel(); ++i) sums[static_cast<size_t>(positions.data_ptr<int64_t>()[i])] += source.data_ptr<double>()[i];
  Tensor gx = empty(x.sizes(), kDouble);
  std::copy(sums.begin(), sums.end(), gx.data_ptr<double>());
  return gx.to(x.dtype());
}

void check_gradient(const Tensor& data, const NamedPart& part, const std::function<Tensor(const Tensor&)>& make_gy) {
  const Tensor x = data.clone().requires_grad_(), y = part.take(x), gy = make_gy(y.detach());
  INFO(part.name << " of " << toString(data.dtype()) << " " << data.size(0) << " x " << data.size(1));
  y.backward(gy);
  CHECK(x.grad().is_contiguous());
  CHECK(x.grad().dtype() == data.dtype());
  CHECK(equal(x.grad(), gradient_by_elements(data, part.take, gy)));
}

Tensor some_gradient(const Tensor& y) { return (arange(y.numel(), y.options()) % 31 + 1).view(y.sizes()); }
Tensor equal_gradient(const Tensor& y) { return full({}, 3, y.options()).expand(y.sizes()); }
Tensor gradient_in_another_order(const Tensor& y) {
  return y.dim() == 2 ? some_gradient(y.t().clone(MemoryFormat::Contiguous)).t() : some_gradient(y);
}
Tensor gradient_with_gaps(const Tensor& y) {
  if (y.dim() == 0) return some_gradient(y);
  std::vector<int64_t> wide = y.sizes().vec();
  wide.back() *= 2;
  return some_gradient(zeros(wide, y.options())).slice(-1, 0, wide.back(), 2);
}
Tensor gradient_of_equal_rows(const Tensor& y) {
  return y.dim() == 2 && y.size(0) > 0 ? some_gradient(y).slice(0, 0, 1).expand(y.sizes()) : some_gradient(y);
}
Tensor gradient_of_equal_columns(const Tensor& y) {
  return y.dim() == 2 && y.size(1) > 0 ? some_gradient(y).slice(1, 0, 1).expand(y.sizes()) : some_gradient(y);
}

}  // namespace

TEST_CASE("gradients of parts are those of single elements, whatever gradient comes") {
  for (const auto set : instruction_sets()) {
    const InSet in_set(set);
    for (const ScalarType dtype : {kFloat, kDouble})
      for (const auto& [rows, columns] : std::vector<std::pair<int64_t, int64_t>>{{4, 5}, {6, 16}, {3, 37}, {40, 64}, {2, 1027}}) {
        const Tensor x = rand({rows, columns}, dtype);
        for (const NamedPart& part : parts())
          for (const auto gy :
               {some_gradient, equal_gradient, gradient_in_another_order, gradient_with_gaps, gradient_of_equal_rows, gradient_of_equal_columns})
            check_gradient(x, part, gy);
      }
  }
}

TEST_CASE("gradients of parts of three axes and of one") {
  const Tensor x = rand({5, 6, 70}), line = rand({3001});
  const std::vector<Part> of_three = {
      [](const Tensor& t) { return t.slice(1, 1, 6, 2); }, [](const Tensor& t) { return t.slice(2, 3, 70, 2).slice(0, 1, 4); },
      [](const Tensor& t) { return t.select(2, 5); }, [](const Tensor& t) { return t.select(1, 0).slice(1, 1, 70, 3); },
      [](const Tensor& t) {
        return t.permute({2, 0, 1}).slice(0, 0, 70, 2);
      }};
  const std::vector<Part> of_one = {[](const Tensor& t) { return t.slice(0, 0, 3001, 2); }, [](const Tensor& t) { return t.slice(0, 1, 3000, 2); },
                                    [](const Tensor& t) { return t.slice(0, 5, 3001, 5); }, [](const Tensor& t) { return t.slice(0, 2999); }};
  for (const auto& [data, takes] : std::vector<std::pair<Tensor, std::vector<Part>>>{{x, of_three}, {line, of_one}})
    for (const Part& take : takes) {
      const Tensor leaf = data.clone().requires_grad_(), y = take(leaf), gy = some_gradient(y.detach());
      y.backward(gy);
      CHECK(equal(leaf.grad(), gradient_by_elements(data, take, gy)));
    }
}

TEST_CASE("a gradient of a part can itself be differentiated, and adds to one that is there") {
  const Tensor x = rand({4, 6}, kDouble).requires_grad_();
  const Tensor y = x.slice(1, 0, 6, 2);
  const Tensor gx = autograd::grad({(y * y * y).sum()}, {x}, {}, std::nullopt, true)[0];
  gx.sum().backward();
  const Tensor mask = zeros({4, 6}, kDouble);
  mask.slice(1, 0, 6, 2).fill_(1);
  CHECK(allclose(x.grad(), 6 * x.detach() * mask));
  x.slice(0, 1, 3).sum().backward();
  const Tensor rows = zeros({4, 6}, kDouble);
  rows.slice(0, 1, 3).fill_(1);
  CHECK(allclose(x.grad(), 6 * x.detach() * mask + rows));
}

TEST_CASE("elements of a tensor that lie at one place share the gradient of that place") {
  const Tensor x = tensor({1., 2.}, kDouble).requires_grad_(), whole = x.unsqueeze(1).expand({2, 2}), gy = tensor({-2., 0.5}, kDouble);
  const auto gradients = autograd::grad({whole.as_strided({2}, {1})}, {whole, x}, {gy});
  CHECK(equal(gradients[0], tensor({{-1., -1.}, {0.25, 0.25}}, kDouble)));
  CHECK(equal(gradients[1], gy));
  CHECK(equal(autograd::grad({whole.as_strided({3}, {0}, 1)}, {x}, {ones({3}, kDouble)})[0], tensor({0., 3.}, kDouble)));
}

TEST_CASE("large gradients of slices have the same bits with any number of threads") {
  const int before = get_num_threads();
  const auto compute = [] {
    std::vector<Tensor> all;
    for (const int64_t step : {1, 2, 3})
      for (const int64_t axis : {0, 1}) {
        const Tensor x = full({1500, 1501}, 0.5).requires_grad_(), y = x.slice(axis, 1, 1400, step);
        (y * y.detach()).backward((arange(y.numel(), y.options()) % 127).view(y.sizes()));
        all.push_back(x.grad());
      }
    const Tensor line = ones({3000001}).requires_grad_();
    line.slice(0, 0, 3000001, 2).sum().backward();
    all.push_back(line.grad());
    CHECK(equal(line.grad(), (1 - arange(3000001, kLong) % 2).to(kFloat)));
    return all;
  };
  set_num_threads(1);
  const std::vector<Tensor> alone = compute();
  for (const int threads : {2, 3}) {
    set_num_threads(threads);
    const std::vector<Tensor> together = compute();
    for (size_t i = 0; i < alone.size(); ++i) CHECK(equal(alone[i], together[i]));
  }
  set_num_threads(before);
}

TEST_CASE("sums over expanded axes count every element as often as it is expanded") {
  for (const ScalarType dtype : {kFloat, kDouble, kLong, kInt, kByte, kBool}) {
    const Tensor row = (arange(7, kLong) % 5).to(dtype), wide = row.expand({3, 4, 7}), tall = row.view({7, 1}).expand({7, 6});
    const auto numbers = [](const Tensor& t) { return t.clone(MemoryFormat::Contiguous); };
    CHECK(equal(wide.sum(), numbers(wide).sum()));
    CHECK(equal(tall.sum(), numbers(tall).sum()));
    for (const std::vector<int64_t>& axes : std::vector<std::vector<int64_t>>{{0}, {1}, {2}, {0, 1}, {1, 2}, {0, 2}})
      CHECK(equal(wide.sum(axes, true), numbers(wide).sum(axes, true)));
    for (const int64_t axis : {0, 1}) CHECK(equal(tall.sum(axis), numbers(tall).sum(axis)));
    if (isFloatingType(dtype)) CHECK(allclose(wide.mean({0, 2}), numbers(wide).mean({0, 2})));
  }
  constexpr float inf = std::numeric_limits<float>::infinity();
  CHECK(full({1}, inf).expand({5}).sum().item<float>() == inf);
  CHECK(full({1}, -inf).expand({5, 0}).sum().item<float>() == 0);
  CHECK(full({1, 2}, inf).expand({0, 2}).sum(0).abs().sum().item<float>() == 0);
  CHECK(ones({1}).expand({100000000}).sum().item<float>() == 1e8f);
}
