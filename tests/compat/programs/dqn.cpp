// Deep Q-learning on a small grid: replay memory, target network, epsilon-greedy actions.
#include <torch/torch.h>

#include <cmath>
#include <cstdio>
#include <deque>
#include <random>
#include <tuple>
#include <vector>

namespace {

struct Transition {
  torch::Tensor state;
  int64_t action;
  float reward;
  torch::Tensor next_state;  // undefined at the end
};

class ReplayMemory {
 public:
  explicit ReplayMemory(size_t capacity) : capacity_(capacity) {}
  void push(Transition transition) {
    if (memory_.size() == capacity_) memory_.pop_front();
    memory_.push_back(std::move(transition));
  }
  std::vector<Transition> sample(size_t n, std::mt19937& engine) const {
    std::vector<Transition> out;
    for (size_t i = 0; i < n; ++i) out.push_back(memory_[engine() % memory_.size()]);
    return out;
  }
  size_t size() const { return memory_.size(); }

 private:
  size_t capacity_;
  std::deque<Transition> memory_;
};

// Four by four cells; from a corner to the opposite one, around a hole.
class Grid {
 public:
  torch::Tensor reset() {
    x_ = y_ = 0;
    return state();
  }
  std::tuple<torch::Tensor, float, bool> step(int64_t action) {
    static const int dx[] = {1, -1, 0, 0}, dy[] = {0, 0, 1, -1};
    x_ = std::min(3, std::max(0, x_ + dx[action]));
    y_ = std::min(3, std::max(0, y_ + dy[action]));
    if (x_ == 2 && y_ == 1) return std::make_tuple(state(), -1.f, true);
    if (x_ == 3 && y_ == 3) return std::make_tuple(state(), 1.f, true);
    return std::make_tuple(state(), -0.04f, false);
  }
  torch::Tensor state() const {
    auto s = torch::zeros({2, 4});
    s[0][x_] = 1;
    s[1][y_] = 1;
    return s.flatten();
  }

 private:
  int x_ = 0, y_ = 0;
};

struct DQNImpl : torch::nn::Cloneable<DQNImpl> {
  DQNImpl(int64_t inputs, int64_t outputs) : inputs(inputs), outputs(outputs) { reset(); }
  void reset() override {
    layer1 = register_module("layer1", torch::nn::Linear(inputs, 24));
    layer2 = register_module("layer2", torch::nn::Linear(24, 24));
    value = register_module("value", torch::nn::Linear(24, 1));
    advantage = register_module("advantage", torch::nn::Linear(24, outputs));
  }
  torch::Tensor forward(torch::Tensor x) {
    x = torch::relu(layer2(torch::relu(layer1(x))));
    auto a = advantage(x);
    return value(x) + a - a.mean(1, /*keepdim=*/true);
  }
  int64_t inputs, outputs;
  torch::nn::Linear layer1{nullptr}, layer2{nullptr}, value{nullptr}, advantage{nullptr};
};
TORCH_MODULE(DQN);

// target = tau * source + (1 - tau) * target
void soft_update(DQN& target, const DQN& source, double tau) {
  torch::NoGradGuard no_grad;
  auto from = source->named_parameters();
  for (auto& item : target->named_parameters()) item.value().mul_(1 - tau).add_(from[item.key()], tau);
}

class Agent {
 public:
  explicit Agent(unsigned seed) : policy(8, 4), target(std::dynamic_pointer_cast<DQNImpl>(policy->clone())), engine(seed) {}

  int64_t act(const torch::Tensor& state) {
    const double epsilon = 0.1 + 0.8 * std::exp(-steps++ / 60.0);
    if (static_cast<double>(engine()) / 4294967296.0 < epsilon) return engine() % 4;
    torch::NoGradGuard no_grad;
    return std::get<1>(policy(state.unsqueeze(0)).max(1)).item<int64_t>();
  }

  torch::optional<float> learn(size_t batch_size) {
    if (memory.size() < batch_size) return torch::nullopt;
    std::vector<torch::Tensor> states, next_states;
    std::vector<int64_t> actions;
    std::vector<float> rewards;
    std::vector<uint8_t> alive;
    for (auto& t : memory.sample(batch_size, engine)) {
      states.push_back(t.state);
      actions.push_back(t.action);
      rewards.push_back(t.reward);
      alive.push_back(t.next_state.defined());
      if (t.next_state.defined()) next_states.push_back(t.next_state);
    }
    auto q = policy(torch::stack(states)).gather(1, torch::tensor(actions).unsqueeze(1)).squeeze(1);
    auto next = torch::zeros({static_cast<int64_t>(batch_size)});
    auto mask = torch::tensor(alive).to(torch::kBool);
    if (!next_states.empty()) {
      auto stacked = torch::stack(next_states);
      auto best = policy(stacked).argmax(1, /*keepdim=*/true);  // double Q-learning
      next.masked_scatter_(mask, target(stacked).gather(1, best).squeeze(1).detach());
    }
    auto expected = torch::tensor(rewards) + 0.95 * next;
    auto loss = torch::nn::SmoothL1Loss()(q, expected);
    optimizer.zero_grad();
    loss.backward();
    for (auto& p : policy->parameters()) p.mutable_grad().clamp_(-1, 1);
    optimizer.step();
    soft_update(target, policy, 0.05);
    return loss.item<float>();
  }

  DQN policy, target;
  ReplayMemory memory{200};
  std::mt19937 engine;
  torch::optim::AdamW optimizer{policy->parameters(), torch::optim::AdamWOptions(5e-3).amsgrad(true)};
  int steps = 0;
};

}  // namespace

int main() {
  torch::manual_seed(0);
  Agent agent(17);
  std::cout << *agent.target << "\n";
  Grid grid;
  for (int episode = 1; episode <= 8; ++episode) {
    auto state = grid.reset();
    float total = 0;
    torch::optional<float> loss;
    int t = 0;
    for (bool done = false; !done && t < 12; ++t) {
      const int64_t action = agent.act(state);
      torch::Tensor next;
      float reward;
      std::tie(next, reward, done) = grid.step(action);
      agent.memory.push({state, action, reward, done ? torch::Tensor() : next});
      state = next;
      total += reward;
      loss = agent.learn(16);
    }
    std::printf("episode %d: %2d steps, reward %.2f, loss %.3f\n", episode, t, total, loss.value_or(0));
  }
  torch::NoGradGuard no_grad;
  auto values = agent.policy(grid.reset().unsqueeze(0));
  std::cout << values.sizes() << " memory " << agent.memory.size() << "\n";
  auto gap = torch::nn::utils::parameters_to_vector(agent.policy->parameters()) - torch::nn::utils::parameters_to_vector(agent.target->parameters());
  std::cout << gap.sizes() << "\n";
  std::printf("gap %.2f\n", gap.norm().item<float>());
}
