// A recurrent model that learns to reverse words, decoded greedily, by beams and by sampling; tied weights, teacher forcing, masks.
#include <torch/torch.h>

#include <algorithm>
#include <iostream>
#include <string>

using torch::Tensor;
constexpr int64_t kPad = 0, kStart = 1, kEnd = 2, kLetters = 6, kWords = 3 + kLetters;

struct ModelImpl : torch::nn::Module {
  explicit ModelImpl(int64_t size)
      : embedding(register_module("embedding", torch::nn::Embedding(torch::nn::EmbeddingOptions(kWords, size).padding_idx(kPad)))),
        encoder(register_module("encoder", torch::nn::GRU(torch::nn::GRUOptions(size, size).batch_first(true)))),
        decoder(register_module("decoder", torch::nn::GRUCell(size, size))),
        output(register_module("output", torch::nn::Linear(torch::nn::LinearOptions(size, kWords).bias(false)))) {
    output->weight = embedding->weight;
    output->weight.set_requires_grad(true);
  }
  Tensor encode(const Tensor& words) { return std::get<1>(encoder(embedding(words)))[0]; }
  std::pair<Tensor, Tensor> next(const Tensor& word, const Tensor& state) {
    auto s = decoder(embedding(word), state);
    return {torch::log_softmax(output(s), -1), s};
  }
  torch::nn::Embedding embedding;
  torch::nn::GRU encoder;
  torch::nn::GRUCell decoder;
  torch::nn::Linear output;
};
TORCH_MODULE(Model);

struct Beam {
  std::vector<int64_t> words;
  Tensor state;
  double score = 0;
};

std::vector<int64_t> search(Model& model, const Tensor& source, size_t width, int64_t longest) {
  torch::NoGradGuard no_grad;
  std::vector<Beam> beams{{{kStart}, model->encode(source.unsqueeze(0)), 0}};
  for (int64_t step = 0; step < longest; ++step) {
    std::vector<Beam> candidates;
    for (const auto& beam : beams) {
      if (beam.words.back() == kEnd) {
        candidates.push_back(beam);
        continue;
      }
      auto [scores, state] = model->next(torch::tensor({beam.words.back()}), beam.state);
      auto [best, which] = scores[0].topk(static_cast<int64_t>(width));
      for (int64_t i = 0; i < best.size(0); ++i) {
        Beam longer = beam;
        longer.words.push_back(which[i].item<int64_t>());
        longer.state = state;
        longer.score += best[i].item<double>();
        candidates.push_back(std::move(longer));
      }
    }
    std::stable_sort(candidates.begin(), candidates.end(), [](const Beam& a, const Beam& b) { return a.score > b.score; });
    candidates.resize(std::min(width, candidates.size()));
    beams = std::move(candidates);
  }
  return beams[0].words;
}

int main() {
  torch::manual_seed(2);
  const int64_t length = 4, batch = 32;
  Model model(24);
  size_t elements = 0;
  for (const auto& p : model->parameters()) elements += p.numel();
  std::cout << elements << " " << model->parameters().size() << "\n";
  torch::optim::AdamW optimizer(model->parameters(), torch::optim::AdamWOptions(0.01).weight_decay(1e-4));
  torch::optim::StepLR schedule(optimizer, 150, 0.5);
  double late = 0;
  for (int step = 0; step < 320; ++step) {
    const auto letters = torch::randint(3, kWords, {batch, length}, torch::kLong);
    const auto end = torch::full({batch, 1}, kEnd, torch::kLong), start = torch::full({batch, 1}, kStart, torch::kLong);
    const auto target = torch::cat({letters.flip({1}), end}, 1), input = torch::cat({start, letters.flip({1})}, 1);
    optimizer.zero_grad();
    auto state = model->encode(letters);
    Tensor loss = torch::zeros({});
    for (int64_t t = 0; t <= length; ++t) {
      auto [scores, after] = model->next(input.select(1, t), state);
      loss = loss + torch::nll_loss(scores, target.select(1, t), {}, at::Reduction::Mean, kPad);
      state = after;
    }
    loss.backward();
    torch::nn::utils::clip_grad_value_(model->parameters(), 1.0);
    optimizer.step();
    schedule.step();
    if (step >= 300) late += loss.item<double>() / 20;
  }
  std::cout << (late < 1.5) << " " << (model->embedding->weight.grad()[kPad].abs().sum().item<float>() > 0) << "\n";
  int64_t right = 0, better = 0;
  for (int64_t i = 0; i < 20; ++i) {
    const auto letters = torch::randint(3, kWords, {length}, torch::kLong);
    const auto wanted = torch::cat({torch::full({1}, kStart, torch::kLong), letters.flip(0), torch::full({1}, kEnd, torch::kLong)});
    const auto is = [&](size_t width) { return torch::equal(torch::tensor(search(model, letters, width, length + 1)), wanted); };
    right += is(1);
    better += is(3);
  }
  std::cout << (right >= 12) << " " << (better >= right - 1) << "\n";

  // Sampling: temperature, the most likely ones alone, the fewest that have a share of the probability.
  const auto logits = torch::tensor({2.0f, 1.0f, 0.5f, -1.0f, -3.0f});
  const auto share = [&](const Tensor& l) { return torch::softmax(l, 0); };
  std::cout << share(logits / 0.5) << "\n";
  auto top = logits.clone();
  top.masked_fill_(logits < std::get<0>(logits.topk(2))[-1], -std::numeric_limits<float>::infinity());
  std::cout << share(top) << "\n";
  auto [sorted, order] = share(logits).sort(0, true);
  const auto beyond = (sorted.cumsum(0) - sorted) > 0.8;
  const auto nucleus = logits.masked_fill(torch::zeros_like(beyond).scatter(0, order, beyond), -INFINITY);
  std::cout << share(nucleus) << "\n" << torch::multinomial(share(nucleus), 12, true).lt(3).all().item<bool>() << "\n";
  auto mask = torch::ones({3, 3}).tril().to(torch::kBool).logical_not();
  std::cout << torch::zeros({3, 3}).masked_fill(mask, -1e9).softmax(-1) << "\n";
}
