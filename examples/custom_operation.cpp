// An operation of one's own: the solution E of Kepler's equation E - e sin E = M, found by Newton's method, which no
// graph needs to record. Its derivative comes from the equation: dE/dM = 1 / (1 - e cos E), dE/de = sin E / (1 - e cos E).
// With it, the eccentricity of an orbit is recovered from observed positions.
#include <cmath>
#include <cstdio>
#include <cstring>

#include <xgrad/xgrad.h>

using xgrad::Tensor;
using xgrad::autograd::AutogradContext;
using xgrad::autograd::variable_list;

struct Kepler : xgrad::autograd::Function<Kepler> {
  static Tensor forward(AutogradContext* ctx, Tensor mean_anomaly, Tensor eccentricity) {
    Tensor E = mean_anomaly.clone();
    for (int i = 0; i < 50; ++i) {
      const Tensor step = (E - eccentricity * E.sin() - mean_anomaly) / (1 - eccentricity * E.cos());
      E = E - step;
      if (step.abs().max().item<double>() < 1e-15) break;
    }
    ctx->save_for_backward({E, eccentricity});
    return E;
  }
  static variable_list backward(AutogradContext* ctx, variable_list gy) {
    const variable_list saved = ctx->get_saved_variables();
    const Tensor E = saved[0], e = saved[1];
    const Tensor gM = gy[0] / (1 - e * E.cos());
    return {gM, (gM * E.sin()).sum()};
  }
};

/// Distance from the focus, for an orbit whose semi-major axis is 1.
static Tensor distance(const Tensor& mean_anomaly, const Tensor& eccentricity) {
  return 1 - eccentricity * Kepler::apply(mean_anomaly, eccentricity).cos();
}

int main(int argc, char** argv) {
  const bool quick = argc > 1 && std::strcmp(argv[1], "--quick") == 0;
  xgrad::manual_seed(0);
  const double true_eccentricity = 0.6;
  const Tensor M = xgrad::linspace(0.1, 6.2, quick ? 20 : 200, xgrad::kDouble);

  // The derivative against a difference quotient, and against itself once more for the second order.
  Tensor e = xgrad::tensor(0.3, xgrad::dtype(xgrad::kDouble).requires_grad(true));
  const double h = 1e-5;
  auto total = [&](double v) { return distance(M, xgrad::tensor(v, xgrad::kDouble)).sum().item<double>(); };
  const Tensor first = xgrad::autograd::grad({distance(M, e).sum()}, {e}, {}, true, /*create_graph=*/true)[0];
  const Tensor second = xgrad::autograd::grad({first}, {e})[0];
  const double quotient = (total(0.3 + h) - total(0.3 - h)) / (2 * h);
  const double second_quotient = (total(0.3 + h) - 2 * total(0.3) + total(0.3 - h)) / (h * h);
  std::printf("first derivative  %.8f, by differences %.8f\n", first.item<double>(), quotient);
  std::printf("second derivative %.4f, by differences %.4f\n", second.item<double>(), second_quotient);
  bool right = std::abs(first.item<double>() - quotient) < 1e-6 && std::abs(second.item<double>() - second_quotient) < 1e-2;

  const Tensor observed = distance(M, xgrad::tensor(true_eccentricity, xgrad::kDouble));
  xgrad::optim::Adam optimizer({e}, xgrad::optim::AdamOptions(0.02));
  for (int step = 1; step <= 300; ++step) {
    optimizer.zero_grad();
    Tensor loss = xgrad::mse_loss(distance(M, e), observed);
    loss.backward();
    optimizer.step();
    if (step % 50 == 0) std::printf("step %3d  loss %.2e  eccentricity %.6f\n", step, loss.item<double>(), e.item<double>());
  }
  right = right && std::abs(e.item<double>() - true_eccentricity) < 1e-3;
  std::printf("%s\n", right ? "recovered" : "WRONG");
  return right ? 0 : 1;
}
