// Operations of one's own with torch::autograd::Function.
#include <torch/torch.h>

using torch::autograd::AutogradContext;
using torch::autograd::tensor_list;
using torch::autograd::variable_list;

struct Cube : torch::autograd::Function<Cube> {
  static torch::Tensor forward(AutogradContext* ctx, torch::Tensor x) {
    ctx->save_for_backward({x});
    return x * x * x;
  }
  static tensor_list backward(AutogradContext* ctx, tensor_list gy) {
    auto x = ctx->get_saved_variables()[0];
    return {gy[0] * 3 * x * x};
  }
};

struct Affine : torch::autograd::Function<Affine> {
  static torch::Tensor forward(AutogradContext* ctx, torch::Tensor x, torch::Tensor w, torch::Tensor b, double scale) {
    ctx->save_for_backward({x, w});
    ctx->saved_data["scale"] = scale;
    return (x.mm(w.t()) + b) * scale;
  }
  static variable_list backward(AutogradContext* ctx, variable_list gy) {
    auto saved = ctx->get_saved_variables();
    auto g = gy[0] * ctx->saved_data["scale"].toDouble();
    return {g.mm(saved[1]), g.t().mm(saved[0]), g.sum(0), torch::Tensor()};
  }
};

struct MinMax : torch::autograd::Function<MinMax> {
  static variable_list forward(AutogradContext* ctx, torch::Tensor x) {
    auto low = x.min(), high = x.max();
    ctx->save_for_backward({x, low, high});
    return {low, high};
  }
  static variable_list backward(AutogradContext* ctx, variable_list gy) {
    auto saved = ctx->get_saved_variables();
    return {gy[0] * saved[0].eq(saved[1]) + gy[1] * saved[0].eq(saved[2])};
  }
};

int main() {
  auto x = torch::tensor({-1.0, 0.5, 2.0}, torch::requires_grad());
  auto y = Cube::apply(x);
  std::cout << y << "\n";
  auto g = torch::autograd::grad({y.sum()}, {x}, {}, true, true)[0];
  std::cout << g << "\n" << torch::autograd::grad({g.sum()}, {x})[0] << "\n";

  auto a = torch::arange(6, torch::kFloat32).view({2, 3}).requires_grad_();
  auto w = torch::full({2, 3}, 0.5, torch::requires_grad());
  auto b = torch::zeros({2}, torch::requires_grad());
  auto out = Affine::apply(a, w, b, 0.1);
  (out * out).sum().backward();
  std::cout << out << "\n" << a.grad() << "\n" << w.grad() << "\n" << b.grad() << "\n";

  auto m = torch::tensor({3.0, -2.0, 5.0, 1.0}, torch::requires_grad());
  auto ends = MinMax::apply(m);
  (ends[1] * 2 - ends[0]).backward();
  std::cout << ends[0].item<float>() << " " << ends[1].item<float>() << "\n" << m.grad() << "\n";
}
