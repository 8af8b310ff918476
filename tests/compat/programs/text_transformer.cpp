// Classifies sequences with a transformer encoder: positions as a buffer, a padding mask, a warm-up schedule, AdamW.
#include <torch/torch.h>

#include <cmath>
#include <cstdio>
#include <vector>

namespace F = torch::nn::functional;

class PositionalEncodingImpl : public torch::nn::Module {
 public:
  PositionalEncodingImpl(int64_t d_model, int64_t max_len, double dropout = 0.0) : drop(register_module("dropout", torch::nn::Dropout(dropout))) {
    auto position = torch::arange(0, max_len, torch::kFloat).unsqueeze(1);
    auto div_term = torch::exp(torch::arange(0, d_model, 2, torch::kFloat) * (-std::log(10000.0) / static_cast<double>(d_model)));
    auto table = torch::zeros({max_len, d_model});
    using namespace torch::indexing;
    table.index_put_({Slice(), Slice(0, None, 2)}, torch::sin(position * div_term));
    table.index_put_({Slice(), Slice(1, None, 2)}, torch::cos(position * div_term));
    pe = register_buffer("pe", table.unsqueeze(1));
  }
  torch::Tensor forward(torch::Tensor x) { return drop(x + pe.slice(0, 0, x.size(0))); }

  torch::nn::Dropout drop;
  torch::Tensor pe;
};
TORCH_MODULE(PositionalEncoding);

class ClassifierImpl : public torch::nn::Module {
 public:
  ClassifierImpl(int64_t tokens, int64_t classes, int64_t d_model, int64_t heads, int64_t layers)
      : scale(std::sqrt(static_cast<double>(d_model))),
        embedding(register_module("embedding", torch::nn::Embedding(torch::nn::EmbeddingOptions(tokens, d_model).padding_idx(0)))),
        positions(register_module("positions", PositionalEncoding(d_model, 32))),
        head(register_module("head", torch::nn::Linear(d_model, classes))) {
    torch::nn::TransformerEncoderLayer layer(
        torch::nn::TransformerEncoderLayerOptions(d_model, heads).dim_feedforward(2 * d_model).dropout(0.0).activation(torch::kGELU));
    torch::nn::LayerNorm norm(torch::nn::LayerNormOptions({d_model}));
    encoder = register_module("encoder",
                              torch::nn::TransformerEncoder(torch::nn::TransformerEncoderOptions(layer, layers).norm(torch::nn::AnyModule(norm))));
  }
  torch::Tensor forward(const torch::Tensor& ids) {  // [batch, length]
    auto padding = ids.eq(0);
    auto x = positions(embedding(ids.t()) * scale);
    x = encoder(x, /*src_mask=*/torch::Tensor(), padding);
    auto keep = padding.logical_not().t().unsqueeze(-1).to(x.scalar_type());
    return head((x * keep).sum(0) / keep.sum(0).clamp_min(1));
  }

 private:
  double scale;
  torch::nn::Embedding embedding;
  PositionalEncoding positions;
  torch::nn::Linear head;
  torch::nn::TransformerEncoder encoder{nullptr};
};
TORCH_MODULE(Classifier);

class NoamSchedule {
 public:
  NoamSchedule(torch::optim::Optimizer& optimizer, double d_model, int warmup) : optimizer_(optimizer), d_model_(d_model), warmup_(warmup) {}
  void step() {
    ++step_;
    const double rate = std::pow(d_model_, -0.5) * std::min(std::pow(step_, -0.5), step_ * std::pow(warmup_, -1.5)) * 0.1;
    for (auto& group : optimizer_.param_groups()) static_cast<torch::optim::AdamWOptions&>(group.options()).lr(rate);
  }
  double lr() const { return static_cast<const torch::optim::AdamWOptions&>(optimizer_.param_groups()[0].options()).lr(); }

 private:
  torch::optim::Optimizer& optimizer_;
  double d_model_;
  int warmup_;
  int step_ = 0;
};

// Which of two tokens comes more often: sequences of 1, 2 and 3 of differing length, padded with 0.
std::pair<torch::Tensor, torch::Tensor> make_data(int64_t count, int64_t length) {
  auto ids = torch::randint(1, 4, {count, length}, torch::kLong);
  auto lengths = torch::randint(4, length + 1, {count, 1}, torch::kLong);
  ids.masked_fill_(torch::arange(length).unsqueeze(0).ge(lengths), 0);
  return {ids, ids.eq(1).sum(1).gt(ids.eq(2).sum(1)).to(torch::kLong)};
}

int main() {
  torch::manual_seed(5);
  auto [ids, labels] = make_data(48, 10);
  std::cout << ids.sizes() << " " << labels.sum().item<int64_t>() << " positive, " << ids.eq(0).sum().item<int64_t>() << " padded\n";
  Classifier model(4, 2, 16, 4, 2);
  std::cout << model << "\n";
  torch::optim::AdamW optimizer(model->parameters(), torch::optim::AdamWOptions(0).weight_decay(0.01).betas({0.9, 0.98}).eps(1e-9));
  NoamSchedule schedule(optimizer, 16, 6);
  for (int step = 1; step <= 12; ++step) {
    schedule.step();
    optimizer.zero_grad();
    auto output = model(ids);
    auto loss = F::cross_entropy(output, labels, F::CrossEntropyFuncOptions().label_smoothing(0.1));
    loss.backward();
    optimizer.step();
    if (step % 3 == 0) std::printf("step %2d lr %.5f loss %.3f\n", step, schedule.lr(), loss.item<float>());
  }
  model->eval();
  {
    torch::InferenceMode guard;
    auto output = model(ids);
    std::cout << output.sizes() << " " << output.requires_grad() << " " << torch::InferenceMode::is_enabled() << "\n";
    auto probabilities = F::softmax(output, F::SoftmaxFuncOptions(1));
    std::printf("mean certainty %.2f\n", std::get<0>(probabilities.max(1)).mean().item<float>());
  }
  // What is behind the padding doesn't matter.
  auto shorter = ids.slice(0, 0, 1).clone();
  auto longer = F::pad(shorter, F::PadFuncOptions({0, 5}));
  std::cout << longer.sizes() << " " << torch::allclose(model(shorter), model(longer), 1e-4, 1e-5) << "\n";
  std::cout << "padding row has gradient " << model->named_parameters()["embedding.weight"].grad()[0].abs().sum().item<float>() << "\n";
}
