// Views with axes of size 1, whose strides mean nothing, against contiguous copies of them.
#include <doctest/doctest.h>

#include <functional>

#include <xgrad/autograd/engine/engine.h>
#include <xgrad/autograd/ops/ops.h>

using namespace xgrad;

namespace {

// (2, 1, 2), made so that the stride of the axis of size 1 is not what a walk over rows would take.
Tensor cut_from_transposed() { return arange(16., kDouble).view({4, 2, 2}).transpose(0, 1).slice(1, 3, 4); }

struct Results {
  Tensor y, gx, second;
};

// f of x, the gradient of the sum of f(x)^2, and that of the sum of its squares.
Results results(const Tensor& values, const std::function<Tensor(const Tensor&)>& f) {
  const Tensor x = values.detach().requires_grad_();
  const Tensor y = f(x);
  const Tensor gx = autograd::grad({y.pow(2).sum()}, {x}, {}, true, true)[0];
  return {y, gx, autograd::grad({gx.pow(2).sum()}, {x})[0]};
}

void check_like_contiguous(const Tensor& x, const std::function<Tensor(const Tensor&)>& f) {
  const Results found = results(x, f), expected = results(x.clone(MemoryFormat::Contiguous), f);
  CHECK(equal(found.y, expected.y));
  CHECK(equal(found.gx, expected.gx));
  CHECK(equal(found.second, expected.second));
}

}  // namespace

TEST_CASE("rows along an axis of size 1") {
  const Tensor x = cut_from_transposed(), w = arange(6., kDouble).view({3, 2});
  REQUIRE(x.sizes() == IntArrayRef({2, 1, 2}));
  check_like_contiguous(x, [&](const Tensor& t) { return linear(t, w); });
  check_like_contiguous(x, [&](const Tensor& t) { return linear(t, w, ones({3}, kDouble)); });
  check_like_contiguous(x, [&](const Tensor& t) { return matmul(t, w.t()); });
  check_like_contiguous(w.t(), [&](const Tensor& t) { return matmul(x, t); });
  // By hand: the rows are (12, 13) and (14, 15).
  CHECK(equal(linear(x, w), tensor({13., 63., 113., 15., 73., 131.}, kDouble).view({2, 1, 3})));
}

TEST_CASE("an index whose last axis has size 1, its result transposed") {
  const Tensor at = tensor({2, 0, 2}).view({3, 1});
  for (const Tensor& x : {arange(12., kDouble).view({3, 4}), arange(12., kDouble).view({4, 3}).t()}) {
    check_like_contiguous(x, [&](const Tensor& t) { return t.index({at}).transpose(0, 1) * arange(3., kDouble).view({3, 1}); });
    check_like_contiguous(x, [&](const Tensor& t) { return t.index({at}).permute({2, 1, 0}) * arange(3., kDouble); });
  }
  const Tensor x = arange(12., kDouble).view({3, 4}).requires_grad_();
  const Tensor seed = arange(12., kDouble).view({4, 1, 3});
  (x.index({at}).permute({2, 1, 0}) * seed).sum().backward();
  // Row 2 is chosen first and last, row 0 in between.
  CHECK(equal(x.grad()[2], seed.select(1, 0).select(1, 0) + seed.select(1, 0).select(1, 2)));
  CHECK(equal(x.grad()[1], zeros({4}, kDouble)));
  CHECK(equal(x.grad()[0], seed.select(1, 0).select(1, 1)));
}

TEST_CASE("values put at an index whose last axis has size 1") {
  const Tensor at = tensor({2, 0}).view({2, 1});
  const Tensor values = arange(8., kDouble).view({4, 1, 2}).permute({2, 1, 0});
  const Tensor y = zeros({3, 4}, kDouble).index_put_({at}, values), z = zeros({3, 4}, kDouble);
  z.select(0, 2).copy_(values.select(0, 0).select(0, 0));
  z.select(0, 0).copy_(values.select(0, 1).select(0, 0));
  CHECK(equal(y, z));
}
