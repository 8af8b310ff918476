// Proximal policy optimisation with a Gaussian policy, on a point that shall come to rest at the origin.
#include <torch/torch.h>

#include <cmath>
#include <cstdio>
#include <vector>

constexpr double kPi = 3.14159265358979323846;

struct ActorCriticImpl : public torch::nn::Module {
  torch::nn::Linear a_lin1_, a_lin2_, c_lin1_, c_val_;
  torch::Tensor mu_, log_std_;

  ActorCriticImpl(int64_t n_in, int64_t n_out, double std)
      : a_lin1_(torch::nn::Linear(n_in, 16)),
        a_lin2_(torch::nn::Linear(16, n_out)),
        c_lin1_(torch::nn::Linear(n_in, 16)),
        c_val_(torch::nn::Linear(16, 1)),
        mu_(torch::full(n_out, 0.)),
        log_std_(torch::full(n_out, std, torch::kFloat64)) {
    register_module("a_lin1", a_lin1_);
    register_module("a_lin2", a_lin2_);
    register_module("c_lin1", c_lin1_);
    register_module("c_val", c_val_);
    register_parameter("log_std", log_std_);
  }

  std::tuple<torch::Tensor, torch::Tensor> forward(torch::Tensor in) {
    mu_ = torch::tanh(a_lin2_->forward(torch::relu(a_lin1_->forward(in))));
    auto val = c_val_->forward(torch::relu(c_lin1_->forward(in)));
    if (this->is_training()) {
      torch::NoGradGuard no_grad;
      return std::make_tuple(at::normal(mu_, log_std_.exp().expand_as(mu_)), val);
    }
    return std::make_tuple(mu_, val);
  }

  void normal(double mu, double std) {
    torch::NoGradGuard no_grad;
    for (auto& p : this->parameters())
      if (p.dim() > 1) p.normal_(mu, std);
  }

  torch::Tensor entropy() { return 0.5 + 0.5 * std::log(2 * kPi) + log_std_; }
  torch::Tensor log_prob(torch::Tensor action) {
    auto var = (log_std_ + log_std_).exp();
    return -((action - mu_) * (action - mu_)) / (2 * var) - log_std_ - std::log(std::sqrt(2 * kPi));
  }
};
TORCH_MODULE(ActorCritic);

using VT = std::vector<torch::Tensor>;

class PPO {
 public:
  static VT returns(const VT& rewards, const VT& dones, const VT& vals, double gamma, double lambda) {
    torch::Tensor gae = torch::zeros({1}, torch::kFloat64);
    VT returns(rewards.size(), torch::zeros({1}, torch::kFloat64));
    for (size_t i = rewards.size(); i-- > 0;) {
      auto delta = rewards[i] + gamma * vals[i + 1] * (1 - dones[i]) - vals[i];
      gae = delta + gamma * lambda * (1 - dones[i]) * gae;
      returns[i] = gae + vals[i];
    }
    return returns;
  }

  static double update(ActorCritic& ac, torch::Tensor& states, torch::Tensor& actions, torch::Tensor& log_probs, torch::Tensor& returns,
                       torch::Tensor& advantages, torch::optim::Optimizer& opt, unsigned epochs, int64_t mini_batch_size, double clip_param = .2) {
    double last = 0;
    for (unsigned e = 0; e < epochs; e++) {
      auto order = torch::randperm(states.size(0), torch::TensorOptions().dtype(torch::kLong));
      for (auto& index : order.split(mini_batch_size)) {
        torch::Tensor cpy_sta = states.index_select(0, index), cpy_act = actions.index_select(0, index), cpy_log = log_probs.index_select(0, index),
                      cpy_ret = returns.index_select(0, index), cpy_adv = advantages.index_select(0, index);
        auto av = ac->forward(cpy_sta);
        auto entropy = ac->entropy().mean();
        auto ratio = (ac->log_prob(cpy_act) - cpy_log).exp();
        auto surr1 = ratio * cpy_adv;
        auto surr2 = torch::clamp(ratio, 1. - clip_param, 1. + clip_param) * cpy_adv;
        auto actor_loss = -torch::min(surr1, surr2).mean();
        auto critic_loss = (cpy_ret - std::get<1>(av)).pow(2).mean();
        auto loss = 0.5 * critic_loss + actor_loss - 1e-3 * entropy;
        opt.zero_grad();
        loss.backward();
        opt.step();
        last = loss.item<double>();
      }
    }
    return last;
  }
};

int main() {
  torch::manual_seed(12);
  ActorCritic ac(2, 1, -0.5);
  ac->to(torch::kF64);
  ac->normal(0., 0.4);
  torch::optim::Adam opt(ac->parameters(), 1e-2);
  auto place = torch::tensor({{0.8, 0.1}}, torch::kF64);
  for (int iteration = 0; iteration < 3; ++iteration) {
    VT states, actions, rewards, dones, log_probs, values;
    ac->train();
    for (int t = 0; t < 16; ++t) {
      states.push_back(place);
      auto av = ac->forward(place);
      actions.push_back(std::get<0>(av));
      values.push_back(std::get<1>(av).detach());
      log_probs.push_back(ac->log_prob(actions.back()).detach());
      auto velocity = place[0][1] + 0.1 * actions.back()[0][0].clamp(-1, 1);
      place = torch::stack({place[0][0] + 0.1 * velocity, velocity}).unsqueeze(0).detach();
      rewards.push_back(-place.pow(2).sum(1, true));
      dones.push_back(torch::full({1, 1}, t == 15 ? 1. : 0., torch::kF64));
    }
    values.push_back(std::get<1>(ac->forward(place)).detach());
    auto returns = torch::cat(PPO::returns(rewards, dones, values, .99, .95)).detach();
    auto advantages = returns - torch::cat(values).slice(0, 0, 16);
    auto s = torch::cat(states), a = torch::cat(actions), l = torch::cat(log_probs);
    const double loss = PPO::update(ac, s, a, l, returns, advantages, opt, 3, 8);
    std::printf("iteration %d: reward %.3f, loss %.3f, std %.3f\n", iteration, torch::cat(rewards).mean().item<double>(), loss,
                ac->log_std_.exp().item<double>());
  }
  ac->eval();
  auto [action, value] = ac->forward(torch::zeros({1, 2}, torch::kF64));
  std::cout << action.dtype() << " " << action.sizes() << " " << value.sizes() << "\n";
  std::printf("%.3f %.3f\n", action.item<double>(), value.item<double>());
}
