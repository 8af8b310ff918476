// Operations with derivatives of one's own inside modules: swish that saves its input only, a straight-through sign, gradient reversal,
// and a check of each against finite differences.
#include <torch/torch.h>

#include <cstdio>
#include <functional>

using torch::autograd::AutogradContext;
using torch::autograd::Function;
using torch::autograd::Variable;
using torch::autograd::variable_list;

class SwishFunction : public Function<SwishFunction> {
 public:
  static Variable forward(AutogradContext* ctx, const Variable& input, double beta) {
    ctx->save_for_backward({input});
    ctx->saved_data["beta"] = beta;
    return input * torch::sigmoid(beta * input);
  }
  static variable_list backward(AutogradContext* ctx, variable_list grad_output) {
    const auto saved = ctx->get_saved_variables();
    const double beta = ctx->saved_data["beta"].toDouble();
    auto s = torch::sigmoid(beta * saved[0]);
    return {grad_output[0] * (s + beta * saved[0] * s * (1 - s)), Variable()};
  }
};

class StraightThroughSign : public Function<StraightThroughSign> {
 public:
  static Variable forward(AutogradContext* ctx, Variable x) {
    auto y = x.sign();
    ctx->save_for_backward({x, y});
    return y;
  }
  static variable_list backward(AutogradContext* ctx, variable_list gy) {
    auto x = ctx->get_saved_variables()[0];
    return {gy[0].masked_fill(x.abs() > 1, 0)};
  }
};

struct GradientReversal : Function<GradientReversal> {
  static Variable forward(AutogradContext* ctx, Variable x, double lambda, bool verbose, std::string name) {
    ctx->saved_data["lambda"] = lambda;
    ctx->saved_data["verbose"] = verbose;
    ctx->saved_data["name"] = name;
    ctx->saved_data["shape"] = x.sizes().vec();
    return x.view_as(x);
  }
  static variable_list backward(AutogradContext* ctx, variable_list gy) {
    if (ctx->saved_data["verbose"].toBool())
      std::cout << "reversing " << ctx->saved_data["name"].toStringRef() << " of " << torch::IntArrayRef(ctx->saved_data["shape"].toIntVector())
                << "\n";
    return {-ctx->saved_data["lambda"].toDouble() * gy[0], Variable(), Variable(), Variable()};
  }
};

struct TopTwo : Function<TopTwo> {
  static variable_list forward(AutogradContext* ctx, Variable x) {
    auto [values, indices] = x.topk(2, 1);
    ctx->mark_non_differentiable({indices});
    ctx->save_for_backward({indices});
    ctx->saved_data["columns"] = x.size(1);
    return {values, indices};
  }
  static variable_list backward(AutogradContext* ctx, variable_list gy) {
    auto indices = ctx->get_saved_variables()[0];
    return {torch::zeros({indices.size(0), ctx->saved_data["columns"].toInt()}, gy[0].options()).scatter_add(1, indices, gy[0])};
  }
};

struct SwishImpl : torch::nn::Module {
  explicit SwishImpl(double beta = 1) : beta(beta) {}
  torch::Tensor forward(const torch::Tensor& x) { return SwishFunction::apply(x, beta); }
  void pretty_print(std::ostream& stream) const override { stream << "Swish(beta=" << beta << ")"; }
  double beta;
};
TORCH_MODULE(Swish);

static double worst_difference(const std::function<Variable(const Variable&)>& f, Variable x) {
  auto analytic = torch::autograd::grad({f(x).sum()}, {x})[0];
  torch::NoGradGuard no_grad;
  double worst = 0;
  for (int64_t i = 0; i < x.numel(); ++i) {
    auto step = torch::zeros_like(x).view(-1);
    step[i] = 1e-6;
    step = step.view_as(x);
    const double numeric = ((f(x + step).sum() - f(x - step).sum()) / 2e-6).item<double>();
    worst = std::max(worst, std::abs(numeric - analytic.reshape(-1)[i].item<double>()));
  }
  return worst;
}

int main() {
  torch::manual_seed(6);
  auto x = torch::randn({3, 4}, torch::dtype(torch::kDouble).requires_grad(true));
  std::cout << "swish is right: " << (worst_difference([](const Variable& v) { return SwishFunction::apply(v, 1.5); }, x) < 1e-7) << "\n";
  auto y = SwishFunction::apply(x, 1.5);
  std::cout << y.grad_fn()->name().empty() << " " << y.requires_grad() << "\n";
  auto g = torch::autograd::grad({y.sum()}, {x}, {}, /*retain_graph=*/true, /*create_graph=*/true)[0];
  auto gg = torch::autograd::grad({g.sum()}, {x})[0];
  std::printf("%.4f %.4f %.4f\n", y.sum().item<double>(), g.sum().item<double>(), gg.sum().item<double>());

  auto s = torch::tensor({-2.0, -0.5, 0.0, 0.5, 2.0}, torch::requires_grad());
  StraightThroughSign::apply(s).sum().backward();
  std::cout << s.grad() << "\n";

  auto top = TopTwo::apply(x);
  std::cout << top[0].requires_grad() << top[1].requires_grad() << " " << top[1].scalar_type() << "\n";
  top[0].sum().backward();
  std::cout << x.grad().sum(1) << "\n";

  torch::nn::Sequential features(torch::nn::Linear(4, 5), Swish(2)), label(torch::nn::Linear(5, 1)), domain(torch::nn::Linear(5, 1));
  for (auto net : {features, label, domain}) {
    net->to(torch::kDouble);
    for (auto& p : net->parameters()) torch::nn::init::constant_(p, 0.1);
  }
  std::cout << features << "\n";
  torch::optim::SGD optimizer(features->parameters(), 0.1);
  optimizer.add_param_group({label->parameters()});
  optimizer.add_param_group({domain->parameters()});
  for (int step = 0; step < 3; ++step) {
    optimizer.zero_grad();
    auto h = features->forward(x.detach());
    auto loss = torch::mse_loss(label->forward(h), torch::ones({3, 1}, torch::kDouble)) +
                torch::mse_loss(domain->forward(GradientReversal::apply(h, 0.3, step == 0, "features")), torch::zeros({3, 1}, torch::kDouble));
    loss.backward();
    optimizer.step();
    std::printf("%.4f\n", loss.item<double>());
  }
}
