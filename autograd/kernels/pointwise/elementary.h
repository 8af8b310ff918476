// Exponential, logarithmic, trigonometric and related functions, elementwise.
#pragma once

#include <xgrad/autograd/kernels/strided.h>

namespace torch { inline namespace xgrad { namespace kernels {

extern const LoopTable exp, exp2, expm1;
extern const LoopTable log, log2, log10, log1p;
extern const LoopTable sin, cos, tan, asin, acos, atan, atan2;
extern const LoopTable sinh, cosh, asinh, acosh, atanh;
extern const LoopTable erf, erfc, erfinv;
/// exp(-a^2).
extern const LoopTable gaussian;
/// sin(pi a) / (pi a), 1 at 0.
extern const LoopTable sinc;
extern const LoopTable hypot;
/// a log(b), 0 where a is 0 unless b is NaN.
extern const LoopTable xlogy;
/// a log(1 + b), 0 where a is 0 unless b is NaN.
extern const LoopTable xlog1py;
/// -a log(a): 0 at 0, -inf below.
extern const LoopTable entr;
/// log(x / (1 - x)) of a limited to [low, high]. Parameters: LogitRange.
struct LogitRange {
  double low, high;
};
extern const LoopTable logit;
/// log(exp(a) + exp(b)) and the same with base 2.
extern const LoopTable logaddexp, logaddexp2;
/// The derivative of logaddexp in a: 1 / (1 + exp(b - a)), and 0 where both are -inf.
extern const LoopTable softmax_of_two;

}}}  // namespace torch::xgrad::kernels
