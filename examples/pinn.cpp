// A differential equation solved by a network that is trained on the equation itself (a physics-informed net):
//
//   u'' + u' + 9.25 u = 0 on [0, 2],  u(0) = 1,  u'(0) = 0,   with the solution  exp(-t/2) (cos 3t + sin 3t / 6).
//
// u(t) = 1 + t^2 net(t) meets the conditions at 0; the loss is the mean square of the equation's left side, so its
// gradient goes through second derivatives of the network.
#include <cstdio>
#include <cstring>

#include <xgrad/xgrad.h>

namespace nn = xgrad::nn;
using xgrad::Tensor;

static Tensor solution(const Tensor& t) { return (-t / 2).exp() * ((3 * t).cos() + (3 * t).sin() / 6); }

static Tensor u(nn::Sequential& net, const Tensor& t) { return 1 + t.square() * net->forward(t); }

/// dy/dt for each row, itself differentiable.
static Tensor derivative(const Tensor& y, const Tensor& t) {
  return xgrad::autograd::grad({y}, {t}, {xgrad::ones_like(y)}, /*retain_graph=*/true, /*create_graph=*/true)[0];
}

static Tensor residual(nn::Sequential& net, const Tensor& t) {
  const Tensor y = u(net, t), dy = derivative(y, t), ddy = derivative(dy, t);
  return ddy + dy + 9.25 * y;
}

int main(int argc, char** argv) {
  const bool quick = argc > 1 && std::strcmp(argv[1], "--quick") == 0;
  xgrad::manual_seed(0);
  nn::Sequential net(nn::Linear(1, 32), nn::Tanh(), nn::Linear(32, 32), nn::Tanh(), nn::Linear(32, 1));
  net->to(xgrad::kDouble);
  Tensor t = xgrad::linspace(0, 2, 64, xgrad::kDouble).unsqueeze(1).requires_grad_();

  const int steps = quick ? 1200 : 3000;
  xgrad::optim::Adam optimizer(net->parameters(), xgrad::optim::AdamOptions(0.01));
  xgrad::optim::StepLR schedule(optimizer, static_cast<unsigned>(steps / 4), 0.4);
  for (int step = 1; step <= steps; ++step) {
    optimizer.zero_grad();
    Tensor loss = residual(net, t).square().mean();
    loss.backward();
    optimizer.step();
    schedule.step();
    if (step % (steps / 10) == 0) std::printf("step %5d  mean square of the equation %.3e\n", step, loss.item<double>());
  }

  xgrad::NoGradGuard no_grad;
  const Tensor at = xgrad::linspace(0, 2, 201, xgrad::kDouble).unsqueeze(1);
  const Tensor found = u(net, at), exact = solution(at);
  for (int64_t i = 0; i <= 200; i += 25)
    std::printf("u(%.2f) = %9.6f   exact %9.6f\n", at[i].item<double>(), found[i].item<double>(), exact[i].item<double>());
  const double error = (found - exact).abs().max().item<double>();
  std::printf("largest error %.2e\n", error);
  return error < (quick ? 0.05 : 2e-3) ? 0 : 1;
}
