// Learns to spell a sentence character by character with an LSTM, then writes by itself.
#include <torch/torch.h>

#include <cstdio>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

using torch::Tensor;
using State = std::tuple<Tensor, Tensor>;
using torch::indexing::None;
using torch::indexing::Slice;

class Corpus {
 public:
  explicit Corpus(const std::string& text) {
    for (char c : std::set<char>(text.begin(), text.end())) {
      ids_[c] = static_cast<int64_t>(chars_.size());
      chars_.push_back(c);
    }
    std::vector<int64_t> ids;
    for (char c : text) ids.push_back(ids_.at(c));
    data_ = torch::tensor(ids, torch::kLong);
  }
  int64_t vocabulary() const { return static_cast<int64_t>(chars_.size()); }
  char letter(int64_t id) const { return chars_.at(static_cast<size_t>(id)); }
  int64_t id(char c) const { return ids_.at(c); }
  // Columns of the text side by side: [length, batch].
  Tensor batchify(int64_t batch) const {
    const int64_t length = data_.numel() / batch;
    return data_.index({Slice(0, length * batch)}).view({batch, length}).t().contiguous();
  }

 private:
  std::map<char, int64_t> ids_;
  std::vector<char> chars_;
  Tensor data_;
};

struct CharLM : torch::nn::Module {
  CharLM(int64_t vocabulary, int64_t embedding, int64_t hidden)
      : embed(register_module("embed", torch::nn::Embedding(vocabulary, embedding))),
        lstm(register_module("lstm", torch::nn::LSTM(torch::nn::LSTMOptions(embedding, hidden).num_layers(2).dropout(0.0)))),
        out(register_module("out", torch::nn::Linear(hidden, vocabulary))) {}

  std::pair<Tensor, State> forward(Tensor ids, torch::optional<State> state) {
    auto [y, next] = lstm(embed(ids), state);
    return {out(y.view({-1, y.size(2)})), next};
  }
  State init_state(int64_t batch) {
    auto like = parameters().front();
    const auto& o = lstm->options;
    auto zeros = torch::zeros({o.num_layers(), batch, o.hidden_size()}, like.options());
    return {zeros, zeros.clone()};
  }
  torch::nn::Embedding embed;
  torch::nn::LSTM lstm;
  torch::nn::Linear out;
};

static State detach(const State& state) { return {std::get<0>(state).detach(), std::get<1>(state).detach()}; }

int main() {
  torch::manual_seed(42);
  std::string text;
  for (int i = 0; i < 6; ++i) text += "the cat sat on the mat and the rat ate that. ";
  Corpus corpus(text);
  std::cout << "vocabulary " << corpus.vocabulary() << ", characters " << text.size() << "\n";
  auto source = corpus.batchify(4);
  std::cout << source.sizes() << " " << source.index({Slice(None, 8), 0}).sum().item<int64_t>() << "\n";

  auto model = std::make_shared<CharLM>(corpus.vocabulary(), 12, 24);
  for (const auto& pair : model->named_parameters()) std::cout << pair.key() << " " << pair.value().sizes() << "\n";
  torch::optim::Adam optimizer(model->parameters(), torch::optim::AdamOptions(0.02));
  torch::nn::CrossEntropyLoss criterion;

  const int64_t sequence = 16;
  for (int epoch = 0; epoch < 4; ++epoch) {
    auto state = model->init_state(source.size(1));
    double total = 0, norm = 0;
    int chunks = 0;
    for (int64_t i = 0; i + sequence < source.size(0); i += sequence, ++chunks) {
      auto inputs = source.narrow(0, i, sequence), targets = source.index({Slice(i + 1, i + 1 + sequence)}).reshape(-1);
      state = detach(state);
      Tensor logits;
      std::tie(logits, state) = model->forward(inputs, state);
      auto loss = criterion(logits, targets);
      model->zero_grad();
      loss.backward();
      norm = torch::nn::utils::clip_grad_norm_(model->parameters(), 0.5);
      optimizer.step();
      total += loss.item<double>();
    }
    std::printf("epoch %d loss %.3f perplexity %.2f gradient %.2f\n", epoch, total / chunks, std::exp(total / chunks), norm);
  }

  // Write on from "the ".
  torch::NoGradGuard no_grad;
  model->eval();
  torch::optional<State> state;
  std::string prompt = "the ", written;
  Tensor logits;
  for (char c : prompt) {
    auto input = torch::full({1, 1}, corpus.id(c), torch::kLong);
    auto result = model->forward(input, state);
    logits = result.first;
    state = result.second;
  }
  auto probabilities = torch::softmax(logits / 0.8, 1).squeeze(0);
  auto top = probabilities.topk(3);
  for (int64_t k = 0; k < 3; ++k) std::printf("'%c' %.2f\n", corpus.letter(std::get<1>(top)[k].item<int64_t>()), std::get<0>(top)[k].item<float>());
  std::cout << "sums to one: " << torch::allclose(probabilities.sum(), torch::ones({})) << "\n";
}
