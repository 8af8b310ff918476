// Linear equations with an operator that can only be applied. Internal to this folder.
#pragma once

#include <cstdint>
#include <functional>

#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad { namespace func {

/// x with apply(x) = b to a residual of tolerance * |b|. Without grad mode. Throws a LinAlgError when that takes more than `most` iterations.
/// Y. Saad, M. H. Schultz, SIAM J. Sci. Stat. Comput. 7 (1986) 856, not restarted; orthogonalised twice.
Tensor gmres(const char* operation, const std::function<Tensor(const Tensor&)>& apply, const Tensor& b, double tolerance, int64_t most);

}}}  // namespace torch::xgrad::func
