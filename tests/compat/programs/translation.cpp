// Reverses words: an encoder and a decoder with attention, packed sequences of differing lengths, teacher forcing, greedy answers.
#include <torch/torch.h>

#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

namespace rnn_utils = torch::nn::utils::rnn;

constexpr int64_t kPad = 0, kStart = 1, kEnd = 2, kFirst = 3, kTokens = 3 + 5;

struct EncoderImpl : torch::nn::Module {
  EncoderImpl(int64_t size) : embedding(kTokens, size), gru(torch::nn::GRUOptions(size, size).bidirectional(true)), bridge(2 * size, size) {
    register_module("embedding", embedding);
    register_module("gru", gru);
    register_module("bridge", bridge);
  }
  std::tuple<torch::Tensor, torch::Tensor> forward(torch::Tensor ids, torch::Tensor lengths) {
    auto packed = rnn_utils::pack_padded_sequence(embedding(ids), lengths, /*batch_first=*/false, /*enforce_sorted=*/false);
    auto [output, hidden] = gru->forward_with_packed_input(packed);
    auto [padded, sizes] = rnn_utils::pad_packed_sequence(output);
    TORCH_CHECK(torch::equal(sizes, lengths), "lengths went astray");
    return {bridge(padded), torch::tanh(bridge(torch::cat({hidden[0], hidden[1]}, 1)))};
  }
  torch::nn::Embedding embedding;
  torch::nn::GRU gru;
  torch::nn::Linear bridge;
};
TORCH_MODULE(Encoder);

struct DecoderImpl : torch::nn::Module {
  DecoderImpl(int64_t size)
      : embedding(kTokens, size), cell(torch::nn::GRUCellOptions(2 * size, size)), score(size, size, 1), out(2 * size, kTokens) {
    register_module("embedding", embedding);
    register_module("cell", cell);
    register_module("score", score);
    register_module("out", out);
  }
  struct Result {
    torch::Tensor logits, hidden, attention;
  };
  Result forward(torch::Tensor token, torch::Tensor hidden, const torch::Tensor& memory, const torch::Tensor& mask) {
    auto energy = score(memory, hidden.unsqueeze(0).expand_as(memory)).squeeze(-1);  // [length, batch]
    auto attention = torch::softmax(energy.masked_fill(mask, -std::numeric_limits<float>::infinity()), 0);
    auto context = torch::einsum("lb,lbs->bs", {attention, memory});
    hidden = cell(torch::cat({embedding(token), context}, 1), hidden);
    return {out(torch::cat({hidden, context}, -1)), hidden, attention};
  }
  torch::nn::Embedding embedding;
  torch::nn::GRUCell cell;
  torch::nn::Bilinear score;
  torch::nn::Linear out;
};
TORCH_MODULE(Decoder);

struct Batch {
  torch::Tensor source, lengths, target;
};

static Batch make_batch(int64_t count) {
  std::vector<torch::Tensor> sources, targets;
  std::vector<int64_t> lengths;
  for (int64_t i = 0; i < count; ++i) {
    auto word = torch::randint(kFirst, kTokens, {2 + i % 4}, torch::kLong);
    auto end = torch::full({1}, kEnd, torch::kLong);
    sources.push_back(torch::cat({word, end}));
    targets.push_back(torch::cat({word.flip(0), end}));
    lengths.push_back(sources.back().size(0));
  }
  return {rnn_utils::pad_sequence(sources, false, kPad), torch::tensor(lengths), rnn_utils::pad_sequence(targets, false, kPad)};
}

int main() {
  torch::manual_seed(33);
  const int64_t size = 12;
  Encoder encoder(size);
  Decoder decoder(size);
  std::cout << encoder << "\n" << decoder << "\n";
  torch::nn::CrossEntropyLoss criterion(torch::nn::CrossEntropyLossOptions().ignore_index(kPad));
  std::vector<torch::Tensor> parameters = encoder->parameters();
  const auto more = decoder->parameters();
  parameters.insert(parameters.end(), more.begin(), more.end());
  torch::optim::Adam optimizer(parameters, torch::optim::AdamOptions(1e-2));
  for (int step = 1; step <= 8; ++step) {
    auto batch = make_batch(12);
    auto [memory, hidden] = encoder(batch.source, batch.lengths);
    auto mask = torch::arange(memory.size(0)).unsqueeze(1) >= batch.lengths.unsqueeze(0);
    auto token = torch::full({12}, kStart, torch::kLong);
    std::vector<torch::Tensor> logits;
    for (int64_t i = 0; i < batch.target.size(0); ++i) {
      auto result = decoder(token, hidden, memory, mask);
      logits.push_back(result.logits);
      hidden = result.hidden;
      token = step % 4 ? batch.target[i] : result.logits.argmax(-1);
    }
    auto loss = criterion(torch::cat(logits), batch.target.flatten());
    optimizer.zero_grad();
    loss.backward();
    auto norm = torch::nn::utils::clip_grad_norm_(parameters, 1.0, /*norm_type=*/2.0);
    optimizer.step();
    if (step % 2 == 0)
      std::printf("step %d loss %.3f gradient %.2f padded %ld\n", step, loss.item<float>(), norm,
                  static_cast<long>(batch.source.eq(kPad).sum().item<int64_t>()));
  }
  torch::NoGradGuard no_grad;
  encoder->eval();
  decoder->eval();
  auto batch = make_batch(4);
  auto [memory, hidden] = encoder(batch.source, batch.lengths);
  auto mask = torch::arange(memory.size(0)).unsqueeze(1) >= batch.lengths;
  auto result = decoder(torch::full({4}, kStart, torch::kLong), hidden, memory, mask);
  std::cout << result.attention.sizes() << " attention sums to one: " << result.attention.sum(0).allclose(torch::ones({4}))
            << ", none on padding: " << (result.attention.masked_select(mask).abs().sum().item<float>() == 0) << "\n";
}
