// Edits in place, views, and what the graph makes of them.
#include <doctest/doctest.h>

#include <xgrad/autograd/engine/engine.h>
#include <xgrad/autograd/graph/node.h>
#include <xgrad/autograd/ops/ops.h>

#include "values.h"

using namespace xgrad;

TEST_CASE("a comparison in place keeps the tensor in the graph, with a derivative of zero") {
  const Tensor x = leaf({1, 2}), w = leaf({2, 1});
  Tensor y = x * 1;
  y.lt_(1.5);
  CHECK(list(y) == Values{1, 0});
  CHECK(y.grad_fn()->name() == "LtBackward0");
  const auto both = autograd::grad({y.sum()}, {x});
  CHECK(list(both[0]) == Values{0, 0});
  Tensor z = tensor({1.0, 5.0}, kDouble);
  z.ge_(w);
  CHECK(z.requires_grad());
  CHECK(z.grad_fn()->name() == "GeBackward1");
  CHECK(list(autograd::grad({z.sum()}, {w})[0]) == Values{0, 0});
}

TEST_CASE("edits that would change a leaf or overlapping memory are refused, and change nothing") {
  const Tensor x = leaf({1, 2, 3, 4});
  CHECK_THROWS_WITH_AS(x.mul_(2), doctest::Contains("a leaf Variable that requires grad is being used in an in-place operation"), Error);
  CHECK_THROWS_WITH_AS(x[0].mul_(2), doctest::Contains("a view of a leaf Variable that requires grad is being used in an in-place operation"), Error);
  CHECK_THROWS_WITH_AS(x.view({2, 2}).fill_(2), doctest::Contains("a view of a leaf Variable that requires grad"), Error);
  CHECK_THROWS_WITH_AS(ones({1, 1}).expand({2, 2}).add_(1),
                       doctest::Contains("more than one element of the written-to tensor refers to a single memory location"), Error);
  CHECK_THROWS_WITH_AS(ones({2}).add_(ones({3})), doctest::Contains("must match"), Error);
  CHECK_THROWS_WITH_AS(ones({2}).add_(ones({2, 2})), doctest::Contains("doesn't match the broadcast shape"), Error);
  CHECK_THROWS_WITH_AS(ones({2}, kLong).add_(ones({2})), doctest::Contains("can't be cast to the desired output type"), Error);
  CHECK(list(x) == Values{1, 2, 3, 4});
  CHECK(x._version() == 0);
  NoGradGuard no_grad;
  x.mul_(2);
  CHECK(list(x) == Values{2, 4, 6, 8});
  CHECK(x.is_leaf());
  CHECK(x.requires_grad());
  CHECK(x._version() == 1);
}

TEST_CASE("an edit of a saved value is found, whatever way it was made") {
  const auto refused = [](const std::function<void(const Tensor&)>& edit) {
    const Tensor x = leaf({1, 2, 3, 4}), y = x * 1, z = (y * y).sum();
    edit(y);
    CHECK_THROWS_WITH_AS(z.backward(),
                         doctest::Contains("one of the variables needed for gradient computation has been modified by an inplace operation"), Error);
  };
  refused([](const Tensor& y) { y.mul_(2); });
  refused([](const Tensor& y) { y.zero_(); });
  refused([](const Tensor& y) { y.fill_(1); });
  refused([](const Tensor& y) { y.copy_(ones({4}, kDouble)); });
  refused([](const Tensor& y) { y[0].add_(1.0); });
  refused([](const Tensor& y) { y.view({2, 2}).t().mul_(y.detach().view({2, 2})); });
  refused([](const Tensor& y) { y.detach().mul_(2); });
  refused([](const Tensor& y) { y.data().mul_(2); });
  refused([](const Tensor& y) {
    NoGradGuard no_grad;
    y.add_(y);
  });
}

TEST_CASE("the error names the operation and the versions") {
  const Tensor x = leaf({1, 2}), y = x * x, z = y * y;
  y.add_(1.0);
  y.add_(1.0);
  CHECK_THROWS_WITH_AS(z.sum().backward(),
                       "[backward] one of the variables needed for gradient computation has been modified by an inplace "
                       "operation: [torch.DoubleTensor [2]], which is output 0 of MulBackward0, is at version 2; expected version 0 instead",
                       Error);
}

TEST_CASE("an edit of what no derivative needs is all right") {
  const Tensor x = leaf({1, 2}), y = x * 3, z = y + y;
  y.mul_(2);
  (z + y).sum().backward();
  CHECK(list(x.grad()) == Values{12, 12});
}

TEST_CASE("an operation on a tensor and itself") {
  const Tensor x = leaf({1, 2}), y = x * 1;
  y.add_(y);
  y.sum().backward();
  CHECK(list(x.grad()) == Values{2, 2});
  const Tensor z = leaf({1, 2}) * 1;
  z.mul_(z);
  CHECK_THROWS_WITH_AS(z.sum().backward(), doctest::Contains("modified by an inplace operation"), Error);
}

TEST_CASE("an edit through one part of the memory that another part was computed from") {
  const Tensor x = leaf({1, 2, 3}), y = x * 1;
  y[0].copy_(y[1].mul(y[1]));
  // The version is the whole memory's: refused, never wrong.
  CHECK_THROWS_WITH_AS(y.sum().backward(), doctest::Contains("modified by an inplace operation"), Error);
}

TEST_CASE("views that come in groups refuse edits; those made without recording too") {
  const Tensor y = leaf({1, 2, 3, 4}) * 1;
  const char* several = "This view is the output of a function that returns multiple views";
  CHECK_THROWS_WITH_AS(y.unbind()[0].mul_(2), doctest::Contains(several), Error);
  CHECK_THROWS_WITH_AS(y.chunk(2)[0].mul_(2), doctest::Contains(several), Error);
  CHECK_THROWS_WITH_AS(y.split(2)[1].view({2, 1}).mul_(2), doctest::Contains(several), Error);
  Tensor v;
  {
    NoGradGuard no_grad;
    v = y.view({2, 2});
  }
  CHECK_THROWS_WITH_AS(v.mul_(2), doctest::Contains("created in no_grad mode and is being modified inplace with grad mode enabled"), Error);
  CHECK(list(y) == Values{1, 2, 3, 4});
  const Tensor plain = numbers({1, 2, 3, 4});
  plain.chunk(2)[0].mul_(2);
  CHECK(list(plain) == Values{2, 4, 3, 4});
}

TEST_CASE("a constant becomes part of the graph by what is written into it") {
  const Tensor w = leaf({2, 3}), base = numbers({1, 10, 100}), part = base.slice(0, 1, 3);
  part.mul_(w);
  CHECK(base.requires_grad());
  CHECK(base.grad_fn()->name() == "CopySlices");
  CHECK(part.grad_fn()->name() == "AsStridedBackward0");
  base.sum().backward();
  CHECK(list(w.grad()) == Values{10, 100});
}

TEST_CASE("a copied value has a place of its own in the graph") {
  const Tensor x = leaf({1, 2}), h = x * 2, y = zeros({2}, kDouble), z = zeros({2}, kDouble);
  y.copy_(h);
  z.copy_(x);
  y.register_hook([](const Tensor& g) { return g * 10; });
  z.register_hook([](const Tensor& g) { return g * 100; });
  (y + h + z).sum().backward();
  CHECK(list(x.grad()) == Values{122, 122});
  CHECK(y.grad_fn()->name() == "torch::autograd::CopyBackwards");
}

TEST_CASE("assignment to views of temporaries writes through") {
  const Tensor x = leaf({5, 6});
  Tensor y = zeros({2, 2}, kDouble);
  y[0] = x * 2;
  y[1] = 3.0;
  CHECK(list(y) == Values{10, 12, 3, 3});
  (y * y).sum().backward();
  CHECK(list(x.grad()) == Values{40, 48});
}

TEST_CASE("all views see an edit of one of them, and its history") {
  const Tensor x = leaf({1, 2, 3, 4}), base = x * 1, rows = base.view({2, 2}), column = rows.select(1, 0);
  rows.mul_(10);
  CHECK(list(column) == Values{10, 30});
  column.add_(column);
  CHECK(list(base) == Values{20, 20, 60, 40});
  (column * numbers({1, 1})).sum().backward({}, true);
  CHECK(list(x.grad()) == Values{20, 0, 20, 0});
  x.mutable_grad().reset();
  (rows.sum() + base.sum()).backward();
  CHECK(list(x.grad()) == Values{40, 20, 40, 20});
}

TEST_CASE("views of a tensor whose shape changes follow from it as it is then") {
  const auto check = [](const std::function<void(const Tensor&)>& change) {
    const Tensor x = leaf({1, 2, 3}), y = x.view({1, 3}) * 1, row = y[0], square = y * y;
    change(y);
    CHECK(y._version() == 1);
    const auto gradients = autograd::grad({(row * numbers({1, 10, 100})).sum()}, {y, x});
    CHECK(gradients[0].sizes() == y.sizes());
    CHECK(list(gradients[0]) == Values{1, 10, 100});
    CHECK(list(gradients[1]) == Values{1, 10, 100});
    CHECK_THROWS_WITH_AS(square.sum().backward(), doctest::Contains("modified by an inplace operation"), Error);
  };
  check([](const Tensor& y) { y.squeeze_(); });
  check([](const Tensor& y) { y.unsqueeze_(1); });
  check([](const Tensor& y) { y.transpose_(0, 1); });
  check([](const Tensor& y) { y.t_(); });
  // A view that changes its own shape is still what it was of its base.
  const Tensor x = leaf({1, 2, 3}), base = x * 1, view = base.view({1, 3});
  view.squeeze_();
  CHECK(view.grad_fn()->name() == "SqueezeBackward2");
  CHECK(list(autograd::grad({view.sum()}, {base})[0]) == Values{1, 1, 1});
}

TEST_CASE("editing without recording keeps the history of views") {
  const Tensor x = leaf({1, 2, 3, 4}), v = x.view({2, 2});
  {
    NoGradGuard no_grad;
    x.add_(1.0);
    CHECK(v.requires_grad());
  }
  v.sum().backward();
  CHECK(list(x.grad()) == Values{1, 1, 1, 1});
}
