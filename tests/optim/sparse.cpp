// Steps by sparse gradients.
#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <sstream>

#include <xgrad/autograd/ops/ops.h>
#include <xgrad/io/archive.h>
#include <xgrad/nn/nn.h>
#include <xgrad/optim/optim.h>

using namespace xgrad;
namespace nn = xgrad::nn;

namespace {

// Two tables of the same rows, of which one has sparse gradients.
struct Pair {
  explicit Pair(int64_t rows = 6) {
    manual_seed(7);
    sparse = nn::Embedding(nn::EmbeddingOptions(rows, 3).sparse(true));
    dense = nn::Embedding(nn::EmbeddingOptions(rows, 3)._weight(sparse->weight.detach().clone()));
  }
  void backward(const Tensor& indices) {
    for (nn::Embedding* table : {&sparse, &dense}) (*table)(indices).square().mul(0.5).sum().backward();
  }
  bool agree() const { return allclose(sparse->weight, dense->weight, 1e-5, 1e-6); }
  nn::Embedding sparse{nullptr}, dense{nullptr};
};

const std::vector<Tensor> kBatches = {tensor({1, 4, 1}), tensor({0}), tensor({5, 5, 5, 4}), zeros({0}, kLong), tensor({{1, 2}, {3, 1}})};

template <class Optimizer, class Options> void check_same_as_dense(const Options& options) {
  Pair pair;
  Optimizer sparse(pair.sparse->parameters(), options), dense(pair.dense->parameters(), options);
  for (size_t i = 0; i < kBatches.size(); ++i) {
    if (i % 2 == 0) {  // every other step by two gradients
      sparse.zero_grad(i == 2);
      dense.zero_grad(i == 2);
    }
    pair.backward(kBatches[i]);
    CHECK(pair.sparse->weight.grad().is_sparse());
    sparse.step();
    dense.step();
    CAPTURE(i);
    CHECK(pair.agree());
  }
}

}  // namespace

TEST_CASE("SGD by sparse gradients is SGD, with a momentum too") {
  check_same_as_dense<optim::SGD>(optim::SGDOptions(0.1));
  check_same_as_dense<optim::SGD>(optim::SGDOptions(0.1).momentum(0.9));
  check_same_as_dense<optim::SGD>(optim::SGDOptions(0.1).momentum(0.9).dampening(0.5));
  check_same_as_dense<optim::SGD>(optim::SGDOptions(0.1).momentum(0.9).nesterov(true));
}

TEST_CASE("Adagrad by sparse gradients is Adagrad") {
  check_same_as_dense<optim::Adagrad>(optim::AdagradOptions(0.1));
  check_same_as_dense<optim::Adagrad>(optim::AdagradOptions(0.1).lr_decay(0.5).initial_accumulator_value(0.25).eps(0.1));
}

TEST_CASE("Adagrad's steps are those of its definition") {
  for (const ScalarType dtype : {kFloat, kDouble}) {
    manual_seed(1);
    const Tensor p = randn({37}, dtype).requires_grad_();
    Tensor q = p.detach().clone(), sum = full({37}, 0.5, dtype);
    optim::Adagrad adagrad({p}, optim::AdagradOptions(0.2).lr_decay(0.1).weight_decay(0.3).initial_accumulator_value(0.5).eps(0.01));
    for (int t = 1; t <= 4; ++t) {
      const Tensor g = randn({37}, dtype);
      p.mutable_grad() = g;
      adagrad.step();
      const Tensor d = g + 0.3 * q;
      sum = sum + d * d;
      q = q - 0.2 / (1 + (t - 1) * 0.1) * d / (sum.sqrt() + 0.01);
      CHECK(allclose(p, q, 1e-5, 1e-6));
    }
    const auto& state = static_cast<optim::AdagradParamState&>(*adagrad.state().at(p.unsafeGetTensorImpl()));
    CHECK(state.step() == 4);
    CHECK(allclose(state.sum(), sum, 1e-5, 1e-6));
  }
}

TEST_CASE("Adagrad saves and loads what it remembers, and says its options") {
  Pair pair;
  const auto options = optim::AdagradOptions(0.1).eps(0.5);
  optim::Adagrad one(pair.sparse->parameters(), options), other(pair.dense->parameters(), options);
  pair.sparse(tensor({1, 4})).sum().backward();
  one.step();
  serialize::OutputArchive out;
  one.save(out);
  std::stringstream file;
  out.save_to(file);
  serialize::InputArchive in;
  in.load_from(file);
  other.load(in);
  pair.dense->weight.detach().copy_(pair.sparse->weight);
  one.zero_grad();
  pair.backward(tensor({4, 2}));
  one.step();
  other.step();
  CHECK(pair.agree());
  std::ostringstream text;
  text << options;
  CHECK(text.str() == "torch::optim::AdagradOptions(lr=0.1, lr_decay=0, weight_decay=0, initial_accumulator_value=0, eps=0.5, maximize=false)");
  CHECK_THROWS_WITH_AS(optim::Adagrad(pair.dense->parameters(), optim::AdagradOptions(-1)), doctest::Contains("Invalid learning rate: -1"),
                       ValueError);
  CHECK_THROWS_WITH_AS(optim::Adagrad(pair.dense->parameters(), optim::AdagradOptions(1).lr_decay(-1)), doctest::Contains("Invalid lr_decay value"),
                       ValueError);
}

TEST_CASE("SparseAdam is Adam where every row is listed at every step") {
  Pair pair(3);
  optim::SparseAdam sparse(pair.sparse->parameters(), optim::SparseAdamOptions(0.1).betas({0.8, 0.9}).eps(1e-12));
  optim::Adam dense(pair.dense->parameters(), optim::AdamOptions(0.1).betas({0.8, 0.9}).eps(1e-12));
  for (int i = 0; i < 4; ++i) {
    sparse.zero_grad();
    dense.zero_grad();
    pair.backward(tensor({0, 1, 2, 1}));
    sparse.step();
    dense.step();
    CHECK(pair.agree());
  }
}

TEST_CASE("SparseAdam leaves the other rows alone, and what it remembers of them") {
  // torch.optim.SparseAdam of PyTorch 1.13.1, row by row: m = (1 - b1) g after the first step of a row, whatever t is.
  Pair pair;
  optim::SparseAdam adam(pair.sparse->parameters(), optim::SparseAdamOptions(0.1));
  const Tensor before = pair.sparse->weight.detach().clone();
  const auto& state = [&]() -> optim::SparseAdamParamState& {
    return static_cast<optim::SparseAdamParamState&>(*adam.state().at(pair.sparse->weight.unsafeGetTensorImpl()));
  };
  pair.sparse(tensor({1})).sum().backward();
  adam.step();
  adam.zero_grad();
  pair.sparse(tensor({2, 2})).sum().backward();
  adam.step();
  CHECK(state().step() == 2);
  const Tensor m = tensor({0.f, 0.1f, 0.2f, 0.f, 0.f, 0.f}).unsqueeze(1).expand({6, 3});
  const Tensor v = tensor({0.f, 0.001f, 0.004f, 0.f, 0.f, 0.f}).unsqueeze(1).expand({6, 3});
  CHECK(allclose(state().exp_avg(), m));
  CHECK(allclose(state().exp_avg_sq(), v));
  const double second = 0.1 * std::sqrt(1 - 0.999 * 0.999) / (1 - 0.81) * 0.2 / (std::sqrt(0.004) + 1e-8);
  const Tensor change = tensor({0.f, 0.1f, static_cast<float>(second), 0.f, 0.f, 0.f}).unsqueeze(1).expand({6, 3});
  CHECK(allclose(before - pair.sparse->weight, change, 1e-5, 1e-6));
}

TEST_CASE("SparseAdam's steps are those of Python's torch.optim.SparseAdam") {
  const Tensor w = (arange(12., kDouble) * 0.1).view({6, 2}).requires_grad_();
  optim::SparseAdam adam({w}, optim::SparseAdamOptions(0.1).betas({0.8, 0.95}).eps(1e-3));
  for (const Tensor& batch : kBatches) {
    adam.zero_grad();
    embedding(w, batch, -1, false, true).square().mul(0.5).sum().backward();
    adam.step();
  }
  // torch.nn.functional.embedding(batch, w, sparse=True), PyTorch 1.13.1.
  const std::vector<double> expected = {0.0,          0.02574181561, 0.0266280596, 0.1226036559, 0.3374244112, 0.4372857283,
                                        0.5371929311, 0.637126479,   0.6124096446, 0.7122025173, 0.9308844013, 1.030875047};
  CHECK(allclose(w.view({-1}), tensor(expected, kDouble), 1e-9, 1e-10));
}

TEST_CASE("optimizers say what they don't take, and change nothing") {
  Pair pair;
  pair.backward(tensor({1}));
  const Tensor before = pair.sparse->weight.detach().clone();
  optim::Adam adam(pair.sparse->parameters());
  CHECK_THROWS_WITH_AS(adam.step(), doctest::Contains("Adam does not support sparse gradients"), NotImplementedError);
  optim::AdamW adamw(pair.sparse->parameters());
  CHECK_THROWS_WITH_AS(adamw.step(), doctest::Contains("AdamW does not support sparse gradients"), NotImplementedError);
  optim::SGD decay(pair.sparse->parameters(), optim::SGDOptions(0.1).weight_decay(0.1));
  CHECK_THROWS_WITH_AS(decay.step(), doctest::Contains("add(sparse, dense) is not supported"), NotImplementedError);
  optim::Adagrad adagrad(pair.sparse->parameters(), optim::AdagradOptions(0.1).weight_decay(0.1));
  CHECK_THROWS_WITH_AS(adagrad.step(), doctest::Contains("weight_decay option is not compatible with sparse gradients"), Error);
  optim::SparseAdam sparse_adam(pair.dense->parameters());
  CHECK_THROWS_WITH_AS(sparse_adam.step(), doctest::Contains("SparseAdam does not support dense gradients, please consider Adam instead"), Error);
  CHECK(equal(pair.sparse->weight, before));
  CHECK_THROWS_AS(optim::SparseAdam(pair.dense->parameters(), optim::SparseAdamOptions(0)), ValueError);
}

TEST_CASE("a momentum may change between sparse and dense gradients, and is saved as dense") {
  Pair pair;
  const auto options = optim::SGDOptions(0.1).momentum(0.9);
  optim::SGD sparse(pair.sparse->parameters(), options), dense(pair.dense->parameters(), options);
  for (int i = 0; i < 4; ++i) {
    sparse.zero_grad();
    dense.zero_grad();
    pair.backward(kBatches[static_cast<size_t>(i) % 3]);
    if (i == 2)
      for (nn::Embedding* table : {&pair.sparse, &pair.dense}) (*table)->weight.square().sum().backward();
    sparse.step();
    dense.step();
    CHECK(pair.agree());
    serialize::OutputArchive out;
    sparse.save(out);
  }
}

TEST_CASE("clipping by the norm takes sparse gradients, by the value refuses them") {
  Pair pair;
  pair.backward(tensor({1, 3, 1}));
  const double a = nn::utils::clip_grad_norm_(pair.sparse->parameters(), 0.5), b = nn::utils::clip_grad_norm_(pair.dense->parameters(), 0.5);
  CHECK(a == doctest::Approx(b));
  CHECK(allclose(pair.sparse->weight.grad().to_dense(), pair.dense->weight.grad()));
  CHECK(nn::utils::clip_grad_norm_(pair.sparse->parameters(), 0.1, std::numeric_limits<double>::infinity()) ==
        doctest::Approx(nn::utils::clip_grad_norm_(pair.dense->parameters(), 0.1, std::numeric_limits<double>::infinity())));
  CHECK_THROWS_AS(nn::utils::clip_grad_value_(pair.sparse->parameters(), 0.1), NotImplementedError);
}

TEST_CASE("a module takes its sparse gradients along to another dtype") {
  Pair pair;
  pair.backward(tensor({1, 3, 1}));
  pair.sparse->to(kDouble);
  CHECK(pair.sparse->weight.grad().dtype() == kDouble);
  CHECK(allclose(pair.sparse->weight.grad().to_dense(), pair.dense->weight.grad().to(kDouble)));
  optim::SGD(pair.sparse->parameters(), 0.1).step();
  pair.sparse->zero_grad();
  CHECK(pair.sparse->weight.grad()._nnz() == 0);
}
