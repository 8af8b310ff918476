// Embeddings.
#include <doctest/doctest.h>

#include <sstream>

#include "nn/close.h"
#include <xgrad/autograd/ops/ops.h>
#include <xgrad/nn/nn.h>

using namespace xgrad;
using namespace xgrad::nn;
namespace F = xgrad::nn::functional;

TEST_CASE("an embedding starts with PyTorch's rows and gives those asked for") {
  manual_seed(0);
  Embedding table(4, 3);
  check_close(table->weight,
              {1.54099607, -0.293428898, -2.17878938, 0.568431258, -1.08452237, -1.39859545, 0.403346837, 0.838026345, -0.719257593, -0.403343529,
               -0.596635342, 0.182036489},
              2e-6);
  const Tensor y = table(tensor({{1, 3}, {0, 1}}));
  CHECK(y.sizes() == IntArrayRef({2, 2, 3}));
  CHECK(equal(y[0][1], table->weight[3]));
  CHECK(equal(y[1][1], table->weight[1]));
  y.sum().backward();
  check_close(table->weight.grad(), {1, 1, 1, 2, 2, 2, 0, 0, 0, 1, 1, 1});
  CHECK(table(zeros({0}, kLong)).sizes() == IntArrayRef({0, 3}));
}

TEST_CASE("the padding row is 0 at first and gets no gradient") {
  Embedding table(EmbeddingOptions(3, 2).padding_idx(-2));
  check_close(table->weight[1], {0, 0});
  CHECK(table->options.padding_idx() == 1);
  table(tensor({0, 1, 1, 2})).sum().backward();
  check_close(table->weight.grad(), {1, 1, 0, 0, 1, 1});
  std::ostringstream text;
  text << table;
  CHECK(text.str() == "torch::nn::Embedding(num_embeddings=3, embedding_dim=2, padding_idx=1)");
}

TEST_CASE("an embedding may start with given rows, and a clone has its own") {
  const Tensor rows = arange(6., kFloat).view({3, 2});
  Embedding table(EmbeddingOptions(3, 2)._weight(rows));
  CHECK(equal(table(tensor({2})), rows.slice(0, 2)));
  const auto copy = std::dynamic_pointer_cast<EmbeddingImpl>(table->clone());
  CHECK(equal(copy->weight, table->weight));
  CHECK_FALSE(copy->weight.is_alias_of(table->weight));
  CHECK_FALSE(rows.requires_grad());
}

TEST_CASE("rows that are asked for are limited in norm") {
  manual_seed(0);
  Embedding table(EmbeddingOptions(4, 3).max_norm(1.0));
  const Tensor y = table(tensor({0, 2, 2}));
  check_close(table->weight,
              {0.573980808, -0.109294608, -0.811542153, 0.568431258, -1.08452237, -1.39859545, 0.343064785, 0.712779403, -0.611761212, -0.403343529,
               -0.596635342, 0.182036489},
              2e-6);
  CHECK(equal(y[1], table->weight[2]));
  y.sum().backward();
  check_close(table->weight.grad(), {1, 1, 1, 0, 0, 0, 2, 2, 2, 0, 0, 0});
  std::ostringstream text;
  text << Embedding(EmbeddingOptions(4, 3).max_norm(2).norm_type(2.5));
  CHECK(text.str() == "torch::nn::Embedding(num_embeddings=4, embedding_dim=3, max_norm=2, norm_type=2.5)");
}

TEST_CASE("gradients of rows are divided by how often they were asked for") {
  Embedding table(EmbeddingOptions(3, 2).scale_grad_by_freq(true));
  (table(tensor({0, 2, 2, 2})) * tensor({1., 1., 2., 6.}).to(kFloat).unsqueeze(1)).sum().backward();
  check_close(table->weight.grad(), {1, 1, 0, 0, 3, 3});
}

TEST_CASE("pretrained rows are shared, and frozen unless asked for") {
  const Tensor rows = ones({2, 3});
  Embedding table = Embedding::from_pretrained(rows, EmbeddingFromPretrainedOptions().padding_idx(0));
  CHECK_FALSE(table->weight.requires_grad());
  CHECK(table->weight.is_alias_of(rows));
  CHECK(equal(table->weight, ones({2, 3})));
  CHECK(Embedding::from_pretrained(rows, EmbeddingFromPretrainedOptions().freeze(false))->weight.requires_grad());
  CHECK_THROWS_WITH_AS(Embedding::from_pretrained(ones({3})), doctest::Contains("expected to be 2-dimensional"), Error);
}

TEST_CASE("errors of embeddings") {
  Embedding table(3, 2);
  CHECK_THROWS_WITH_AS(table(tensor({3})), doctest::Contains("index out of range in self"), IndexError);
  CHECK_THROWS_AS(table(tensor({-1})), IndexError);
  CHECK_THROWS_AS(table(ones({1})), TypeError);
  CHECK_THROWS_AS(Embedding(EmbeddingOptions(3, 2).padding_idx(3)), IndexError);
  CHECK_THROWS_WITH_AS(Embedding(EmbeddingOptions(3, 2)._weight(ones({2, 2}))), doctest::Contains("Shape of _weight does not match"), Error);
}
