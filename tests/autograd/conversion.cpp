#include <cmath>

#include <doctest/doctest.h>

#include "values.h"
#include <xgrad/autograd/graph/node.h>
#include <xgrad/autograd/ops/ops.h>

using namespace xgrad;

namespace {

Tensor counting_leaf(int64_t n) { return arange(n, TensorOptions(kDouble)).requires_grad_(); }

}  // namespace

TEST_CASE("to with nothing to do returns the same tensor") {
  const Tensor x = ones({2, 3});
  CHECK(x.to(kFloat).is_same(x));
  CHECK(x.to(TensorOptions()).is_same(x));
  CHECK(x.to(kCPU).is_same(x));
  CHECK(x.to(ones({1})).is_same(x));
  CHECK_FALSE(x.to(kFloat, false, true).is_same(x));
  CHECK(x.contiguous().is_same(x));
  CHECK_FALSE(x.t().contiguous().is_same(x));
  CHECK_THROWS_WITH_AS(x.to(kCUDA), doctest::Contains("cuda"), Error);
}

TEST_CASE("conversions keep values, and gradients pass between floating dtypes") {
  const Tensor x = counting_leaf(3);
  const Tensor y = x.to(kFloat);
  CHECK((y.dtype() == kFloat));
  CHECK(y.grad_fn()->name() == "ToCopyBackward0");
  (y * 2).backward(ones({3}));
  CHECK((x.grad().dtype() == kDouble));
  CHECK(list(x.grad()) == Values{2, 2, 2});
  CHECK_FALSE(x.to(kLong).requires_grad());
  CHECK(list(full({2}, -2.7).to(kInt)) == Values{-2, -2});
  CHECK(list(full({2}, 0.3).to(kBool)) == Values{1, 1});
}

TEST_CASE("copy_ broadcasts, converts and sends gradients to its source") {
  Tensor x = zeros({2, 3});
  x.copy_(arange(3));
  CHECK(list(x) == Values{0, 1, 2, 0, 1, 2});
  const Tensor a = counting_leaf(3), b = counting_leaf(3);
  Tensor y = a * a;
  y.copy_(b);
  CHECK(y.grad_fn()->name() == "torch::autograd::CopyBackwards");
  y.backward(full({3}, 5.0, kDouble));
  CHECK(list(a.grad()) == Values{0, 0, 0});
  CHECK(list(b.grad()) == Values{5, 5, 5});
  CHECK_THROWS_WITH_AS(x.copy_(ones({2})), doctest::Contains("must match"), Error);
  CHECK_THROWS_WITH_AS(counting_leaf(3).copy_(ones({3})), doctest::Contains("leaf Variable that requires grad"), Error);
}

TEST_CASE("copy_ of overlapping memory reads before it writes") {
  Tensor x = arange(9).view({3, 3});
  x.copy_(x.t());
  CHECK(list(x) == Values{0, 3, 6, 1, 4, 7, 2, 5, 8});
}

TEST_CASE("overwriting an interior tensor leaves a gradient of zero behind") {
  const Tensor a = counting_leaf(3), v = full({}, 4.0, kDouble).requires_grad_();
  Tensor y = a * a, z = a * a, w = a * a;
  CHECK(y.zero_().grad_fn()->name() == "ZeroBackward0");
  CHECK(z.fill_(2).grad_fn()->name() == "FillBackward2");
  CHECK(w.fill_(v).grad_fn()->name() == "FillBackward3");
  CHECK(list(w) == Values{4, 4, 4});
  (y + z + w).backward(ones({3}, kDouble));
  CHECK(list(a.grad()) == Values{0, 0, 0});
  CHECK(v.grad().item<double>() == 3);
}

TEST_CASE("overwriting a part stops the gradient of that part only") {
  const Tensor a = counting_leaf(4);
  Tensor y = a * a;
  y.narrow(0, 1, 2).zero_();
  CHECK(list(y) == Values{0, 0, 0, 9});
  y.backward(ones({4}, kDouble));
  CHECK(list(a.grad()) == Values{0, 0, 0, 6});
}

TEST_CASE("fill_ refuses what the dtype cannot hold and leaves the tensor alone") {
  const Tensor bytes = ones({2}, kByte), ints = ones({2}, kInt), reals = ones({2});
  CHECK_THROWS_WITH_AS(bytes.fill_(300), doctest::Contains("without overflow"), Error);
  CHECK_THROWS_WITH_AS(ints.fill_(INFINITY), doctest::Contains("without overflow"), Error);
  CHECK_THROWS_WITH_AS(reals.fill_(1e300), doctest::Contains("without overflow"), Error);
  CHECK_THROWS_WITH_AS(reals.fill_(ones({1})), doctest::Contains("0-dimension value tensor"), Error);
  CHECK(list(bytes) == Values{1, 1});
  CHECK(list(bytes.fill_(-1)) == Values{255, 255});
  CHECK(list(ints.fill_(2.7)) == Values{2, 2});
}

TEST_CASE("fill_ and zero_ reach strided views only where they are") {
  const Tensor x = ones({2, 3});
  x.t().select(0, 1).fill_(7);
  CHECK(list(x) == Values{1, 7, 1, 1, 7, 1});
  x.select(1, 0).zero_();
  CHECK(list(x) == Values{0, 7, 1, 0, 7, 1});
}

TEST_CASE("shapes change in place, in a graph too") {
  Tensor x = arange(6).view({2, 1, 3});
  x.squeeze_();
  CHECK(x.sizes() == IntArrayRef{2, 3});
  x.t_();
  CHECK(list(x) == Values{0, 3, 1, 4, 2, 5});
  x.unsqueeze_(0).transpose_(0, 2);
  CHECK(x.sizes() == IntArrayRef{2, 3, 1});

  const Tensor a = counting_leaf(3);
  Tensor y = a * a;
  y.unsqueeze_(0);
  (y * y).backward(ones({1, 3}, kDouble));
  CHECK(list(a.grad()) == Values{0, 4, 32});
  CHECK_THROWS_WITH_AS(counting_leaf(3).unsqueeze_(0), doctest::Contains("leaf Variable"), Error);
}

TEST_CASE("shapes changed in place are recorded under names of their own") {
  const Tensor y = ones({2, 1, 3}).requires_grad_() * 1;
  const auto name = [&y] { return y.grad_fn()->name(); };
  CHECK((y.unsqueeze_(0), name()) == "UnsqueezeBackward1");
  CHECK((y.transpose_(0, 1), name()) == "TransposeBackward1");
  CHECK((y.squeeze_(), name()) == "SqueezeBackward2");
  CHECK((y.t_(), name()) == "TBackward1");
  CHECK((y.unsqueeze_(0), y.squeeze_(0), name()) == "SqueezeBackward3");
  CHECK(y.sizes() == IntArrayRef({3, 2}));
}

TEST_CASE("set_ shows other memory") {
  Tensor x = zeros({3}), y = arange(6, kFloat);
  x.set_(y, 1, {2, 2}, {1, 2});
  CHECK(x.is_alias_of(y));
  CHECK(x.equal(tensor({{1.f, 3.f}, {2.f, 4.f}})));
  x.set_(y.storage());
  CHECK(x.is_set_to(y));
  CHECK_FALSE(x.is_set_to(y.view({2, 3})));
  x.set_(y.view({2, 3}).t());
  CHECK(x.sizes() == IntArrayRef({3, 2}));
  CHECK(x.set_().numel() == 0);
  CHECK(y.equal(arange(6, kFloat)));
  CHECK(x.resize_as_(y).is_same_size(y));
  CHECK_THROWS_AS(x.set_(ones({1}, kDouble)), TypeError);
  CHECK_THROWS_WITH_AS(x.set_(y, 1, {6}), doctest::Contains("out of bounds for storage"), Error);
  CHECK_THROWS_AS(counting_leaf(3).set_(y), Error);
  CHECK_THROWS_WITH_AS(x.set_(counting_leaf(3)), doctest::Contains("the derivative for 'set_' is not implemented"), Error);
}

TEST_CASE("resize_ keeps the elements there are") {
  Tensor x = arange(4);
  x.resize_({2, 1});
  CHECK(list(x) == Values{0, 1});
  x.resize_({5});
  CHECK(x.numel() == 5);
  x.resize_({2, 2});
  CHECK(list(x) == Values{0, 1, 2, 3});
  CHECK_THROWS_WITH_AS(counting_leaf(3).resize_({2}), doctest::Contains("cannot resize variables that require grad"), Error);
}

TEST_CASE("the default dtype is a floating one") {
  CHECK_THROWS_AS(set_default_dtype(kInt), Error);
  CHECK_THROWS_AS(set_default_dtype(kComplexFloat), Error);
  CHECK(get_default_dtype() == kFloat);
}

TEST_CASE("a number as a tensor has the default dtype, or the one asked for") {
  CHECK(scalar_tensor(2).dtype() == kFloat);
  CHECK(scalar_tensor(2).dim() == 0);
  CHECK(scalar_tensor(2.5, kDouble).item<double>() == 2.5);
  CHECK(scalar_tensor(2.5, kLong).item<int64_t>() == 2);
}

TEST_CASE("a tensor on the caller's memory shares it, and tells when it is done") {
  float memory[] = {1, 2, 3, 4, 5, 6};
  int told = 0;
  {
    const Tensor columns = from_blob(memory, {3, 2}, {1, 3}, [&](void* data) { told += data == memory; });
    CHECK(list(columns) == Values{1, 4, 2, 5, 3, 6});
    const Tensor part = columns[1];
    columns.mul_(2);
    CHECK(memory[4] == 10);
    memory[1] = 7;
    CHECK(list(part) == Values{7, 10});
    CHECK(told == 0);
  }
  CHECK(told == 1);
}
