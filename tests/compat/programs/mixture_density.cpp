// A mixture density network for a relation that is no function, and a flow of coupling layers for a density of two moons.
#include <torch/torch.h>

#include <cmath>
#include <cstdio>
#include <memory>
#include <vector>

namespace nn = torch::nn;

class MixtureDensityNetImpl : public nn::Module {
 public:
  struct Mixture {
    torch::Tensor log_weights, means, log_scales;
    torch::Tensor log_prob(const torch::Tensor& y) const {
      auto z = (y - means) * torch::exp(-log_scales);
      auto log_normal = -0.5 * z.square() - log_scales - 0.5 * std::log(2 * M_PI);
      return torch::logsumexp(log_weights + log_normal, /*dim=*/1);
    }
    torch::Tensor mean() const { return (log_weights.exp() * means).sum(1); }
    torch::Tensor mode() const { return means.gather(1, log_weights.argmax(1, true)).squeeze(1); }
  };

  MixtureDensityNetImpl(int64_t hidden, int64_t components) : components(components) {
    body = register_module("body", nn::Sequential(nn::SequentialImpl()));
    body->push_back(nn::Linear(nn::LinearOptions(1, hidden)));
    body->push_back(nn::Tanh());
    heads = register_module("heads", nn::ModuleDict());
    for (const char* name : {"weights", "means", "scales"}) heads->update({{name, nn::Linear(hidden, components).ptr()}});
  }
  Mixture forward(const torch::Tensor& x) {
    auto h = body->forward(x);
    auto head = [&](const char* name) { return heads[name]->as<nn::Linear>()->forward(h); };
    return {torch::log_softmax(head("weights"), 1), head("means"), head("scales").clamp(-3, 2)};
  }
  int64_t components;
  nn::Sequential body{nullptr};
  nn::ModuleDict heads{nullptr};
};
TORCH_MODULE(MixtureDensityNet);

struct CouplingImpl : nn::Module {
  CouplingImpl(int64_t hidden, bool flipped) : flipped(flipped) {
    net = register_module("net", nn::Sequential());
    for (auto& part :
         std::vector<nn::AnyModule>{nn::AnyModule(nn::Linear(1, hidden)), nn::AnyModule(nn::ELU()), nn::AnyModule(nn::Linear(hidden, 2))})
      net->push_back(part);
  }
  // What becomes of x and the logarithm of the volume's change.
  std::pair<torch::Tensor, torch::Tensor> forward(torch::Tensor x) {
    auto parts = x.chunk(2, 1);
    auto &a = parts[flipped ? 1 : 0], &b = parts[flipped ? 0 : 1];
    auto st = net->forward(a).chunk(2, -1);
    auto s = torch::tanh(st[0]);
    b = b * s.exp() + st[1];
    return {torch::hstack(parts), s.squeeze(1)};
  }
  torch::Tensor inverse(torch::Tensor y) {
    auto parts = torch::tensor_split(y, 2, 1);
    auto &a = parts[flipped ? 1 : 0], &b = parts[flipped ? 0 : 1];
    auto st = net->forward(a).chunk(2, -1);
    b = (b - st[1]) * torch::exp(-st[0].tanh());
    return torch::cat(parts, 1);
  }
  bool flipped;
  nn::Sequential net{nullptr};
};
TORCH_MODULE(Coupling);

class FlowImpl : public nn::Module {
 public:
  explicit FlowImpl(int layers) {
    for (int i = 0; i < layers; ++i) couplings_->push_back(Coupling(8, i % 2 == 1));
    register_module("couplings", couplings_);
  }
  torch::Tensor log_prob(torch::Tensor x) {
    auto total = torch::zeros(x.size(0));
    for (const auto& coupling : *couplings_) {
      auto [y, log_det] = coupling->as<Coupling>()->forward(x);
      x = y;
      total += log_det;
    }
    return total - 0.5 * x.pow(2).sum(1) - std::log(2 * M_PI);
  }
  torch::Tensor to_latent(torch::Tensor x) {
    for (size_t i = 0; i < couplings_->size(); ++i) x = couplings_->ptr<CouplingImpl>(i)->forward(x).first;
    return x;
  }
  torch::Tensor from_latent(torch::Tensor z) {
    for (size_t i = couplings_->size(); i-- > 0;) z = couplings_->at<CouplingImpl>(i).inverse(z);
    return z;
  }

 private:
  nn::ModuleList couplings_;
};
TORCH_MODULE(Flow);

int main() {
  torch::manual_seed(10);
  auto y = torch::rand({64, 1}) * 2 - 1;
  auto x = y + 0.3 * torch::sin(6 * y) + 0.05 * torch::randn({64, 1});
  MixtureDensityNet net(12, 3);
  std::cout << net << "\n";
  torch::optim::Adam optimizer(net->parameters(), 1e-2);
  for (int step = 0; step <= 30; ++step) {
    auto loss = -net->forward(x).log_prob(y).mean();
    optimizer.zero_grad();
    loss.backward();
    optimizer.step();
    if (step % 10 == 0) std::printf("%2d negative log-likelihood %.3f\n", step, loss.item<float>());
  }
  {
    torch::NoGradGuard no_grad;
    auto mixture = net->forward(torch::linspace(-1, 1, 5).unsqueeze(1));
    std::cout << mixture.mean().sizes() << mixture.mode().sizes() << " " << mixture.log_weights.exp().sum(1).allclose(torch::ones(5)) << "\n";
  }

  auto angle = torch::rand({48}) * M_PI;
  auto upper = torch::stack({angle.cos(), angle.sin()}, 1), lower = torch::stack({1 - angle.cos(), 0.5 - angle.sin()}, 1);
  auto moons = torch::vstack({upper, lower}) + 0.05 * torch::randn({96, 2});
  Flow flow(4);
  std::cout << flow->parameters().size() << " parameters, " << flow->modules(/*include_self=*/false).size() << " modules\n";
  torch::optim::Adam flow_optimizer(flow->parameters(), torch::optim::AdamOptions(5e-3).weight_decay(1e-5));
  for (int step = 0; step < 21; ++step) {
    flow_optimizer.zero_grad();
    auto loss = flow->log_prob(moons).mean().neg();
    loss.backward();
    flow_optimizer.step();
    if (step % 10 == 0) std::printf("%2d flow %.3f\n", step, loss.item<float>());
  }
  torch::NoGradGuard no_grad;
  auto round_trip = flow->from_latent(flow->to_latent(moons));
  std::cout << "inverse: " << round_trip.allclose(moons, 1e-4, 1e-5) << "\n";
}
