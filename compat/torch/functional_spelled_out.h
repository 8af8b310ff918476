// The functions of torch::nn::functional with every option an argument of its own, none left out: libtorch's layers are written with these, and
// programs call them too. Not a header of libtorch.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <xgrad/nn/nn.h>

namespace torch { inline namespace xgrad { namespace nn { namespace functional { namespace detail {

#define XGRAD_SPELLED_OUT(name, parameters, arguments) \
  inline auto name parameters { return functional::name arguments; }
XGRAD_SPELLED_OUT(elu, (Tensor input, double alpha, bool inplace), (input, ELUFuncOptions().alpha(alpha).inplace(inplace)))
XGRAD_SPELLED_OUT(selu, (Tensor input, bool inplace), (input, SELUFuncOptions().inplace(inplace)))
XGRAD_SPELLED_OUT(hardshrink, (const Tensor& input, double lambda), (input, HardshrinkFuncOptions().lambda(lambda)))
XGRAD_SPELLED_OUT(hardtanh, (Tensor input, double min_val, double max_val, bool inplace),
                  (input, HardtanhFuncOptions().min_val(min_val).max_val(max_val).inplace(inplace)))
XGRAD_SPELLED_OUT(leaky_relu, (Tensor input, double negative_slope, bool inplace),
                  (input, LeakyReLUFuncOptions().negative_slope(negative_slope).inplace(inplace)))
XGRAD_SPELLED_OUT(gumbel_softmax, (const Tensor& logits, double tau, bool hard, int dim),
                  (logits, GumbelSoftmaxFuncOptions().tau(tau).hard(hard).dim(dim)))
XGRAD_SPELLED_OUT(softmax, (const Tensor& input, int64_t dim, std::optional<ScalarType> dtype), (input, SoftmaxFuncOptions(dim).dtype(dtype)))
XGRAD_SPELLED_OUT(softmin, (const Tensor& input, int64_t dim, std::optional<ScalarType> dtype), (input, SoftminFuncOptions(dim).dtype(dtype)))
XGRAD_SPELLED_OUT(log_softmax, (const Tensor& input, int64_t dim, std::optional<ScalarType> dtype), (input, LogSoftmaxFuncOptions(dim).dtype(dtype)))
XGRAD_SPELLED_OUT(glu, (const Tensor& input, int64_t dim), (input, GLUFuncOptions().dim(dim)))
XGRAD_SPELLED_OUT(gelu, (const Tensor& input, std::string approximate), (input, GELUFuncOptions().approximate(approximate)))
XGRAD_SPELLED_OUT(relu, (Tensor input, bool inplace), (input, ReLUFuncOptions().inplace(inplace)))
XGRAD_SPELLED_OUT(relu6, (Tensor input, bool inplace), (input, ReLU6FuncOptions().inplace(inplace)))
XGRAD_SPELLED_OUT(rrelu, (Tensor input, double lower, double upper, bool training, bool inplace),
                  (input, RReLUFuncOptions().lower(lower).upper(upper).training(training).inplace(inplace)))
XGRAD_SPELLED_OUT(celu, (Tensor input, double alpha, bool inplace), (input, CELUFuncOptions().alpha(alpha).inplace(inplace)))
XGRAD_SPELLED_OUT(softplus, (const Tensor& input, double beta, double threshold), (input, SoftplusFuncOptions().beta(beta).threshold(threshold)))
XGRAD_SPELLED_OUT(softshrink, (const Tensor& input, double lambda), (input, SoftshrinkFuncOptions().lambda(lambda)))
XGRAD_SPELLED_OUT(threshold, (Tensor input, double threshold, double value, bool inplace),
                  (input, ThresholdFuncOptions(threshold, value).inplace(inplace)))
XGRAD_SPELLED_OUT(cosine_similarity, (const Tensor& x1, const Tensor& x2, int64_t dim, double eps),
                  (x1, x2, CosineSimilarityFuncOptions().dim(dim).eps(eps)))
XGRAD_SPELLED_OUT(pairwise_distance, (const Tensor& x1, const Tensor& x2, double p, double eps, bool keepdim),
                  (x1, x2, PairwiseDistanceFuncOptions().p(p).eps(eps).keepdim(keepdim)))
XGRAD_SPELLED_OUT(dropout, (Tensor input, double p, bool training, bool inplace),
                  (input, DropoutFuncOptions().p(p).training(training).inplace(inplace)))
XGRAD_SPELLED_OUT(alpha_dropout, (Tensor input, double p, bool training, bool inplace),
                  (input, AlphaDropoutFuncOptions().p(p).training(training).inplace(inplace)))
XGRAD_SPELLED_OUT(feature_alpha_dropout, (Tensor input, double p, bool training, bool inplace),
                  (input, FeatureAlphaDropoutFuncOptions().p(p).training(training).inplace(inplace)))
XGRAD_SPELLED_OUT(
    embedding,
    (const Tensor& input, const Tensor& weight, std::optional<int64_t> padding_idx, std::optional<double> max_norm, double norm_type,
     bool scale_grad_by_freq, bool sparse),
    (input, weight,
     EmbeddingFuncOptions().padding_idx(padding_idx).max_norm(max_norm).norm_type(norm_type).scale_grad_by_freq(scale_grad_by_freq).sparse(sparse)))
XGRAD_SPELLED_OUT(embedding_bag,
                  (const Tensor& input, const Tensor& weight, const Tensor& offsets, std::optional<double> max_norm, double norm_type,
                   bool scale_grad_by_freq, EmbeddingBagMode mode, bool sparse, const Tensor& per_sample_weights, bool include_last_offset,
                   std::optional<int64_t> padding_idx),
                  (input, weight,
                   EmbeddingBagFuncOptions()
                       .offsets(offsets)
                       .max_norm(max_norm)
                       .norm_type(norm_type)
                       .scale_grad_by_freq(scale_grad_by_freq)
                       .mode(mode)
                       .sparse(sparse)
                       .per_sample_weights(per_sample_weights)
                       .include_last_offset(include_last_offset)
                       .padding_idx(padding_idx)))
XGRAD_SPELLED_OUT(fold,
                  (const Tensor& input, ExpandingArray<2> output_size, ExpandingArray<2> kernel_size, ExpandingArray<2> dilation,
                   ExpandingArray<2> padding, ExpandingArray<2> stride),
                  (input, FoldFuncOptions(output_size, kernel_size).dilation(dilation).padding(padding).stride(stride)))
XGRAD_SPELLED_OUT(unfold,
                  (const Tensor& input, ExpandingArray<2> kernel_size, ExpandingArray<2> dilation, ExpandingArray<2> padding,
                   ExpandingArray<2> stride),
                  (input, UnfoldFuncOptions(kernel_size).dilation(dilation).padding(padding).stride(stride)))
XGRAD_SPELLED_OUT(l1_loss, (const Tensor& input, const Tensor& target, L1LossFuncOptions::reduction_t reduction),
                  (input, target, L1LossFuncOptions().reduction(reduction)))
XGRAD_SPELLED_OUT(kl_div, (const Tensor& input, const Tensor& target, KLDivFuncOptions::reduction_t reduction, bool log_target = false),
                  (input, target, KLDivFuncOptions().reduction(reduction).log_target(log_target)))
XGRAD_SPELLED_OUT(mse_loss, (const Tensor& input, const Tensor& target, MSELossFuncOptions::reduction_t reduction),
                  (input, target, MSELossFuncOptions().reduction(reduction)))
XGRAD_SPELLED_OUT(binary_cross_entropy,
                  (const Tensor& input, const Tensor& target, const Tensor& weight, BinaryCrossEntropyFuncOptions::reduction_t reduction),
                  (input, target, BinaryCrossEntropyFuncOptions().weight(weight).reduction(reduction)))
XGRAD_SPELLED_OUT(hinge_embedding_loss,
                  (const Tensor& input, const Tensor& target, double margin, HingeEmbeddingLossFuncOptions::reduction_t reduction),
                  (input, target, HingeEmbeddingLossFuncOptions().margin(margin).reduction(reduction)))
XGRAD_SPELLED_OUT(multi_margin_loss,
                  (const Tensor& input, const Tensor& target, int64_t p, double margin, const Tensor& weight,
                   MultiMarginLossFuncOptions::reduction_t reduction),
                  (input, target, MultiMarginLossFuncOptions().p(p).margin(margin).weight(weight).reduction(reduction)))
XGRAD_SPELLED_OUT(cosine_embedding_loss,
                  (const Tensor& input1, const Tensor& input2, const Tensor& target, double margin,
                   CosineEmbeddingLossFuncOptions::reduction_t reduction),
                  (input1, input2, target, CosineEmbeddingLossFuncOptions().margin(margin).reduction(reduction)))
XGRAD_SPELLED_OUT(smooth_l1_loss, (const Tensor& input, const Tensor& target, SmoothL1LossFuncOptions::reduction_t reduction, double beta = 1.),
                  (input, target, SmoothL1LossFuncOptions().reduction(reduction).beta(beta)))
XGRAD_SPELLED_OUT(huber_loss, (const Tensor& input, const Tensor& target, HuberLossFuncOptions::reduction_t reduction, double delta = 1.),
                  (input, target, HuberLossFuncOptions().reduction(reduction).delta(delta)))
XGRAD_SPELLED_OUT(multilabel_margin_loss, (const Tensor& input, const Tensor& target, MultilabelMarginLossFuncOptions::reduction_t reduction),
                  (input, target, MultilabelMarginLossFuncOptions().reduction(reduction)))
XGRAD_SPELLED_OUT(soft_margin_loss, (const Tensor& input, const Tensor& target, SoftMarginLossFuncOptions::reduction_t reduction),
                  (input, target, SoftMarginLossFuncOptions().reduction(reduction)))
XGRAD_SPELLED_OUT(multilabel_soft_margin_loss,
                  (const Tensor& input, const Tensor& target, const Tensor& weight, MultilabelSoftMarginLossFuncOptions::reduction_t reduction),
                  (input, target, MultilabelSoftMarginLossFuncOptions().weight(weight).reduction(reduction)))
XGRAD_SPELLED_OUT(triplet_margin_loss,
                  (const Tensor& anchor, const Tensor& positive, const Tensor& negative, double margin, double p, double eps, bool swap,
                   TripletMarginLossFuncOptions::reduction_t reduction),
                  (anchor, positive, negative, TripletMarginLossFuncOptions().margin(margin).p(p).eps(eps).swap(swap).reduction(reduction)))
XGRAD_SPELLED_OUT(triplet_margin_with_distance_loss,
                  (const Tensor& anchor, const Tensor& positive, const Tensor& negative,
                   std::optional<TripletMarginWithDistanceLossFuncOptions::distance_function_t> distance_function, double margin, bool swap,
                   TripletMarginWithDistanceLossFuncOptions::reduction_t reduction),
                  (anchor, positive, negative,
                   TripletMarginWithDistanceLossFuncOptions().distance_function(distance_function).margin(margin).swap(swap).reduction(reduction)))
XGRAD_SPELLED_OUT(ctc_loss,
                  (const Tensor& log_probs, const Tensor& targets, const Tensor& input_lengths, const Tensor& target_lengths, int64_t blank,
                   CTCLossFuncOptions::reduction_t reduction, bool zero_infinity),
                  (log_probs, targets, input_lengths, target_lengths,
                   CTCLossFuncOptions().blank(blank).reduction(reduction).zero_infinity(zero_infinity)))
XGRAD_SPELLED_OUT(poisson_nll_loss,
                  (const Tensor& input, const Tensor& target, bool log_input, bool full, double eps,
                   PoissonNLLLossFuncOptions::reduction_t reduction),
                  (input, target, PoissonNLLLossFuncOptions().log_input(log_input).full(full).eps(eps).reduction(reduction)))
XGRAD_SPELLED_OUT(margin_ranking_loss,
                  (const Tensor& input1, const Tensor& input2, const Tensor& target, double margin,
                   MarginRankingLossFuncOptions::reduction_t reduction),
                  (input1, input2, target, MarginRankingLossFuncOptions().margin(margin).reduction(reduction)))
XGRAD_SPELLED_OUT(nll_loss,
                  (const Tensor& input, const Tensor& target, const Tensor& weight, int64_t ignore_index, NLLLossFuncOptions::reduction_t reduction),
                  (input, target, NLLLossFuncOptions().weight(weight).ignore_index(ignore_index).reduction(reduction)))
XGRAD_SPELLED_OUT(cross_entropy,
                  (const Tensor& input, const Tensor& target, const Tensor& weight, int64_t ignore_index,
                   CrossEntropyFuncOptions::reduction_t reduction, double label_smoothing),
                  (input, target,
                   CrossEntropyFuncOptions().weight(weight).ignore_index(ignore_index).reduction(reduction).label_smoothing(label_smoothing)))
XGRAD_SPELLED_OUT(binary_cross_entropy_with_logits,
                  (const Tensor& input, const Tensor& target, const Tensor& weight, BinaryCrossEntropyWithLogitsFuncOptions::reduction_t reduction,
                   const Tensor& pos_weight),
                  (input, target, BinaryCrossEntropyWithLogitsFuncOptions().weight(weight).reduction(reduction).pos_weight(pos_weight)))
XGRAD_SPELLED_OUT(normalize, (const Tensor& input, double p, int64_t dim, double eps, std::optional<Tensor> out),
                  (input, NormalizeFuncOptions().p(p).dim(dim).eps(eps).out(out)))
XGRAD_SPELLED_OUT(layer_norm,
                  (const Tensor& input, const std::vector<int64_t>& normalized_shape, const Tensor& weight, const Tensor& bias, double eps),
                  (input, LayerNormFuncOptions(normalized_shape).weight(weight).bias(bias).eps(eps)))
XGRAD_SPELLED_OUT(local_response_norm, (const Tensor& input, int64_t size, double alpha, double beta, double k),
                  (input, LocalResponseNormFuncOptions(size).alpha(alpha).beta(beta).k(k)))
XGRAD_SPELLED_OUT(group_norm, (const Tensor& input, int64_t num_groups, const Tensor& weight, const Tensor& bias, double eps),
                  (input, GroupNormFuncOptions(num_groups).weight(weight).bias(bias).eps(eps)))
XGRAD_SPELLED_OUT(pad, (const Tensor& input, IntArrayRef pad, PadFuncOptions::mode_t mode, double value),
                  (input, PadFuncOptions(pad).mode(mode).value(value)))
XGRAD_SPELLED_OUT(pixel_shuffle, (const Tensor& input, int64_t upscale_factor), (input, PixelShuffleFuncOptions(upscale_factor)))
XGRAD_SPELLED_OUT(pixel_unshuffle, (const Tensor& input, int64_t downscale_factor), (input, PixelUnshuffleFuncOptions(downscale_factor)))
XGRAD_SPELLED_OUT(avg_pool1d,
                  (const Tensor& input, ExpandingArray<1> kernel_size, ExpandingArray<1> stride, ExpandingArray<1> padding, bool ceil_mode,
                   bool count_include_pad),
                  (input,
                   AvgPool1dFuncOptions(kernel_size).stride(stride).padding(padding).ceil_mode(ceil_mode).count_include_pad(count_include_pad)))
XGRAD_SPELLED_OUT(adaptive_max_pool1d_with_indices, (const Tensor& input, ExpandingArray<1> output_size),
                  (input, AdaptiveMaxPool1dFuncOptions(output_size)))
XGRAD_SPELLED_OUT(adaptive_max_pool1d, (const Tensor& input, ExpandingArray<1> output_size), (input, AdaptiveMaxPool1dFuncOptions(output_size)))
XGRAD_SPELLED_OUT(adaptive_avg_pool1d, (const Tensor& input, ExpandingArray<1> output_size), (input, AdaptiveAvgPool1dFuncOptions(output_size)))
XGRAD_SPELLED_OUT(interpolate,
                  (const Tensor& input, const std::optional<std::vector<int64_t>>& size, const std::optional<std::vector<double>>& scale_factor,
                   InterpolateFuncOptions::mode_t mode, std::optional<bool> align_corners, std::optional<bool> recompute_scale_factor,
                   bool antialias),
                  (input, InterpolateFuncOptions()
                              .size(size)
                              .scale_factor(scale_factor)
                              .mode(mode)
                              .align_corners(align_corners)
                              .recompute_scale_factor(recompute_scale_factor)
                              .antialias(antialias)))
XGRAD_SPELLED_OUT(grid_sample,
                  (const Tensor& input, const Tensor& grid, GridSampleFuncOptions::mode_t mode, GridSampleFuncOptions::padding_mode_t padding_mode,
                   std::optional<bool> align_corners),
                  (input, grid, GridSampleFuncOptions().mode(mode).padding_mode(padding_mode).align_corners(align_corners)))

// Of images with D axes.
#define XGRAD_SPELLED_OUT_ONE_TO_THREE(D)                                                                                                            \
  XGRAD_SPELLED_OUT(conv##D##d,                                                                                                                      \
                    (const Tensor& input, const Tensor& weight, const Tensor& bias, ExpandingArray<D> stride,                                        \
                     const Conv##D##dFuncOptions::padding_t& padding, ExpandingArray<D> dilation, int64_t groups),                                   \
                    (input, weight, Conv##D##dFuncOptions().bias(bias).stride(stride).padding(padding).dilation(dilation).groups(groups)))           \
  XGRAD_SPELLED_OUT(conv_transpose##D##d,                                                                                                            \
                    (const Tensor& input, const Tensor& weight, const Tensor& bias, IntArrayRef stride, IntArrayRef padding,                         \
                     IntArrayRef output_padding, int64_t groups, IntArrayRef dilation),                                                              \
                    (input, weight,                                                                                                                  \
                     ConvTranspose##D##dFuncOptions()                                                                                                \
                         .bias(bias)                                                                                                                 \
                         .stride(stride)                                                                                                             \
                         .padding(padding)                                                                                                           \
                         .output_padding(output_padding)                                                                                             \
                         .groups(groups)                                                                                                             \
                         .dilation(dilation)))                                                                                                       \
  XGRAD_SPELLED_OUT(max_pool##D##d,                                                                                                                  \
                    (const Tensor& input, ExpandingArray<D> kernel_size, ExpandingArray<D> stride, ExpandingArray<D> padding,                        \
                     ExpandingArray<D> dilation, bool ceil_mode),                                                                                    \
                    (input, MaxPool##D##dFuncOptions(kernel_size).stride(stride).padding(padding).dilation(dilation).ceil_mode(ceil_mode)))          \
  XGRAD_SPELLED_OUT(max_pool##D##d_with_indices,                                                                                                     \
                    (const Tensor& input, ExpandingArray<D> kernel_size, ExpandingArray<D> stride, ExpandingArray<D> padding,                        \
                     ExpandingArray<D> dilation, bool ceil_mode),                                                                                    \
                    (input, MaxPool##D##dFuncOptions(kernel_size).stride(stride).padding(padding).dilation(dilation).ceil_mode(ceil_mode)))          \
  XGRAD_SPELLED_OUT(max_unpool##D##d,                                                                                                                \
                    (const Tensor& input, const Tensor& indices, ExpandingArray<D> kernel_size, ExpandingArray<D> stride, ExpandingArray<D> padding, \
                     const std::optional<std::vector<int64_t>>& output_size),                                                                        \
                    (input, indices, MaxUnpool##D##dFuncOptions(kernel_size).stride(stride).padding(padding).output_size(output_size)))
XGRAD_SPELLED_OUT_ONE_TO_THREE(1)
XGRAD_SPELLED_OUT_ONE_TO_THREE(2)
XGRAD_SPELLED_OUT_ONE_TO_THREE(3)
#undef XGRAD_SPELLED_OUT_ONE_TO_THREE

#define XGRAD_SPELLED_OUT_TWO_AND_THREE(D)                                                                                                           \
  XGRAD_SPELLED_OUT(dropout##D##d, (Tensor input, double p, bool training, bool inplace),                                                            \
                    (input, Dropout##D##dFuncOptions().p(p).training(training).inplace(inplace)))                                                    \
  XGRAD_SPELLED_OUT(avg_pool##D##d,                                                                                                                  \
                    (const Tensor& input, ExpandingArray<D> kernel_size, ExpandingArray<D> stride, ExpandingArray<D> padding, bool ceil_mode,        \
                     bool count_include_pad, std::optional<int64_t> divisor_override),                                                               \
                    (input, AvgPool##D##dFuncOptions(kernel_size)                                                                                    \
                                .stride(stride)                                                                                                      \
                                .padding(padding)                                                                                                    \
                                .ceil_mode(ceil_mode)                                                                                                \
                                .count_include_pad(count_include_pad)                                                                                \
                                .divisor_override(divisor_override)))                                                                                \
  XGRAD_SPELLED_OUT(adaptive_max_pool##D##d_with_indices, (const Tensor& input, ExpandingArrayWithOptionalElem<D> output_size),                      \
                    (input, AdaptiveMaxPool##D##dFuncOptions(output_size)))                                                                          \
  XGRAD_SPELLED_OUT(adaptive_max_pool##D##d, (const Tensor& input, ExpandingArrayWithOptionalElem<D> output_size),                                   \
                    (input, AdaptiveMaxPool##D##dFuncOptions(output_size)))                                                                          \
  XGRAD_SPELLED_OUT(adaptive_avg_pool##D##d, (const Tensor& input, ExpandingArrayWithOptionalElem<D> output_size),                                   \
                    (input, AdaptiveAvgPool##D##dFuncOptions(output_size)))                                                                          \
  XGRAD_SPELLED_OUT(                                                                                                                                 \
      fractional_max_pool##D##d_with_indices,                                                                                                        \
      (const Tensor& input, const ExpandingArray<D>& kernel_size, const std::optional<ExpandingArray<D>>& output_size,                               \
       const std::optional<ExpandingArray<D, double>>& output_ratio, const Tensor& _random_samples),                                                 \
      (input, FractionalMaxPool##D##dFuncOptions(kernel_size).output_size(output_size).output_ratio(output_ratio)._random_samples(_random_samples))) \
  XGRAD_SPELLED_OUT(                                                                                                                                 \
      fractional_max_pool##D##d,                                                                                                                     \
      (const Tensor& input, ExpandingArray<D> kernel_size, std::optional<ExpandingArray<D>> output_size,                                             \
       std::optional<ExpandingArray<D, double>> output_ratio, const Tensor& _random_samples),                                                        \
      (input, FractionalMaxPool##D##dFuncOptions(kernel_size).output_size(output_size).output_ratio(output_ratio)._random_samples(_random_samples)))
XGRAD_SPELLED_OUT_TWO_AND_THREE(2)
XGRAD_SPELLED_OUT_TWO_AND_THREE(3)
#undef XGRAD_SPELLED_OUT_TWO_AND_THREE

#define XGRAD_SPELLED_OUT_ONE_AND_TWO(D)                                                                                                             \
  XGRAD_SPELLED_OUT(lp_pool##D##d, (const Tensor& input, double norm_type, ExpandingArray<D> kernel_size, ExpandingArray<D> stride, bool ceil_mode), \
                    (input, LPPool##D##dFuncOptions(norm_type, kernel_size).stride(stride).ceil_mode(ceil_mode)))
XGRAD_SPELLED_OUT_ONE_AND_TWO(1)
XGRAD_SPELLED_OUT_ONE_AND_TWO(2)
#undef XGRAD_SPELLED_OUT_ONE_AND_TWO

#undef XGRAD_SPELLED_OUT

}}}}}  // namespace torch::xgrad::nn::functional::detail
