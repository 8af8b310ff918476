// A curve fitted to points by least squares: Levenberg and Marquardt's method, whose only derivative is the Jacobian of the model by its
// parameters. The sum of two decays is a hard case for gradient descent, which needs thousands of steps where this needs a dozen or two.
#include <cmath>
#include <cstdio>
#include <cstring>

#include <xgrad/autograd/func/func.h>
#include <xgrad/xgrad.h>

using xgrad::Tensor;
namespace func = xgrad::func;

struct Fit {
  Tensor parameters;
  Tensor covariance;  // of the parameters, from the scatter of the points
  double rms;         // of the residuals
  int steps;
};

/// Minimises |residuals(p)|^2 from `start`. D. W. Marquardt, J. SIAM 11 (1963) 431.
static Fit levenberg_marquardt(const func::TensorMap& residuals, const Tensor& start, int most_steps = 200) {
  Tensor p = start, r = residuals(p);
  double damping = 1e-3, cost = r.square().sum().item<double>();
  int steps = 0;
  for (bool converged = false; !converged && steps < most_steps; ++steps) {
    const Tensor j = func::jacfwd(residuals, p);  // [points, parameters]: a pass forwards for each parameter
    const Tensor gram = j.t().mm(j), gradient = j.t().mv(r);
    for (;; damping *= 4) {
      const Tensor step = xgrad::linalg::solve(gram + damping * gram.diag().diag(), gradient);
      const Tensor there = residuals(p - step);
      const double cost_there = there.square().sum().item<double>();
      converged = step.norm().item<double>() <= 1e-10 * p.norm().item<double>();
      if (cost_there < cost || converged) {
        if (cost_there <= cost) p = p - step, r = there, cost = cost_there;
        break;
      }
    }
    damping /= 10;
  }
  const Tensor j = func::jacfwd(residuals, p);
  const auto freedom = static_cast<double>(r.numel() - p.numel());
  return {p, j.t().mm(j).inverse() * (cost / freedom), std::sqrt(cost / freedom), steps};
}

/// p0 exp(-p1 t) + p2 exp(-p3 t) + p4
static Tensor decays(const Tensor& p, const Tensor& t) { return p[0] * xgrad::exp(-p[1] * t) + p[2] * xgrad::exp(-p[3] * t) + p[4]; }

int main(int argc, char** argv) {
  const bool quick = argc > 1 && std::strcmp(argv[1], "--quick") == 0;
  xgrad::manual_seed(0);
  const double noise = 0.01;
  const Tensor truth = xgrad::tensor({2.0, 0.5, 3.0, 3.0, 0.2}, xgrad::kDouble), start = xgrad::tensor({1.0, 0.2, 1.0, 2.0, 0.0}, xgrad::kDouble);
  const Tensor t = xgrad::linspace(0, 6, quick ? 100 : 1000, xgrad::kDouble);
  const Tensor y = decays(truth, t) + noise * xgrad::randn(t.sizes(), xgrad::kDouble);
  const auto residuals = [&](const Tensor& p) { return decays(p, t) - y; };

  const Fit fit = levenberg_marquardt(residuals, start);
  const Tensor deviation = fit.covariance.diag().sqrt();
  bool right = fit.steps < 60 && std::fabs(fit.rms / noise - 1) < 0.3;
  std::printf("%d steps, root mean square of the residuals %.4f where the noise is %.4f\n\n  truth      fit\n", fit.steps, fit.rms, noise);
  for (int64_t i = 0; i < truth.numel(); ++i) {
    const double found = fit.parameters[i].item<double>(), error = deviation[i].item<double>();
    std::printf("%7.3f  %7.3f +- %.3f\n", truth[i].item<double>(), found, error);
    right = right && std::fabs(found - truth[i].item<double>()) < 4 * error;
  }

  // At the minimum the gradient of the sum of squares is zero, and its second derivatives, all of them, are positive definite.
  const auto cost = [&](const Tensor& p) { return residuals(p).square().sum(); };
  const double slope = func::grad(cost, fit.parameters).norm().item<double>();
  const double least = xgrad::linalg::eigvalsh(func::hessian(cost, fit.parameters)).min().item<double>();
  std::printf("\ngradient %.1e, least curvature %.3g\n", slope, least);
  right = right && slope < 1e-5 && least > 0;
  std::printf("%s\n", right ? "a minimum, and the truth within its error" : "WRONG");
  return right ? 0 : 1;
}
