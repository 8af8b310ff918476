// Limits on gradients.
#pragma once

#include <initializer_list>
#include <vector>

#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad { namespace nn::utils {

/// Scales the gradients of the parameters together so that their joint norm is at most max_norm, and returns the norm
/// they had. norm_type: 2 by default; infinity for the largest absolute value. Parameters without a gradient count for
/// nothing. Throws unless max_norm > 0, and with error_if_nonfinite also when the norm is infinite or NaN.
XGRAD_API double clip_grad_norm_(std::vector<Tensor> parameters, double max_norm, double norm_type = 2.0, bool error_if_nonfinite = false);
XGRAD_API double clip_grad_norm_(std::initializer_list<Tensor> parameters, double max_norm, double norm_type = 2.0, bool error_if_nonfinite = false);
XGRAD_API double clip_grad_norm_(Tensor parameter, double max_norm, double norm_type = 2.0, bool error_if_nonfinite = false);

/// The joint norm of tensors, such as gradients, in the same sense: of no tensors 0. In PyTorch since 2.6.
XGRAD_API double get_total_norm(const std::vector<Tensor>& tensors, double norm_type = 2.0);

/// Brings every element of the gradients into [-clip_value, clip_value]. Throws unless clip_value >= 0.
XGRAD_API void clip_grad_value_(std::vector<Tensor> parameters, double clip_value);
XGRAD_API void clip_grad_value_(std::initializer_list<Tensor> parameters, double clip_value);
XGRAD_API void clip_grad_value_(Tensor parameter, double clip_value);

}}}  // namespace torch::xgrad::nn::utils
