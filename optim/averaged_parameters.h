// Averages of parameters over a training.
#pragma once

#include <optional>
#include <vector>

#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad {
namespace serialize {
class OutputArchive;
class InputArchive;
}  // namespace serialize

namespace optim {

/// The mean of all values that parameters had when update() was called, or, given a decay, the running mean decay * mean + (1 - decay) *
/// value, which begins with the first value. Often better than the last values. (Izmailov et al. 2018, "Averaging weights leads to wider optima and
/// better generalization"; Polyak and Juditsky 1992.)
///
///     optim::AveragedParameters average(net->parameters(), 0.999);
///     for (...) { optimizer.step(); average.update(); }
///     average.swap();  // evaluate, save
///     average.swap();  // train on
///
/// A net with batch normalisation has statistics of its own values: let them run over the data again after swap().
class XGRAD_API AveragedParameters {
 public:
  /// Throws for no parameters, one that is undefined, and a decay outside [0, 1).
  explicit AveragedParameters(std::vector<Tensor> parameters, std::optional<double> decay = std::nullopt);

  /// Takes the parameters' values into the averages. Throws while they are swapped.
  void update();
  /// Exchanges the values of parameters and averages. Throws before the first update().
  void swap();
  /// The averages, in the order of the parameters; those of the first update() on.
  const std::vector<Tensor>& averages() const { return averages_; }
  int64_t updates() const { return updates_; }

  /// The averages and the number of updates. Saving throws while they are swapped; loading for other shapes, and then nothing is changed.
  void save(serialize::OutputArchive& archive) const;
  void load(serialize::InputArchive& archive);

 private:
  std::vector<Tensor> parameters_, averages_;
  std::optional<double> decay_;
  int64_t updates_ = 0;
  bool swapped_ = false;
};

}  // namespace optim
}}  // namespace torch::xgrad
