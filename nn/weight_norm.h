// Weights as length times direction, trained apart.
#pragma once

#include <xgrad/nn/reparametrisation.h>

namespace torch { inline namespace xgrad { namespace nn::utils {

/// weight = g v / |v|, norms of v being taken over all axes but `dim`, or over all without it (std::nullopt or -1); see _weight_norm.
/// The parameters weight_g (the norms the weight has now) and weight_v (its elements) take its place, as in Python's torch.nn.utils.
XGRAD_API std::shared_ptr<const Reparametrisation> make_weight_norm(std::optional<int64_t> dim);

/// Makes the parameter that `member` shows a product of length and direction, and returns the module, a holder, pointer or reference. How
/// it is computed before each call, and what throws: reparametrise().
///
///     auto fc = register_module("fc", weight_norm(nn::Linear(20, 40)));
///     weight_norm(cell, &CellImpl::recurrent, /*dim=*/std::nullopt);
///     weight_norm(lstm, lstm->member("weight_hh_l0"));
template <class M> M weight_norm(M&& module, const ParameterMember& member, std::optional<int64_t> dim = 0) {
  reparametrise(internal::module_of(module), member, make_weight_norm(dim));
  return std::forward<M>(module);
}
/// Of the member `weight`.
template <class M> M weight_norm(M&& module, std::optional<int64_t> dim = 0) {
  return weight_norm(std::forward<M>(module), &internal::module_class<M>::weight, dim);
}

/// Makes what weight_norm computed a parameter again, the last one. Throws a ValueError unless weight_norm did.
template <class M> M remove_weight_norm(M&& module, const ParameterMember& member) {
  remove_reparametrisation(internal::module_of(module), member, "weight_norm");
  return std::forward<M>(module);
}
template <class M> M remove_weight_norm(M&& module) { return remove_weight_norm(std::forward<M>(module), &internal::module_class<M>::weight); }

}}}  // namespace torch::xgrad::nn::utils
