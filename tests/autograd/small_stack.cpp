// Kernels of inputs too large for what a small stack holds.
#include <doctest/doctest.h>

#include <xgrad/autograd/core/threads.h>
#include <xgrad/autograd/engine/engine.h>
#include <xgrad/autograd/ops/ops.h>
#include <xgrad/autograd/tensor/operators.h>

#include "values.h"
#include "small_stack.h"

using namespace xgrad;

namespace {

struct OneThread {
  const int before = get_num_threads();
  OneThread() { set_num_threads(1); }
  ~OneThread() { set_num_threads(before); }
};

// Reductions of `x` over one axis, over both, and over an axis of what it is a view of.
std::vector<Tensor> reductions(const Tensor& x) {
  std::vector<Tensor> ys;
  for (const int64_t axis : {0, 1})
    for (const bool keepdim : {false, true}) {
      ys.insert(ys.end(),
                {x.sum({axis}, keepdim), x.mean({axis}, keepdim), x.prod(axis, keepdim), x.var({axis}, true, keepdim), x.std({axis}, true, keepdim),
                 x.norm(Scalar(2), {axis}, keepdim), x.norm(Scalar(3), {axis}, keepdim), x.amax({axis}, keepdim), x.amin({axis}, keepdim),
                 (x > 0).all(axis, keepdim), (x > 3).any(axis, keepdim), x.logsumexp({axis}, keepdim), std::get<0>(x.max(axis, keepdim)),
                 x.argmax(axis, keepdim), x.softmax(axis), x.cumsum(axis)});
    }
  ys.insert(ys.end(), {x.sum(), x.mean(), x.var(), x.norm(), x.max()});
  return ys;
}

std::vector<Tensor> many_ways(ScalarType dtype) {
  manual_seed(1);
  const Tensor a = randn({2100, 1040}, dtype).mul(0.1);
  std::vector<Tensor> ys;
  const Tensor every_other = a.slice(1, 0, 1040, 2), part = a.slice(0, 0, 300);
  for (const Tensor& x : {a.slice(0, 0, 90), part, part.t(), every_other, every_other.slice(0, 0, 200).t(), a.slice(1, 3, 23), a.slice(1, 3, 23).t()})
    for (Tensor& y : reductions(x)) ys.push_back(std::move(y));
  const Tensor w = part.detach().requires_grad_(), row = a.slice(0, 0, 1).detach().requires_grad_();
  const Tensor loss = ((w * row).exp() * w.t().contiguous().t() + w).sum();
  const std::vector<Tensor> first = autograd::grad({loss}, {w, row}, {}, true, true);
  const std::vector<Tensor> second = autograd::grad({(first[0] * first[0]).sum() + (first[1] * first[1]).sum()}, {w, row});
  ys.insert(ys.end(), {first[0].detach(), first[1].detach(), second[0], second[1], part.slice(1, 0, 300) + part.slice(1, 0, 300).t(),
                       a.slice(0, 0, 1040) * a.slice(0, 0, 1040).t(), a.slice(0, 0, 1040).t().contiguous(), part.matmul(part.t()),
                       part.t().matmul(part), std::get<0>(a.sort(1))});
  return ys;
}

}  // namespace

TEST_CASE("128 KiB of stack are enough for large inputs, and give the same bits") {
  const OneThread one;
  for (const ScalarType dtype : {kFloat, kDouble}) {
    const std::vector<Tensor> expected = many_ways(dtype);
    std::vector<Tensor> got;
    on_small_stack([&] { got = many_ways(dtype); });
    REQUIRE(got.size() == expected.size());
    for (size_t i = 0; i < got.size(); ++i) {
      CAPTURE(i);
      CHECK(same_bits(got[i], expected[i]));
    }
  }
}
