// In-place methods that compute out of place and write the result back.
#include <xgrad/autograd/in_place.h>
#include <xgrad/autograd/ops.h>

namespace xgrad {

Tensor& Tensor::abs_() const { return edit_in_place("abs_", *this, [&](const auto& x) { return xgrad::abs(x); }); }
Tensor& Tensor::acos_() const { return edit_in_place("acos_", *this, [&](const auto& x) { return xgrad::acos(x); }); }
Tensor& Tensor::add_(const Tensor& other, const Scalar& alpha) const { return edit_in_place("add_", *this, [&](const auto& x) { return xgrad::add(x, other, alpha); }); }
Tensor& Tensor::add_(const Scalar& other, const Scalar& alpha) const { return edit_in_place("add_", *this, [&](const auto& x) { return xgrad::add(x, other, alpha); }); }
Tensor& Tensor::acosh_() const { return edit_in_place("acosh_", *this, [&](const auto& x) { return xgrad::acosh(x); }); }
Tensor& Tensor::asinh_() const { return edit_in_place("asinh_", *this, [&](const auto& x) { return xgrad::asinh(x); }); }
Tensor& Tensor::atanh_() const { return edit_in_place("atanh_", *this, [&](const auto& x) { return xgrad::atanh(x); }); }
Tensor& Tensor::asin_() const { return edit_in_place("asin_", *this, [&](const auto& x) { return xgrad::asin(x); }); }
Tensor& Tensor::atan_() const { return edit_in_place("atan_", *this, [&](const auto& x) { return xgrad::atan(x); }); }
Tensor& Tensor::bitwise_not_() const { return edit_in_place("bitwise_not_", *this, [&](const auto& x) { return xgrad::bitwise_not(x); }); }
Tensor& Tensor::logical_not_() const { return edit_in_place("logical_not_", *this, [&](const auto& x) { return xgrad::logical_not(x); }); }
Tensor& Tensor::ceil_() const { return edit_in_place("ceil_", *this, [&](const auto& x) { return xgrad::ceil(x); }); }
Tensor& Tensor::clamp_(const std::optional<Scalar>& min, const std::optional<Scalar>& max) const { return edit_in_place("clamp_", *this, [&](const auto& x) { return xgrad::clamp(x, min, max); }); }
Tensor& Tensor::clamp_(const std::optional<Tensor>& min, const std::optional<Tensor>& max) const { return edit_in_place("clamp_", *this, [&](const auto& x) { return xgrad::clamp(x, min, max); }); }
Tensor& Tensor::clamp_max_(const Scalar& max) const { return edit_in_place("clamp_max_", *this, [&](const auto& x) { return xgrad::clamp_max(x, max); }); }
Tensor& Tensor::clamp_max_(const Tensor& max) const { return edit_in_place("clamp_max_", *this, [&](const auto& x) { return xgrad::clamp_max(x, max); }); }
Tensor& Tensor::clamp_min_(const Scalar& min) const { return edit_in_place("clamp_min_", *this, [&](const auto& x) { return xgrad::clamp_min(x, min); }); }
Tensor& Tensor::clamp_min_(const Tensor& min) const { return edit_in_place("clamp_min_", *this, [&](const auto& x) { return xgrad::clamp_min(x, min); }); }
Tensor& Tensor::clip_(const std::optional<Scalar>& min, const std::optional<Scalar>& max) const { return edit_in_place("clip_", *this, [&](const auto& x) { return xgrad::clip(x, min, max); }); }
Tensor& Tensor::clip_(const std::optional<Tensor>& min, const std::optional<Tensor>& max) const { return edit_in_place("clip_", *this, [&](const auto& x) { return xgrad::clip(x, min, max); }); }
Tensor& Tensor::cos_() const { return edit_in_place("cos_", *this, [&](const auto& x) { return xgrad::cos(x); }); }
Tensor& Tensor::cosh_() const { return edit_in_place("cosh_", *this, [&](const auto& x) { return xgrad::cosh(x); }); }
Tensor& Tensor::div_(const Tensor& other) const { return edit_in_place("div_", *this, [&](const auto& x) { return xgrad::div(x, other); }); }
Tensor& Tensor::div_(const Tensor& other, std::optional<std::string_view> rounding_mode) const { return edit_in_place("div_", *this, [&](const auto& x) { return xgrad::div(x, other, rounding_mode); }); }
Tensor& Tensor::div_(const Scalar& other) const { return edit_in_place("div_", *this, [&](const auto& x) { return xgrad::div(x, other); }); }
Tensor& Tensor::div_(const Scalar& other, std::optional<std::string_view> rounding_mode) const { return edit_in_place("div_", *this, [&](const auto& x) { return xgrad::div(x, other, rounding_mode); }); }
Tensor& Tensor::erf_() const { return edit_in_place("erf_", *this, [&](const auto& x) { return xgrad::erf(x); }); }
Tensor& Tensor::erfc_() const { return edit_in_place("erfc_", *this, [&](const auto& x) { return xgrad::erfc(x); }); }
Tensor& Tensor::exp_() const { return edit_in_place("exp_", *this, [&](const auto& x) { return xgrad::exp(x); }); }
Tensor& Tensor::expm1_() const { return edit_in_place("expm1_", *this, [&](const auto& x) { return xgrad::expm1(x); }); }
Tensor& Tensor::floor_() const { return edit_in_place("floor_", *this, [&](const auto& x) { return xgrad::floor(x); }); }
Tensor& Tensor::floor_divide_(const Tensor& other) const { return edit_in_place("floor_divide_", *this, [&](const auto& x) { return xgrad::floor_divide(x, other); }); }
Tensor& Tensor::floor_divide_(const Scalar& other) const { return edit_in_place("floor_divide_", *this, [&](const auto& x) { return xgrad::floor_divide(x, other); }); }
Tensor& Tensor::index_copy_(int64_t dim, const Tensor& index, const Tensor& source) const { return edit_in_place("index_copy_", *this, [&](const auto& x) { return xgrad::index_copy(x, dim, index, source); }); }
Tensor& Tensor::log_() const { return edit_in_place("log_", *this, [&](const auto& x) { return xgrad::log(x); }); }
Tensor& Tensor::log10_() const { return edit_in_place("log10_", *this, [&](const auto& x) { return xgrad::log10(x); }); }
Tensor& Tensor::log1p_() const { return edit_in_place("log1p_", *this, [&](const auto& x) { return xgrad::log1p(x); }); }
Tensor& Tensor::log2_() const { return edit_in_place("log2_", *this, [&](const auto& x) { return xgrad::log2(x); }); }
Tensor& Tensor::mul_(const Tensor& other) const { return edit_in_place("mul_", *this, [&](const auto& x) { return xgrad::mul(x, other); }); }
Tensor& Tensor::mul_(const Scalar& other) const { return edit_in_place("mul_", *this, [&](const auto& x) { return xgrad::mul(x, other); }); }
Tensor& Tensor::reciprocal_() const { return edit_in_place("reciprocal_", *this, [&](const auto& x) { return xgrad::reciprocal(x); }); }
Tensor& Tensor::neg_() const { return edit_in_place("neg_", *this, [&](const auto& x) { return xgrad::neg(x); }); }
Tensor& Tensor::round_() const { return edit_in_place("round_", *this, [&](const auto& x) { return xgrad::round(x); }); }
Tensor& Tensor::round_(int64_t decimals) const { return edit_in_place("round_", *this, [&](const auto& x) { return xgrad::round(x, decimals); }); }
Tensor& Tensor::relu_() const { return edit_in_place("relu_", *this, [&](const auto& x) { return xgrad::relu(x); }); }
Tensor& Tensor::rsqrt_() const { return edit_in_place("rsqrt_", *this, [&](const auto& x) { return xgrad::rsqrt(x); }); }
Tensor& Tensor::sigmoid_() const { return edit_in_place("sigmoid_", *this, [&](const auto& x) { return xgrad::sigmoid(x); }); }
Tensor& Tensor::sin_() const { return edit_in_place("sin_", *this, [&](const auto& x) { return xgrad::sin(x); }); }
Tensor& Tensor::sinh_() const { return edit_in_place("sinh_", *this, [&](const auto& x) { return xgrad::sinh(x); }); }
Tensor& Tensor::sqrt_() const { return edit_in_place("sqrt_", *this, [&](const auto& x) { return xgrad::sqrt(x); }); }
Tensor& Tensor::square_() const { return edit_in_place("square_", *this, [&](const auto& x) { return xgrad::square(x); }); }
Tensor& Tensor::tan_() const { return edit_in_place("tan_", *this, [&](const auto& x) { return xgrad::tan(x); }); }
Tensor& Tensor::tanh_() const { return edit_in_place("tanh_", *this, [&](const auto& x) { return xgrad::tanh(x); }); }
Tensor& Tensor::trunc_() const { return edit_in_place("trunc_", *this, [&](const auto& x) { return xgrad::trunc(x); }); }
Tensor& Tensor::sub_(const Tensor& other, const Scalar& alpha) const { return edit_in_place("sub_", *this, [&](const auto& x) { return xgrad::sub(x, other, alpha); }); }
Tensor& Tensor::sub_(const Scalar& other, const Scalar& alpha) const { return edit_in_place("sub_", *this, [&](const auto& x) { return xgrad::sub(x, other, alpha); }); }
Tensor& Tensor::addmm_(const Tensor& mat1, const Tensor& mat2, const Scalar& beta, const Scalar& alpha) const { return edit_in_place("addmm_", *this, [&](const auto& x) { return xgrad::addmm(x, mat1, mat2, beta, alpha); }); }
Tensor& Tensor::masked_fill_(const Tensor& mask, const Scalar& value) const { return edit_in_place("masked_fill_", *this, [&](const auto& x) { return xgrad::masked_fill(x, mask, value); }); }
Tensor& Tensor::masked_fill_(const Tensor& mask, const Tensor& value) const { return edit_in_place("masked_fill_", *this, [&](const auto& x) { return xgrad::masked_fill(x, mask, value); }); }
Tensor& Tensor::index_add_(int64_t dim, const Tensor& index, const Tensor& source, const Scalar& alpha) const { return edit_in_place("index_add_", *this, [&](const auto& x) { return xgrad::index_add(x, dim, index, source, alpha); }); }
Tensor& Tensor::index_fill_(int64_t dim, const Tensor& index, const Scalar& value) const { return edit_in_place("index_fill_", *this, [&](const auto& x) { return xgrad::index_fill(x, dim, index, value); }); }
Tensor& Tensor::index_fill_(int64_t dim, const Tensor& index, const Tensor& value) const { return edit_in_place("index_fill_", *this, [&](const auto& x) { return xgrad::index_fill(x, dim, index, value); }); }
Tensor& Tensor::scatter_(int64_t dim, const Tensor& index, const Tensor& src) const { return edit_in_place("scatter_", *this, [&](const auto& x) { return xgrad::scatter(x, dim, index, src); }); }
Tensor& Tensor::scatter_(int64_t dim, const Tensor& index, const Scalar& value) const { return edit_in_place("scatter_", *this, [&](const auto& x) { return xgrad::scatter(x, dim, index, value); }); }
Tensor& Tensor::scatter_(int64_t dim, const Tensor& index, const Tensor& src, std::string_view reduce) const { return edit_in_place("scatter_", *this, [&](const auto& x) { return xgrad::scatter(x, dim, index, src, reduce); }); }
Tensor& Tensor::scatter_(int64_t dim, const Tensor& index, const Scalar& value, std::string_view reduce) const { return edit_in_place("scatter_", *this, [&](const auto& x) { return xgrad::scatter(x, dim, index, value, reduce); }); }
Tensor& Tensor::scatter_add_(int64_t dim, const Tensor& index, const Tensor& src) const { return edit_in_place("scatter_add_", *this, [&](const auto& x) { return xgrad::scatter_add(x, dim, index, src); }); }
Tensor& Tensor::eq_(const Scalar& other) const { return edit_in_place("eq_", *this, [&](const auto& x) { return xgrad::eq(x, other); }); }
Tensor& Tensor::eq_(const Tensor& other) const { return edit_in_place("eq_", *this, [&](const auto& x) { return xgrad::eq(x, other); }); }
Tensor& Tensor::lerp_(const Tensor& end, const Scalar& weight) const { return edit_in_place("lerp_", *this, [&](const auto& x) { return xgrad::lerp(x, end, weight); }); }
Tensor& Tensor::lerp_(const Tensor& end, const Tensor& weight) const { return edit_in_place("lerp_", *this, [&](const auto& x) { return xgrad::lerp(x, end, weight); }); }
Tensor& Tensor::ne_(const Scalar& other) const { return edit_in_place("ne_", *this, [&](const auto& x) { return xgrad::ne(x, other); }); }
Tensor& Tensor::ne_(const Tensor& other) const { return edit_in_place("ne_", *this, [&](const auto& x) { return xgrad::ne(x, other); }); }
Tensor& Tensor::ge_(const Scalar& other) const { return edit_in_place("ge_", *this, [&](const auto& x) { return xgrad::ge(x, other); }); }
Tensor& Tensor::ge_(const Tensor& other) const { return edit_in_place("ge_", *this, [&](const auto& x) { return xgrad::ge(x, other); }); }
Tensor& Tensor::le_(const Scalar& other) const { return edit_in_place("le_", *this, [&](const auto& x) { return xgrad::le(x, other); }); }
Tensor& Tensor::le_(const Tensor& other) const { return edit_in_place("le_", *this, [&](const auto& x) { return xgrad::le(x, other); }); }
Tensor& Tensor::gt_(const Scalar& other) const { return edit_in_place("gt_", *this, [&](const auto& x) { return xgrad::gt(x, other); }); }
Tensor& Tensor::gt_(const Tensor& other) const { return edit_in_place("gt_", *this, [&](const auto& x) { return xgrad::gt(x, other); }); }
Tensor& Tensor::lt_(const Scalar& other) const { return edit_in_place("lt_", *this, [&](const auto& x) { return xgrad::lt(x, other); }); }
Tensor& Tensor::lt_(const Tensor& other) const { return edit_in_place("lt_", *this, [&](const auto& x) { return xgrad::lt(x, other); }); }
Tensor& Tensor::addcmul_(const Tensor& tensor1, const Tensor& tensor2, const Scalar& value) const { return edit_in_place("addcmul_", *this, [&](const auto& x) { return xgrad::addcmul(x, tensor1, tensor2, value); }); }
Tensor& Tensor::addcdiv_(const Tensor& tensor1, const Tensor& tensor2, const Scalar& value) const { return edit_in_place("addcdiv_", *this, [&](const auto& x) { return xgrad::addcdiv(x, tensor1, tensor2, value); }); }
Tensor& Tensor::erfinv_() const { return edit_in_place("erfinv_", *this, [&](const auto& x) { return xgrad::erfinv(x); }); }
Tensor& Tensor::sign_() const { return edit_in_place("sign_", *this, [&](const auto& x) { return xgrad::sign(x); }); }
Tensor& Tensor::fmod_(const Scalar& other) const { return edit_in_place("fmod_", *this, [&](const auto& x) { return xgrad::fmod(x, other); }); }
Tensor& Tensor::fmod_(const Tensor& other) const { return edit_in_place("fmod_", *this, [&](const auto& x) { return xgrad::fmod(x, other); }); }
Tensor& Tensor::remainder_(const Scalar& other) const { return edit_in_place("remainder_", *this, [&](const auto& x) { return xgrad::remainder(x, other); }); }
Tensor& Tensor::remainder_(const Tensor& other) const { return edit_in_place("remainder_", *this, [&](const auto& x) { return xgrad::remainder(x, other); }); }
Tensor& Tensor::pow_(const Scalar& exponent) const { return edit_in_place("pow_", *this, [&](const auto& x) { return xgrad::pow(x, exponent); }); }
Tensor& Tensor::pow_(const Tensor& exponent) const { return edit_in_place("pow_", *this, [&](const auto& x) { return xgrad::pow(x, exponent); }); }

Tensor& Tensor::operator+=(const Tensor& other) { return add_(other); }
Tensor& Tensor::operator+=(const Scalar& other) { return add_(other); }
Tensor& Tensor::operator-=(const Tensor& other) { return sub_(other); }
Tensor& Tensor::operator-=(const Scalar& other) { return sub_(other); }
Tensor& Tensor::operator*=(const Tensor& other) { return mul_(other); }
Tensor& Tensor::operator*=(const Scalar& other) { return mul_(other); }
Tensor& Tensor::operator/=(const Tensor& other) { return div_(other); }
Tensor& Tensor::operator/=(const Scalar& other) { return div_(other); }

}  // namespace xgrad
