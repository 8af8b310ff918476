// What backward() and grad() compute, and what they refuse.
#include <doctest/doctest.h>

#include <xgrad/autograd/engine/engine.h>
#include <xgrad/autograd/engine/gradcheck.h>
#include <xgrad/autograd/graph/node.h>
#include <xgrad/autograd/ops/ops.h>

#include "values.h"

using namespace xgrad;
using autograd::variable_list;

TEST_CASE("backward of one element needs no gradient, of more it does") {
  const Tensor x = leaf({1, 2, 3});
  (x * x).sum().backward();
  CHECK(list(x.grad()) == Values{2, 4, 6});
  CHECK_THROWS_WITH_AS((x * 2).backward(), "[backward] grad can be implicitly created only for scalar outputs, got shape [3]", Error);
  CHECK_THROWS_WITH_AS((x * 2).backward(ones({2}, kDouble)),
                       "[backward] Mismatch in shape: gradient 0 has a shape of [2] and tensor 0 has a shape of [3]", Error);
  CHECK_THROWS_WITH_AS((x * 2).backward(ones({3}, kLong)), doctest::Contains("gradient 0 must be floating"), TypeError);
  CHECK_THROWS_WITH_AS(numbers({1}).backward(), "[backward] element 0 of tensors does not require grad and does not have a grad_fn", Error);
  CHECK_THROWS_AS(autograd::backward({x * 1, x * 2}, {x.detach()}), Error);
  CHECK_THROWS_AS(Tensor().backward(), Error);
  CHECK(list(x.grad()) == Values{2, 4, 6});
  // A larger gradient is summed, as libtorch's C++ interface does.
  CHECK(list(autograd::grad({x * 2}, {x}, {numbers({1, 10, 100, 2, 20, 200}).view({2, 3})})[0]) == Values{6, 60, 600});
  (x * 2).backward(numbers({1, 10, 100}));
  CHECK(list(x.grad()) == Values{4, 24, 206});
}

TEST_CASE("a leaf is its own graph") {
  const Tensor x = leaf({5});
  x.backward();
  x.backward(numbers({2}));
  CHECK(list(x.grad()) == Values{3});
  CHECK(list(autograd::grad({x}, {x}, {numbers({7})})[0]) == Values{7});
}

TEST_CASE("gradients add up in the leaf, in its memory unless a graph is made") {
  const Tensor x = leaf({1, 2});
  (x * 2).sum().backward();
  const Tensor held = x.grad();
  (x * 2).sum().backward();
  (x * 2).sum().backward();
  CHECK(x.grad().is_same(held));
  CHECK(list(held) == Values{6, 6});
  (x * x).sum().backward({}, true, true);
  CHECK_FALSE(x.grad().is_same(held));
  CHECK(list(held) == Values{6, 6});
  CHECK(list(x.grad()) == Values{8, 10});
  CHECK(x.grad().requires_grad());
  x.mutable_grad().reset();
  CHECK_FALSE(x.grad().defined());
}

TEST_CASE("no two gradients share memory, and the caller's stays as it is") {
  const Tensor a = leaf({1, 2}), b = leaf({3, 4}), seed = numbers({1, 1});
  (a + b).backward(seed);
  a.grad().mul_(0);
  CHECK(list(b.grad()) == Values{1, 1});
  CHECK(list(seed) == Values{1, 1});
  const Tensor c = leaf({1, 2}), again = c * 1;
  (again + again + again).backward(seed);
  CHECK(list(seed) == Values{1, 1});
  CHECK(list(c.grad()) == Values{3, 3});
  const Tensor d = leaf({1, 2});
  d.view({2, 1}).view({2}).backward(seed);
  d.grad().mul_(5);
  CHECK(list(seed) == Values{1, 1});
  const Tensor e = leaf({1, 2});
  const Tensor given = autograd::grad({e * 1}, {e}, {seed})[0];
  given.mul_(5);
  CHECK(list(seed) == Values{1, 1});
}

TEST_CASE("one tensor used several times gets the sum") {
  const auto check = [](const autograd::TensorFunction& f, const variable_list& x) {
    const auto first = autograd::gradcheck(f, x), second = autograd::gradgradcheck(f, x);
    CHECK_MESSAGE(first.ok, first.text());
    CHECK_MESSAGE(second.ok, second.text());
  };
  const variable_list x = {ramp({3, 3}).requires_grad_()};
  check([](const variable_list& x) { return variable_list{x[0] * x[0]}; }, x);
  check([](const variable_list& x) { return variable_list{x[0] + x[0]}; }, x);
  check([](const variable_list& x) { return variable_list{matmul(x[0], x[0].t())}; }, x);
  check([](const variable_list& x) { return variable_list{matmul(matmul(x[0], x[0]), x[0])}; }, x);
  check(
      [](const variable_list& x) {
        const Tensor h = x[0] * x[0], left = h * x[0], right = h + h;
        return variable_list{left * right + h};
      },
      x);
}

TEST_CASE("gradients without strides of their own reach matrix products") {
  const variable_list x = {ramp({2, 2}).requires_grad_(), ramp({1}).requires_grad_()};
  const autograd::TensorFunction f = [](const variable_list& x) { return variable_list{mv(x[0], x[1].expand({2})).sum()}; };
  CHECK(autograd::gradcheck(f, x));
  CHECK(autograd::gradgradcheck(f, x));
}

TEST_CASE("every pair of shapes that broadcast gets gradients of its own shape") {
  std::vector<std::vector<int64_t>> shapes = {{}};
  for (size_t i = 0; i < shapes.size(); ++i)
    if (shapes[i].size() < 4)
      for (int64_t s : {0, 1, 2, 3}) {
        shapes.push_back(shapes[i]);
        shapes.back().push_back(s);
      }
  CHECK(shapes.size() == 341);
  int pairs = 0;
  for (const auto& left : shapes) {
    for (const auto& right : shapes) {
      bool fits = true;
      for (size_t k = 1; k <= std::min(left.size(), right.size()); ++k) {
        const int64_t a = left[left.size() - k], b = right[right.size() - k];
        fits = fits && (a == b || a == 1 || b == 1);
      }
      if (!fits) continue;
      ++pairs;
      const Tensor a = ones(left, kDouble).requires_grad_(), b = ones(right, kDouble).requires_grad_();
      const Tensor y = a + b;
      y.backward(ones(y.sizes(), kDouble));
      for (const Tensor& x : {a, b}) {
        REQUIRE(x.grad().sizes() == x.sizes());
        const double expected = x.numel() ? static_cast<double>(y.numel()) / static_cast<double>(x.numel()) : 0;
        for (const double g : list(x.grad())) REQUIRE(g == expected);
      }
    }
  }
  CHECK(pairs > 10000);
}

TEST_CASE("a second sweep needs the graph kept, where something was saved") {
  const Tensor x = leaf({2});
  const Tensor sum = x + x, product = x * x;
  sum.backward();
  sum.backward();
  CHECK(list(x.grad()) == Values{4});
  product.backward({}, true);
  product.backward();
  CHECK(list(x.grad()) == Values{12});
  CHECK_THROWS_WITH_AS(product.backward(), doctest::Contains("Trying to backward through the graph a second time"), Error);
  CHECK_THROWS_WITH_AS(product.backward(), doctest::Contains("retain_graph=true"), Error);
  CHECK(list(x.grad()) == Values{12});
}

TEST_CASE("what other roots share is released only where the sweep went") {
  const Tensor x = leaf({2}), shared = x * 3, left = shared * shared, right = shared * 5;
  left.backward();
  right.backward();
  CHECK(list(x.grad()) == Values{36 + 15});
}

TEST_CASE("grad returns gradients and leaves grad() alone") {
  const Tensor x = leaf({1, 2}), w = leaf({3, 4});
  const Tensor y = x * w;
  const variable_list g = autograd::grad({y}, {w, x}, {numbers({1, 10})});
  CHECK(list(g[0]) == Values{1, 20});
  CHECK(list(g[1]) == Values{3, 40});
  CHECK_FALSE(x.grad().defined());
  CHECK_FALSE(g[0].requires_grad());
}

TEST_CASE("grad of several roots, of one root twice and of a root behind another") {
  const Tensor x = leaf({1, 1});
  const variable_list twice = autograd::grad({x * 2, x * 3}, {x, x}, {ones({2}, kDouble), ones({2}, kDouble)});
  CHECK(list(twice[0]) == Values{5, 5});
  CHECK(list(twice[1]) == Values{5, 5});
  const Tensor y = x * 2;
  const variable_list behind = autograd::grad({y, (y * y).sum()}, {y, x}, {ones({2}, kDouble), Tensor()});
  CHECK(list(behind[0]) == Values{5, 5});
  CHECK(list(behind[1]) == Values{10, 10});
  const Tensor z = x * 2;
  autograd::backward({z, z}, {ones({2}, kDouble), ones({2}, kDouble)});
  CHECK(list(x.grad()) == Values{4, 4});
}

TEST_CASE("what is not reached has no gradient") {
  const Tensor x = leaf({1}), other = leaf({1});
  CHECK_THROWS_WITH_AS(autograd::grad({x * 1}, {other}),
                       doctest::Contains("One of the differentiated Tensors appears to not have been used in the graph"), Error);
  CHECK_THROWS_WITH_AS(autograd::grad({x * 1}, {numbers({1})}), doctest::Contains("One of the differentiated Tensors does not require grad"), Error);
  const variable_list g = autograd::grad({x * 1}, {other, x}, {}, std::nullopt, false, true);
  CHECK_FALSE(g[0].defined());
  CHECK(list(g[1]) == Values{1});
}

TEST_CASE("only what lies on the way to the asked-for inputs runs") {
  const Tensor x = leaf({2}), w = leaf({3});
  const Tensor a = x * 1, b = w * 1, y = a * b;
  int left = 0, right = 0;
  a.register_hook([&left](const Tensor&) { ++left; });
  b.register_hook([&right](const Tensor&) { ++right; });
  CHECK(list(autograd::grad({y}, {x}, {}, true)[0]) == Values{3});
  CHECK(left == 1);
  CHECK(right == 0);
  y.backward({}, true, false, TensorList({w}));
  CHECK(list(w.grad()) == Values{2});
  CHECK_FALSE(x.grad().defined());
  CHECK(right == 1);
  y.backward();
  CHECK(list(w.grad()) == Values{4});
  CHECK(list(x.grad()) == Values{3});
}

TEST_CASE("backward into interior tensors") {
  const Tensor x = leaf({1, 2}), y = x * 2, z = (y * y).sum();
  autograd::backward({z}, {}, true, false, {y});
  CHECK(list(y.grad()) == Values{4, 8});
  CHECK_FALSE(x.grad().defined());
  autograd::backward({z}, {}, true, false, {y, x});
  CHECK(list(y.grad()) == Values{8, 16});
  CHECK(list(x.grad()) == Values{8, 16});
}

TEST_CASE("derivatives of any order") {
  const Tensor x = leaf({2});
  Tensor y = x * x * x * x;
  for (const double expected : {32.0, 48.0, 48.0, 24.0}) {
    y = autograd::grad({y}, {x}, {}, true, true)[0];
    CHECK(list(y) == Values{expected});
  }
}

TEST_CASE("create_graph keeps the graph unless told otherwise") {
  const Tensor x = leaf({3});
  const Tensor y = x * x;
  const Tensor g = autograd::grad({y}, {x}, {}, std::nullopt, true)[0];
  y.backward();
  CHECK(list(x.grad()) == Values{6});
  g.backward();
  CHECK(list(x.grad()) == Values{8});
}

TEST_CASE("retain_grad keeps interior gradients, adds them up and ends with the tensor") {
  const Tensor x = leaf({1, 2});
  Tensor y = x * 2;
  CHECK_FALSE(y.retains_grad());
  y.retain_grad();
  y.retain_grad();
  CHECK(y.retains_grad());
  const Tensor z = (y * y).sum();
  z.backward({}, true);
  CHECK(list(y.grad()) == Values{4, 8});
  z.backward({}, true);
  CHECK(list(y.grad()) == Values{8, 16});
  y.reset();
  z.backward();
  x.retain_grad();
  CHECK_FALSE(x.retains_grad());
  CHECK_THROWS_WITH_AS(numbers({1}).retain_grad(), doctest::Contains("can't retain_grad on Tensor that has requires_grad=False"), Error);
  const Tensor moved = x * 2;
  moved.retain_grad();
  moved.mul_(3);
  moved.sum().backward();
  CHECK(list(moved.grad()) == Values{1, 1});
}

TEST_CASE("views made without grad mode, and leaves that would change their shape") {
  Tensor x = leaf({1, 2, 3, 4}).detach().view({2, 2}).requires_grad_();
  {
    const NoGradGuard no_grad;
    CHECK_FALSE(x.t().requires_grad());
    CHECK_THROWS_WITH_AS(x.transpose_(0, 1), doctest::Contains("[transpose_] a leaf Variable that requires grad"), Error);
  }
  CHECK(x.sizes() == IntArrayRef({2, 2}));
  CHECK(x.t().requires_grad());
}

TEST_CASE("leaves, nodes and their names") {
  const Tensor x = leaf({1, 2}), y = x * 2;
  CHECK(x.is_leaf());
  CHECK_FALSE(x.grad_fn());
  CHECK(numbers({1}).is_leaf());
  CHECK_FALSE(y.is_leaf());
  CHECK((x * x).grad_fn()->name() == "MulBackward0");
  CHECK(y.grad_fn()->next_edges()[0].function->name() == "torch::autograd::AccumulateGrad");
  CHECK(y.detach().is_leaf());
  CHECK_FALSE(y.detach().requires_grad());
  CHECK(y.detach().is_alias_of(y));
  CHECK_THROWS_WITH_AS(ones({2}, kLong).requires_grad_(), doctest::Contains("Tensors of floating point"), TypeError);
  CHECK_THROWS_WITH_AS(ones({2}, kBool).requires_grad_(), doctest::Contains("Tensors of floating point"), TypeError);
  CHECK_THROWS_WITH_AS(y.requires_grad_(false), doctest::Contains("you can only change requires_grad flags of leaf variables"), Error);
  const Tensor z = x * 2;
  z.detach_();
  CHECK(z.is_leaf());
  x.requires_grad_(false);
  CHECK_FALSE((x * 2).requires_grad());
}

TEST_CASE("a leaf that is gone takes no gradient and breaks nothing") {
  const Tensor w = leaf({5});
  Tensor y;
  {
    const Tensor x = leaf({2});
    y = x * w;
  }
  y.backward();
  CHECK(list(w.grad()) == Values{2});
}

TEST_CASE("the mode of recording is the thread's and ends with its scope") {
  const Tensor x = leaf({1});
  {
    NoGradGuard outer;
    CHECK_FALSE((x * 2).requires_grad());
    {
      EnableGradGuard inner;
      CHECK((x * 2).requires_grad());
      try {
        NoGradGuard third;
        throw 1;
      } catch (int) {}
      CHECK(GradMode::is_enabled());
    }
    CHECK_FALSE(GradMode::is_enabled());
    // A sweep works in any mode.
  }
  const Tensor y = x * x;
  NoGradGuard no_grad;
  y.backward();
  CHECK(list(x.grad()) == Values{2});
  CHECK_FALSE(GradMode::is_enabled());
}

TEST_CASE("y = x + x repeated visits each operation once") {
  const Tensor x = leaf({1});
  Tensor y = x;
  int visits = 0;
  for (int i = 0; i < 60; ++i) {
    y = y + y;
    y.register_hook([&visits](const Tensor&) { ++visits; });
  }
  y.backward();
  CHECK(visits == 60);
  CHECK(list(x.grad()) == Values{0x1p60});
}

TEST_CASE("a product adds its gradient to what a leaf has already") {
  const Tensor x = ramp({5, 3}), gy = ramp({5, 4}) - 2;
  const Tensor expected = matmul(gy.t(), x);
  const auto sweep = [&](const Tensor& w) { linear(x, w).backward(gy); };
  const auto is = [](const Tensor& a, const Tensor& b) { return allclose(a, b, 1e-12, 1e-12); };

  Tensor w = ramp({4, 3}).requires_grad_();
  sweep(w);
  CHECK(is(w.grad(), expected));
  const Tensor held = w.grad();
  sweep(w);
  CHECK(is(w.grad(), 2 * expected));
  CHECK(held.is_same(w.grad()));

  Tensor alone = ramp({4, 3}).requires_grad_();
  sweep(alone);
  const void* memory = alone.grad().data_ptr();
  const int64_t version = alone.grad()._version();
  sweep(alone);
  CHECK(is(alone.grad(), 2 * expected));
  CHECK(alone.grad().data_ptr() == memory);
  CHECK(alone.grad()._version() > version);

  int calls = 0;
  alone.register_hook([&](const Tensor& g) {
    ++calls;
    CHECK(is(g, expected));
    return g * 10;
  });
  sweep(alone);
  CHECK(calls == 1);
  CHECK(is(alone.grad(), 12 * expected));

  Tensor twice = ramp({4, 3}).requires_grad_();
  twice.mutable_grad() = ones({4, 3}, kDouble);
  (linear(x, twice) + linear(x, twice)).backward(gy);
  CHECK(is(twice.grad(), 1 + 2 * expected));

  Tensor strided = ramp({4, 3}).requires_grad_();
  strided.mutable_grad() = ones({3, 4}, kDouble).t();
  sweep(strided);
  CHECK(is(strided.grad(), 1 + expected));

  Tensor own = ramp({3, 3}).requires_grad_();
  own.mutable_grad() = ramp({3, 3});
  const Tensor before = own.grad().clone();
  linear(own.grad(), own).backward(ones({3, 3}, kDouble));
  CHECK(is(own.grad(), before + matmul(ones({3, 3}, kDouble), before)));

  Tensor captured = ramp({4, 3}).requires_grad_();
  captured.mutable_grad() = ones({4, 3}, kDouble);
  CHECK(is(autograd::grad({linear(x, captured)}, {captured}, {gy})[0], expected));
  CHECK(is(captured.grad(), ones({4, 3}, kDouble)));
}

TEST_CASE("tensors made under InferenceMode are as others") {
  CHECK(!InferenceMode::is_enabled());
  Tensor made;
  {
    InferenceMode guard;
    CHECK(InferenceMode::is_enabled());
    CHECK(!GradMode::is_enabled());
    made = ones({2}, kDouble);
    {
      InferenceMode out(false);  // whatever surrounds it
      CHECK(!InferenceMode::is_enabled());
      CHECK(GradMode::is_enabled());
    }
    CHECK(InferenceMode::is_enabled());
    CHECK(!GradMode::is_enabled());
  }
  CHECK(!InferenceMode::is_enabled());
  CHECK(GradMode::is_enabled());
  CHECK(!made.is_inference());
  const Tensor w = full({2}, 3, kDouble).requires_grad_();
  (w * made).sum().backward();
  CHECK(list(w.grad()) == Values{1, 1});
}
