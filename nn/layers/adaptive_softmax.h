// The adaptive softmax: a log-softmax over many classes of which few are frequent.
#pragma once

#include <cstdint>
#include <vector>

#include <xgrad/io/fields.h>
#include <xgrad/nn/cloneable.h>
#include <xgrad/nn/containers/module_list.h>
#include <xgrad/nn/layers/linear.h>

namespace torch { inline namespace xgrad { namespace nn {

/// Log-probabilities of the targets, [batch] or 0-d, and the mean of their negatives. Gradients flow through `output`.
struct ASMoutput {
  ASMoutput(Tensor output_, double loss_) : output(std::move(output_)), loss(loss_) {}

  Tensor output;
  double loss;
};

/// cutoffs: where clusters of classes end, ascending, from 1 through n_classes - 1. Cluster i is seen through
/// in_features / div_value^i features. head_bias: the head has a bias.
struct AdaptiveLogSoftmaxWithLossOptions {
  AdaptiveLogSoftmaxWithLossOptions(int64_t in_features, int64_t n_classes, std::vector<int64_t> cutoffs)
      : in_features_(in_features), n_classes_(n_classes), cutoffs_(std::move(cutoffs)) {}
  using cutoffs_t = std::vector<int64_t>;
  XGRAD_FIELDS((int64_t, in_features, ), (int64_t, n_classes, ), (cutoffs_t, cutoffs, ), (double, div_value, 4.0), (bool, head_bias, false))
};

/// The classes below the first cutoff, the shortlist, and one for each cluster share the softmax of `head`; within a cluster its part of
/// `tail` has a softmax of its own. (Grave et al. 2017, https://arxiv.org/abs/1609.04309.)
class XGRAD_API AdaptiveLogSoftmaxWithLossImpl : public Cloneable<AdaptiveLogSoftmaxWithLossImpl> {
 public:
  AdaptiveLogSoftmaxWithLossImpl(int64_t in_features, int64_t n_classes, std::vector<int64_t> cutoffs);
  /// Throws for cutoffs that are not as the options say.
  explicit AdaptiveLogSoftmaxWithLossImpl(AdaptiveLogSoftmaxWithLossOptions options_);

  /// input [batch, in_features] with the classes [batch], or one row of features with a 0-d class. Throws for other shapes and for classes
  /// outside [0, n_classes).
  ASMoutput forward(const Tensor& input, const Tensor& target);
  void reset() override;
  /// Draws new initial values.
  void reset_parameters();
  void pretty_print(std::ostream& stream) const override;

  /// The log-probabilities [batch, n_classes] of all classes; _get_full_log_prob knows head(input) already.
  Tensor _get_full_log_prob(const Tensor& input, const Tensor& head_output);
  Tensor log_prob(const Tensor& input);
  /// The likeliest class of each row, [batch]: log_prob(input).argmax(1), without the clusters where the head decides.
  Tensor predict(const Tensor& input);

  AdaptiveLogSoftmaxWithLossOptions options;
  std::vector<int64_t> cutoffs;  ///< those of the options, and n_classes
  int64_t shortlist_size = 0;
  int64_t n_clusters = 0;
  int64_t head_size = 0;  ///< shortlist_size + n_clusters
  Linear head = nullptr;
  ModuleList tail;

 private:
  Tensor cluster_log_prob(int64_t cluster, const Tensor& input);
};
TORCH_MODULE(AdaptiveLogSoftmaxWithLoss);

}}}  // namespace torch::xgrad::nn
