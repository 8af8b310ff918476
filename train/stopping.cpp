#include <xgrad/train/stopping.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include <xgrad/autograd/core/grad_mode.h>
#include <xgrad/autograd/ops/ops.h>
#include <xgrad/autograd/tensor/copy.h>
#include <xgrad/io/tensor_list.h>
#include <xgrad/nn/clip_grad.h>
#include <xgrad/nn/module.h>

namespace torch { inline namespace xgrad { namespace train {

EarlyStopping::EarlyStopping(EarlyStoppingOptions options)
    : options_(options), best_(options.mode() == Mode::min ? std::numeric_limits<double>::infinity() : -std::numeric_limits<double>::infinity()) {
  XGRAD_CHECK_AS(ValueError, options.patience() >= 1, "[EarlyStopping] patience must be at least 1, got ", options.patience());
  XGRAD_CHECK_AS(ValueError, options.min_delta() >= 0, "[EarlyStopping] min_delta must not be negative, got ", options.min_delta());
}

EarlyStopping::EarlyStopping(EarlyStoppingOptions options, const nn::Module& module) : EarlyStopping(options) {
  for (const std::vector<Tensor>& tensors : {module.parameters(), module.buffers()})
    for (const Tensor& t : tensors)
      if (t.defined()) watched_.push_back(t);
}

bool EarlyStopping::step(double value) {
  const double better_by = options_.mode() == Mode::min ? best_ - value : value - best_;
  // The first number is an improvement, were it infinite.
  if (best_step_ == 0 ? value == value : better_by > options_.min_delta()) {
    std::vector<Tensor> weights;
    for (const Tensor& t : watched_) weights.push_back(copy_of(t, t.dtype()));
    weights_ = std::move(weights);
    best_ = value;
    best_step_ = steps_ + 1;
  }
  ++steps_;
  return steps_ - best_step_ >= options_.patience();
}

void EarlyStopping::restore() const {
  NoGradGuard no_grad;
  for (size_t i = 0; i < weights_.size(); ++i) watched_[i].copy_(weights_[i]);
}

void EarlyStopping::save(serialize::OutputArchive& archive) const {
  archive.write("best", IValue(best_));
  archive.write("best_step", IValue(best_step_));
  archive.write("steps", IValue(steps_));
  serialize::write_list(archive, "weights", weights_);
}

void EarlyStopping::load(serialize::InputArchive& archive) {
  IValue best, best_step, steps;
  archive.read("best", best);
  archive.read("best_step", best_step);
  archive.read("steps", steps);
  std::vector<Tensor> weights = serialize::read_list(archive, "weights");
  XGRAD_CHECK(best_step.toInt() >= 0 && best_step.toInt() <= steps.toInt(), "[load] the best step must be one of ", steps.toInt(), ", got ",
              best_step.toInt());
  const size_t expected = best_step.toInt() ? watched_.size() : 0;
  XGRAD_CHECK(weights.size() == expected, "[load] expected the weights of a module with ", expected, " parameters and buffers, got ", weights.size());
  for (size_t i = 0; i < expected; ++i)
    XGRAD_CHECK(weights[i].defined() && weights[i].sizes() == watched_[i].sizes() && weights[i].dtype() == watched_[i].dtype(),
                "[load] weights of early stopping must be as the module's, ", watched_[i], ", got ", weights[i]);
  const double best_value = best.toDouble();
  weights_ = std::move(weights);
  best_ = best_value;
  best_step_ = best_step.toInt();
  steps_ = steps.toInt();
}

GradientNormStopping::GradientNormStopping(double eps, double norm_type)
    : eps_(eps), norm_type_(norm_type), norm_(std::numeric_limits<double>::quiet_NaN()) {
  XGRAD_CHECK_AS(ValueError, eps > 0, "[GradientNormStopping] eps must be positive, got ", eps);
}

bool GradientNormStopping::step(const std::vector<Tensor>& parameters) {
  std::vector<Tensor> gradients;
  for (const Tensor& p : parameters)
    if (p.grad().defined()) gradients.push_back(p.grad());
  XGRAD_CHECK(!gradients.empty(), "[GradientNormStopping] a parameter must have a gradient, got none among ", parameters.size());
  norm_ = nn::utils::get_total_norm(gradients, norm_type_);
  return norm_ < eps_;
}

}}}  // namespace torch::xgrad::train
