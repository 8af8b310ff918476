// Attention in blocks: against all products in memory, the same bits for every number of threads, and the memory that it takes.
#include <doctest/doctest.h>

#include <cmath>
#include <fstream>
#include <string>

#include <xgrad/autograd/core/memory/memory.h>
#include <xgrad/autograd/core/threads.h>
#include <xgrad/autograd/engine/engine.h>
#include <xgrad/autograd/ops/ops.h>
#include <xgrad/autograd/tensor/operators.h>

#include "values.h"

using namespace xgrad;

namespace {

enum class Rule { kNone, kAdded, kAddedToEach, kBoolean, kCausal };

struct Problem {
  int64_t batch, heads, queries, keys, width, value_width;
  ScalarType dtype;
  Rule rule;

  Tensor drawn(IntArrayRef shape) const { return randn(shape, dtype).set_requires_grad(true); }
};

struct Operands {
  Tensor query, key, value, mask, gradient;

  explicit Operands(const Problem& p) {
    query = p.drawn({p.batch, p.heads, p.queries, p.width});
    key = p.drawn({p.batch, p.heads, p.keys, p.width});
    value = p.drawn({p.batch, p.heads, p.keys, p.value_width});
    if (p.rule == Rule::kAdded) mask = p.drawn({p.queries, p.keys});
    if (p.rule == Rule::kAddedToEach) mask = p.drawn({p.batch, p.heads, p.queries, p.keys});
    if (p.rule == Rule::kBoolean) {
      mask = rand({p.batch, 1, p.queries, p.keys}) > 0.3;
      mask.select(3, 0).fill_(true);
    }
    gradient = randn({p.batch, p.heads, p.queries, p.value_width}, p.dtype);
  }
  std::vector<Tensor> differentiated() const {
    std::vector<Tensor> all{query, key, value};
    if (mask.defined() && mask.requires_grad()) all.push_back(mask);
    return all;
  }
  std::vector<Tensor> results(const Tensor& y) const {
    std::vector<Tensor> all = autograd::grad({y}, differentiated(), {gradient});
    all.push_back(y);
    return all;
  }
};

std::vector<Tensor> in_blocks(const Operands& o, Rule rule) {
  const auto mask = o.mask.defined() ? std::optional(o.mask) : std::nullopt;
  return o.results(scaled_dot_product_attention(o.query, o.key, o.value, mask, 0, rule == Rule::kCausal));
}

std::vector<Tensor> in_memory(const Operands& o, Rule rule) {
  Tensor s = matmul(o.query, o.key.transpose(-2, -1)) / std::sqrt(static_cast<double>(o.query.size(-1)));
  const Tensor mask = rule == Rule::kCausal ? ones({o.query.size(2), o.key.size(2)}, kBool).tril() : o.mask;
  if (mask.defined()) s = mask.dtype() == kBool ? s.masked_fill(logical_not(mask), -INFINITY) : s + mask;
  return o.results(matmul(softmax(s, -1), o.value));
}

double difference(const Tensor& a, const Tensor& b) { return ((a - b).abs().max() / (b.abs().max() + 1)).item<double>(); }

constexpr Rule kRules[] = {Rule::kNone, Rule::kAdded, Rule::kAddedToEach, Rule::kBoolean, Rule::kCausal};

// The most memory that f held at a time beyond what there was, in bytes; -1 where Linux doesn't tell.
template <class F> int64_t peak_of(F f) {
  const auto kilobytes = [](const std::string& name) {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);)
      if (line.rfind(name, 0) == 0) return std::stoll(line.substr(name.size()));
    return -1LL;
  };
  empty_cache();
  std::ofstream reset("/proc/self/clear_refs");
  reset << 5;
  reset.close();
  if (!reset) return -1;
  const int64_t before = kilobytes("VmRSS:");
  f();
  return before < 0 ? -1 : (kilobytes("VmHWM:") - before) * 1024;
}

}  // namespace

TEST_CASE("attention in blocks is what products in memory give, with its gradients") {
  manual_seed(3);
  int compared = 0;
  for (const int64_t queries : {1, 16, 17, 97, 200})
    for (const int64_t keys : {1, 3, 100, 129, 300})
      for (const Rule rule : kRules)
        for (const ScalarType dtype : {kFloat, kDouble}) {
          const Operands o({2, 3, queries, keys, 8, 5, dtype, rule});
          const std::vector<Tensor> found = in_blocks(o, rule), expected = in_memory(o, rule);
          for (size_t i = 0; i < found.size(); ++i, ++compared) {
            CAPTURE(queries);
            CAPTURE(keys);
            CAPTURE(i);
            CHECK(difference(found[i], expected[i]) < (dtype == kDouble ? 1e-13 : 1e-5));
          }
        }
  CHECK(compared > 1000);
}

TEST_CASE("heads that lie in the rows of sequences need no copy, and give the same") {
  manual_seed(4);
  const Tensor rows = randn({2, 50, 3, 8}, kDouble), heads = rows.transpose(1, 2);
  CHECK(difference(scaled_dot_product_attention(heads, heads, heads),
                   scaled_dot_product_attention(heads.contiguous(), heads.contiguous(), heads.contiguous())) == 0);
}

TEST_CASE("attention has the same bits for every number of threads") {
  manual_seed(5);
  const int before = get_num_threads();
  for (const Rule rule : kRules)
    for (const ScalarType dtype : {kFloat, kDouble})
      for (const auto& [heads, queries, keys] : {std::tuple<int64_t, int64_t, int64_t>{1, 300, 1100}, {3, 250, 260}}) {
        const Operands o({1, heads, queries, keys, 32, 16, dtype, rule});
        set_num_threads(1);
        const std::vector<Tensor> alone = in_blocks(o, rule);
        for (const int threads : {2, 3, 8}) {
          set_num_threads(threads);
          const std::vector<Tensor> together = in_blocks(o, rule);
          for (size_t i = 0; i < alone.size(); ++i) CHECK(same_bits(alone[i], together[i]));
        }
      }
  set_num_threads(before);
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
TEST_CASE("training attention takes memory that grows with the length, not with its square") {
  const auto train = [](int64_t length) {
    const Operands o({1, 8, length, length, 64, 64, kFloat, Rule::kCausal});
    return peak_of([&] { in_blocks(o, Rule::kCausal); });
  };
  const int before = get_num_threads();
  set_num_threads(1);
  train(64);
  const int64_t thousand = train(1024), four = train(4096);
  set_num_threads(before);
  if (thousand < 0) return;
  MESSAGE("8 heads of 64, gradients included: length 1024 takes ", thousand >> 10, " kB, length 4096 ", four >> 10, " kB");
  // Result, statistics and three gradients are 4 operands of 2 MB; one matrix of scores of all heads would be 32 MB.
  CHECK(thousand < 14 << 20);
  CHECK(four < 5 * thousand);
}
#endif

TEST_CASE("weights that are not needed are undefined") {
  const Tensor x = ones({2, 3});
  CHECK_FALSE(std::get<1>(_scaled_dot_product_attention(x, x, x)).defined());
  CHECK(std::get<1>(_scaled_dot_product_attention(x, x, x, {}, 0, true)).sizes() == IntArrayRef({2, 2}));
}

TEST_CASE("without keys attention is zero, and its gradients are") {
  const Tensor q = leaf({1, 2, 3, 4, 5, 6}).detach().reshape({1, 3, 2}).set_requires_grad(true),
               k = zeros({1, 0, 2}, kDouble).set_requires_grad(true);
  const Tensor y = scaled_dot_product_attention(q, k, k);
  CHECK(list(y) == Values(6, 0.0));
  y.sum().backward();
  CHECK(list(q.grad()) == Values(6, 0.0));
}
