// Gradients and values are computed in the memory of others where nobody can tell: the numbers, and who keeps what.
#include <doctest/doctest.h>

#include <functional>
#include <set>

#include <xgrad/autograd/engine/engine.h>
#include <xgrad/autograd/graph/node.h>
#include <xgrad/autograd/ops/ops.h>

#include "values.h"

using namespace xgrad;

namespace {

using Expression = std::function<Tensor(const Tensor& x, const Tensor& w)>;

// Sums of many terms, chains, products with themselves and with numbers, broadcasting either way.
const std::vector<Expression>& expressions() {
  static const std::vector<Expression> all = {
      [](const Tensor& x, const Tensor& w) { return tanh(sigmoid(tanh(x)) * w); },
      [](const Tensor& x, const Tensor& w) { return exp(tanh(x) * x + sigmoid(x)) * w; },
      [](const Tensor& x, const Tensor& w) { return x * x * x * w + x; },
      [](const Tensor& x, const Tensor& w) { return x.t() * w.t() + (x / 3 - w / x).t() * 2; },
      [](const Tensor& x, const Tensor& w) { return relu(x - 1) + relu(-x) * w + gelu(x) + silu(x * 0.5) + elu(-x); },
      [](const Tensor& x, const Tensor& w) { return where(x > w, x * w, -x) + clamp(x, 0.4, 2) * leaky_relu(w - x); },
      [](const Tensor& x, const Tensor& w) {
        return (x.sum(0) * x[0]).expand({2, x.size(1)}) * w.sum() + tanh(x[0]);
      },
      [](const Tensor& x, const Tensor& w) { return log(x) * x.select(1, 0).unsqueeze(1) / w; },
  };
  return all;
}

std::vector<Tensor> gradients(const Expression& f, const Tensor& x, const Tensor& w, bool recorded) {
  return autograd::grad({f(x, w).sum()}, {x, w}, {}, true, recorded);
}

}  // namespace

TEST_CASE("gradients have the bits of a recorded sweep, which gives every one a tensor of its own") {
  manual_seed(4);
  for (const auto& shape : std::vector<std::vector<int64_t>>{{2, 3}, {1, 1}, {3, 1500}})
    for (ScalarType dtype : {kFloat, kDouble}) {
      const Tensor x = (rand(shape, dtype) + 0.3).requires_grad_(), w = (rand(shape, dtype) + 0.3).requires_grad_();
      for (size_t i = 0; i < expressions().size(); ++i) {
        INFO("expression " << i);
        const auto plain = gradients(expressions()[i], x, w, false), recorded = gradients(expressions()[i], x, w, true);
        for (size_t k = 0; k < 2; ++k) CHECK(same_bits(plain[k], recorded[k]));
        // The last term goes straight to a grad() that is there.
        x.mutable_grad() = zeros_like(x);
        w.mutable_grad() = zeros_like(w);
        expressions()[i](x, w).sum().backward();
        CHECK(allclose(x.grad(), plain[0], 1e-6, 1e-7));
        CHECK(allclose(w.grad(), plain[1], 1e-6, 1e-7));
        x.mutable_grad().reset();
        w.mutable_grad().reset();
      }
    }
}

TEST_CASE("a chain's gradients take each other's memory") {
  Tensor y = leaf({0.1, 0.2, 0.3});
  std::set<const void*> places;
  for (int i = 0; i < 5; ++i) {
    y = i % 2 ? tanh(y) : y * 3;
    y.register_hook([&places](const Tensor& g) { places.insert(g.data_ptr()); });
  }
  (y * numbers({1, 2, 3})).sum().backward();
  CHECK(places.size() == 1);
}

TEST_CASE("a gradient that somebody holds is not written to") {
  const Tensor x = leaf({1, 2}), seed = numbers({3, 4});
  tanh(x * 5).backward(seed);
  CHECK(list(seed) == Values{3, 4});

  const Tensor a = leaf({1, 2}), b = a * 2, c = b * 3;
  b.retain_grad();
  c.retain_grad();
  Tensor seen;
  c.register_hook([&](const Tensor& g) { seen = g; });
  (c * 7).sum().backward();
  CHECK(list(seen) == Values{7, 7});
  CHECK(list(c.grad()) == Values{7, 7});
  CHECK(list(b.grad()) == Values{21, 21});
  CHECK(list(a.grad()) == Values{42, 42});

  const Tensor d = leaf({1, 2}), e = d * 2, f = e * 3;
  const auto given = autograd::grad({(f * 7).sum()}, {f, e, d});
  CHECK(list(given[0]) == Values{7, 7});
  CHECK(list(given[1]) == Values{21, 21});
  CHECK(list(given[2]) == Values{42, 42});

  const Tensor g = leaf({1, 2}), h = g * 2;
  Values of_output;
  h.grad_fn()->add_post_hook([&](const std::vector<Tensor>& gx, const std::vector<Tensor>& gy) {
    of_output = list(gy[0]);
    return gx;
  });
  (h * 5).sum().backward();
  CHECK(of_output == Values{5, 5});
  CHECK(list(g.grad()) == Values{10, 10});
}

TEST_CASE("a kept graph can be swept again and gives the same") {
  const Tensor x = leaf({0.5, 0.25}), y = exp(tanh(x) * x + sigmoid(x)).sum();
  y.backward({}, true);
  const Values once = list(x.grad());
  y.backward({}, true);
  Values twice = list(x.grad());
  for (double& v : twice) v /= 2;
  CHECK(once == twice);
}

// ---- temporaries of an expression, whose memory the next value may take

namespace {

constexpr int64_t kLarge = 5000;

Tensor large(double start) { return ramp({kLarge}, start, 1e-3); }

}  // namespace

TEST_CASE("a sum or difference takes the memory of a temporary") {
  const Tensor x = large(1), y = large(2);
  for (const auto& f : std::vector<std::function<Tensor(Tensor)>>{
           [&](Tensor t) { return std::move(t) + y; }, [&](Tensor t) { return y - std::move(t); }, [&](Tensor t) { return std::move(t) * y; },
           [&](Tensor t) { return std::move(t) / 3; }, [&](Tensor t) { return 1 - std::move(t); }, [&](Tensor t) { return 2 * std::move(t); }}) {
    Tensor t = x.clone();
    const void* memory = t.data_ptr();
    const Tensor expected = f(Tensor(t)), result = f(std::move(t));
    CHECK(result.data_ptr() == memory);
    CHECK(same_bits(result, expected));
  }
  CHECK(same_bits(x, large(1)));
  CHECK(same_bits(y, large(2)));
}

TEST_CASE("memory that something else can see stays as it is") {
  const Tensor y = large(2);
  std::vector<double> foreign(kLarge, 7.0);
  const Tensor sum = from_blob(foreign.data(), {kLarge}, kDouble) + y;
  CHECK(foreign == std::vector<double>(kLarge, 7.0));

  Tensor a = large(1);
  const Tensor handle = a, view = a.slice(0, 0, 10);
  CHECK((std::move(a) + y).data_ptr() != handle.data_ptr());
  Tensor b = large(1);
  const Tensor part = b.slice(0, 0, 10);
  (void)(std::move(b) * 5);
  CHECK(same_bits(part, large(1).slice(0, 0, 10)));
  CHECK((large(1).reshape({kLarge, 1}) + ones({3}, kDouble)).sizes() == IntArrayRef({kLarge, 3}));
  CHECK((large(1).to(kFloat) + y).dtype() == kDouble);
  CHECK(same_bits(large(1) + large(2).to(kFloat), large(2).to(kFloat) + large(1)));
}

TEST_CASE("derivatives find the values they need") {
  const Tensor x = large(0.1).requires_grad_(), w = large(0.2).requires_grad_();
  const Tensor result = 1 - (tanh(x) * exp(w) / (sigmoid(x * 2) + w) - 3 * (x - w)) * 0.5;
  const Tensor t = tanh(x), e = exp(w), x2 = x * 2, s = sigmoid(x2), sw = s + w, te = t * e, q = te / sw, xw = x - w, xw3 = 3 * xw, d = q - xw3,
               h = d * 0.5, expected = 1 - h;
  CHECK(same_bits(result, expected));
  const auto given = autograd::grad({result.sum()}, {x, w}), wanted = autograd::grad({expected.sum()}, {x, w});
  // Summed in the order of the sweep, which the compiler's order of operands decides.
  for (size_t i = 0; i < 2; ++i) CHECK(allclose(given[i], wanted[i], 1e-14, 1e-14));
  {
    const NoGradGuard no_grad;
    CHECK(same_bits(1 - (tanh(x) * exp(w) / (sigmoid(x * 2) + w) - 3 * (x - w)) * 0.5, expected));
  }
  Tensor leaf_alone = large(0.3).requires_grad_();
  const Tensor y = std::move(leaf_alone) * w;
  CHECK(same_bits(autograd::grad({y.sum()}, {w})[0], large(0.3)));
}

TEST_CASE("the gradient of logits takes the memory of what was kept for it, and only when nobody reads that again") {
  for (const ScalarType dtype : {kFloat, kDouble})
    for (const int64_t classes : {3, 100}) {
      CAPTURE(dtype);
      CAPTURE(classes);
      const double near = dtype == kFloat ? 1e-5 : 1e-12;
      manual_seed(1);
      const Tensor x = randn({40, classes}, dtype).requires_grad_(), labels = randint(0, classes, {40}, kLong);
      const auto loss = [&] { return cross_entropy_loss(x, labels, {}, Reduction::Sum); };
      const Tensor p = softmax(x.detach(), 1), expected = p - one_hot(labels, classes).to(dtype);
      const Tensor y = loss();
      const size_t own = static_cast<size_t>(40 * classes) * elementSize(dtype);
      for (int sweep = 0; sweep < 2; ++sweep) {
        const Tensor apart = autograd::grad({y}, {x}, {}, true)[0];
        CHECK(allclose(apart, expected, near, near));
        CHECK(apart.storage().nbytes() == own);
      }
      const Tensor last = autograd::grad({y}, {x})[0];
      CHECK(allclose(last, expected, near, near));
      const bool kept_in_rows = dtype == kDouble || classes == 100;  // short rows of floats are kept sixteen at a time
      CHECK((last.storage().nbytes() > own) == kept_in_rows);
      CHECK_THROWS_WITH_AS(y.backward(), doctest::Contains("a second time"), Error);

      // A recorded gradient reads what was kept when it is differentiated itself.
      const Tensor z = loss(), recorded = autograd::grad({z}, {x}, {}, true, true)[0];
      CHECK(autograd::grad({z}, {x}, {}, true)[0].storage().nbytes() == own);
      const Tensor v = arange(classes, dtype);
      CHECK(allclose(autograd::grad({(recorded * v).sum()}, {x})[0], p * (v - (p * v).sum(1, true)), 100 * near, 100 * near));
    }
}
