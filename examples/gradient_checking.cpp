// Is a derivative right? gradcheck compares it with finite differences and says which element is wrong and by how much.
#include <cstdio>
#include <cstring>

#include <xgrad/xgrad.h>

using xgrad::Tensor;
using xgrad::autograd::AutogradContext;
using xgrad::autograd::variable_list;

/// x^3, with a derivative that is off by 0.1% for negative elements.
struct WrongCube : xgrad::autograd::Function<WrongCube> {
  static Tensor forward(AutogradContext* ctx, const Tensor& x) {
    ctx->save_for_backward({x});
    return x * x * x;
  }
  static variable_list backward(AutogradContext* ctx, variable_list gy) {
    const Tensor x = ctx->get_saved_variables()[0];
    return {gy[0] * 3 * x * x * xgrad::where(x < 0, xgrad::full_like(x, 1.001), xgrad::ones_like(x))};
  }
};

/// sin x, whose backward is computed apart from the graph: right the first time, silently lost the second.
struct DetachedSine : xgrad::autograd::Function<DetachedSine> {
  static Tensor forward(AutogradContext* ctx, const Tensor& x) {
    ctx->save_for_backward({x});
    return x.sin();
  }
  static variable_list backward(AutogradContext* ctx, variable_list gy) { return {gy[0] * ctx->get_saved_variables()[0].detach().cos()}; }
};

static bool all_as_expected = true;

static void report(const char* what, const xgrad::autograd::GradcheckReport& found, bool expected) {
  std::printf("%-44s %s\n    %s\n", what, found ? "right" : "WRONG", found.text().c_str());
  all_as_expected = all_as_expected && static_cast<bool>(found) == expected;
}

int main(int argc, char** argv) {
  const bool quick = argc > 1 && std::strcmp(argv[1], "--quick") == 0;
  xgrad::manual_seed(0);
  const auto leaf = xgrad::dtype(xgrad::kDouble).requires_grad(true);

  // A layer with a loss, as a function of its input, weight and bias.
  const int64_t n = quick ? 3 : 8;
  const Tensor label = xgrad::randint(0, 3, {n});
  auto layer = [label](const variable_list& in) -> variable_list {
    return {xgrad::nn::functional::cross_entropy(xgrad::tanh(xgrad::linear(in[0], in[1], in[2])), label)};
  };
  const variable_list inputs = {xgrad::randn({n, 4}, leaf), xgrad::randn({3, 4}, leaf), xgrad::randn({3}, leaf)};
  report("cross-entropy of a layer", xgrad::autograd::gradcheck(layer, inputs), true);
  report("its second derivatives", xgrad::autograd::gradgradcheck(layer, inputs), true);

  const Tensor x = xgrad::tensor({0.5, 1.5, -2.0}, leaf);
  auto wrong = [](const Tensor& t) { return WrongCube::apply(t); };
  auto detached = [](const Tensor& t) { return DetachedSine::apply(t); };
  report("a cube 0.1% off where x < 0", xgrad::autograd::gradcheck(wrong, x), false);
  report("a sine with a detached backward", xgrad::autograd::gradcheck(detached, x), true);
  report("its second derivative", xgrad::autograd::gradgradcheck(detached, x), false);

  const auto found = xgrad::autograd::gradcheck(wrong, x);
  all_as_expected = all_as_expected && found.input_element == 2;
  std::printf("%s\n", all_as_expected ? "every answer as expected" : "NOT as expected");
  return all_as_expected ? 0 : 1;
}
