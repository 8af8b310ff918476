#include <xgrad/nn/layers/adaptive_softmax.h>

#include <algorithm>
#include <cmath>
#include <ostream>

#include <xgrad/autograd/ops/ops.h>
#include <xgrad/nn/containers/sequential.h>

namespace torch { inline namespace xgrad { namespace nn {

namespace {

void check_cutoffs(const std::vector<int64_t>& cutoffs, int64_t n_classes) {
  const bool ascending = std::adjacent_find(cutoffs.begin(), cutoffs.end(), std::greater_equal<>()) == cutoffs.end();
  XGRAD_CHECK(
      !cutoffs.empty() && ascending && cutoffs.front() > 0 && cutoffs.back() < n_classes,
      "[AdaptiveLogSoftmaxWithLoss] cutoffs should be a sequence of unique, positive integers sorted in an increasing order, where each value "
      "is between 1 and n_classes-1, got ",
      IntArrayRef(cutoffs), " and n_classes ", n_classes);
}

}  // namespace

AdaptiveLogSoftmaxWithLossImpl::AdaptiveLogSoftmaxWithLossImpl(int64_t in_features, int64_t n_classes, std::vector<int64_t> cutoffs)
    : AdaptiveLogSoftmaxWithLossImpl(AdaptiveLogSoftmaxWithLossOptions(in_features, n_classes, std::move(cutoffs))) {}
AdaptiveLogSoftmaxWithLossImpl::AdaptiveLogSoftmaxWithLossImpl(AdaptiveLogSoftmaxWithLossOptions options_) : options(std::move(options_)) { reset(); }

void AdaptiveLogSoftmaxWithLossImpl::reset() {
  check_cutoffs(options.cutoffs(), options.n_classes());
  cutoffs = options.cutoffs();
  cutoffs.push_back(options.n_classes());
  shortlist_size = cutoffs[0];
  n_clusters = static_cast<int64_t>(cutoffs.size()) - 1;
  head_size = shortlist_size + n_clusters;
  const int64_t features = options.in_features();
  head = register_module("head", Linear(LinearOptions(features, head_size).bias(options.head_bias())));
  tail = register_module("tail", ModuleList());
  for (size_t i = 0; i + 1 < cutoffs.size(); ++i) {
    const auto hidden = static_cast<int64_t>(std::floor(static_cast<double>(features) / std::pow(options.div_value(), i + 1)));
    // libtorch, as it is compiled, draws the second one first.
    const Linear out(LinearOptions(hidden, cutoffs[i + 1] - cutoffs[i]).bias(false)), in(LinearOptions(features, hidden).bias(false));
    tail->push_back(Sequential(in, out));
  }
}

void AdaptiveLogSoftmaxWithLossImpl::reset_parameters() {
  head->reset_parameters();
  for (size_t i = 0; i < tail->size(); ++i) {
    auto& cluster = tail->at<SequentialImpl>(i);
    for (size_t k = 0; k < 2; ++k) cluster.at<LinearImpl>(k).reset_parameters();
  }
}

Tensor AdaptiveLogSoftmaxWithLossImpl::cluster_log_prob(int64_t cluster, const Tensor& input) {
  return log_softmax(tail->at<SequentialImpl>(static_cast<size_t>(cluster)).forward(input), 1);
}

ASMoutput AdaptiveLogSoftmaxWithLossImpl::forward(const Tensor& input, const Tensor& target) {
  const char* const who = "[AdaptiveLogSoftmaxWithLoss] ";
  XGRAD_CHECK(target.dim() <= 1, who, "0D or 1D target tensor expected, multi-target not supported, got shape ", target.sizes());
  XGRAD_CHECK(input.dim() == target.dim() + 1, who, target.dim(), "D target tensor expects ", target.dim() + 1,
              "D input tensors, but found inputs with sizes ", input.sizes());
  const bool batched = target.dim() == 1;
  const Tensor x = batched ? input : input.unsqueeze(0), classes = batched ? target : target.unsqueeze(0);
  XGRAD_CHECK(x.size(0) == classes.size(0), who, "Input and target should have the same size in the batch dimension, got ", input.sizes(), " and ",
              target.sizes());
  if (classes.numel() > 0) {
    const auto least = classes.min().item<int64_t>(), most = classes.max().item<int64_t>();
    XGRAD_CHECK(least >= 0 && most < options.n_classes(), who, "Target values should be in [0, ", options.n_classes() - 1, "], but values in range [",
                least, ", ", most, "] were found");
  }
  Tensor at_head = classes, within = zeros({classes.numel()}, x.options());
  for (int64_t i = 0; i < n_clusters; ++i) {
    const auto k = static_cast<size_t>(i);
    const Tensor inside = classes.ge(cutoffs[k]).logical_and(classes.lt(cutoffs[k + 1])), rows = inside.nonzero().view({-1});
    if (rows.numel() == 0) continue;
    const Tensor relative = classes.index_select(0, rows) - cutoffs[k];
    at_head = at_head.masked_fill(inside, shortlist_size + i);
    within = within.index_add(0, rows, cluster_log_prob(i, x.index_select(0, rows)).gather(1, relative.unsqueeze(1)).squeeze(1));
  }
  const Tensor output = within + log_softmax(head(x), 1).gather(1, at_head.unsqueeze(1)).squeeze(1);
  return {batched ? output : output.squeeze(0), (-output).mean().item<double>()};
}

Tensor AdaptiveLogSoftmaxWithLossImpl::_get_full_log_prob(const Tensor& input, const Tensor& head_output) {
  const Tensor at_head = log_softmax(head_output, 1);
  std::vector<Tensor> parts{at_head.narrow(1, 0, shortlist_size)};
  for (int64_t i = 0; i < n_clusters; ++i) parts.push_back(cluster_log_prob(i, input) + at_head.narrow(1, shortlist_size + i, 1));
  return cat(parts, 1);
}

Tensor AdaptiveLogSoftmaxWithLossImpl::log_prob(const Tensor& input) { return _get_full_log_prob(input, head(input)); }

Tensor AdaptiveLogSoftmaxWithLossImpl::predict(const Tensor& input) {
  const Tensor head_output = head(input), first = head_output.argmax(1);
  const Tensor rows = first.ge(shortlist_size).nonzero().view({-1});
  if (rows.numel() == 0) return first;
  return first.index_copy(0, rows, _get_full_log_prob(input.index_select(0, rows), head_output.index_select(0, rows)).argmax(1));
}

void AdaptiveLogSoftmaxWithLossImpl::pretty_print(std::ostream& stream) const { stream << "torch::nn::AdaptiveLogSoftmaxWithLoss"; }

}}}  // namespace torch::xgrad::nn
