// Gradients, gradients of gradients, hooks and grad mode.
#include <torch/torch.h>

int main() {
  auto x = torch::tensor({1.0, 2.0, 3.0}, torch::requires_grad());
  auto w = torch::tensor({0.5, -1.5, 2.0}, torch::requires_grad());
  auto y = (x * w).sigmoid();
  auto loss = y.pow(2).sum() + torch::exp(-x).mean();
  std::cout << loss.requires_grad() << " " << loss.grad_fn()->name() << " " << y.grad_fn()->name() << " " << x.is_leaf() << "\n";
  loss.backward({}, /*retain_graph=*/true);
  std::cout << x.grad() << "\n" << w.grad() << "\n";
  loss.backward();
  std::cout << x.grad() << "\n";
  x.mutable_grad().zero_();
  std::cout << x.grad() << "\n";

  // The third derivative of x^4.
  auto t = torch::tensor({-1.5, 0.0, 2.0}, torch::dtype(torch::kFloat64).requires_grad(true));
  torch::Tensor d = t.pow(4);
  for (int order = 1; order <= 3; ++order) {
    d = torch::autograd::grad({d.sum()}, {t}, {}, c10::nullopt, /*create_graph=*/true)[0];
    std::cout << "order " << order << "\n" << d << "\n";
  }

  // A Hessian-vector product.
  auto p = torch::tensor({0.3, -0.7}, torch::dtype(torch::kFloat64).requires_grad(true));
  auto f = p[0].sin() * p[1].exp() + p.prod();
  auto g = torch::autograd::grad({f}, {p}, {}, true, true)[0];
  auto v = torch::tensor({1.0, 2.0}, torch::kFloat64);
  std::cout << g << "\n" << torch::autograd::grad({g}, {p}, {v})[0] << "\n";

  auto h = torch::ones({2, 2}, torch::requires_grad());
  auto z = h * 3;
  z.retain_grad();
  z.register_hook([](torch::Tensor grad) { return grad * 10; });
  (z * z).backward(torch::tensor({{1.0, 0.0}, {0.5, 2.0}}));
  std::cout << h.grad() << "\n" << z.grad() << "\n";

  {
    torch::NoGradGuard no_grad;
    std::cout << (h * 2).requires_grad() << "\n";
    h.sub_(0.1 * h.grad());
  }
  std::cout << h << "\n" << h.detach().requires_grad() << "\n";
  auto [values, indices] = torch::max(torch::tensor({{1.0, 5.0}, {7.0, 3.0}}, torch::requires_grad()), 1);
  std::cout << values.requires_grad() << indices.requires_grad() << "\n";
  try {
    y.sum().backward();
  } catch (const std::exception& error) {
    std::cout << "second time: " << (std::string(error.what()).find("a second time") != std::string::npos) << "\n";
  }
}
