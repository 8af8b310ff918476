// Normalisation: (x - mean) / sqrt(variance + eps) * weight + bias, the mean and the variance about it (over n, not n - 1) being taken of
// parts of the input. Weight and bias may be left out; they have the input's dtype, as have running statistics, which take no gradient.
// Floating dtypes. All throw, before anything has changed, where shapes or dtypes don't fit. Every order of derivative exists. Flags for
// cuDNN have no meaning here.
#pragma once

#include <optional>

#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad {

/// Moments of each channel, axis 1 of [N, C, ...], over everything else: the batch's in training, when the running ones, if given, become
/// (1 - momentum) of themselves and momentum of the batch's (variance over n - 1); the running ones otherwise.
XGRAD_API Tensor batch_norm(const Tensor& input, const std::optional<Tensor>& weight, const std::optional<Tensor>& bias,
                            const std::optional<Tensor>& running_mean, const std::optional<Tensor>& running_var, bool training, double momentum,
                            double eps, bool cudnn_enabled = true);

/// Moments of each channel of each sample. Running statistics, the same for all samples, follow the mean of theirs.
XGRAD_API Tensor instance_norm(const Tensor& input, const std::optional<Tensor>& weight, const std::optional<Tensor>& bias,
                               const std::optional<Tensor>& running_mean, const std::optional<Tensor>& running_var, bool use_input_stats,
                               double momentum, double eps, bool cudnn_enabled = true);

/// Moments over the last axes, whose sizes `normalized_shape` names; weight and bias have that shape.
XGRAD_API Tensor layer_norm(const Tensor& input, IntArrayRef normalized_shape, const std::optional<Tensor>& weight = {},
                            const std::optional<Tensor>& bias = {}, double eps = 1e-5, bool cudnn_enable = true);

/// Moments of each of num_groups groups of neighbouring channels of each sample; weight and bias have an element for each channel.
XGRAD_API Tensor group_norm(const Tensor& input, int64_t num_groups, const std::optional<Tensor>& weight = {}, const std::optional<Tensor>& bias = {},
                            double eps = 1e-5, bool cudnn_enabled = true);

/// The norm, sum(|v|^pow)^(1/pow), over all axes but `dim`, which are kept with size 1; with dim = -1, which is not the last axis, over all:
/// 0-d. Throws an IndexError for an axis that v has not.
XGRAD_API Tensor norm_except_dim(const Tensor& v, int64_t pow = 2, int64_t dim = 0);

/// v g / norm_except_dim(v, 2, dim): directions v of lengths g, which broadcasts. NaN where the norm is 0.
XGRAD_API Tensor _weight_norm(const Tensor& v, const Tensor& g, int64_t dim = 0);

}}  // namespace torch::xgrad
