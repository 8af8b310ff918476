// Weights that map no vector to one longer than itself.
#pragma once

#include <xgrad/io/fields.h>
#include <xgrad/nn/reparametrisation.h>

namespace torch { inline namespace xgrad { namespace nn::utils {

struct SpectralNormOptions {
  /// Steps of the power iteration before each call in training; at least 1. `dim`: the axis of the outputs, by default 1 for transposed
  /// convolutions and 0 for all else.
  XGRAD_FIELDS((int64_t, n_power_iterations, 1), (double, eps, 1e-12), (std::optional<int64_t>, dim, ))
};

/// weight = W / sigma with sigma = u^T M v, where M is W as a matrix of dim's size rows. u and v come close to the singular vectors of its
/// largest singular value: each call of a module in training takes steps v = M^T u / |M^T u|, u = M v / |M v| from where the last one ended
/// (|.| being at least eps), which the derivative does not see. The parameter weight_orig (W) and the buffers weight_u and weight_v, normal
/// directions at first, take the weight's place, as in Python's torch.nn.utils. Throws a ValueError unless n_power_iterations > 0.
XGRAD_API std::shared_ptr<const Reparametrisation> make_spectral_norm(const Module& module, const SpectralNormOptions& options);

/// Divides the parameter that `member` shows by its spectral norm, and returns the module, a holder, pointer or reference. How it is
/// computed before each call, and what throws: reparametrise().
///
///     auto critic = register_module("critic", spectral_norm(nn::Conv2d(nn::Conv2dOptions(3, 64, 4))));
template <class M> M spectral_norm(M&& module, const ParameterMember& member, const SpectralNormOptions& options = {}) {
  Module& m = internal::module_of(module);
  reparametrise(m, member, make_spectral_norm(m, options));
  return std::forward<M>(module);
}
/// Of the member `weight`.
template <class M> M spectral_norm(M&& module, const SpectralNormOptions& options = {}) {
  return spectral_norm(std::forward<M>(module), &internal::module_class<M>::weight, options);
}

/// Makes what spectral_norm computed a parameter again, the last one. Throws a ValueError unless spectral_norm did.
template <class M> M remove_spectral_norm(M&& module, const ParameterMember& member) {
  remove_reparametrisation(internal::module_of(module), member, "spectral_norm");
  return std::forward<M>(module);
}
template <class M> M remove_spectral_norm(M&& module) { return remove_spectral_norm(std::forward<M>(module), &internal::module_class<M>::weight); }

}}}  // namespace torch::xgrad::nn::utils
