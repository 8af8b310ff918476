// Linear algebra through LAPACK.
#pragma once

#include <xgrad/autograd/tensor.h>

namespace xgrad {

XGRAD_API Tensor inverse(const Tensor& self);
XGRAD_API Tensor det(const Tensor& self);
XGRAD_API std::tuple<Tensor, Tensor> slogdet(const Tensor& self);
XGRAD_API Tensor cholesky(const Tensor& self, bool upper = false);
XGRAD_API std::tuple<Tensor, Tensor> qr(const Tensor& self, bool some = true);

}  // namespace xgrad
