// Bagging: several clones of a net, trained on bootstrapped samples of the iris-like table, that vote; and their uncertainty.
#include <torch/torch.h>

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

using torch::nn::Linear;
using torch::nn::Sequential;

class Ensemble : public torch::nn::Cloneable<Ensemble> {
 public:
  Ensemble(Sequential prototype, size_t members) : prototype_(std::move(prototype)), members_(members) { reset(); }

  void reset() override {
    nets_ = register_module("nets", torch::nn::ModuleList());
    for (size_t i = 0; i < members_; ++i) {
      auto copy = std::dynamic_pointer_cast<torch::nn::SequentialImpl>(prototype_->clone());
      copy->apply([](const std::string& name, torch::nn::Module& module) {
        if (auto* linear = module.as<torch::nn::Linear>()) linear->reset_parameters();
        else if (name.empty()) module.train();
      });
      nets_->push_back(Sequential(copy));
    }
  }
  Sequential member(size_t i) { return Sequential(nets_->ptr<torch::nn::SequentialImpl>(i)); }
  torch::Tensor forward(const torch::Tensor& x) {
    std::vector<torch::Tensor> outputs;
    for (const auto& net : *nets_) outputs.push_back(net->as<Sequential>()->forward(x).softmax(1));
    return torch::stack(outputs);
  }
  torch::Tensor vote(const torch::Tensor& x) { return std::get<0>(forward(x).argmax(2).mode(0)); }
  size_t size() const { return nets_->size(); }

 private:
  Sequential prototype_;
  size_t members_;
  torch::nn::ModuleList nets_{nullptr};
};

struct Data {
  torch::Tensor x, y;
  Data sample(const torch::Tensor& index) const { return {x.index({index}), y.index({index})}; }
};

static Data flowers(int64_t each) {
  const auto centres = torch::tensor({{5.0f, 3.4f, 1.5f, 0.2f}, {5.9f, 2.8f, 4.3f, 1.3f}, {6.6f, 3.0f, 5.6f, 2.0f}});
  auto y = torch::arange(3).repeat_interleave(each);
  auto x = centres.index_select(0, y) + 0.4 * torch::randn({3 * each, 4});
  return {(x - x.mean(0, true)) / x.std(0, /*unbiased=*/true, /*keepdim=*/true), y};
}

int main() {
  torch::manual_seed(20);
  const Data train = flowers(16), test = flowers(8);
  std::cout << train.x.sizes() << " " << train.y.bincount() << "\n";
  Sequential prototype;
  prototype->push_back(Linear(4, 8));
  prototype->push_back(torch::nn::ReLU());
  prototype->push_back(Linear(8, 3));
  Ensemble ensemble(prototype, 5);
  std::cout << ensemble << "\n" << ensemble.size() << " members, " << ensemble.named_parameters().size() << " parameters\n";
  std::cout << "clones share nothing: "
            << (ensemble.member(0)[0]->as<Linear>()->weight.data_ptr() != ensemble.member(1)[0]->as<Linear>()->weight.data_ptr()) << "\n";

  for (size_t i = 0; i < ensemble.size(); ++i) {
    auto net = ensemble.member(i);
    auto bag = train.sample(torch::randint(train.y.size(0), {train.y.size(0)}, torch::kLong));
    torch::optim::Adam optimizer(net->parameters(), torch::optim::AdamOptions(3e-2));
    float loss_value = 0;
    for (int epoch = 0; epoch < 15; ++epoch) {
      optimizer.zero_grad();
      auto loss = torch::nn::functional::cross_entropy(net->forward(bag.x), bag.y,
                                                       torch::nn::functional::CrossEntropyFuncOptions().weight(torch::tensor({1.f, 1.5f, 1.f})));
      loss.backward();
      optimizer.step();
      loss_value = loss.item<float>();
    }
    std::printf("member %zu: loss %.3f\n", i, loss_value);
  }

  torch::NoGradGuard no_grad;
  auto probabilities = ensemble.forward(test.x);
  auto mean = probabilities.mean(0);
  auto total = -(mean * mean.log()).sum(1), expected = -(probabilities * probabilities.clamp_min(1e-12).log()).sum(2).mean(0);
  std::cout << probabilities.sizes() << " disagreement is never negative: " << ((total - expected) > -1e-6).all().item<bool>() << "\n";
  std::printf("mean entropy %.2f, mean disagreement %.3f\n", total.mean().item<float>(), (total - expected).mean().item<float>());
  auto vote = ensemble.vote(test.x);
  auto confusion = torch::zeros({3, 3}, torch::kLong).index_put_({test.y, vote}, torch::ones({24}, torch::kLong), /*accumulate=*/true);
  std::cout << confusion.sum(1) << "\n" << (confusion.diagonal().sum().item<int64_t>() > 18) << "\n";

  // A deep copy goes its own way.
  auto copy = std::dynamic_pointer_cast<Ensemble>(ensemble.clone());
  std::cout << "copy equal: " << torch::equal(copy->forward(test.x), probabilities);
  for (auto& p : copy->parameters()) p.mul_(2);
  std::cout << ", then " << torch::equal(copy->forward(test.x), ensemble.forward(test.x)) << ", original "
            << torch::equal(ensemble.forward(test.x), probabilities) << "\n";
}
