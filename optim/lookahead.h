// Lookahead: slow parameters that follow fast ones.
#pragma once

#include <vector>

#include <xgrad/optim/optimizer.h>

namespace torch { inline namespace xgrad { namespace optim {

/// Makes the steps of another optimizer, and after every k-th pulls its parameters back: slow += alpha * (p - slow), p = slow. (Zhang et al.
/// 2019, "Lookahead optimizer: k steps forward, 1 step back".) The other optimizer must outlive it, keep its parameters, and be the one that
/// schedules and zero_grad() speak to.
class XGRAD_API Lookahead {
 public:
  /// Throws unless k >= 1 and alpha is in [0, 1].
  explicit Lookahead(Optimizer& fast, int64_t k = 5, double alpha = 0.5);

  Tensor step(Optimizer::LossClosure closure = nullptr);

  /// The slow parameters and the steps since they moved; the other optimizer is saved by itself. Loading throws for other shapes, and then
  /// nothing is changed.
  void save(serialize::OutputArchive& archive) const;
  void load(serialize::InputArchive& archive);

 private:
  Optimizer& fast_;
  std::vector<Tensor> parameters_, slow_;
  int64_t k_, steps_ = 0;
  double alpha_;
};

}  // namespace optim
}}  // namespace torch::xgrad
