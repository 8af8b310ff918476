// Training of embeddings. Compiled against libtorch and against xgrad.
#include <torch/torch.h>

#include "workload.h"

namespace benchmarks { namespace {

torch::Tensor tokens(int64_t count, int64_t rows) {
  std::vector<int64_t> values(static_cast<size_t>(count));
  Numbers numbers(3);
  for (int64_t& v : values) v = static_cast<int64_t>((numbers.next(0.5f) + 0.5f) * static_cast<float>(rows)) % rows;
  return torch::from_blob(values.data(), {count}, torch::kLong).clone();
}

void fill(const torch::Tensor& t, uint32_t seed) {
  torch::NoGradGuard guard;
  std::vector<float> values = Numbers(seed).take(t.numel(), 0.5f);
  t.copy_(torch::from_blob(values.data(), t.sizes(), torch::kFloat));
}

class EmbeddingTraining : public Workload {
 public:
  void run(int64_t repetitions) override {
    for (int64_t r = 0; r < repetitions; ++r) step();
  }
  std::vector<double> outcome() override {
    std::vector<double> out{step().item<double>()};
    run(kCheckedSteps);
    out.push_back(step().item<double>());
    const torch::Tensor rows = table().detach().index_select(0, seen());
    digest(rows.data_ptr<float>(), rows.numel(), out);
    return out;
  }

 private:
  virtual torch::Tensor step() = 0;
  virtual torch::Tensor table() = 0;
  virtual torch::Tensor seen() = 0;
};

// Sentences of 16 tokens, whose mean a linear layer classifies.
class Sentences : public EmbeddingTraining {
 public:
  Sentences() {
    fill(table_->weight, 1);
    fill(classify_->weight, 2);
    fill(classify_->bias, 4);
    std::vector<torch::Tensor> parameters = table_->parameters();
    for (const torch::Tensor& p : classify_->parameters()) parameters.push_back(p);
    optimizer_ = std::make_unique<torch::optim::Adam>(parameters, torch::optim::AdamOptions(1e-3));
  }

 private:
  torch::Tensor step() override {
    optimizer_->zero_grad();
    torch::Tensor loss = torch::nn::functional::cross_entropy(classify_(table_(tokens_).mean(1)), classes_);
    loss.backward();
    optimizer_->step();
    return loss;
  }
  torch::Tensor table() override { return table_->weight; }
  torch::Tensor seen() override { return tokens_.reshape({-1}); }

  torch::nn::Embedding table_{1000, 64};
  torch::nn::Linear classify_{64, 10};
  torch::Tensor tokens_ = tokens(32 * 16, 1000).view({32, 16}), classes_ = tokens(32, 10);
  std::unique_ptr<torch::optim::Optimizer> optimizer_;
};

// 512 rows of a table of a million.
class LargeTable : public EmbeddingTraining {
 public:
  explicit LargeTable(bool sparse) : table_(torch::nn::EmbeddingOptions(1000000, 64).sparse(sparse)), optimizer_(table_->parameters(), 0.1) {
    fill(table_->weight, 1);
  }

 private:
  torch::Tensor step() override {
    optimizer_.zero_grad();
    torch::Tensor loss = table_(tokens_).square().mean();
    loss.backward();
    optimizer_.step();
    return loss;
  }
  torch::Tensor table() override { return table_->weight; }
  torch::Tensor seen() override { return tokens_; }

  torch::nn::Embedding table_;
  torch::Tensor tokens_ = tokens(512, 1000000);
  torch::optim::SGD optimizer_;
};

const Entry sentences("embedding", [] { return std::make_unique<Sentences>(); });
const Entry dense_gradient("embedding_1m_dense", [] { return std::make_unique<LargeTable>(false); });
const Entry gradient_in_rows("embedding_1m_rows", [] { return std::make_unique<LargeTable>(true); });

}}  // namespace benchmarks
