// Adafactor: second moments in the memory of their rows and columns.
#pragma once

#include <optional>

#include <xgrad/optim/optimizer.h>

namespace torch { inline namespace xgrad { namespace optim {

/// lr, eps1, eps2, d and weight_decay may not be negative, beta2_decay not positive. eps1: the dtype's epsilon unless given.
class XGRAD_API AdafactorOptions : public OptimizerCloneableOptions<AdafactorOptions> {
 public:
  using eps1_t = std::optional<double>;
  AdafactorOptions() = default;
  AdafactorOptions(double lr) { lr_.state(lr); }
  void check() const override;

  XGRAD_OPTIMIZER_OPTIONS(AdafactorOptions, (double, lr, 1e-2), (double, beta2_decay, -0.8), (eps1_t, eps1, std::nullopt), (double, eps2, 1e-3),
                          (double, d, 1.0), (double, weight_decay, 0), (bool, maximize, false))
};

/// row_var and col_var of a parameter [..., rows, columns] are [..., rows, 1] and [..., 1, columns]; one with fewer axes has variance.
class XGRAD_API AdafactorParamState : public OptimizerCloneableParamState<AdafactorParamState> {
 public:
  std::vector<std::string> misfits(const Tensor& parameter) override;

  XGRAD_OPTIMIZER_STATE(AdafactorParamState, (int64_t, step, 0), (Tensor, row_var, ), (Tensor, col_var, ), (Tensor, variance, ))
};

/// torch.optim.Adafactor of Python. The second moment v of a matrix is the product of running means of g^2 along rows and columns over the
/// mean of these, their weight for the new 1 - beta2 = t^beta2_decay. With u = g / sqrt(max(v, eps1^2)):
/// p -= max(eps2, rms(p)) * min(lr, 1 / sqrt(t)) / max(1, rms(u) / d) * u, after p *= 1 - lr * weight_decay. (Shazeer and Stern 2018,
/// "Adafactor: adaptive learning rates with sublinear memory cost", algorithms 4 and 5.)
class XGRAD_API Adafactor : public Optimizer {
  XGRAD_DECLARE_OPTIMIZER(Adafactor, = {})
};

}}}  // namespace torch::xgrad::optim
