// A flow by the lattice Boltzmann method in double precision, and a viscosity found through some of its steps by automatic differentiation.
#include <torch/torch.h>

#include <iostream>

using namespace torch::indexing;
using std::cout;

class Lattice {
 public:
  Lattice(int64_t height, int64_t width)
      : e_(torch::tensor({{0, 0}, {1, 0}, {0, 1}, {-1, 0}, {0, -1}, {1, 1}, {-1, 1}, {-1, -1}, {1, -1}}).to(torch::kDouble)),
        w_(torch::cat({torch::full({1}, 4. / 9), torch::full({4}, 1. / 9), torch::full({4}, 1. / 36)})),
        height_(height),
        width_(width) {}

  torch::Tensor equilibrium(const torch::Tensor& density, const torch::Tensor& velocity) const {
    auto along = torch::einsum("qd,dhw->qhw", {e_, velocity});
    auto square = velocity.pow(2).sum(0, /*keepdim=*/true);
    return w_.view({-1, 1, 1}) * density.unsqueeze(0) * (1 + 3 * along + 4.5 * along * along - 1.5 * square);
  }
  torch::Tensor density(const torch::Tensor& f) const { return f.sum(0); }
  torch::Tensor velocity(const torch::Tensor& f) const { return torch::tensordot(e_.t(), f, {1}, {0}) / density(f); }

  torch::Tensor step(const torch::Tensor& f, const torch::Tensor& omega) const {
    auto g = f - omega * (f - equilibrium(density(f), velocity(f)));
    std::vector<torch::Tensor> moved;
    for (int64_t q = 0; q < 9; ++q) moved.push_back(torch::roll(g[q], {e_[q][1].item<int64_t>(), e_[q][0].item<int64_t>()}, {0, 1}));
    return torch::stack(moved);
  }
  torch::Tensor shear_wave() const {
    auto y = torch::arange(height_).to(torch::kDouble) * (2 * M_PI / static_cast<double>(height_));
    auto u = torch::zeros({2, height_, width_});
    u[0] = 0.05 * torch::sin(y).unsqueeze(1).expand({height_, width_});
    return equilibrium(torch::ones({height_, width_}), u);
  }

 private:
  torch::Tensor e_, w_;
  int64_t height_, width_;
};

int main() {
  torch::set_default_dtype(caffe2::TypeMeta::Make<double>());
  cout << torch::get_default_dtype() << "\n";
  Lattice lattice(16, 6);
  const double viscosity = 0.08;
  auto omega = torch::tensor(1 / (3 * viscosity + 0.5));
  auto f = lattice.shear_wave();
  const auto mass = f.sum();
  for (int i = 0; i <= 200; ++i) {
    if (i % 50 == 0) cout << i << " " << lattice.velocity(f)[0].abs().max().item<double>() << "\n";
    f = lattice.step(f, omega);
  }
  cout << torch::allclose(mass, f.sum()) << " " << f.dtype() << " " << f.sizes() << "\n";
  const double decay = std::exp(-viscosity * std::pow(2 * M_PI / 16, 2) * 201);
  cout << "measured against the exact decay: " << lattice.velocity(f)[0].abs().max().item<double>() / (0.05 * decay) << "\n";

  auto measured = lattice.shear_wave();
  for (int i = 0; i < 30; ++i) measured = lattice.step(measured, omega);
  auto guess = torch::tensor({std::log(0.3)}).requires_grad_();
  torch::optim::LBFGS optimizer({guess}, torch::optim::LBFGSOptions(1).max_iter(12).line_search_fn("strong_wolfe"));
  int evaluations = 0;
  auto closure = [&]() {
    optimizer.zero_grad();
    auto g = lattice.shear_wave();
    auto rate = 1 / (3 * guess.exp() + 0.5);
    for (int i = 0; i < 30; ++i) g = lattice.step(g, rate);
    auto loss = 1e4 * torch::mse_loss(g, measured);
    loss.backward();
    ++evaluations;
    return loss;
  };
  const auto first = optimizer.step(closure);
  auto& state = static_cast<torch::optim::LBFGSParamState&>(*optimizer.state().at(c10::guts::to_string(guess.unsafeGetTensorImpl())));
  cout << (first.item<double>() > 0) << " " << torch::allclose(guess.exp(), torch::tensor({viscosity}), 1e-4) << " " << (evaluations > 3) << " "
       << state.al().has_value() << " " << (state.n_iter() > 2) << "\n";
}
