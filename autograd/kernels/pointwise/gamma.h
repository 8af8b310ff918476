// The gamma function's logarithm, its derivatives and incomplete forms, elementwise.
#pragma once

#include <xgrad/autograd/kernels/strided.h>

namespace torch { inline namespace xgrad { namespace kernels {

extern const LoopTable lgamma, digamma;
/// The n-th derivative of digamma. Parameters: PolygammaOrder.
struct PolygammaOrder {
  int64_t n;
};
extern const LoopTable polygamma;
/// The Hurwitz zeta function: the sum of (k + b)^-a over k >= 0.
extern const LoopTable zeta;
/// The regularised incomplete gamma functions of a from 0 to b, and from b on.
extern const LoopTable igamma, igammac;

}}}  // namespace torch::xgrad::kernels
