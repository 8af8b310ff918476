#include <xgrad/nn/clip_grad.h>

#include <cmath>

#include <xgrad/autograd/core/step_observer.h>
#include <xgrad/autograd/ops/ops.h>

namespace torch { inline namespace xgrad { namespace nn::utils {

namespace {

std::vector<Tensor> gradients_of(const std::vector<Tensor>& parameters) {
  std::vector<Tensor> gradients;
  for (const Tensor& p : parameters)
    if (p.grad().defined()) gradients.push_back(p.grad().detach());
  return gradients;
}

Tensor norm_of(const Tensor& t, double p) {
  if (t.is_sparse()) return t.norm(p);
  return std::isinf(p) && p > 0 ? t.abs().max() : t.norm(p);
}

// As a 0-d tensor: the norm of the norms.
Tensor joint_norm(const std::vector<Tensor>& gradients, double p) {
  if (p == 0) return full({}, static_cast<double>(gradients.size()));
  std::vector<Tensor> norms;
  for (const Tensor& g : gradients) norms.push_back(norm_of(g, p));
  return norms.size() == 1 ? norms[0] : norm_of(stack(norms), p);
}

}  // namespace

double clip_grad_norm_(std::vector<Tensor> parameters, double max_norm, double norm_type, bool error_if_nonfinite) {
  XGRAD_CHECK_AS(ValueError, max_norm > 0, "[clip_grad_norm_] max_norm must be positive, got ", max_norm);
  NoGradGuard no_grad;
  const std::vector<Tensor> gradients = gradients_of(parameters);
  if (gradients.empty()) return 0;
  const Tensor norm = joint_norm(gradients, norm_type);
  const bool recorded = detail::step_observer && !error_if_nonfinite;  // then launches must not depend on the value
  const double value = recorded ? *norm.to(kDouble).data_ptr<double>() : norm.item<double>();
  XGRAD_CHECK(!error_if_nonfinite || std::isfinite(value), "[clip_grad_norm_] The total norm of order ", norm_type,
              " for gradients from `parameters` is non-finite, so it cannot be clipped, got ", value,
              ". To disable this error and scale the gradients with the non-finite norm anyway, set `error_if_nonfinite=false`");
  const Tensor factor = (max_norm / (norm + 1e-6)).clamp_max(1);
  if (recorded || factor.item<double>() != 1)
    for (const Tensor& g : gradients) {
      if (g.is_sparse()) g.mul_(factor.item());
      else g.mul_(factor);
    }
  return value;
}

double clip_grad_norm_(std::initializer_list<Tensor> parameters, double max_norm, double norm_type, bool error_if_nonfinite) {
  return clip_grad_norm_(std::vector<Tensor>(parameters), max_norm, norm_type, error_if_nonfinite);
}

double clip_grad_norm_(Tensor parameter, double max_norm, double norm_type, bool error_if_nonfinite) {
  return clip_grad_norm_(std::vector<Tensor>{std::move(parameter)}, max_norm, norm_type, error_if_nonfinite);
}

double get_total_norm(const std::vector<Tensor>& tensors, double norm_type) {
  if (tensors.empty()) return 0;
  NoGradGuard no_grad;
  return joint_norm(tensors, norm_type).item<double>();
}

void clip_grad_value_(std::vector<Tensor> parameters, double clip_value) {
  XGRAD_CHECK_AS(ValueError, clip_value >= 0, "[clip_grad_value_] clip_value must not be negative, got ", clip_value);
  NoGradGuard no_grad;
  for (const Tensor& g : gradients_of(parameters)) g.clamp_(Scalar(-clip_value), Scalar(clip_value));
}

void clip_grad_value_(std::initializer_list<Tensor> parameters, double clip_value) { clip_grad_value_(std::vector<Tensor>(parameters), clip_value); }

void clip_grad_value_(Tensor parameter, double clip_value) { clip_grad_value_(std::vector<Tensor>{std::move(parameter)}, clip_value); }

}}}  // namespace torch::xgrad::nn::utils
