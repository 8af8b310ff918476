// Gradients in rows: sparse tensors, in the engine and as what a user holds.
#include <doctest/doctest.h>

#include <limits>
#include <sstream>

#include <xgrad/xgrad.h>

using namespace xgrad;

namespace {

Tensor embedding_rows() { return arange(8., kFloat).view({4, 2}).requires_grad_(); }
Tensor rows_of(const Tensor& w, const Tensor& indices) { return embedding(w, indices, -1, false, true); }
// As rows_of().
Tensor dense_rows_of(const Tensor& w, const Tensor& indices) { return embedding(w, indices); }

Tensor sparse_gradient() {
  const Tensor w = embedding_rows();
  (rows_of(w, tensor({2, 0, 2})) * tensor({1.f, 2.f, 4.f}).unsqueeze(1)).sum().backward();
  return w.grad();
}
const Tensor kDense = tensor({{2.f, 2.f}, {0.f, 0.f}, {5.f, 5.f}, {0.f, 0.f}});

}  // namespace

TEST_CASE("a sparse gradient lists the rows that were asked for") {
  const Tensor g = sparse_gradient();
  CHECK(g.is_sparse());
  CHECK(g.layout() == kSparse);
  CHECK(g.options().layout() == kSparse);
  CHECK(g.sizes() == IntArrayRef({4, 2}));
  CHECK(g.size(-1) == 2);
  CHECK(g.dtype() == kFloat);
  CHECK(g.toString() == "SparseCPUFloatType");
  CHECK(g.sparse_dim() == 1);
  CHECK(g.dense_dim() == 1);
  CHECK(g._nnz() == 3);
  CHECK(equal(g._indices(), tensor({{2, 0, 2}})));
  CHECK(equal(g._values(), tensor({{1.f, 1.f}, {2.f, 2.f}, {4.f, 4.f}})));
  CHECK_FALSE(g.is_coalesced());
  CHECK_FALSE(g.requires_grad());
  CHECK(g.is_leaf());
  CHECK(equal(g.to_dense(), kDense));
  CHECK(equal(g.to_dense(kDouble), kDense.to(kDouble)));
}

TEST_CASE("coalesce() lists every position once, in order") {
  const Tensor g = sparse_gradient(), once = g.coalesce();
  CHECK(once.is_coalesced());
  CHECK(equal(once.indices(), tensor({{0, 2}})));
  CHECK(equal(once.values(), tensor({{2.f, 2.f}, {5.f, 5.f}})));
  CHECK(once.coalesce().is_same(once));
  CHECK_FALSE(g.is_coalesced());
  CHECK_THROWS_WITH_AS(g.indices(), doctest::Contains("Cannot get indices on an uncoalesced tensor, please call .coalesce() first"), Error);
  CHECK_THROWS_WITH_AS(kDense.coalesce(), doctest::Contains("expected sparse coordinate tensor layout but got Strided"), NotImplementedError);
  CHECK_THROWS_AS(Tensor()._values(), NotImplementedError);
}

TEST_CASE("sums, products with numbers, copies and norms of sparse gradients") {
  const Tensor g = sparse_gradient(), kept = g;
  CHECK((g + g).is_sparse());
  CHECK(equal((g + g).to_dense(), kDense + kDense));
  CHECK(equal(add(g, g, -3).to_dense(), kDense * -2));
  CHECK(equal(ones({4, 2}) + g, kDense + 1));
  CHECK(equal((g * 3).to_dense(), kDense * 3));
  CHECK(g.norm().item<double>() == doctest::Approx(kDense.norm().item<double>()));
  CHECK(g.norm(1).item<double>() == doctest::Approx(14));
  Tensor dense = ones({4, 2});
  CHECK(dense.add_(g, -2).is_same(dense));
  CHECK(equal(dense, 1 - 2 * kDense));
  CHECK(g.to(kDouble).dtype() == kDouble);
  CHECK(equal(g.to(kDouble).to_dense(), kDense.to(kDouble)));
  const Tensor copy = g.clone();
  g.mul_(2);
  CHECK(equal(kept.to_dense(), kDense * 2));
  CHECK(equal(copy.to_dense(), kDense));
  copy.add_(copy);
  CHECK(equal(copy.to_dense(), kDense * 2));
  CHECK(g.detach().is_same(g));
  g.zero_();
  CHECK(kept._nnz() == 0);
  CHECK(equal(kept.to_dense(), zeros({4, 2})));
  CHECK_THROWS_AS(g + kDense, NotImplementedError);
  CHECK_THROWS_AS(ones({3, 2}) + g, Error);
  CHECK_THROWS_AS(ones({4, 2}, kDouble) + g, Error);
}

TEST_CASE("what doesn't know sparse tensors refuses them") {
  const Tensor g = sparse_gradient();
  const std::vector<std::function<void()>> calls = {
      [&] { g.exp(); },
      [&] { g.sum(); },
      [&] { g.view({-1}); },
      [&] { g.data_ptr(); },
      [&] { g.strides(); },
      [&] { g.storage(); },
      [&] { g.t(); },
      [&] { g.index_select(0, tensor({0})); },
      [&] { g[0]; },
      [&] { g.clamp_(0, 1); },
      [&] { g.sub_(g); },
      [&] { g* g; },
      [&] { kDense* g; },
      [&] { kDense.sub_(g); },
      [&] { kDense.t().matmul(g); },
      [&] { zeros_like(g); },
      [&] {
        cat({kDense, g});
      },
      [&] { g.contiguous(); },
      [&] { kDense.copy_(g); },
      [&] { g.copy_(kDense); },
      [&] { g.tanh_(); },
      [&] { equal(g, g); },
      [&] { g.requires_grad_(); },
      [&] { g.is_contiguous(); },
      [&] { g.accessor<float, 2>(); },
      [&] { where(kDense > 0, kDense, g); },
      [&] { zeros({2}, g.options()); },
      [&] { g.set_data(kDense); },
      [&] { kDense.clone().set_data(g); },
      [&] { g.uniform_(); },
      [&] { g.fill_(1); },
      [&] { g.resize_({1}); },
  };
  for (size_t i = 0; i < calls.size(); ++i) {
    CAPTURE(i);
    CHECK_THROWS_AS(calls[i](), NotImplementedError);
  }
  CHECK_THROWS_WITH(g.exp(), doctest::Contains("with arguments from the 'SparseCPU' backend"));
  CHECK(equal(g.to_dense(), sparse_gradient().to_dense()));
  CHECK(equal(kDense, sparse_gradient().to_dense()));
}

TEST_CASE("uses of one table add up their lists, and with a dense gradient they become dense") {
  const Tensor a = tensor({1, 3, 1}), b = tensor({3, 0});
  for (const bool dense_too : {false, true})
    for (const bool dense_first : {false, true}) {
      const Tensor w = embedding_rows(), v = embedding_rows();
      const auto loss = [&](const Tensor& x, auto rows) {
        Tensor y = zeros({});
        if (dense_too && dense_first) y = y + x.square().sum();
        y = y + rows(x, a).exp().sum() + rows(x, b).square().sum();
        if (dense_too && !dense_first) y = y + x.square().sum();
        return y;
      };
      for (int step = 0; step < 2; ++step) {
        loss(w, rows_of).backward();
        loss(v, dense_rows_of).backward();
        CHECK(w.grad().is_sparse() == !dense_too);
        CHECK(allclose(w.grad().to_dense(), v.grad()));
      }
    }
}

TEST_CASE("accumulated over sweeps, lists are added to what is there, of either kind") {
  const Tensor w = embedding_rows(), v = embedding_rows();
  const auto both = [&](bool sparse, const Tensor& at) {
    embedding(w, at, -1, false, sparse).square().sum().backward();
    embedding(v, at).square().sum().backward();
  };
  both(true, tensor({1, 1}));
  const Tensor held = w.grad();
  both(true, tensor({3}));
  CHECK(held.is_same(w.grad()));
  CHECK(held._nnz() == 3);
  CHECK(equal(w.grad().to_dense(), v.grad()));
  both(false, tensor({0}));
  CHECK_FALSE(w.grad().is_sparse());
  CHECK(equal(w.grad(), v.grad()));
  CHECK(held._nnz() == 3);
  both(true, tensor({2, 2}));
  CHECK(equal(w.grad(), v.grad()));
}

TEST_CASE("a row of padding is in no list") {
  const Tensor w = embedding_rows();
  embedding(w, tensor({2, 0, 2, 1}), 2, false, true).sum().backward();
  CHECK(equal(w.grad()._indices(), tensor({{0, 1}})));
  const Tensor none = embedding_rows();
  embedding(none, zeros({0}, kLong), -1, false, true).sum().backward();
  CHECK(none.grad()._nnz() == 0);
  CHECK(none.grad().coalesce()._nnz() == 0);
  CHECK(equal(none.grad().to_dense(), zeros({4, 2})));
}

TEST_CASE("the list is the gradient's own: what it was made from may change") {
  const Tensor w = embedding_rows(), g = ones({2, 2});
  rows_of(w, tensor({0, 1})).backward(g);
  g.fill_(7);
  CHECK(equal(w.grad()._values(), ones({2, 2})));
  const Tensor x = embedding_rows(), y = rows_of(x, tensor({0, 1}));
  y.retain_grad();
  y.sum().backward();
  x.grad().mul_(2);
  x.grad()._values().fill_(5);
  CHECK(equal(y.grad(), ones({2, 2})));
}

TEST_CASE("hooks, grad() and anomaly mode see lists") {
  const Tensor w = embedding_rows();
  Tensor seen;
  w.register_hook([&seen](const Tensor& g) { seen = g; });
  (rows_of(w, tensor({1})) + rows_of(w, tensor({2}))).sum().backward();
  CHECK(seen.is_sparse());
  CHECK(equal(seen.to_dense(), w.grad().to_dense()));
  w.grad().zero_();
  const std::vector<Tensor> g = autograd::grad({rows_of(w, tensor({1})).sum()}, {w});
  CHECK(g[0].is_sparse());
  CHECK(equal(g[0]._indices(), tensor({{1}})));
  CHECK(w.grad()._nnz() == 0);
  {
    autograd::AnomalyMode::set_enabled(true);
    const Tensor x = embedding_rows();
    CHECK_THROWS_WITH_AS(rows_of(x, tensor({0})).backward(full({1, 2}, std::numeric_limits<float>::quiet_NaN())),
                         doctest::Contains("returned nan values"), Error);
    autograd::AnomalyMode::set_enabled(false);
  }
}

TEST_CASE("a list that an operation would have to differentiate is refused, and nothing is changed") {
  const Tensor w = embedding_rows();
  const Tensor twice = w * 2;
  twice.retain_grad();
  CHECK_THROWS_AS(rows_of(twice, tensor({1})).sum().backward(), NotImplementedError);
  CHECK(twice.grad().is_sparse());
  CHECK_FALSE(w.grad().defined());
  CHECK_THROWS_WITH_AS(rows_of(w, tensor({1})).square().sum().backward({}, std::nullopt, true),
                       doctest::Contains("sparse gradients have no derivative"), NotImplementedError);
  CHECK_FALSE(w.grad().defined());
  // A constant gradient has one: nothing depends on it.
  rows_of(w, tensor({1})).sum().backward({}, std::nullopt, true);
  CHECK(w.grad().is_sparse());
}

TEST_CASE("a sparse gradient is printed as libtorch prints it") {
  std::ostringstream text;
  text << sparse_gradient();
  CHECK(text.str() ==
        "[ SparseCPUFloatType{}\nindices:\n 2  0  2\n[ CPULongType{1,3} ]\nvalues:\n 1  1\n 2  2\n 4  4\n[ CPUFloatType{3,2} ]\nsize:\n[4, 2]\n]");
}

TEST_CASE("no memory of the table's size is taken") {
  const Tensor w = ones({1 << 16, 16}).requires_grad_();
  const Tensor at = tensor({5, 60000, 5});
  rows_of(w, at).square().sum().backward();
  CHECK(w.grad()._values().numel() == 48);
  CHECK(w.grad()._values().storage().nbytes() < 4096);
}
