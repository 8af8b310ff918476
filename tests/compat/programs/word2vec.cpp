// Skip-grams with negative sampling, and a bag-of-words classifier on top of what they learn.
#include <torch/torch.h>

#include <cstdio>
#include <random>
#include <sstream>
#include <string>
#include <unordered_map>
#include <vector>

class Vocabulary {
 public:
  std::vector<int64_t> encode(const std::string& sentence) {
    std::vector<int64_t> ids;
    std::istringstream words(sentence);
    for (std::string word; words >> word;) {
      auto found = index_.emplace(word, static_cast<int64_t>(words_.size()));
      if (found.second) words_.push_back(word), counts_.push_back(0);
      ++counts_[static_cast<size_t>(found.first->second)];
      ids.push_back(found.first->second);
    }
    return ids;
  }
  size_t size() const { return words_.size(); }
  const std::string& operator[](size_t i) const { return words_[i]; }
  int64_t of(const std::string& word) const { return index_.at(word); }
  torch::Tensor noise() const { return torch::tensor(counts_, torch::kDouble).pow(0.75); }

 private:
  std::unordered_map<std::string, int64_t> index_;
  std::vector<std::string> words_;
  std::vector<int64_t> counts_;
};

struct SkipGramImpl : torch::nn::Module {
  SkipGramImpl(int64_t vocabulary, int64_t size) {
    using torch::nn::EmbeddingOptions;
    in = register_module("in", torch::nn::Embedding(EmbeddingOptions(vocabulary, size)));
    out = register_module("out", torch::nn::Embedding(EmbeddingOptions(vocabulary, size)));
    torch::nn::init::uniform_(in->weight, -0.5, 0.5);
    torch::nn::init::zeros_(out->weight);
  }
  torch::Tensor forward(torch::Tensor centre, torch::Tensor context, torch::Tensor negatives) {
    auto v = in(centre).unsqueeze(2);                                    // [n, size, 1]
    auto positive = torch::bmm(out(context).unsqueeze(1), v).squeeze();  // [n]
    auto negative = torch::bmm(out(negatives), v).squeeze(2);            // [n, k]
    return -(torch::log_sigmoid(positive) + torch::log_sigmoid(-negative).sum(1)).mean();
  }
  torch::nn::Embedding in{nullptr}, out{nullptr};
};
TORCH_MODULE(SkipGram);

int main() {
  torch::manual_seed(2);
  const std::vector<std::string> sentences = {"the king rules the land",  "the queen rules the land", "a dog chases a cat",  "a cat fears a dog",
                                              "the king loves the queen", "the cat drinks milk",      "the dog drinks water"};
  const std::vector<int64_t> topic = {0, 0, 1, 1, 0, 1, 1};
  Vocabulary words;
  std::vector<int64_t> centres, contexts, all, offsets;
  for (const auto& sentence : sentences) {
    auto ids = words.encode(sentence);
    offsets.push_back(static_cast<int64_t>(all.size()));
    all.insert(all.end(), ids.begin(), ids.end());
    for (size_t i = 0; i < ids.size(); ++i)
      for (size_t j = i < 2 ? 0 : i - 2; j < std::min(ids.size(), i + 3); ++j)
        if (i != j) centres.push_back(ids[i]), contexts.push_back(ids[j]);
  }
  auto centre = torch::tensor(centres), context = torch::from_blob(contexts.data(), {static_cast<int64_t>(contexts.size())}, torch::kInt64);
  std::cout << words.size() << " words, " << centre.numel() << " pairs\n";

  SkipGram model(words.size(), 6);
  torch::optim::Adagrad optimizer(model->parameters(), torch::optim::AdagradOptions(0.2).lr_decay(0.01));
  const auto noise = words.noise();
  std::printf("noise %.4f\n", noise.sum().item<double>());
  std::mt19937 engine(9);
  std::discrete_distribution<int64_t> draw(noise.data_ptr<double>(), noise.data_ptr<double>() + noise.numel());
  for (int epoch = 0; epoch < 8; ++epoch) {
    auto negatives = torch::empty({centre.numel(), 3}, torch::dtype(torch::kLong));
    auto* p = negatives.data_ptr<int64_t>();
    for (int64_t i = 0; i < negatives.numel(); ++i) p[i] = draw(engine);
    auto loss = model(centre, context, negatives);
    optimizer.zero_grad();
    loss.backward();
    optimizer.step();
    if (epoch % 2) std::printf("epoch %d loss %.3f\n", epoch, loss.item<float>());
  }

  torch::NoGradGuard guard;
  auto vectors = torch::nn::functional::normalize(model->in->weight, torch::nn::functional::NormalizeFuncOptions().p(2).dim(1));
  auto similarity = vectors.mv(vectors[words.of("king")]);
  std::printf("king . king %.4f, king . queen %.2f, king . dog %.2f\n", similarity[words.of("king")].item<float>(),
              similarity[words.of("queen")].item<float>(), similarity[words.of("dog")].item<float>());
  auto nearest = std::get<1>(torch::topk(similarity, 1));
  std::cout << words[static_cast<size_t>(nearest.item<int64_t>())] << "\n";

  torch::AutoGradMode enable(true);
  auto bag = torch::nn::EmbeddingBag::from_pretrained(model->in->weight.detach().clone(),
                                                      torch::nn::EmbeddingBagFromPretrainedOptions().freeze(false).mode(torch::kMean));
  torch::nn::Linear head(6, 1);
  std::vector<torch::Tensor> parameters = bag->parameters();
  for (auto& p : head->parameters()) parameters.push_back(p);
  torch::optim::SGD sgd(parameters, torch::optim::SGDOptions(1.0).momentum(0.9).nesterov(true));
  auto target = torch::tensor(topic).to(torch::kFloat);
  for (int step = 0; step < 10; ++step) {
    sgd.zero_grad();
    auto logits = head(bag(torch::tensor(all), torch::tensor(offsets))).squeeze(1);
    auto loss = torch::binary_cross_entropy_with_logits(logits, target);
    loss.backward();
    sgd.step();
    if (step == 0 || step == 9)
      std::printf("step %d loss %.3f right %d of %zu\n", step, loss.item<float>(), static_cast<int>((logits > 0).eq(target).sum().item<int64_t>()),
                  topic.size());
  }
}
