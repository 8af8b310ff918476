// Of the list in operations.h: arithmetic, powers, elementary functions, activation functions and rounding, elementwise.
//
// Shapes broadcast, else the call throws; dtypes promote as in PyTorch (result_type in pointwise.h); integers wrap around.
#ifdef XGRAD_METHOD

// ---- arithmetic and powers

/// self + alpha * other. Bool: self or (alpha and other). Throws for a floating alpha where the result is an integer.
Tensor add(XGRAD_SELF_AND const Tensor& other, const Scalar& alpha = 1) XGRAD_METHOD(add(*this, other, alpha))
    XGRAD_IN_PLACE(add_(const Tensor& other, const Scalar& alpha = 1));
Tensor add(XGRAD_SELF_AND const Scalar& other, const Scalar& alpha = 1) XGRAD_METHOD(add(*this, other, alpha))
    XGRAD_IN_PLACE(add_(const Scalar& other, const Scalar& alpha = 1));
/// self - alpha * other. Throws for Bool tensors and numbers.
Tensor sub(XGRAD_SELF_AND const Tensor& other, const Scalar& alpha = 1) XGRAD_METHOD(sub(*this, other, alpha))
    XGRAD_IN_PLACE(sub_(const Tensor& other, const Scalar& alpha = 1));
Tensor sub(XGRAD_SELF_AND const Scalar& other, const Scalar& alpha = 1) XGRAD_METHOD(sub(*this, other, alpha))
    XGRAD_IN_PLACE(sub_(const Scalar& other, const Scalar& alpha = 1));
/// self * other.
Tensor mul(XGRAD_SELF_AND const Tensor& other) XGRAD_METHOD(mul(*this, other)) XGRAD_IN_PLACE(mul_(const Tensor& other));
Tensor mul(XGRAD_SELF_AND const Scalar& other) XGRAD_METHOD(mul(*this, other)) XGRAD_IN_PLACE(mul_(const Scalar& other));
/// self / other; integers give the default floating dtype.
Tensor div(XGRAD_SELF_AND const Tensor& other) XGRAD_METHOD(div(*this, other)) XGRAD_IN_PLACE(div_(const Tensor& other));
/// The same, rounded when rounding_mode is "floor" (down) or "trunc" (towards 0): then the dtype stays and the derivative is 0.
/// Throws for another mode, and when an integer divisor is 0.
Tensor div(XGRAD_SELF_AND const Tensor& other, std::optional<std::string_view> rounding_mode) XGRAD_METHOD(div(*this, other, rounding_mode))
    XGRAD_IN_PLACE(div_(const Tensor& other, std::optional<std::string_view> rounding_mode));
Tensor div(XGRAD_SELF_AND const Scalar& other) XGRAD_METHOD(div(*this, other)) XGRAD_IN_PLACE(div_(const Scalar& other));
Tensor div(XGRAD_SELF_AND const Scalar& other, std::optional<std::string_view> rounding_mode) XGRAD_METHOD(div(*this, other, rounding_mode))
    XGRAD_IN_PLACE(div_(const Scalar& other, std::optional<std::string_view> rounding_mode));
/// div without rounding.
Tensor true_divide(XGRAD_SELF_AND const Tensor& other) XGRAD_METHOD(true_divide(*this, other)) XGRAD_IN_PLACE(true_divide_(const Tensor& other));
Tensor true_divide(XGRAD_SELF_AND const Scalar& other) XGRAD_METHOD(true_divide(*this, other)) XGRAD_IN_PLACE(true_divide_(const Scalar& other));
/// div rounded down.
Tensor floor_divide(XGRAD_SELF_AND const Tensor& other) XGRAD_METHOD(floor_divide(*this, other)) XGRAD_IN_PLACE(floor_divide_(const Tensor& other));
Tensor floor_divide(XGRAD_SELF_AND const Scalar& other) XGRAD_METHOD(floor_divide(*this, other)) XGRAD_IN_PLACE(floor_divide_(const Scalar& other));
/// What div rounded towards 0 leaves: has the sign of self. Throws when an integer divisor is 0.
Tensor fmod(XGRAD_SELF_AND const Scalar& other) XGRAD_METHOD(fmod(*this, other)) XGRAD_IN_PLACE(fmod_(const Scalar& other));
Tensor fmod(XGRAD_SELF_AND const Tensor& other) XGRAD_METHOD(fmod(*this, other)) XGRAD_IN_PLACE(fmod_(const Tensor& other));
/// What div rounded down leaves: has the sign of the divisor. Throws when an integer divisor is 0.
Tensor remainder(XGRAD_SELF_AND const Scalar& other) XGRAD_METHOD(remainder(*this, other)) XGRAD_IN_PLACE(remainder_(const Scalar& other));
Tensor remainder(XGRAD_SELF_AND const Tensor& other) XGRAD_METHOD(remainder(*this, other)) XGRAD_IN_PLACE(remainder_(const Tensor& other));
/// -self. Throws for Bool.
Tensor neg(XGRAD_SELF) XGRAD_METHOD(neg(*this)) XGRAD_IN_PLACE(neg_());
/// self. Throws for Bool.
Tensor positive(XGRAD_SELF) XGRAD_METHOD(positive(*this));
/// |self|. The derivative at 0 and at NaN is 0. Not for Bool.
Tensor abs(XGRAD_SELF) XGRAD_METHOD(abs(*this)) XGRAD_IN_PLACE(abs_());
/// -1, 0 or 1; NaN stays NaN (PyTorch gives 0). The derivative is 0.
Tensor sign(XGRAD_SELF) XGRAD_METHOD(sign(*this)) XGRAD_IN_PLACE(sign_());
/// The same.
Tensor sgn(XGRAD_SELF) XGRAD_METHOD(sgn(*this)) XGRAD_IN_PLACE(sgn_());
/// 0 below 0, `values` at 0, 1 above; NaN stays NaN (PyTorch gives 0). Throws for two dtypes; has no derivative, in the sweep.
Tensor heaviside(XGRAD_SELF_AND const Tensor& values) XGRAD_METHOD(heaviside(*this, values))
    XGRAD_REPLACED_BY(heaviside_(const Tensor& values), heaviside(x, values));
/// |self| with the sign of other, that of -0 included. The derivative at 0 is 0. Integers give the default floating dtype.
Tensor copysign(XGRAD_SELF_AND const Tensor& other) XGRAD_METHOD(copysign(*this, other))
    XGRAD_REPLACED_BY(copysign_(const Tensor& other), copysign(x, other));
Tensor copysign(XGRAD_SELF_AND const Scalar& other) XGRAD_METHOD(copysign(*this, other))
    XGRAD_REPLACED_BY(copysign_(const Scalar& other), copysign(x, other));
/// The next number of the dtype after self in the direction of other. Floating dtypes only; has no derivative, in the sweep.
Tensor nextafter(XGRAD_SELF_AND const Tensor& other) XGRAD_METHOD(nextafter(*this, other))
    XGRAD_REPLACED_BY(nextafter_(const Tensor& other), nextafter(x, other));
/// self * 2^other.
Tensor ldexp(XGRAD_SELF_AND const Tensor& other) XGRAD_METHOD(ldexp(*this, other)) XGRAD_REPLACED_BY(ldexp_(const Tensor& other), ldexp(x, other));
/// The mantissa, in [1/2, 1) but for its sign, and the exponent (int32) with mantissa * 2^exponent = self; exponent 0 for zeros, infinities and
/// NaN. Floating dtypes only.
std::tuple<Tensor, Tensor> frexp(XGRAD_SELF) XGRAD_METHOD(frexp(*this));
/// NaN replaced by `nan` (0 if absent), infinities by `posinf` and `neginf` (the dtype's largest and least number). The derivative there is 0.
Tensor nan_to_num(XGRAD_SELF_AND std::optional<double> nan = std::nullopt, std::optional<double> posinf = std::nullopt,
                  std::optional<double> neginf = std::nullopt) XGRAD_METHOD(nan_to_num(*this, nan, posinf, neginf))
    XGRAD_REPLACED_BY(nan_to_num_(std::optional<double> nan XGRAD_OR(std::nullopt), std::optional<double> posinf XGRAD_OR(std::nullopt),
                                  std::optional<double> neginf XGRAD_OR(std::nullopt)),
                      nan_to_num(x, nan, posinf, neginf));
/// The greatest common divisor and the least common multiple, not negative; 0 of 0 and 0. Integers only.
Tensor gcd(XGRAD_SELF_AND const Tensor& other) XGRAD_METHOD(gcd(*this, other)) XGRAD_REPLACED_BY(gcd_(const Tensor& other), gcd(x, other));
Tensor lcm(XGRAD_SELF_AND const Tensor& other) XGRAD_METHOD(lcm(*this, other)) XGRAD_REPLACED_BY(lcm_(const Tensor& other), lcm(x, other));
/// 0 for numbers from 0 up, pi below, NaN for NaN: the angle of a real number in the complex plane. The derivative is 0. Integers give the
/// default floating dtype.
Tensor angle(XGRAD_SELF) XGRAD_METHOD(angle(*this));
/// self, which is real.
Tensor conj(XGRAD_SELF) XGRAD_METHOD(conj(*this));
Tensor conj_physical(XGRAD_SELF) XGRAD_METHOD(conj_physical(*this)) XGRAD_REPLACED_BY(conj_physical_(), conj_physical(x));
Tensor resolve_conj(XGRAD_SELF) XGRAD_METHOD(resolve_conj(*this));
Tensor resolve_neg(XGRAD_SELF) XGRAD_METHOD(resolve_neg(*this));
/// self^2.
Tensor square(XGRAD_SELF) XGRAD_METHOD(square(*this)) XGRAD_IN_PLACE(square_());
/// 1 / self.
Tensor reciprocal(XGRAD_SELF) XGRAD_METHOD(reciprocal(*this)) XGRAD_IN_PLACE(reciprocal_());
/// The square root; NaN below 0, infinite derivative at 0.
Tensor sqrt(XGRAD_SELF) XGRAD_METHOD(sqrt(*this)) XGRAD_IN_PLACE(sqrt_());
/// 1 / sqrt(self).
Tensor rsqrt(XGRAD_SELF) XGRAD_METHOD(rsqrt(*this)) XGRAD_IN_PLACE(rsqrt_());
/// self to the exponent. The derivative in self is 0 where the exponent is 0; the one in the exponent is 0 where 0 is raised to
/// an exponent >= 0. Throws for integers to a negative number; integer tensors as exponents give 0 there. Not for Bool.
Tensor pow(XGRAD_SELF_AND const Tensor& exponent) XGRAD_METHOD(pow(*this, exponent)) XGRAD_IN_PLACE(pow_(const Tensor& exponent));
Tensor pow(XGRAD_SELF_AND const Scalar& exponent) XGRAD_METHOD(pow(*this, exponent)) XGRAD_IN_PLACE(pow_(const Scalar& exponent));
/// pow in float64. In place it throws for other dtypes.
Tensor float_power(XGRAD_SELF_AND const Tensor& exponent) XGRAD_METHOD(float_power(*this, exponent))
    XGRAD_IN_PLACE(float_power_(const Tensor& exponent));
Tensor float_power(XGRAD_SELF_AND const Scalar& exponent) XGRAD_METHOD(float_power(*this, exponent))
    XGRAD_IN_PLACE(float_power_(const Scalar& exponent));
/// self + weight * (end - self), exact at both ends. Throws unless all have one floating dtype.
Tensor lerp(XGRAD_SELF_AND const Tensor& end, const Scalar& weight) XGRAD_METHOD(lerp(*this, end, weight))
    XGRAD_IN_PLACE(lerp_(const Tensor& end, const Scalar& weight));
Tensor lerp(XGRAD_SELF_AND const Tensor& end, const Tensor& weight) XGRAD_METHOD(lerp(*this, end, weight))
    XGRAD_IN_PLACE(lerp_(const Tensor& end, const Tensor& weight));
/// self + value * tensor1 * tensor2.
Tensor addcmul(XGRAD_SELF_AND const Tensor& tensor1, const Tensor& tensor2, const Scalar& value = 1)
    XGRAD_METHOD(addcmul(*this, tensor1, tensor2, value))
        XGRAD_IN_PLACE(addcmul_(const Tensor& tensor1, const Tensor& tensor2, const Scalar& value = 1));
/// self + value * tensor1 / tensor2. Throws when both divided tensors are integers.
Tensor addcdiv(XGRAD_SELF_AND const Tensor& tensor1, const Tensor& tensor2, const Scalar& value = 1)
    XGRAD_METHOD(addcdiv(*this, tensor1, tensor2, value))
        XGRAD_IN_PLACE(addcdiv_(const Tensor& tensor1, const Tensor& tensor2, const Scalar& value = 1));

// ---- exponential, logarithmic, trigonometric and related functions: where nothing else is said, integers and Bool give the default
// floating dtype

/// e^self.
Tensor exp(XGRAD_SELF) XGRAD_METHOD(exp(*this)) XGRAD_IN_PLACE(exp_());
/// 2^self.
Tensor exp2(XGRAD_SELF) XGRAD_METHOD(exp2(*this)) XGRAD_IN_PLACE(exp2_());
/// The natural logarithm: -inf at 0, NaN below.
Tensor log(XGRAD_SELF) XGRAD_METHOD(log(*this)) XGRAD_IN_PLACE(log_());
/// The logarithm to base 2.
Tensor log2(XGRAD_SELF) XGRAD_METHOD(log2(*this)) XGRAD_IN_PLACE(log2_());
/// The logarithm to base 10.
Tensor log10(XGRAD_SELF) XGRAD_METHOD(log10(*this)) XGRAD_IN_PLACE(log10_());
/// self above 0, weight * self elsewhere, row-major; `weight` has one element, or one for each channel (axis 1). Throws for another
/// number, or dtype.
Tensor prelu(XGRAD_SELF_AND const Tensor& weight) XGRAD_METHOD(prelu(*this, weight));
/// log(1 + self), exact near 0.
Tensor log1p(XGRAD_SELF) XGRAD_METHOD(log1p(*this)) XGRAD_IN_PLACE(log1p_());
/// exp(self) - 1, exact near 0.
Tensor expm1(XGRAD_SELF) XGRAD_METHOD(expm1(*this)) XGRAD_IN_PLACE(expm1_());
/// Circular functions of angles in radians; the inverse ones give NaN outside [-1, 1].
Tensor sin(XGRAD_SELF) XGRAD_METHOD(sin(*this)) XGRAD_IN_PLACE(sin_());
Tensor cos(XGRAD_SELF) XGRAD_METHOD(cos(*this)) XGRAD_IN_PLACE(cos_());
Tensor tan(XGRAD_SELF) XGRAD_METHOD(tan(*this)) XGRAD_IN_PLACE(tan_());
Tensor asin(XGRAD_SELF) XGRAD_METHOD(asin(*this)) XGRAD_IN_PLACE(asin_());
Tensor acos(XGRAD_SELF) XGRAD_METHOD(acos(*this)) XGRAD_IN_PLACE(acos_());
Tensor atan(XGRAD_SELF) XGRAD_METHOD(atan(*this)) XGRAD_IN_PLACE(atan_());
/// The angle of the point (other, self), in [-pi, pi].
Tensor atan2(XGRAD_SELF_AND const Tensor& other) XGRAD_METHOD(atan2(*this, other)) XGRAD_REPLACED_BY(atan2_(const Tensor& other), atan2(x, other));
/// sqrt(self^2 + other^2) without overflow; the derivative at (0, 0) is 0. Floating dtypes only.
Tensor hypot(XGRAD_SELF_AND const Tensor& other) XGRAD_METHOD(hypot(*this, other)) XGRAD_REPLACED_BY(hypot_(const Tensor& other), hypot(x, other));
/// sin(pi self) / (pi self), 1 at 0.
Tensor sinc(XGRAD_SELF) XGRAD_METHOD(sinc(*this)) XGRAD_IN_PLACE(sinc_());
/// Angles in degrees as radians: self * pi / 180.
Tensor deg2rad(XGRAD_SELF) XGRAD_METHOD(deg2rad(*this)) XGRAD_IN_PLACE(deg2rad_());
/// Angles in radians as degrees: self * 180 / pi.
Tensor rad2deg(XGRAD_SELF) XGRAD_METHOD(rad2deg(*this)) XGRAD_IN_PLACE(rad2deg_());
/// Hyperbolic functions; acosh gives NaN below 1, atanh outside [-1, 1].
Tensor sinh(XGRAD_SELF) XGRAD_METHOD(sinh(*this)) XGRAD_IN_PLACE(sinh_());
Tensor cosh(XGRAD_SELF) XGRAD_METHOD(cosh(*this)) XGRAD_IN_PLACE(cosh_());
Tensor asinh(XGRAD_SELF) XGRAD_METHOD(asinh(*this)) XGRAD_IN_PLACE(asinh_());
Tensor acosh(XGRAD_SELF) XGRAD_METHOD(acosh(*this)) XGRAD_IN_PLACE(acosh_());
Tensor atanh(XGRAD_SELF) XGRAD_METHOD(atanh(*this)) XGRAD_IN_PLACE(atanh_());
/// The error function, 1 - erf, and the inverse of erf on [-1, 1].
Tensor erf(XGRAD_SELF) XGRAD_METHOD(erf(*this)) XGRAD_IN_PLACE(erf_());
Tensor erfc(XGRAD_SELF) XGRAD_METHOD(erfc(*this)) XGRAD_IN_PLACE(erfc_());
Tensor erfinv(XGRAD_SELF) XGRAD_METHOD(erfinv(*this)) XGRAD_IN_PLACE(erfinv_());
/// self * log(other), 0 where self is 0 unless other is NaN.
Tensor xlogy(XGRAD_SELF_AND const Tensor& other) XGRAD_METHOD(xlogy(*this, other)) XGRAD_REPLACED_BY(xlogy_(const Tensor& other), xlogy(x, other));
Tensor xlogy(XGRAD_SELF_AND const Scalar& other) XGRAD_METHOD(xlogy(*this, other)) XGRAD_REPLACED_BY(xlogy_(const Scalar& other), xlogy(x, other));
/// log(exp(self) + exp(other)) without overflow. Floating dtypes only.
Tensor logaddexp(XGRAD_SELF_AND const Tensor& other) XGRAD_METHOD(logaddexp(*this, other));
/// log2(2^self + 2^other) without overflow. Floating dtypes only.
Tensor logaddexp2(XGRAD_SELF_AND const Tensor& other) XGRAD_METHOD(logaddexp2(*this, other));

// ---- activation functions; the others are functions alone (autograd/ops/pointwise/activation.h)

/// The hyperbolic tangent. Integers give the default floating dtype.
Tensor tanh(XGRAD_SELF) XGRAD_METHOD(tanh(*this)) XGRAD_IN_PLACE(tanh_());
/// 1 / (1 + exp(-self)). Integers give the default floating dtype.
Tensor sigmoid(XGRAD_SELF) XGRAD_METHOD(sigmoid(*this)) XGRAD_IN_PLACE(sigmoid_());
/// max(self, 0); the derivative at 0 is 0, at NaN 1. Not for Bool.
Tensor relu(XGRAD_SELF) XGRAD_METHOD(relu(*this)) XGRAD_IN_PLACE(relu_());
/// 0 where |self| <= lambd, self elsewhere. Floating dtypes only.
Tensor hardshrink(XGRAD_SELF_AND const Scalar& lambd = 0.5) XGRAD_METHOD(hardshrink(*this, lambd));

// ---- rounding: the derivative is 0 everywhere, as in PyTorch

/// Down. Integers stay as they are; not for Bool.
Tensor floor(XGRAD_SELF) XGRAD_METHOD(floor(*this)) XGRAD_IN_PLACE(floor_());
/// Up.
Tensor ceil(XGRAD_SELF) XGRAD_METHOD(ceil(*this)) XGRAD_IN_PLACE(ceil_());
/// To the nearest integer, halves to the even one.
Tensor round(XGRAD_SELF) XGRAD_METHOD(round(*this)) XGRAD_IN_PLACE(round_());
/// The same in units of 10^-decimals. Floating dtypes only.
Tensor round(XGRAD_SELF_AND int64_t decimals) XGRAD_METHOD(round(*this, decimals)) XGRAD_IN_PLACE(round_(int64_t decimals));
/// Towards 0.
Tensor trunc(XGRAD_SELF) XGRAD_METHOD(trunc(*this)) XGRAD_IN_PLACE(trunc_());
/// self - trunc(self), whose derivative is 1. Floating dtypes only.
Tensor frac(XGRAD_SELF) XGRAD_METHOD(frac(*this)) XGRAD_IN_PLACE(frac_());

#else
#include <xgrad/autograd/tensor/tensor.h>
#endif
