// Linear regression by gradient descent, against the closed form: plain, with an L2 penalty and with an L1 penalty.
// Descent stops when the gradient's norm is small.
#include <cstdio>
#include <cstring>

#include <xgrad/train/train.h>
#include <xgrad/xgrad.h>

using xgrad::Tensor;
using xgrad::train::GradientNormStopping;
using xgrad::train::l1_penalty;
using xgrad::train::l2_penalty;

struct Penalty {
  double l1 = 0;
  double l2 = 0;
};

struct Fit {
  Tensor weight;
  int64_t steps;
  double gradient_norm;
};

static Tensor squared_error(const Tensor& x, const Tensor& y, const Tensor& w) { return xgrad::mse_loss(x.mv(w), y); }

/// Minimises mean((xw - y)^2) + l1 |w| + l2 w^2 from w = 0, until the gradient's norm is below `tolerance`.
static Fit descend(const Tensor& x, const Tensor& y, Penalty penalty, double tolerance, int64_t most_steps) {
  Tensor w = xgrad::zeros({x.size(1)}, xgrad::dtype(xgrad::kDouble).requires_grad(true));
  xgrad::optim::SGD optimizer({w}, xgrad::optim::SGDOptions(0.05).momentum(0.9));
  // At the kink of |w| the gradient jumps; only steps that shrink settle there.
  xgrad::optim::StepLR schedule(optimizer, 100, penalty.l1 > 0 ? 0.5 : 1.0);
  GradientNormStopping stopping(tolerance);
  int64_t step = 0;
  for (; step < most_steps; ++step) {
    optimizer.zero_grad();
    const Tensor loss = squared_error(x, y, w) + penalty.l2 * l2_penalty({w}) + penalty.l1 * l1_penalty({w});
    loss.backward();
    if (stopping.step({w})) break;
    optimizer.step();
    schedule.step();
  }
  return {w.detach(), step, stopping.norm()};
}

/// The minimum of mean((xw - y)^2) + l2 w^2: (x'x / n + l2 I) w = x'y / n.
static Tensor closed_form(const Tensor& x, const Tensor& y, double l2) {
  const double n = static_cast<double>(x.size(0));
  const Tensor gram = x.t().mm(x) / n + l2 * xgrad::eye(x.size(1), xgrad::kDouble);
  return gram.inverse().mv(x.t().mv(y) / n);
}

/// How far w is from a minimum with the L1 penalty: there, the error's gradient is -l1 sign(w_i) where w_i != 0
/// and at most l1 in size where w_i = 0.
static double distance_from_l1_minimum(const Tensor& x, const Tensor& y, const Tensor& w, double l1) {
  Tensor leaf = w.clone().requires_grad_();
  squared_error(x, y, leaf).backward();
  const Tensor g = leaf.grad(), kept = w.abs() > 1e-4;
  return xgrad::where(kept, (g + l1 * w.sign()).abs(), (g.abs() - l1).clamp_min(0)).max().item<double>();
}

static void print(const char* name, const Tensor& w) {
  std::printf("%-28s", name);
  for (int64_t i = 0; i < w.numel(); ++i) std::printf(" %8.5f", w[i].item<double>());
  std::printf("\n");
}

int main(int argc, char** argv) {
  const bool quick = argc > 1 && std::strcmp(argv[1], "--quick") == 0;
  xgrad::manual_seed(0);
  const int64_t n = quick ? 100 : 1000;
  const Tensor truth = xgrad::tensor({2.0, -3.0, 0.0, 0.5}, xgrad::kDouble);
  const Tensor x = xgrad::randn({n, 4}, xgrad::kDouble), y = x.mv(truth) + 0.1 * xgrad::randn({n}, xgrad::kDouble);
  print("truth", truth);

  bool right = true;
  for (double l2 : {0.0, 0.5}) {
    const Fit fit = descend(x, y, {0, l2}, 1e-10, 10000);
    const Tensor exact = closed_form(x, y, l2);
    const double error = (fit.weight - exact).abs().max().item<double>();
    print(l2 == 0 ? "descent" : "descent, L2 penalty", fit.weight);
    print("closed form", exact);
    std::printf("  stopped after %lld steps with gradient norm %.1e; largest difference %.1e\n", static_cast<long long>(fit.steps), fit.gradient_norm,
                error);
    right = right && fit.gradient_norm < 1e-10 && error < 1e-8;
  }

  const double l1 = 0.8;
  const Fit sparse = descend(x, y, {l1, 0}, 1e-10, 2000);
  const double distance = distance_from_l1_minimum(x, y, sparse.weight, l1);
  print("descent, L1 penalty", sparse.weight);
  std::printf("  distance from the conditions of a minimum %.1e\n", distance);
  right = right && distance < 1e-3 && sparse.weight[2].abs().item<double>() < 1e-4;
  std::printf("%s\n", right ? "all agree" : "WRONG");
  return right ? 0 : 1;
}
