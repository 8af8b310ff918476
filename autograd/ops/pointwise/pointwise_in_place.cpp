// In-place methods of elementwise operations. Without a graph the kernel writes straight into the tensor's memory.
#include <xgrad/autograd/graph/in_place.h>
#include <xgrad/autograd/graph/record.h>
#include <xgrad/autograd/ops/ops.h>
#include <xgrad/autograd/ops/pointwise/zero_slope.h>
#include <xgrad/autograd/tensor/pointwise.h>

namespace torch { inline namespace xgrad {

namespace {

// `operation` computes the new value from `self`, or a stand-in for it, and `others` by one call of pointwise().
template <class F>
Tensor& in_place(const char* name, const Tensor& self, std::initializer_list<const Tensor*> others, F operation) {
  if (!may_write_directly(name, self, others)) return edit_in_place(name, self, operation);
  const Tensor value = [&] {
    Destination destination(self);
    return operation(self);
  }();
  if (!value.is_same(self)) return write_in_place(name, self, value);
  return const_cast<Tensor&>(self);
}

Tensor& in_place(const char* name, const Tensor& self, Tensor (*operation)(const Tensor&)) {
  return in_place(name, self, {}, [&](const Tensor& x) { return operation(x); });
}

const Tensor* or_else(const std::optional<Tensor>& t, const Tensor& self) { return t && t->defined() ? &*t : &self; }

}  // namespace

// ---- of one tensor

Tensor& Tensor::abs_() const { return in_place("abs_", *this, xgrad::abs); }
Tensor& Tensor::acos_() const { return in_place("acos_", *this, xgrad::acos); }
Tensor& Tensor::acosh_() const { return in_place("acosh_", *this, xgrad::acosh); }
Tensor& Tensor::asinh_() const { return in_place("asinh_", *this, xgrad::asinh); }
Tensor& Tensor::atanh_() const { return in_place("atanh_", *this, xgrad::atanh); }
Tensor& Tensor::asin_() const { return in_place("asin_", *this, xgrad::asin); }
Tensor& Tensor::atan_() const { return in_place("atan_", *this, xgrad::atan); }
Tensor& Tensor::ceil_() const { return in_place("ceil_", *this, xgrad::ceil); }
Tensor& Tensor::cos_() const { return in_place("cos_", *this, xgrad::cos); }
Tensor& Tensor::cosh_() const { return in_place("cosh_", *this, xgrad::cosh); }
Tensor& Tensor::erf_() const { return in_place("erf_", *this, xgrad::erf); }
Tensor& Tensor::erfc_() const { return in_place("erfc_", *this, xgrad::erfc); }
Tensor& Tensor::exp_() const { return in_place("exp_", *this, xgrad::exp); }
Tensor& Tensor::expm1_() const { return in_place("expm1_", *this, xgrad::expm1); }
Tensor& Tensor::floor_() const { return in_place("floor_", *this, xgrad::floor); }
Tensor& Tensor::log_() const { return in_place("log_", *this, xgrad::log); }
Tensor& Tensor::log10_() const { return in_place("log10_", *this, xgrad::log10); }
Tensor& Tensor::log1p_() const { return in_place("log1p_", *this, xgrad::log1p); }
Tensor& Tensor::log2_() const { return in_place("log2_", *this, xgrad::log2); }
Tensor& Tensor::reciprocal_() const { return in_place("reciprocal_", *this, xgrad::reciprocal); }
Tensor& Tensor::neg_() const { return in_place("neg_", *this, xgrad::neg); }
Tensor& Tensor::round_() const { return in_place("round_", *this, xgrad::round); }
Tensor& Tensor::relu_() const { return in_place("relu_", *this, xgrad::relu); }
Tensor& Tensor::rsqrt_() const { return in_place("rsqrt_", *this, xgrad::rsqrt); }
Tensor& Tensor::sigmoid_() const { return in_place("sigmoid_", *this, xgrad::sigmoid); }
Tensor& Tensor::sin_() const { return in_place("sin_", *this, xgrad::sin); }
Tensor& Tensor::sinh_() const { return in_place("sinh_", *this, xgrad::sinh); }
Tensor& Tensor::sqrt_() const { return in_place("sqrt_", *this, xgrad::sqrt); }
Tensor& Tensor::square_() const { return in_place("square_", *this, xgrad::square); }
Tensor& Tensor::tan_() const { return in_place("tan_", *this, xgrad::tan); }
Tensor& Tensor::tanh_() const { return in_place("tanh_", *this, xgrad::tanh); }
Tensor& Tensor::trunc_() const { return in_place("trunc_", *this, xgrad::trunc); }
Tensor& Tensor::erfinv_() const { return in_place("erfinv_", *this, xgrad::erfinv); }
Tensor& Tensor::sign_() const { return in_place("sign_", *this, xgrad::sign); }

// ---- with numbers and other tensors

Tensor& Tensor::add_(const Tensor& other, const Scalar& alpha) const {
  return in_place("add_", *this, {&other}, [&](const Tensor& x) { return xgrad::add(x, other, alpha); });
}
Tensor& Tensor::add_(const Scalar& other, const Scalar& alpha) const {
  return in_place("add_", *this, {}, [&](const Tensor& x) { return xgrad::add(x, other, alpha); });
}
Tensor& Tensor::sub_(const Tensor& other, const Scalar& alpha) const {
  return in_place("sub_", *this, {&other}, [&](const Tensor& x) { return xgrad::sub(x, other, alpha); });
}
Tensor& Tensor::sub_(const Scalar& other, const Scalar& alpha) const {
  return in_place("sub_", *this, {}, [&](const Tensor& x) { return xgrad::sub(x, other, alpha); });
}
Tensor& Tensor::mul_(const Tensor& other) const {
  return in_place("mul_", *this, {&other}, [&](const Tensor& x) { return xgrad::mul(x, other); });
}
Tensor& Tensor::mul_(const Scalar& other) const {
  return in_place("mul_", *this, {}, [&](const Tensor& x) { return xgrad::mul(x, other); });
}
Tensor& Tensor::div_(const Tensor& other) const {
  return in_place("div_", *this, {&other}, [&](const Tensor& x) { return xgrad::div(x, other); });
}
Tensor& Tensor::div_(const Tensor& other, std::optional<std::string_view> rounding_mode) const {
  return in_place("div_", *this, {&other}, [&](const Tensor& x) { return xgrad::div(x, other, rounding_mode); });
}
Tensor& Tensor::div_(const Scalar& other) const {
  return in_place("div_", *this, {}, [&](const Tensor& x) { return xgrad::div(x, other); });
}
Tensor& Tensor::div_(const Scalar& other, std::optional<std::string_view> rounding_mode) const {
  return in_place("div_", *this, {}, [&](const Tensor& x) { return xgrad::div(x, other, rounding_mode); });
}
Tensor& Tensor::clamp_(const std::optional<Scalar>& min, const std::optional<Scalar>& max) const {
  return in_place("clamp_", *this, {}, [&](const Tensor& x) { return xgrad::clamp(x, min, max); });
}
Tensor& Tensor::clamp_max_(const Scalar& max) const {
  return in_place("clamp_max_", *this, {}, [&](const Tensor& x) { return xgrad::clamp_max(x, max); });
}
Tensor& Tensor::clamp_max_(const Tensor& max) const {
  return in_place("clamp_max_", *this, {&max}, [&](const Tensor& x) { return xgrad::clamp_max(x, max); });
}
Tensor& Tensor::clamp_min_(const Scalar& min) const {
  return in_place("clamp_min_", *this, {}, [&](const Tensor& x) { return xgrad::clamp_min(x, min); });
}
Tensor& Tensor::clamp_min_(const Tensor& min) const {
  return in_place("clamp_min_", *this, {&min}, [&](const Tensor& x) { return xgrad::clamp_min(x, min); });
}
Tensor& Tensor::clip_(const std::optional<Scalar>& min, const std::optional<Scalar>& max) const {
  return in_place("clip_", *this, {}, [&](const Tensor& x) { return xgrad::clip(x, min, max); });
}
Tensor& Tensor::floor_divide_(const Tensor& other) const {
  return in_place("floor_divide_", *this, {&other}, [&](const Tensor& x) { return xgrad::floor_divide(x, other); });
}
Tensor& Tensor::floor_divide_(const Scalar& other) const {
  return in_place("floor_divide_", *this, {}, [&](const Tensor& x) { return xgrad::floor_divide(x, other); });
}
Tensor& Tensor::round_(int64_t decimals) const {
  return in_place("round_", *this, {}, [&](const Tensor& x) { return xgrad::round(x, decimals); });
}
Tensor& Tensor::lerp_(const Tensor& end, const Scalar& weight) const {
  return in_place("lerp_", *this, {&end}, [&](const Tensor& x) { return xgrad::lerp(x, end, weight); });
}
Tensor& Tensor::lerp_(const Tensor& end, const Tensor& weight) const {
  return in_place("lerp_", *this, {&end, &weight}, [&](const Tensor& x) { return xgrad::lerp(x, end, weight); });
}
Tensor& Tensor::addcmul_(const Tensor& tensor1, const Tensor& tensor2, const Scalar& value) const {
  return in_place("addcmul_", *this, {&tensor1, &tensor2}, [&](const Tensor& x) { return xgrad::addcmul(x, tensor1, tensor2, value); });
}
Tensor& Tensor::addcdiv_(const Tensor& tensor1, const Tensor& tensor2, const Scalar& value) const {
  return in_place("addcdiv_", *this, {&tensor1, &tensor2}, [&](const Tensor& x) { return xgrad::addcdiv(x, tensor1, tensor2, value); });
}
Tensor& Tensor::fmod_(const Scalar& other) const {
  return in_place("fmod_", *this, {}, [&](const Tensor& x) { return xgrad::fmod(x, other); });
}
Tensor& Tensor::fmod_(const Tensor& other) const {
  return in_place("fmod_", *this, {&other}, [&](const Tensor& x) { return xgrad::fmod(x, other); });
}
Tensor& Tensor::remainder_(const Scalar& other) const {
  return in_place("remainder_", *this, {}, [&](const Tensor& x) { return xgrad::remainder(x, other); });
}
Tensor& Tensor::remainder_(const Tensor& other) const {
  return in_place("remainder_", *this, {&other}, [&](const Tensor& x) { return xgrad::remainder(x, other); });
}
Tensor& Tensor::pow_(const Scalar& exponent) const {
  return in_place("pow_", *this, {}, [&](const Tensor& x) { return xgrad::pow(x, exponent); });
}
Tensor& Tensor::pow_(const Tensor& exponent) const {
  return in_place("pow_", *this, {&exponent}, [&](const Tensor& x) { return xgrad::pow(x, exponent); });
}
Tensor& Tensor::clamp_(const std::optional<Tensor>& min, const std::optional<Tensor>& max) const {
  return in_place("clamp_", *this, {or_else(min, *this), or_else(max, *this)},
                  [&](const Tensor& x) { return xgrad::clamp(x, min, max); });
}
Tensor& Tensor::clip_(const std::optional<Tensor>& min, const std::optional<Tensor>& max) const {
  return in_place("clip_", *this, {or_else(min, *this), or_else(max, *this)}, [&](const Tensor& x) { return xgrad::clip(x, min, max); });
}

Tensor& Tensor::operator+=(const Tensor& other) { return add_(other); }
Tensor& Tensor::operator+=(const Scalar& other) { return add_(other); }
Tensor& Tensor::operator-=(const Tensor& other) { return sub_(other); }
Tensor& Tensor::operator-=(const Scalar& other) { return sub_(other); }
Tensor& Tensor::operator*=(const Tensor& other) { return mul_(other); }
Tensor& Tensor::operator*=(const Scalar& other) { return mul_(other); }
Tensor& Tensor::operator/=(const Tensor& other) { return div_(other); }
Tensor& Tensor::operator/=(const Scalar& other) { return div_(other); }

// ---- results of another dtype: computed apart

namespace {

// What a comparison found becomes the value, with a derivative of zero in the tensors compared.
template <class... Others>
Tensor& compare(const char* name, const char* node, const Tensor& self, const Tensor& found, const Others&... others) {
  if (!(Recording::needs(self) || ... || Recording::needs(others))) return write_in_place(name, self, found);
  return write_in_place(name, self, record(node, Forward(found.to(self.dtype())), wrt(self, zero_slope), wrt(others, zero_slope)...));
}

}  // namespace

Tensor& Tensor::bitwise_not_() const { return write_in_place("bitwise_not_", *this, xgrad::bitwise_not(*this)); }
Tensor& Tensor::logical_not_() const { return write_in_place("logical_not_", *this, xgrad::logical_not(*this)); }
Tensor& Tensor::eq_(const Scalar& other) const { return compare("eq_", "EqBackward0", *this, xgrad::eq(*this, other)); }
Tensor& Tensor::eq_(const Tensor& other) const { return compare("eq_", "EqBackward1", *this, xgrad::eq(*this, other), other); }
Tensor& Tensor::ne_(const Scalar& other) const { return compare("ne_", "NeBackward0", *this, xgrad::ne(*this, other)); }
Tensor& Tensor::ne_(const Tensor& other) const { return compare("ne_", "NeBackward1", *this, xgrad::ne(*this, other), other); }
Tensor& Tensor::ge_(const Scalar& other) const { return compare("ge_", "GeBackward0", *this, xgrad::ge(*this, other)); }
Tensor& Tensor::ge_(const Tensor& other) const { return compare("ge_", "GeBackward1", *this, xgrad::ge(*this, other), other); }
Tensor& Tensor::le_(const Scalar& other) const { return compare("le_", "LeBackward0", *this, xgrad::le(*this, other)); }
Tensor& Tensor::le_(const Tensor& other) const { return compare("le_", "LeBackward1", *this, xgrad::le(*this, other), other); }
Tensor& Tensor::gt_(const Scalar& other) const { return compare("gt_", "GtBackward0", *this, xgrad::gt(*this, other)); }
Tensor& Tensor::gt_(const Tensor& other) const { return compare("gt_", "GtBackward1", *this, xgrad::gt(*this, other), other); }
Tensor& Tensor::lt_(const Scalar& other) const { return compare("lt_", "LtBackward0", *this, xgrad::lt(*this, other)); }
Tensor& Tensor::lt_(const Tensor& other) const { return compare("lt_", "LtBackward1", *this, xgrad::lt(*this, other), other); }

}}  // namespace torch::xgrad
