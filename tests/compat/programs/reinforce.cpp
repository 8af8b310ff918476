// Policy gradients (REINFORCE) on a corridor: walk right to the end before the steps run out.
#include <torch/torch.h>

#include <algorithm>
#include <cstdio>
#include <numeric>
#include <vector>

class Corridor {
 public:
  explicit Corridor(int64_t length) : length_(length) {}
  torch::Tensor reset() {
    place_ = length_ / 2;
    steps_ = 0;
    return observe();
  }
  struct Step {
    torch::Tensor observation;
    float reward;
    bool done;
  };
  Step step(int64_t action) {
    place_ = std::max<int64_t>(0, place_ + (action == 1 ? 1 : -1));
    const bool arrived = place_ == length_ - 1;
    return {observe(), arrived ? 1.0f : -0.02f, arrived || ++steps_ >= 20};
  }

 private:
  torch::Tensor observe() const { return torch::one_hot(torch::tensor(std::min(place_, length_ - 1)), length_).to(torch::kFloat); }
  int64_t length_, place_ = 0;
  int steps_ = 0;
};

struct Policy : torch::nn::Module {
  Policy(int64_t in, int64_t actions) {
    affine1 = register_module("affine1", torch::nn::Linear(in, 16));
    dropout = register_module("dropout", torch::nn::Dropout(0.0));
    affine2 = register_module("affine2", torch::nn::Linear(16, actions));
  }
  torch::Tensor forward(torch::Tensor x) {
    x = dropout->forward(affine1->forward(x)).relu();
    return affine2->forward(x).softmax(-1);
  }
  torch::nn::Linear affine1{nullptr}, affine2{nullptr};
  torch::nn::Dropout dropout{nullptr};

  std::vector<torch::Tensor> saved_log_probs;
  std::vector<float> rewards;
};

struct Categorical {
  explicit Categorical(torch::Tensor probs) : probs(std::move(probs)), logits(this->probs.clamp(1e-7, 1 - 1e-7).log()) {}
  int64_t sample() const {
    torch::NoGradGuard no_grad;
    return probs.multinomial(1, /*replacement=*/true).item<int64_t>();
  }
  torch::Tensor log_prob(int64_t action) const { return logits.gather(-1, torch::tensor({action})).squeeze(); }
  torch::Tensor entropy() const { return -(probs * logits).sum(-1); }
  torch::Tensor probs, logits;
};

static void finish_episode(Policy& policy, torch::optim::Optimizer& optimizer, double gamma) {
  std::vector<float> returns(policy.rewards.size());
  float R = 0;
  for (size_t i = returns.size(); i-- > 0;) returns[i] = R = policy.rewards[i] + static_cast<float>(gamma) * R;
  auto returns_tensor = torch::tensor(returns);
  if (returns.size() > 1) returns_tensor = (returns_tensor - returns_tensor.mean()) / (returns_tensor.std() + 1e-6);
  std::vector<torch::Tensor> policy_loss;
  for (size_t i = 0; i < returns.size(); ++i) policy_loss.push_back(-policy.saved_log_probs[i] * returns_tensor[static_cast<int64_t>(i)]);
  optimizer.zero_grad();
  torch::stack(policy_loss).sum().backward();
  optimizer.step();
  policy.saved_log_probs.clear();
  policy.rewards.clear();
}

int main() {
  torch::manual_seed(543);
  Corridor environment(9);
  Policy policy(9, 2);
  torch::optim::Adam optimizer(policy.parameters(), torch::optim::AdamOptions(1e-2));
  double running_reward = 0;
  for (int episode = 1; episode <= 15; ++episode) {
    auto state = environment.reset();
    double total = 0;
    for (bool done = false; !done;) {
      Categorical distribution(policy.forward(state.unsqueeze(0)).squeeze(0));
      const int64_t action = distribution.sample();
      policy.saved_log_probs.push_back(distribution.log_prob(action));
      auto step = environment.step(action);
      policy.rewards.push_back(step.reward);
      total += step.reward;
      state = step.observation;
      done = step.done;
    }
    running_reward = 0.05 * total + 0.95 * running_reward;
    const size_t length = policy.rewards.size();
    finish_episode(policy, optimizer, 0.99);
    if (episode % 3 == 0) std::printf("Episode %d\tsteps: %2zu\treward: %.2f\taverage: %.3f\n", episode, length, total, running_reward);
  }
  torch::NoGradGuard no_grad;
  policy.eval();
  auto all = policy.forward(torch::eye(9));
  std::cout << all.sizes() << "\n";
  std::printf("entropy %.2f\n", Categorical(all).entropy().mean().item<float>());
}
