// Of the list in operations.h: operations by their other names in PyTorch. A line of ops/pointwise/aliases.h defines each.
#ifdef XGRAD_METHOD

/// abs.
Tensor absolute(XGRAD_SELF) XGRAD_METHOD(absolute(*this)) XGRAD_IN_PLACE(absolute_());
/// neg.
Tensor negative(XGRAD_SELF) XGRAD_METHOD(negative(*this)) XGRAD_IN_PLACE(negative_());
/// trunc.
Tensor fix(XGRAD_SELF) XGRAD_METHOD(fix(*this)) XGRAD_IN_PLACE(fix_());
/// acos.
Tensor arccos(XGRAD_SELF) XGRAD_METHOD(arccos(*this)) XGRAD_IN_PLACE(arccos_());
/// acosh.
Tensor arccosh(XGRAD_SELF) XGRAD_METHOD(arccosh(*this)) XGRAD_IN_PLACE(arccosh_());
/// asin.
Tensor arcsin(XGRAD_SELF) XGRAD_METHOD(arcsin(*this)) XGRAD_IN_PLACE(arcsin_());
/// asinh.
Tensor arcsinh(XGRAD_SELF) XGRAD_METHOD(arcsinh(*this)) XGRAD_IN_PLACE(arcsinh_());
/// atan.
Tensor arctan(XGRAD_SELF) XGRAD_METHOD(arctan(*this)) XGRAD_IN_PLACE(arctan_());
/// atanh.
Tensor arctanh(XGRAD_SELF) XGRAD_METHOD(arctanh(*this)) XGRAD_IN_PLACE(arctanh_());
/// sub.
Tensor subtract(XGRAD_SELF_AND const Tensor& other, const Scalar& alpha = 1) XGRAD_METHOD(subtract(*this, other, alpha))
    XGRAD_IN_PLACE(subtract_(const Tensor& other, const Scalar& alpha = 1));
Tensor subtract(XGRAD_SELF_AND const Scalar& other, const Scalar& alpha = 1) XGRAD_METHOD(subtract(*this, other, alpha))
    XGRAD_IN_PLACE(subtract_(const Scalar& other, const Scalar& alpha = 1));
/// mul.
Tensor multiply(XGRAD_SELF_AND const Tensor& other) XGRAD_METHOD(multiply(*this, other)) XGRAD_IN_PLACE(multiply_(const Tensor& other));
Tensor multiply(XGRAD_SELF_AND const Scalar& other) XGRAD_METHOD(multiply(*this, other)) XGRAD_IN_PLACE(multiply_(const Scalar& other));
/// div.
Tensor divide(XGRAD_SELF_AND const Tensor& other) XGRAD_METHOD(divide(*this, other)) XGRAD_IN_PLACE(divide_(const Tensor& other));
Tensor divide(XGRAD_SELF_AND const Tensor& other, std::optional<std::string_view> rounding_mode) XGRAD_METHOD(divide(*this, other, rounding_mode))
    XGRAD_IN_PLACE(divide_(const Tensor& other, std::optional<std::string_view> rounding_mode));
Tensor divide(XGRAD_SELF_AND const Scalar& other) XGRAD_METHOD(divide(*this, other)) XGRAD_IN_PLACE(divide_(const Scalar& other));
Tensor divide(XGRAD_SELF_AND const Scalar& other, std::optional<std::string_view> rounding_mode) XGRAD_METHOD(divide(*this, other, rounding_mode))
    XGRAD_IN_PLACE(divide_(const Scalar& other, std::optional<std::string_view> rounding_mode));
/// atan2.
Tensor arctan2(XGRAD_SELF_AND const Tensor& other) XGRAD_METHOD(arctan2(*this, other)) XGRAD_IN_PLACE(arctan2_(const Tensor& other));
/// gt.
Tensor greater(XGRAD_SELF_AND const Scalar& other) XGRAD_METHOD(greater(*this, other)) XGRAD_IN_PLACE(greater_(const Scalar& other));
Tensor greater(XGRAD_SELF_AND const Tensor& other) XGRAD_METHOD(greater(*this, other)) XGRAD_IN_PLACE(greater_(const Tensor& other));
/// ge.
Tensor greater_equal(XGRAD_SELF_AND const Scalar& other) XGRAD_METHOD(greater_equal(*this, other))
    XGRAD_IN_PLACE(greater_equal_(const Scalar& other));
Tensor greater_equal(XGRAD_SELF_AND const Tensor& other) XGRAD_METHOD(greater_equal(*this, other))
    XGRAD_IN_PLACE(greater_equal_(const Tensor& other));
/// lt.
Tensor less(XGRAD_SELF_AND const Scalar& other) XGRAD_METHOD(less(*this, other)) XGRAD_IN_PLACE(less_(const Scalar& other));
Tensor less(XGRAD_SELF_AND const Tensor& other) XGRAD_METHOD(less(*this, other)) XGRAD_IN_PLACE(less_(const Tensor& other));
/// le.
Tensor less_equal(XGRAD_SELF_AND const Scalar& other) XGRAD_METHOD(less_equal(*this, other)) XGRAD_IN_PLACE(less_equal_(const Scalar& other));
Tensor less_equal(XGRAD_SELF_AND const Tensor& other) XGRAD_METHOD(less_equal(*this, other)) XGRAD_IN_PLACE(less_equal_(const Tensor& other));
/// ne.
Tensor not_equal(XGRAD_SELF_AND const Scalar& other) XGRAD_METHOD(not_equal(*this, other)) XGRAD_IN_PLACE(not_equal_(const Scalar& other));
Tensor not_equal(XGRAD_SELF_AND const Tensor& other) XGRAD_METHOD(not_equal(*this, other)) XGRAD_IN_PLACE(not_equal_(const Tensor& other));

#else
#include <xgrad/autograd/tensor/tensor.h>
#endif
