// Losses of a prediction and a target of the same kind, element by element.
#include <xgrad/autograd/ops/loss.h>

#include <xgrad/autograd/kernels/loss.h>
#include <xgrad/autograd/ops/arithmetic.h>
#include <xgrad/autograd/ops/comparison.h>
#include <xgrad/autograd/ops/elementary.h>
#include <xgrad/autograd/ops/loss_reduction.h>
#include <xgrad/autograd/ops/selection.h>
#include <xgrad/autograd/pointwise.h>

namespace xgrad {

namespace {

// A loss f(self - target) whose derivative with respect to the difference is slope(difference).
template <class Slope>
Tensor loss_of_difference(const char* operation, const char* name, const kernels::LoopTable& table, const Tensor& self, const Tensor& target,
                          int64_t reduction, const double* parameter, Slope slope) {
  check_reduction(operation, reduction);
  const Forward elements = pointwise(operation, table, result_type({self, target}), {self, target}, parameter);
  const int64_t n = elements.value().numel();
  return record(name, reduce_elements(elements, reduction),
                wrt(self, [=, x = save(self), t = save(target)](const Tensor& gy) { return slope(*x - *t) * per_element(gy, reduction, n); }),
                wrt(target, [=, x = save(self), t = save(target)](const Tensor& gy) { return slope(*x - *t) * -per_element(gy, reduction, n); }));
}

}  // namespace

Tensor mse_loss(const Tensor& self, const Tensor& target, int64_t reduction) {
  return loss_of_difference("mse_loss", "MseLossBackward0", kernels::squared_difference, self, target, reduction, nullptr,
                            [](const Tensor& d) { return d * 2; });
}

Tensor l1_loss(const Tensor& self, const Tensor& target, int64_t reduction) {
  check_reduction("l1_loss", reduction);
  return reduced((self - target).abs(), reduction);
}

Tensor smooth_l1_loss(const Tensor& self, const Tensor& target, int64_t reduction, double beta) {
  XGRAD_CHECK(beta >= 0, "[smooth_l1_loss] smooth_l1_loss does not support negative values for beta, got ", beta);
  return loss_of_difference("smooth_l1_loss", "SmoothL1LossBackward0", kernels::smooth_l1, self, target, reduction, &beta, [beta](const Tensor& d) {
    return beta == 0 ? d.sign() : where(d.abs() < beta, d / beta, d.sign());
  });
}

Tensor huber_loss(const Tensor& self, const Tensor& target, int64_t reduction, double delta) {
  XGRAD_CHECK(delta > 0, "[huber_loss] huber_loss does not support non-positive values for delta, got ", delta);
  return loss_of_difference("huber_loss", "HuberLossBackward0", kernels::huber, self, target, reduction, &delta, [delta](const Tensor& d) {
    return where(d.abs() <= delta, d, d.sign() * delta);
  });
}

Tensor kl_div(const Tensor& self, const Tensor& target, int64_t reduction, bool log_target) {
  check_reduction("kl_div", reduction);
  return reduced(log_target ? target.exp() * (target - self) : xlogy(target, target) - target * self, reduction);
}

}  // namespace xgrad
