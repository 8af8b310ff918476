// In-place methods that compute out of place and write the result back.
#include <xgrad/autograd/in_place.h>
#include <xgrad/autograd/ops.h>

namespace xgrad {

Tensor& Tensor::abs_() const { return write_in_place("abs_", *this, xgrad::abs(*this)); }
Tensor& Tensor::acos_() const { return write_in_place("acos_", *this, xgrad::acos(*this)); }
Tensor& Tensor::add_(const Tensor& other, const Scalar& alpha) const { return write_in_place("add_", *this, xgrad::add(*this, other, alpha)); }
Tensor& Tensor::add_(const Scalar& other, const Scalar& alpha) const { return write_in_place("add_", *this, xgrad::add(*this, other, alpha)); }
Tensor& Tensor::acosh_() const { return write_in_place("acosh_", *this, xgrad::acosh(*this)); }
Tensor& Tensor::asinh_() const { return write_in_place("asinh_", *this, xgrad::asinh(*this)); }
Tensor& Tensor::atanh_() const { return write_in_place("atanh_", *this, xgrad::atanh(*this)); }
Tensor& Tensor::asin_() const { return write_in_place("asin_", *this, xgrad::asin(*this)); }
Tensor& Tensor::atan_() const { return write_in_place("atan_", *this, xgrad::atan(*this)); }
Tensor& Tensor::bitwise_not_() const { return write_in_place("bitwise_not_", *this, xgrad::bitwise_not(*this)); }
Tensor& Tensor::logical_not_() const { return write_in_place("logical_not_", *this, xgrad::logical_not(*this)); }
Tensor& Tensor::ceil_() const { return write_in_place("ceil_", *this, xgrad::ceil(*this)); }
Tensor& Tensor::clamp_(const std::optional<Scalar>& min, const std::optional<Scalar>& max) const { return write_in_place("clamp_", *this, xgrad::clamp(*this, min, max)); }
Tensor& Tensor::clamp_(const std::optional<Tensor>& min, const std::optional<Tensor>& max) const { return write_in_place("clamp_", *this, xgrad::clamp(*this, min, max)); }
Tensor& Tensor::clamp_max_(const Scalar& max) const { return write_in_place("clamp_max_", *this, xgrad::clamp_max(*this, max)); }
Tensor& Tensor::clamp_max_(const Tensor& max) const { return write_in_place("clamp_max_", *this, xgrad::clamp_max(*this, max)); }
Tensor& Tensor::clamp_min_(const Scalar& min) const { return write_in_place("clamp_min_", *this, xgrad::clamp_min(*this, min)); }
Tensor& Tensor::clamp_min_(const Tensor& min) const { return write_in_place("clamp_min_", *this, xgrad::clamp_min(*this, min)); }
Tensor& Tensor::clip_(const std::optional<Scalar>& min, const std::optional<Scalar>& max) const { return write_in_place("clip_", *this, xgrad::clip(*this, min, max)); }
Tensor& Tensor::clip_(const std::optional<Tensor>& min, const std::optional<Tensor>& max) const { return write_in_place("clip_", *this, xgrad::clip(*this, min, max)); }
Tensor& Tensor::cos_() const { return write_in_place("cos_", *this, xgrad::cos(*this)); }
Tensor& Tensor::cosh_() const { return write_in_place("cosh_", *this, xgrad::cosh(*this)); }
Tensor& Tensor::div_(const Tensor& other) const { return write_in_place("div_", *this, xgrad::div(*this, other)); }
Tensor& Tensor::div_(const Tensor& other, std::optional<std::string_view> rounding_mode) const { return write_in_place("div_", *this, xgrad::div(*this, other, rounding_mode)); }
Tensor& Tensor::div_(const Scalar& other) const { return write_in_place("div_", *this, xgrad::div(*this, other)); }
Tensor& Tensor::div_(const Scalar& other, std::optional<std::string_view> rounding_mode) const { return write_in_place("div_", *this, xgrad::div(*this, other, rounding_mode)); }
Tensor& Tensor::erf_() const { return write_in_place("erf_", *this, xgrad::erf(*this)); }
Tensor& Tensor::erfc_() const { return write_in_place("erfc_", *this, xgrad::erfc(*this)); }
Tensor& Tensor::exp_() const { return write_in_place("exp_", *this, xgrad::exp(*this)); }
Tensor& Tensor::expm1_() const { return write_in_place("expm1_", *this, xgrad::expm1(*this)); }
Tensor& Tensor::floor_() const { return write_in_place("floor_", *this, xgrad::floor(*this)); }
Tensor& Tensor::floor_divide_(const Tensor& other) const { return write_in_place("floor_divide_", *this, xgrad::floor_divide(*this, other)); }
Tensor& Tensor::floor_divide_(const Scalar& other) const { return write_in_place("floor_divide_", *this, xgrad::floor_divide(*this, other)); }
Tensor& Tensor::index_copy_(int64_t dim, const Tensor& index, const Tensor& source) const { return write_in_place("index_copy_", *this, xgrad::index_copy(*this, dim, index, source)); }
Tensor& Tensor::log_() const { return write_in_place("log_", *this, xgrad::log(*this)); }
Tensor& Tensor::log10_() const { return write_in_place("log10_", *this, xgrad::log10(*this)); }
Tensor& Tensor::log1p_() const { return write_in_place("log1p_", *this, xgrad::log1p(*this)); }
Tensor& Tensor::log2_() const { return write_in_place("log2_", *this, xgrad::log2(*this)); }
Tensor& Tensor::mul_(const Tensor& other) const { return write_in_place("mul_", *this, xgrad::mul(*this, other)); }
Tensor& Tensor::mul_(const Scalar& other) const { return write_in_place("mul_", *this, xgrad::mul(*this, other)); }
Tensor& Tensor::reciprocal_() const { return write_in_place("reciprocal_", *this, xgrad::reciprocal(*this)); }
Tensor& Tensor::neg_() const { return write_in_place("neg_", *this, xgrad::neg(*this)); }
Tensor& Tensor::round_() const { return write_in_place("round_", *this, xgrad::round(*this)); }
Tensor& Tensor::round_(int64_t decimals) const { return write_in_place("round_", *this, xgrad::round(*this, decimals)); }
Tensor& Tensor::relu_() const { return write_in_place("relu_", *this, xgrad::relu(*this)); }
Tensor& Tensor::rsqrt_() const { return write_in_place("rsqrt_", *this, xgrad::rsqrt(*this)); }
Tensor& Tensor::sigmoid_() const { return write_in_place("sigmoid_", *this, xgrad::sigmoid(*this)); }
Tensor& Tensor::sin_() const { return write_in_place("sin_", *this, xgrad::sin(*this)); }
Tensor& Tensor::sinh_() const { return write_in_place("sinh_", *this, xgrad::sinh(*this)); }
Tensor& Tensor::sqrt_() const { return write_in_place("sqrt_", *this, xgrad::sqrt(*this)); }
Tensor& Tensor::square_() const { return write_in_place("square_", *this, xgrad::square(*this)); }
Tensor& Tensor::tan_() const { return write_in_place("tan_", *this, xgrad::tan(*this)); }
Tensor& Tensor::tanh_() const { return write_in_place("tanh_", *this, xgrad::tanh(*this)); }
Tensor& Tensor::trunc_() const { return write_in_place("trunc_", *this, xgrad::trunc(*this)); }
Tensor& Tensor::sub_(const Tensor& other, const Scalar& alpha) const { return write_in_place("sub_", *this, xgrad::sub(*this, other, alpha)); }
Tensor& Tensor::sub_(const Scalar& other, const Scalar& alpha) const { return write_in_place("sub_", *this, xgrad::sub(*this, other, alpha)); }
Tensor& Tensor::addmm_(const Tensor& mat1, const Tensor& mat2, const Scalar& beta, const Scalar& alpha) const { return write_in_place("addmm_", *this, xgrad::addmm(*this, mat1, mat2, beta, alpha)); }
Tensor& Tensor::masked_fill_(const Tensor& mask, const Scalar& value) const { return write_in_place("masked_fill_", *this, xgrad::masked_fill(*this, mask, value)); }
Tensor& Tensor::masked_fill_(const Tensor& mask, const Tensor& value) const { return write_in_place("masked_fill_", *this, xgrad::masked_fill(*this, mask, value)); }
Tensor& Tensor::index_add_(int64_t dim, const Tensor& index, const Tensor& source, const Scalar& alpha) const { return write_in_place("index_add_", *this, xgrad::index_add(*this, dim, index, source, alpha)); }
Tensor& Tensor::index_fill_(int64_t dim, const Tensor& index, const Scalar& value) const { return write_in_place("index_fill_", *this, xgrad::index_fill(*this, dim, index, value)); }
Tensor& Tensor::index_fill_(int64_t dim, const Tensor& index, const Tensor& value) const { return write_in_place("index_fill_", *this, xgrad::index_fill(*this, dim, index, value)); }
Tensor& Tensor::scatter_(int64_t dim, const Tensor& index, const Tensor& src) const { return write_in_place("scatter_", *this, xgrad::scatter(*this, dim, index, src)); }
Tensor& Tensor::scatter_(int64_t dim, const Tensor& index, const Scalar& value) const { return write_in_place("scatter_", *this, xgrad::scatter(*this, dim, index, value)); }
Tensor& Tensor::scatter_(int64_t dim, const Tensor& index, const Tensor& src, std::string_view reduce) const { return write_in_place("scatter_", *this, xgrad::scatter(*this, dim, index, src, reduce)); }
Tensor& Tensor::scatter_(int64_t dim, const Tensor& index, const Scalar& value, std::string_view reduce) const { return write_in_place("scatter_", *this, xgrad::scatter(*this, dim, index, value, reduce)); }
Tensor& Tensor::scatter_add_(int64_t dim, const Tensor& index, const Tensor& src) const { return write_in_place("scatter_add_", *this, xgrad::scatter_add(*this, dim, index, src)); }
Tensor& Tensor::eq_(const Scalar& other) const { return write_in_place("eq_", *this, xgrad::eq(*this, other)); }
Tensor& Tensor::eq_(const Tensor& other) const { return write_in_place("eq_", *this, xgrad::eq(*this, other)); }
Tensor& Tensor::lerp_(const Tensor& end, const Scalar& weight) const { return write_in_place("lerp_", *this, xgrad::lerp(*this, end, weight)); }
Tensor& Tensor::lerp_(const Tensor& end, const Tensor& weight) const { return write_in_place("lerp_", *this, xgrad::lerp(*this, end, weight)); }
Tensor& Tensor::ne_(const Scalar& other) const { return write_in_place("ne_", *this, xgrad::ne(*this, other)); }
Tensor& Tensor::ne_(const Tensor& other) const { return write_in_place("ne_", *this, xgrad::ne(*this, other)); }
Tensor& Tensor::ge_(const Scalar& other) const { return write_in_place("ge_", *this, xgrad::ge(*this, other)); }
Tensor& Tensor::ge_(const Tensor& other) const { return write_in_place("ge_", *this, xgrad::ge(*this, other)); }
Tensor& Tensor::le_(const Scalar& other) const { return write_in_place("le_", *this, xgrad::le(*this, other)); }
Tensor& Tensor::le_(const Tensor& other) const { return write_in_place("le_", *this, xgrad::le(*this, other)); }
Tensor& Tensor::gt_(const Scalar& other) const { return write_in_place("gt_", *this, xgrad::gt(*this, other)); }
Tensor& Tensor::gt_(const Tensor& other) const { return write_in_place("gt_", *this, xgrad::gt(*this, other)); }
Tensor& Tensor::lt_(const Scalar& other) const { return write_in_place("lt_", *this, xgrad::lt(*this, other)); }
Tensor& Tensor::lt_(const Tensor& other) const { return write_in_place("lt_", *this, xgrad::lt(*this, other)); }
Tensor& Tensor::addcmul_(const Tensor& tensor1, const Tensor& tensor2, const Scalar& value) const { return write_in_place("addcmul_", *this, xgrad::addcmul(*this, tensor1, tensor2, value)); }
Tensor& Tensor::addcdiv_(const Tensor& tensor1, const Tensor& tensor2, const Scalar& value) const { return write_in_place("addcdiv_", *this, xgrad::addcdiv(*this, tensor1, tensor2, value)); }
Tensor& Tensor::erfinv_() const { return write_in_place("erfinv_", *this, xgrad::erfinv(*this)); }
Tensor& Tensor::sign_() const { return write_in_place("sign_", *this, xgrad::sign(*this)); }
Tensor& Tensor::fmod_(const Scalar& other) const { return write_in_place("fmod_", *this, xgrad::fmod(*this, other)); }
Tensor& Tensor::fmod_(const Tensor& other) const { return write_in_place("fmod_", *this, xgrad::fmod(*this, other)); }
Tensor& Tensor::remainder_(const Scalar& other) const { return write_in_place("remainder_", *this, xgrad::remainder(*this, other)); }
Tensor& Tensor::remainder_(const Tensor& other) const { return write_in_place("remainder_", *this, xgrad::remainder(*this, other)); }
Tensor& Tensor::pow_(const Scalar& exponent) const { return write_in_place("pow_", *this, xgrad::pow(*this, exponent)); }
Tensor& Tensor::pow_(const Tensor& exponent) const { return write_in_place("pow_", *this, xgrad::pow(*this, exponent)); }

Tensor& Tensor::operator+=(const Tensor& other) { return add_(other); }
Tensor& Tensor::operator+=(const Scalar& other) { return add_(other); }
Tensor& Tensor::operator-=(const Tensor& other) { return sub_(other); }
Tensor& Tensor::operator-=(const Scalar& other) { return sub_(other); }
Tensor& Tensor::operator*=(const Tensor& other) { return mul_(other); }
Tensor& Tensor::operator*=(const Scalar& other) { return mul_(other); }
Tensor& Tensor::operator/=(const Tensor& other) { return div_(other); }
Tensor& Tensor::operator/=(const Scalar& other) { return div_(other); }

}  // namespace xgrad
