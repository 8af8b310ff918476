// Class labels as losses read them.
#pragma once

#include <xgrad/autograd/core/shape.h>
#include <xgrad/autograd/graph/record.h>
#include <xgrad/autograd/kernels/pointwise/loss.h>

namespace torch { inline namespace xgrad {

/// What the losses of class labels and their derivatives share: everything but the log-probabilities.
struct ClassPicks {
  Dims sizes;             // of the log-probabilities: [classes], or [samples, classes, ...]
  Tensor labels, weight;  // row-major; the weight may be undefined
  int64_t ignored, reduction;

  kernels::ClassTargets targets() const {
    const int axis = sizes.size() == 1 ? 0 : 1;
    const int64_t inner = numel_of(IntArrayRef(sizes).slice(static_cast<size_t>(axis) + 1));
    return {labels.dtype(), labels.data_ptr(), axis == 0 ? 1 : sizes[0], sizes[axis], inner, ignored};
  }
  const void* weights() const { return weight.defined() ? weight.data_ptr() : nullptr; }
};

/// The same for a derivative, which must notice when labels or weight were edited.
class SavedPicks {
 public:
  explicit SavedPicks(const ClassPicks& picks)
      : sizes_(picks.sizes), labels_(save(picks.labels)), weight_(save(picks.weight)), ignored_(picks.ignored), reduction_(picks.reduction) {}
  ClassPicks get() const { return {sizes_, *labels_, *weight_, ignored_, reduction_}; }

 private:
  Dims sizes_;
  SavedTensor labels_, weight_;
  int64_t ignored_, reduction_;
};

/// Labels and weight for predictions `self`, checked: throws as nll_loss does.
ClassPicks picks_of(const Tensor& self, const Tensor& target, const std::optional<Tensor>& weight, int64_t reduction, int64_t ignore_index);

/// The weighted, negated log-probabilities at the labels, reduced; differentiable in logp.
Tensor pick(const Tensor& logp, const ClassPicks& picks);

/// The gradient of the log-probabilities for a gradient of nll_loss, exactly zero wherever no label points; differentiable in
/// gy. `total_weight`, the sum of the labels' weights, is read for means only. It doesn't depend on `logp` but is part of its graph.
Tensor scatter_picks(const Tensor& gy, const ClassPicks& picks, const Tensor& total_weight, const Tensor& logp = Tensor());

/// cross_entropy_loss of labels without smoothing for logits [classes] or [samples, classes], in one pass over them.
Tensor cross_entropy_of_picks(const Tensor& self, const ClassPicks& picks);

}}  // namespace torch::xgrad
