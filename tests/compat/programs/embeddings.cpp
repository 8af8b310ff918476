#include <torch/torch.h>

#include <cmath>
#include <iostream>
#include <sstream>

namespace F = torch::nn::functional;
using namespace torch::nn;

// The same choices everywhere, apart from torch's generator.
struct Chooser {
  uint64_t state;
  int64_t below(int64_t n) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return static_cast<int64_t>((state >> 33) % static_cast<uint64_t>(n));
  }
  bool one_in(int64_t n) { return below(n) == 0; }
  torch::Tensor integers(int64_t n, int64_t limit, torch::ScalarType dtype) {
    torch::Tensor t = torch::zeros({n}, torch::kLong);
    for (int64_t i = 0; i < n; ++i) t.data_ptr<int64_t>()[i] = below(limit);
    return t.to(dtype);
  }
};

// Numbers that tell elements apart.
double print_of(const torch::Tensor& t) {
  const torch::Tensor flat = t.detach().to_dense().to(torch::kDouble).reshape({-1});
  const double sum = (flat * torch::arange(1, flat.numel() + 1, torch::kDouble).cos()).sum().item<double>();
  return std::round(sum * 1000) / 1000 + 0.0;  // cancelled digits are nobody's
}

template <class F> void attempt(F f) {
  try {
    f();
  } catch (const std::exception&) {
    std::cout << " refused";
  }
}

void embeddings() {
  Chooser c{1};
  for (int round = 0; round < 60; ++round) {
    const int64_t rows = 1 + c.below(9), width = 1 + c.below(4);
    EmbeddingOptions options(rows, width);
    if (c.one_in(2)) options.padding_idx(c.below(2 * rows) - rows);
    if (c.one_in(3)) options.max_norm(0.5 + 0.5 * static_cast<double>(c.below(3))).norm_type(1 + static_cast<double>(c.below(3)));
    if (c.one_in(3)) options.scale_grad_by_freq(true);
    else if (c.one_in(2)) options.sparse(true);
    torch::manual_seed(round);
    Embedding table(options);
    std::cout << round << ' ' << table << ' ' << print_of(table->weight);
    const torch::ScalarType dtype = c.one_in(2) ? torch::kInt : torch::kLong;
    const torch::Tensor indices = c.integers(1 + c.below(12), rows, dtype);
    for (int twice = 0; twice < 2; ++twice) {
      const torch::Tensor y = table->forward(twice ? indices.view({1, -1}) : indices);
      std::cout << ' ' << y.sizes() << ' ' << print_of(y);
      (y * torch::arange(1, y.numel() + 1, torch::kFloat).sin().view_as(y)).sum().backward();
    }
    const torch::Tensor grad = table->weight.grad();
    std::cout << ' ' << +grad.is_sparse() << ' ' << grad.layout() << ' ' << grad.sizes() << ' ' << grad.dim() << ' ' << print_of(grad);
    if (grad.is_sparse()) {
      const torch::Tensor once = grad.coalesce();
      std::cout << ' ' << once._nnz() << ' ' << once.indices().view({-1}).sum().item<int64_t>() << ' ' << +once.is_coalesced() << ' '
                << once.values().sizes() << ' ' << grad.sparse_dim() << grad.dense_dim() << ' ' << grad.norm().item<double>() << ' '
                << print_of(grad + grad) << ' ' << print_of(grad * 3) << ' ' << print_of(torch::ones({rows, width}) + grad) << ' ' << grad.toString();
    }
    std::cout << '\n';
  }
}

template <class O> void step(const char* name, O& optimizer, Embedding& table, Chooser& c) {
  for (int i = 0; i < 3; ++i) {
    if (i != 1) optimizer.zero_grad();
    const torch::Tensor indices = c.integers(1 + c.below(7), table->weight.size(0), torch::kLong);
    table->forward(indices).square().sum().backward();
    if (i == 2) table->weight.square().sum().backward();  // dense and sparse
    std::cout << ' ' << name << +table->weight.grad().is_sparse();
    attempt([&] { optimizer.step(); });
    std::cout << ' ' << print_of(table->weight);
  }
}

void optimizers() {
  Chooser c{2};
  for (int round = 0; round < 60; ++round) {
    torch::manual_seed(round);
    Embedding table(EmbeddingOptions(1 + c.below(6), 3).sparse(round % 3 != 0));
    std::cout << round;
    const double decay = c.one_in(3) ? 0.1 : 0;
    if (c.one_in(2)) {
      torch::optim::SGD sgd(table->parameters(), torch::optim::SGDOptions(0.1).weight_decay(decay));
      step("sgd", sgd, table, c);
    } else {
      torch::optim::Adagrad adagrad(table->parameters(), torch::optim::AdagradOptions(0.1)
                                                             .weight_decay(decay)
                                                             .lr_decay(decay == 0 ? 0.1 : 0)
                                                             .initial_accumulator_value(0.5 * static_cast<double>(c.below(2)))
                                                             .eps(0.01));
      step("adagrad", adagrad, table, c);
    }
    std::cout << '\n';
  }
  // A momentum, while all gradients are sparse.
  for (int round = 0; round < 12; ++round) {
    torch::manual_seed(round);
    Embedding table(EmbeddingOptions(5, 2).sparse(true));
    torch::optim::SGD sgd(table->parameters(),
                          torch::optim::SGDOptions(0.1).momentum(0.9).dampening(round % 2 ? 0 : 0.25).nesterov(round % 3 == 1 && round % 2));
    for (int i = 0; i < 4; ++i) {
      sgd.zero_grad();
      table->forward(c.integers(3, 5, torch::kLong)).square().sum().backward();
      std::cout << ' ' << utils::clip_grad_norm_(table->parameters(), 1e9);
      sgd.step();
      std::cout << ' ' << print_of(table->weight);
    }
    std::cout << '\n';
  }
}

void bags() {
  Chooser c{3};
  for (int round = 0; round < 120; ++round) {
    const int64_t rows = 2 + c.below(7), width = 1 + c.below(4), n = 1 + c.below(10), mode = c.below(3);
    EmbeddingBagOptions options(rows, width);
    if (mode == 0) options.mode(torch::kSum);
    if (mode == 1) options.mode(torch::kMean);
    if (mode == 2) options.mode(torch::kMax);
    if (c.one_in(3)) options.max_norm(1).norm_type(2);
    if (mode == 2 && c.one_in(4)) options.scale_grad_by_freq(true);
    else if (c.one_in(3)) options.sparse(true);
    if (c.one_in(3)) options.padding_idx(c.below(2 * rows) - rows);
    const bool matrix = c.one_in(3);
    if (!matrix && c.one_in(3)) options.include_last_offset(true);
    torch::manual_seed(round);
    EmbeddingBag bag(options);
    std::cout << round << ' ' << bag << ' ' << print_of(bag->weight);
    const auto positions = [&c] { return c.one_in(2) ? torch::kInt : torch::kLong; };
    torch::Tensor indices = c.integers(matrix ? 2 * n : n, rows, positions()), offsets, factors;
    if (matrix) {
      indices = indices.view({2, n});
    } else {
      std::vector<int64_t> starts{0};
      for (int64_t i = 0; i < n; ++i)
        if (c.one_in(3)) starts.push_back(i);
      if (options.include_last_offset()) starts.push_back(n);
      offsets = torch::tensor(starts, torch::kLong).to(positions());
    }
    if (c.one_in(3)) factors = torch::arange(1, indices.numel() + 1, torch::kFloat).cos().view(indices.sizes()).requires_grad_();
    attempt([&] {
      const torch::Tensor y = bag->forward(indices, offsets, factors);
      std::cout << ' ' << y.sizes() << ' ' << print_of(y);
      (y * torch::arange(1, y.numel() + 1, torch::kFloat).sin().view_as(y)).sum().backward();
      const torch::Tensor grad = bag->weight.grad();
      std::cout << ' ' << +grad.is_sparse() << ' ' << print_of(grad);
      if (factors.defined()) std::cout << ' ' << print_of(factors.grad());
    });
    std::cout << '\n';
  }
}

template <class F> void what(F f) {
  try {
    f();
    std::cout << "nothing thrown\n";
  } catch (const std::exception&) {
    std::cout << "thrown\n";
  }
}

void adaptive() {
  Chooser c{4};
  for (int round = 0; round < 30; ++round) {
    const int64_t classes = 4 + c.below(12), features = 32 + c.below(9);
    std::vector<int64_t> cutoffs{1 + c.below(classes - 2)};
    while (cutoffs.size() < 4 && c.one_in(2) && cutoffs.back() + 1 < classes)
      cutoffs.push_back(cutoffs.back() + 1 + c.below(classes - 1 - cutoffs.back()));
    torch::manual_seed(round);
    AdaptiveLogSoftmaxWithLoss net(AdaptiveLogSoftmaxWithLossOptions(features, classes, cutoffs).div_value(2).head_bias(c.one_in(2)));
    const int64_t n = 2 + c.below(6);
    const torch::Tensor x = torch::randn({n, features}).requires_grad_(), target = c.integers(n, classes, torch::kLong);
    const ASMoutput y = net->forward(x, target);
    y.output.sum().backward();
    std::cout << round << ' ' << print_of(y.output) << ' ' << y.loss << ' ' << print_of(x.grad()) << ' ' << print_of(net->log_prob(x)) << ' '
              << net->predict(x).sum().item<int64_t>() << ' ' << net->forward(x[0], target[0]).output.sizes() << '\n';
    for (const auto& p : net->named_parameters())
      std::cout << p.key() << ' ' << print_of(p.value().grad().defined() ? p.value().grad() : p.value()) << '\n';
    net->reset_parameters();
    std::cout << print_of(net->head->weight) << '\n';
  }
  std::cout << AdaptiveLogSoftmaxWithLoss(16, 10, std::vector<int64_t>{2, 6}) << '\n';
  what([] { AdaptiveLogSoftmaxWithLoss(16, 10, std::vector<int64_t>{6, 2}); });
  what([] { AdaptiveLogSoftmaxWithLoss(16, 10, std::vector<int64_t>{2, 10}); });
  what([] { AdaptiveLogSoftmaxWithLoss(16, 10, std::vector<int64_t>{2, 6})->forward(torch::ones({1, 16}), torch::tensor({10})); });
}

int main() {
  std::cout.precision(4);
  embeddings();
  optimizers();
  bags();
  adaptive();
  Embedding table(EmbeddingOptions(3, 2)._weight(torch::tensor({{1., 2.}, {3., 4.}, {5., 6.}}).to(torch::kFloat)).sparse(true));
  table->forward(torch::tensor({2, 0, 2})).sum().backward();
  std::cout << table->weight.grad() << '\n' << table->weight.grad().coalesce() << '\n' << table->weight.grad().options() << '\n';
  std::cout << F::one_hot(torch::tensor({1, 0, 2})) << F::one_hot(torch::tensor({1}), 4) << '\n';
  std::cout << EmbeddingBag::from_pretrained(torch::ones({2, 3}), EmbeddingBagFromPretrainedOptions().mode(torch::kMax).padding_idx(-1)) << '\n';
  // What a sparse gradient refuses here and there.
  const torch::Tensor g = table->weight.grad();
  what([&] { g.indices(); });
  what([&] { g.storage(); });
  what([&] { g.view({-1}); });
  what([&] { g + torch::ones({3, 2}); });
  what([&] { g.clamp_(0, 1); });
  what([&] { torch::ones({3, 2})._indices(); });
  what([&] { torch::ones({3, 2}).coalesce(); });
  what([&] { torch::optim::Adam(table->parameters()).step(); });
  what([&] { torch::optim::AdamW(table->parameters()).step(); });
  g.zero_();
  std::cout << g._nnz() << ' ' << print_of(g) << '\n';
}
