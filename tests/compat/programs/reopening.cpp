// Programs put names of their own into torch, torch::nn and the rest, in several files, and use them from there.
#include <torch/nn.h>

#include "parts/reopening.h"

#include <torch/torch.h>

namespace torch {
namespace nn {

struct ScaleImpl : Cloneable<ScaleImpl> {
  explicit ScaleImpl(double by) : by(by) { reset(); }
  void reset() override { factor = register_parameter("factor", torch::full({1}, by)); }
  Tensor forward(const Tensor& x) { return functional::shifted(x) * factor; }
  double by;
  Tensor factor;
};
TORCH_MODULE(Scale);

inline std::string text_of(const Module& module) { return module.name() + " of a program"; }

namespace functional {
inline Tensor relu(const Scale& scale) { return functional::relu(scale->factor); }
}  // namespace functional
}  // namespace nn

namespace optim {
struct Backwards : SGD {
  using SGD::SGD;
  Tensor step(LossClosure = nullptr) override {
    NoGradGuard no_grad;
    for (auto& group : param_groups())
      for (auto& p : group.params())
        if (p.grad().defined()) p.grad().neg_();
    return SGD::step();
  }
};
}  // namespace optim

namespace data { namespace datasets {
struct Squares : Dataset<Squares> {
  Example<> get(size_t i) override { return {torch::full({1}, double(i)), torch::full({1}, double(i * i))}; }
  optional<size_t> size() const override { return 6; }
};
}}  // namespace data::datasets

namespace autograd {
struct Cube : Function<Cube> {
  static Variable forward(AutogradContext* ctx, Variable x) {
    ctx->save_for_backward({x});
    return x * x * x;
  }
  static variable_list backward(AutogradContext* ctx, variable_list gy) {
    auto x = ctx->get_saved_variables()[0];
    return {gy[0] * 3 * x * x};
  }
};
}  // namespace autograd

struct Pair {
  nn::Linear first{nullptr};
  nn::Scale second{nullptr};
};
inline Tensor applied(Pair& pair, const Tensor& x) { return pair.second(pair.first(x)); }

template <size_t D> using Window = ExpandingArray<D>;
}  // namespace torch

namespace at {
inline Tensor halved(const Tensor& x) { return x / 2; }
}
namespace c10 {
inline int64_t product(IntArrayRef sizes) {
  int64_t n = 1;
  for (auto s : sizes) n *= s;
  return n;
}
}  // namespace c10

using namespace torch;
namespace F = torch::nn::functional;

int main() {
  manual_seed(1);
  nn::Linear linear(nn::LinearOptions(2, 3));
  nn::Scale scale(0.5);
  nn::Sequential net(linear, scale, nn::ReLU());
  Pair pair{linear, scale};
  auto x = torch::arange(4, torch::kFloat).view({2, 2});
  std::cout << net->forward(x) << "\n" << torch::equal(net->forward(x), F::relu(applied(pair, x))) << "\n";
  std::cout << text_of(*scale) << ", " << part_of_program(net) << "\n" << F::relu(scale) << "\n" << F::shifted(x) << "\n";

  torch::optim::Backwards optimizer(net->parameters(), torch::optim::SGDOptions(0.1));
  auto loss = net->forward(x).sum();
  loss.backward();
  optimizer.step();
  std::cout << scale->factor << "\n";

  auto loader = torch::data::make_data_loader<torch::data::samplers::SequentialSampler>(
      torch::data::datasets::Squares().map(torch::data::transforms::Stack<>()), 4);
  for (auto& batch : *loader) std::cout << batch.target.view({-1}) << "\n";

  auto t = torch::full({2}, 3.0, torch::requires_grad());
  torch::autograd::Cube::apply(t).sum().backward();
  std::cout << t.grad() << "\n" << at::halved(t.detach()) << "\n" << c10::product({2, 3, 4}) << "\n" << Window<2>(3) << "\n";
}
