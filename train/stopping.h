// When to end training.
#pragma once

#include <vector>

#include <xgrad/autograd/tensor/tensor.h>
#include <xgrad/io/fields.h>

namespace torch { inline namespace xgrad {
namespace nn {
class Module;
}  // namespace nn
namespace serialize {
class OutputArchive;
class InputArchive;
}  // namespace serialize

namespace train {

enum class Mode { min, max };

struct EarlyStoppingOptions {
  explicit EarlyStoppingOptions(int64_t patience = 5) : patience_(patience) {}
  /// How many steps in a row may pass without an improvement before the last of them ends training; at least 1.
  XGRAD_ARG(int64_t, patience);
  /// An improvement is a value better than the best by more than this; at least 0.
  XGRAD_ARG(double, min_delta) = 0;
  /// Whether smaller or larger values are better.
  XGRAD_ARG(Mode, mode) = Mode::min;
};

/// Watches a number, such as the validation loss, and remembers the weights it was best with:
///
///     EarlyStopping stopping(EarlyStoppingOptions(10), *net);
///     for (...) { ...; if (stopping.step(validation_loss)) break; }
///     stopping.restore();
///
/// NaN is never an improvement.
class XGRAD_API EarlyStopping {
 public:
  /// Throws unless options are in their ranges.
  explicit EarlyStopping(EarlyStoppingOptions options = EarlyStoppingOptions());
  /// Copies the parameters and buffers of `module` at every improvement. Those that it has now are meant; the module itself is not kept.
  EarlyStopping(EarlyStoppingOptions options, const nn::Module& module);

  /// The next value; true iff training should end now.
  bool step(double value);
  /// True iff the last value was an improvement.
  bool improved() const noexcept { return steps_ > 0 && best_step_ == steps_; }
  /// The best value; without one the worst there is.
  double best() const noexcept { return best_; }
  /// The step, from 1, of the best value; 0 without one.
  int64_t best_step() const noexcept { return best_step_; }
  int64_t steps() const noexcept { return steps_; }

  /// Gives the module's parameters and buffers the elements they had at the best step; nothing happens if there was none, or no module.
  void restore() const;

  /// All that it remembers, the weights too. load() throws, and changes nothing, when they are of another module.
  void save(serialize::OutputArchive& archive) const;
  void load(serialize::InputArchive& archive);

 private:
  EarlyStoppingOptions options_;
  std::vector<Tensor> watched_, weights_;  // the module's, and copies from the best step: none before
  double best_;
  int64_t best_step_ = 0, steps_ = 0;
};

/// Ends descent where the gradient vanishes: when the joint norm of all gradients is under `eps`.
class XGRAD_API GradientNormStopping {
 public:
  /// norm_type as in nn::utils::clip_grad_norm_. Throws unless eps > 0.
  explicit GradientNormStopping(double eps, double norm_type = 2.0);
  /// After backward(): true iff the norm of the parameters' gradients is under eps, which NaN is not. Throws when none has a gradient.
  bool step(const std::vector<Tensor>& parameters);
  /// That of the last step; NaN before.
  double norm() const noexcept { return norm_; }

 private:
  double eps_, norm_type_, norm_;
};

}  // namespace train
}}  // namespace torch::xgrad
