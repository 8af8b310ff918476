// Solves a damped oscillator's equation with a network whose loss holds its own derivatives, and estimates an unknown constant with it.
#include <torch/torch.h>

#include <cmath>
#include <cstdio>
#include <vector>

using torch::Tensor;

static Tensor derivative(const Tensor& y, const Tensor& x) {
  return torch::autograd::grad({y}, {x}, {torch::ones_like(y)}, /*retain_graph=*/true, /*create_graph=*/true, /*allow_unused=*/false)[0];
}

class PINN : public torch::nn::Module {
 public:
  PINN(const std::vector<int64_t>& sizes, torch::ScalarType dtype) {
    net_ = register_module("net", torch::nn::Sequential());
    for (size_t i = 0; i + 1 < sizes.size(); ++i) {
      net_->push_back("linear" + std::to_string(i), torch::nn::Linear(sizes[i], sizes[i + 1]));
      if (i + 2 < sizes.size()) net_->push_back("tanh" + std::to_string(i), torch::nn::Functional(torch::tanh));
    }
    mu_ = register_parameter("mu", torch::tensor(2.0));
    to(dtype);
    apply([](torch::nn::Module& m) {
      if (auto* linear = m.as<torch::nn::LinearImpl>()) {
        torch::nn::init::xavier_normal_(linear->weight, torch::nn::init::calculate_gain(torch::kTanh));
        torch::nn::init::zeros_(linear->bias);
      }
    });
  }
  Tensor forward(Tensor t) { return net_->forward(t); }

  struct Losses {
    Tensor start, speed, physics, data;
    Tensor total() const { return start + 0.1 * speed + 1e-3 * physics + data; }
  };
  Losses losses(const Tensor& t, const Tensor& data_t, const Tensor& data_x, double k) {
    auto zero = torch::zeros({1, 1}, t.options()).set_requires_grad(true);
    auto x0 = forward(zero);
    auto x = forward(t);
    auto dx = derivative(x, t), ddx = derivative(dx, t);
    return {(x0 - 1).pow(2).squeeze(), derivative(x0, zero).pow(2).squeeze(), (ddx + mu_ * dx + k * x).pow(2).mean(),
            torch::nn::functional::mse_loss(forward(data_t), data_x)};
  }
  double mu() const { return mu_.item<double>(); }

 private:
  torch::nn::Sequential net_{nullptr};
  Tensor mu_;
};

static Tensor exact(const Tensor& t, double d, double w0) {
  const double w = std::sqrt(w0 * w0 - d * d), phi = std::atan(-d / w), a = 1 / (2 * std::cos(phi));
  return torch::exp(-d * t) * 2 * a * torch::cos(phi + w * t);
}

int main() {
  torch::manual_seed(123);
  const auto dtype = torch::kFloat64;
  PINN pinn({1, 12, 12, 1}, dtype);
  for (const auto& p : pinn.named_parameters()) std::cout << p.key() << " " << p.value().sizes() << " " << p.value().dtype() << "\n";

  auto t = torch::linspace(0, 1, 20, dtype).view({-1, 1}).requires_grad_(true);
  auto data_t = torch::rand({8, 1}, dtype), data_x = exact(data_t, 1, 4);
  std::cout << t.is_leaf() << t.requires_grad() << data_x.requires_grad() << "\n";

  std::vector<torch::optim::OptimizerParamGroup> groups;
  std::vector<Tensor> weights, constants;
  for (auto& p : pinn.named_parameters()) (p.key() == "mu" ? constants : weights).push_back(p.value());
  groups.emplace_back(weights, std::make_unique<torch::optim::AdamOptions>(5e-3));
  groups.emplace_back(constants, std::make_unique<torch::optim::AdamOptions>(2e-2));
  torch::optim::Adam adam(groups);
  for (int step = 0; step <= 20; ++step) {
    adam.zero_grad();
    auto losses = pinn.losses(t, data_t, data_x, 16);
    auto loss = losses.total();
    loss.backward();
    adam.step();
    if (step % 10 == 0)
      std::printf("%2d: start %.4f speed %.4f physics %.3f data %.4f mu %.4f\n", step, losses.start.item<double>(), losses.speed.item<double>(),
                  losses.physics.item<double>(), losses.data.item<double>(), pinn.mu());
  }
  // Curvature along a direction: a product with the Hessian, from a gradient of a gradient.
  auto parameters = pinn.parameters();
  auto loss = pinn.losses(t, data_t, data_x, 16).data;
  auto gradients = torch::autograd::grad({loss}, {parameters.begin() + 1, parameters.end()}, {}, true, true);
  Tensor along = torch::zeros({}, dtype);
  for (auto& g : gradients) along = along + g.sum();
  auto hessian_vector = torch::autograd::grad({along}, {parameters.begin() + 1, parameters.end()}, {}, false, false, /*allow_unused=*/true);
  for (size_t i = 0; i < hessian_vector.size(); ++i)
    std::cout << i << " " << (hessian_vector[i].defined() ? "defined" : "undefined") << " " << gradients[i].sizes() << "\n";
}
