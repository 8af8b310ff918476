// A differential equation whose right side is a net, integrated by Runge and Kutta, fitted to a spiral; then the adjoint by hand.
#include <torch/torch.h>

#include <functional>
#include <iomanip>
#include <iostream>

using torch::Tensor;
namespace nn = torch::nn;

struct FieldImpl : nn::Cloneable<FieldImpl> {
  explicit FieldImpl(int64_t hidden) : hidden_(hidden) { reset(); }
  void reset() override {
    inner = register_module("inner", nn::Linear(nn::LinearOptions(2, hidden_).bias(true)));
    outer = register_module("outer", nn::Linear(hidden_, 2));
    scale = register_parameter("scale", torch::ones({1}));
    calls = register_buffer("calls", torch::zeros({}, torch::kLong));
  }
  Tensor forward(const Tensor& x) {
    calls += 1;
    return scale * outer(torch::tanh(inner(x.pow(3))));
  }
  void pretty_print(std::ostream& stream) const override { stream << "Field(hidden=" << hidden_ << ")"; }

  nn::Linear inner{nullptr}, outer{nullptr};
  Tensor scale, calls;

 private:
  int64_t hidden_;
};
TORCH_MODULE(Field);

template <class F> Tensor runge_kutta(F&& f, Tensor x, double h, int steps, std::vector<Tensor>* path = nullptr) {
  for (int i = 0; i < steps; ++i) {
    const auto k1 = f(x), k2 = f(x + h / 2 * k1), k3 = f(x + h / 2 * k2), k4 = f(x + h * k3);
    x = x + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4);
    if (path) path->push_back(x);
  }
  return x;
}

int main() {
  torch::manual_seed(0);
  std::cout << std::setprecision(3);
  const auto a = torch::tensor({{-0.1f, 2.0f}, {-2.0f, -0.1f}});
  std::vector<Tensor> path;
  const auto start = torch::tensor({{2.0f, 0.0f}});
  runge_kutta([&](const Tensor& x) { return x.pow(3).mm(a); }, start, 0.02, 60, &path);
  const auto truth = torch::cat(path);
  std::cout << truth.sizes() << " " << truth[-1] << "\n";

  Field field(16);
  for (auto& p : field->named_parameters()) {
    if (p.key().find("weight") != std::string::npos) nn::init::normal_(p.value(), 0, 0.3);
    else if (p.key().find("bias") != std::string::npos) nn::init::zeros_(p.value());
  }
  std::cout << field << " " << field->named_buffers().size() << "\n";
  torch::optim::RMSprop optimizer(field->parameters(), torch::optim::RMSpropOptions(0.003));
  double first = 0, last = 0;
  for (int step = 0; step < 150; ++step) {
    const auto begin = torch::randint(50, {12}, torch::kLong);
    optimizer.zero_grad();
    std::vector<Tensor> predicted;
    runge_kutta([&](const Tensor& x) { return field(x); }, truth.index_select(0, begin), 0.02, 5, &predicted);
    std::vector<Tensor> wanted;
    for (int64_t i = 1; i <= 5; ++i) wanted.push_back(truth.index({begin + i}));
    auto loss = torch::l1_loss(torch::stack(predicted), torch::stack(wanted));
    loss.backward();
    optimizer.step();
    (step < 10 ? first : last) = step < 10 ? first + loss.item<double>() / 10 : 0.9 * last + 0.1 * loss.item<double>();
  }
  std::cout << (last < 0.6 * first) << " " << field->calls.item<int64_t>() << "\n";

  // d(sum of x(T)) / d(parameters), by the engine through all steps, and by one step after the other backwards.
  auto x0 = start.clone().requires_grad_();
  auto end = runge_kutta([&](const Tensor& x) { return field(x); }, x0, 0.02, 10);
  auto inputs = field->parameters();
  inputs.push_back(x0);
  const auto whole = torch::autograd::grad({end.sum()}, inputs);
  std::vector<Tensor> states{start};
  {
    torch::NoGradGuard no_grad;
    for (int i = 0; i < 10; ++i) states.push_back(runge_kutta([&](const Tensor& x) { return field(x); }, states.back(), 0.02, 1));
  }
  auto adjoint = torch::ones({1, 2});
  std::vector<Tensor> sums;
  for (const auto& p : field->parameters()) sums.push_back(torch::zeros_like(p));
  for (int i = 9; i >= 0; --i) {
    auto x = states[i].detach().requires_grad_();
    auto wrt = field->parameters();
    wrt.push_back(x);
    const auto g = torch::autograd::grad({runge_kutta([&](const Tensor& y) { return field(y); }, x, 0.02, 1)}, wrt, {adjoint});
    for (size_t k = 0; k < sums.size(); ++k) sums[k] += g[k];
    adjoint = g.back();
  }
  bool same = torch::allclose(adjoint, whole.back(), 1e-4, 1e-5);
  for (size_t k = 0; k < sums.size(); ++k) same = same && torch::allclose(sums[k], whole[k], 1e-3, 1e-4);
  std::cout << same << "\n";

  auto copy = std::dynamic_pointer_cast<FieldImpl>(field->clone());
  copy->scale.data().mul_(2);
  std::cout << field->scale.item<float>() / copy->scale.item<float>() << " " << copy->calls.item<int64_t>() << "\n";
}
