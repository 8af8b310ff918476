// The less usual ways of calling: options one by one, results written behind the other arguments, lists as indices, bytes seen as another dtype,
// gradients of activations as functions.
#include <torch/torch.h>

#include <iostream>
#include <string>
#include <vector>

namespace {

void show(const char* name, const torch::Tensor& t) {
  std::cout << name << " " << t.dtype() << " " << t.sizes() << (t.requires_grad() ? " in graph" : "") << ":";
  const torch::Tensor flat = t.detach().to(torch::kDouble).reshape({-1});
  for (int64_t i = 0; i < flat.numel(); ++i) std::cout << " " << flat[i].item<double>();
  std::cout << "\n";
}

template <class F> void refused(const char* name, F f) {
  try {
    f();
    std::cout << name << " passed\n";
  } catch (const c10::Error&) {
    std::cout << name << " refused\n";
  }
}

torch::Tensor ramp(std::vector<int64_t> size) {
  int64_t n = 1;
  for (const int64_t s : size) n *= s;
  return torch::linspace(-2, 2, n).view(size);
}

void options_one_by_one() {
  const c10::optional<bool> pinned = false;
  show("zeros", at::zeros({2, 2}, at::kFloat, at::kStrided, at::kCPU, false));
  show("ones", at::ones({3}, at::kLong, c10::nullopt, c10::nullopt, c10::nullopt));
  show("full", at::full({2}, 7, at::kDouble, at::kStrided, torch::Device(torch::kCPU), pinned));
  show("arange", at::arange(4, at::kFloat, at::kStrided, at::kCPU, c10::nullopt));
  show("arange from", at::arange(1, 4, c10::nullopt, at::kStrided, at::kCPU, false));
  show("arange by", at::arange(0, 1, 0.25, at::kDouble, at::kStrided, at::kCPU, false));
  show("linspace", at::linspace(0, 1, 3, at::kDouble, at::kStrided, at::kCPU, false));
  show("eye", at::eye(2, at::kInt, at::kStrided, at::kCPU, false));
  show("scalar", at::scalar_tensor(3, at::kInt, at::kStrided, at::kCPU, false));
  show("hann", at::hann_window(4, true, at::kDouble, at::kStrided, at::kCPU, false));
  show("zeros_like", at::zeros_like(ramp({2}), at::kLong, at::kStrided, at::kCPU, false, at::MemoryFormat::Preserve));
  show("full_like", at::full_like(ramp({2}), 4, c10::nullopt, c10::nullopt, c10::nullopt, c10::nullopt, c10::nullopt));
  std::cout << at::empty({2, 3}, at::kShort, at::kStrided, at::kCPU, false, at::MemoryFormat::Contiguous).sizes() << "\n";
  const torch::Tensor x = ramp({2}).to(torch::kDouble);
  show("new_zeros", x.new_zeros({2}, c10::nullopt, at::kStrided, at::kCPU, false));
  show("new_full", x.new_full({2}, 3, at::kInt, at::kStrided, at::kCPU, false));
  show("new_ones", x.new_ones({1}, at::kFloat, c10::nullopt, c10::nullopt, c10::nullopt));
  torch::manual_seed(3);
  show("randperm", at::randperm(5, at::kLong, at::kStrided, at::kCPU, false));
  show("randint", at::randint(0, 9, {4}, at::kLong, at::kStrided, at::kCPU, false));
}

void results_behind() {
  const torch::Tensor x = ramp({2, 3}), y = torch::ones({2, 3});
  torch::Tensor out = torch::empty({0}), places = torch::empty({0}, torch::kLong);
  show("add_outf", at::add_outf(x, y, 2, out));
  show("exp_outf", at::exp_outf(x, out));
  show("sum_outf", at::sum_outf(x, {1}, true, c10::nullopt, out));
  show("mm_outf", at::mm_outf(x, y.t(), out));
  show("cat_outf", at::cat_outf({x, y}, 1, out));
  at::max_outf(x, 1, false, out, places);
  show("max_outf", out);
  show("places", places);
  show("linalg_norm", torch::linalg_norm_outf(x, 2, at::OptionalIntArrayRef({1}), false, c10::nullopt, out));
  show("linalg::vector_norm_out", torch::linalg::vector_norm_out(out, x, 2, {1}, false, c10::nullopt));
  torch::Tensor bits = torch::empty({0}, torch::kLong);
  show("pow_out", at::pow_out(out, 2, x));
  show("remainder_out", at::remainder_out(out, 5, x));
  show("bitwise_and_out", at::bitwise_and_out(bits, 6, torch::arange(4)));
}

void lists_as_indices() {
  torch::Tensor x = ramp({3, 4});
  c10::List<c10::optional<torch::Tensor>> columns;
  columns.push_back(c10::nullopt);
  columns.push_back(torch::tensor({3, 0}));
  show("index", x.index(columns));
  show("at::index", at::index(x, {torch::tensor({2, 1}), torch::tensor({0, 3})}));
  show("index_put", x.index_put(columns, torch::zeros({2})));
  x.index_put_(columns, torch::ones({3, 2}), true);
  show("index_put_", x);
  at::index_put_(x, columns, torch::tensor(5.f));
  show("at::index_put_", x);
}

void bytes() {
  const torch::Tensor x = torch::tensor({1.f, -2.f, 0.5f, 3.f}).view({2, 2});
  show("as int", x.view(torch::kInt));
  show("as short", x.view(torch::kShort));
  show("as long", x.view(torch::kLong));
  show("and back", x.view(torch::kLong).view(torch::kFloat));
  torch::Tensor y = torch::zeros({2});
  y.view(torch::kInt).fill_(0x3f800000);
  show("written", y);
  const torch::Tensor g = torch::ones({2, 2}, torch::requires_grad());
  std::cout << (g * 2).view(torch::kInt).requires_grad() << (g * 2).view(torch::kDouble).requires_grad() << g.alias().requires_grad() << "\n";
  refused("0-d", [] { torch::tensor(1.f).view(torch::kShort); });
  refused("odd", [] { torch::zeros({3}).view(torch::kLong); });
  refused("stride", [] { torch::zeros({4, 3}).narrow(1, 0, 2).view(torch::kLong); });
  refused("offset", [] { torch::zeros({4, 6}).narrow(1, 1, 2).view(torch::kLong); });
  refused("transposed", [] { torch::zeros({4, 4}).t().view(torch::kShort); });
}

void gradients_as_functions() {
  const torch::Tensor x = ramp({5}), g = torch::linspace(1, 2, 5), t = torch::full({5}, 0.25f), p = torch::sigmoid(x);
  show("sigmoid", at::sigmoid_backward(g, p));
  show("tanh", at::tanh_backward(g, x.tanh()));
  show("threshold", at::threshold_backward(g, x, 0));
  show("gelu", at::gelu_backward(g, x));
  show("gelu tanh", at::gelu_backward(g, x, "tanh"));
  show("silu", at::silu_backward(g, x));
  show("mish", at::mish_backward(g, x));
  show("elu", at::elu_backward(g, 1.5, 1, 1, false, x));
  show("elu of result", at::elu_backward(g, 1.5, 1, 1, true, at::elu(x, 1.5)));
  show("leaky_relu", at::leaky_relu_backward(g, x, 0.1, false));
  show("softplus", at::softplus_backward(g, x, 1, 20));
  show("softshrink", at::softshrink_backward(g, x, 0.5));
  show("hardshrink", at::hardshrink_backward(g, x, 0.5));
  show("hardtanh", at::hardtanh_backward(g, x, -1.5, 1.5));
  show("hardsigmoid", at::hardsigmoid_backward(g, x));
  show("hardswish", at::hardswish_backward(g, x));
  show("logit", at::logit_backward(g, p));
  show("log_sigmoid", at::log_sigmoid_backward(g, x, torch::exp(-x.abs())));
  show("glu", at::glu_backward(torch::ones({2}), ramp({4}), 0));
  show("mse_loss", at::mse_loss_backward(torch::tensor(2.f), x, t, at::Reduction::Mean));
  show("smooth_l1_loss", at::smooth_l1_loss_backward(g, x, t, at::Reduction::None, 1));
  show("huber_loss", at::huber_loss_backward(torch::tensor(1.f), x, t, at::Reduction::Sum, 0.5));
  show("soft_margin_loss", at::soft_margin_loss_backward(torch::tensor(1.f), x, torch::ones({5}), at::Reduction::Mean));
  show("binary_cross_entropy", at::binary_cross_entropy_backward(torch::tensor(1.f), p, t));
  const torch::Tensor leaf = ramp({5}).requires_grad_(), weight = torch::ones({5}, torch::requires_grad());
  const torch::Tensor slope = at::gelu_backward(weight, leaf);
  show("in a graph", slope);
  slope.sum().backward();
  show("twice", leaf.grad());
  show("by what comes in", weight.grad());
}

}  // namespace

int main() {
  options_one_by_one();
  results_behind();
  lists_as_indices();
  bytes();
  gradients_as_functions();
  torch::manual_seed(1);
  show("copy", at::copy(torch::zeros({2}, torch::kInt), torch::tensor({1.5f, -2.5f})));
  show("random", at::random(torch::zeros({2}), 0, 10));
}
