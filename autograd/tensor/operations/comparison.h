// Of the list in operations.h: comparisons, logic, tests and choosing between values, elementwise with broadcasting.
#ifdef XGRAD_METHOD

// ---- comparisons, logic and tests: results have no derivative and are Bool, those of bitwise functions integers

/// Comparisons in the promoted dtype; every one but ne is false for NaN.
Tensor eq(XGRAD_SELF_AND const Scalar& other) XGRAD_METHOD(eq(*this, other)) XGRAD_IN_PLACE(eq_(const Scalar& other));
Tensor eq(XGRAD_SELF_AND const Tensor& other) XGRAD_METHOD(eq(*this, other)) XGRAD_IN_PLACE(eq_(const Tensor& other));
Tensor ne(XGRAD_SELF_AND const Scalar& other) XGRAD_METHOD(ne(*this, other)) XGRAD_IN_PLACE(ne_(const Scalar& other));
Tensor ne(XGRAD_SELF_AND const Tensor& other) XGRAD_METHOD(ne(*this, other)) XGRAD_IN_PLACE(ne_(const Tensor& other));
Tensor lt(XGRAD_SELF_AND const Scalar& other) XGRAD_METHOD(lt(*this, other)) XGRAD_IN_PLACE(lt_(const Scalar& other));
Tensor lt(XGRAD_SELF_AND const Tensor& other) XGRAD_METHOD(lt(*this, other)) XGRAD_IN_PLACE(lt_(const Tensor& other));
Tensor le(XGRAD_SELF_AND const Scalar& other) XGRAD_METHOD(le(*this, other)) XGRAD_IN_PLACE(le_(const Scalar& other));
Tensor le(XGRAD_SELF_AND const Tensor& other) XGRAD_METHOD(le(*this, other)) XGRAD_IN_PLACE(le_(const Tensor& other));
Tensor gt(XGRAD_SELF_AND const Scalar& other) XGRAD_METHOD(gt(*this, other)) XGRAD_IN_PLACE(gt_(const Scalar& other));
Tensor gt(XGRAD_SELF_AND const Tensor& other) XGRAD_METHOD(gt(*this, other)) XGRAD_IN_PLACE(gt_(const Tensor& other));
Tensor ge(XGRAD_SELF_AND const Scalar& other) XGRAD_METHOD(ge(*this, other)) XGRAD_IN_PLACE(ge_(const Scalar& other));
Tensor ge(XGRAD_SELF_AND const Tensor& other) XGRAD_METHOD(ge(*this, other)) XGRAD_IN_PLACE(ge_(const Tensor& other));
/// True iff shapes and all elements are equal.
bool equal(XGRAD_SELF_AND const Tensor& other) XGRAD_METHOD(equal(*this, other));
/// True iff isclose holds for all elements.
bool allclose(XGRAD_SELF_AND const Tensor& other, double rtol = 1e-05, double atol = 1e-08, bool equal_nan = false)
    XGRAD_METHOD(allclose(*this, other, rtol, atol, equal_nan));
/// |self - other| <= atol + rtol * |other|, equal, or both NaN when equal_nan. Throws for two dtypes or a negative tolerance.
Tensor isclose(XGRAD_SELF_AND const Tensor& other, double rtol = 1e-05, double atol = 1e-08, bool equal_nan = false)
    XGRAD_METHOD(isclose(*this, other, rtol, atol, equal_nan));
/// Tests of single numbers; integers are always finite.
Tensor isnan(XGRAD_SELF) XGRAD_METHOD(isnan(*this));
Tensor isinf(XGRAD_SELF) XGRAD_METHOD(isinf(*this));
Tensor isfinite(XGRAD_SELF) XGRAD_METHOD(isfinite(*this));
Tensor isposinf(XGRAD_SELF) XGRAD_METHOD(isposinf(*this));
Tensor isneginf(XGRAD_SELF) XGRAD_METHOD(isneginf(*this));
/// True.
Tensor isreal(XGRAD_SELF) XGRAD_METHOD(isreal(*this));
/// Whether the sign is a minus, that of -0 included.
Tensor signbit(XGRAD_SELF) XGRAD_METHOD(signbit(*this));
/// Logic, where every number but 0 counts as true.
Tensor logical_and(XGRAD_SELF_AND const Tensor& other) XGRAD_METHOD(logical_and(*this, other))
    XGRAD_REPLACED_BY(logical_and_(const Tensor& other), logical_and(x, other));
Tensor logical_or(XGRAD_SELF_AND const Tensor& other) XGRAD_METHOD(logical_or(*this, other))
    XGRAD_REPLACED_BY(logical_or_(const Tensor& other), logical_or(x, other));
Tensor logical_not(XGRAD_SELF) XGRAD_METHOD(logical_not(*this)) XGRAD_IN_PLACE(logical_not_());
Tensor logical_xor(XGRAD_SELF_AND const Tensor& other) XGRAD_METHOD(logical_xor(*this, other))
    XGRAD_REPLACED_BY(logical_xor_(const Tensor& other), logical_xor(x, other));
/// Bits of integers, logic of Bool. Not for floating dtypes.
Tensor bitwise_and(XGRAD_SELF_AND const Scalar& other) XGRAD_METHOD(bitwise_and(*this, other))
    XGRAD_REPLACED_BY(bitwise_and_(const Scalar& other), bitwise_and(x, other));
Tensor bitwise_and(XGRAD_SELF_AND const Tensor& other) XGRAD_METHOD(bitwise_and(*this, other))
    XGRAD_REPLACED_BY(bitwise_and_(const Tensor& other), bitwise_and(x, other));
Tensor bitwise_or(XGRAD_SELF_AND const Scalar& other) XGRAD_METHOD(bitwise_or(*this, other))
    XGRAD_REPLACED_BY(bitwise_or_(const Scalar& other), bitwise_or(x, other));
Tensor bitwise_or(XGRAD_SELF_AND const Tensor& other) XGRAD_METHOD(bitwise_or(*this, other))
    XGRAD_REPLACED_BY(bitwise_or_(const Tensor& other), bitwise_or(x, other));
Tensor bitwise_not(XGRAD_SELF) XGRAD_METHOD(bitwise_not(*this)) XGRAD_IN_PLACE(bitwise_not_());
Tensor bitwise_xor(XGRAD_SELF_AND const Scalar& other) XGRAD_METHOD(bitwise_xor(*this, other))
    XGRAD_REPLACED_BY(bitwise_xor_(const Scalar& other), bitwise_xor(x, other));
Tensor bitwise_xor(XGRAD_SELF_AND const Tensor& other) XGRAD_METHOD(bitwise_xor(*this, other))
    XGRAD_REPLACED_BY(bitwise_xor_(const Tensor& other), bitwise_xor(x, other));
/// self * 2^other and the floor of self / 2^other, of integers: their bits moved, by `other` modulo the bits of the dtype (32 for uint8).
Tensor bitwise_left_shift(XGRAD_SELF_AND const Tensor& other) XGRAD_METHOD(bitwise_left_shift(*this, other))
    XGRAD_REPLACED_BY(bitwise_left_shift_(const Tensor& other), bitwise_left_shift(x, other));
Tensor bitwise_left_shift(XGRAD_SELF_AND const Scalar& other) XGRAD_METHOD(bitwise_left_shift(*this, other))
    XGRAD_REPLACED_BY(bitwise_left_shift_(const Scalar& other), bitwise_left_shift(x, other));
Tensor bitwise_right_shift(XGRAD_SELF_AND const Tensor& other) XGRAD_METHOD(bitwise_right_shift(*this, other))
    XGRAD_REPLACED_BY(bitwise_right_shift_(const Tensor& other), bitwise_right_shift(x, other));
Tensor bitwise_right_shift(XGRAD_SELF_AND const Scalar& other) XGRAD_METHOD(bitwise_right_shift(*this, other))
    XGRAD_REPLACED_BY(bitwise_right_shift_(const Scalar& other), bitwise_right_shift(x, other));
/// bitwise_and, bitwise_or, bitwise_xor, bitwise_left_shift and bitwise_right_shift by the names of Python's operators.
Tensor __and__(XGRAD_SELF_AND const Scalar& other) XGRAD_METHOD(__and__(*this, other)) XGRAD_IN_PLACE(__iand__(const Scalar& other));
Tensor __and__(XGRAD_SELF_AND const Tensor& other) XGRAD_METHOD(__and__(*this, other)) XGRAD_IN_PLACE(__iand__(const Tensor& other));
Tensor __or__(XGRAD_SELF_AND const Scalar& other) XGRAD_METHOD(__or__(*this, other)) XGRAD_IN_PLACE(__ior__(const Scalar& other));
Tensor __or__(XGRAD_SELF_AND const Tensor& other) XGRAD_METHOD(__or__(*this, other)) XGRAD_IN_PLACE(__ior__(const Tensor& other));
Tensor __xor__(XGRAD_SELF_AND const Scalar& other) XGRAD_METHOD(__xor__(*this, other)) XGRAD_IN_PLACE(__ixor__(const Scalar& other));
Tensor __xor__(XGRAD_SELF_AND const Tensor& other) XGRAD_METHOD(__xor__(*this, other)) XGRAD_IN_PLACE(__ixor__(const Tensor& other));
Tensor __lshift__(XGRAD_SELF_AND const Scalar& other) XGRAD_METHOD(__lshift__(*this, other)) XGRAD_IN_PLACE(__ilshift__(const Scalar& other));
Tensor __lshift__(XGRAD_SELF_AND const Tensor& other) XGRAD_METHOD(__lshift__(*this, other)) XGRAD_IN_PLACE(__ilshift__(const Tensor& other));
Tensor __rshift__(XGRAD_SELF_AND const Scalar& other) XGRAD_METHOD(__rshift__(*this, other)) XGRAD_IN_PLACE(__irshift__(const Scalar& other));
Tensor __rshift__(XGRAD_SELF_AND const Tensor& other) XGRAD_METHOD(__rshift__(*this, other)) XGRAD_IN_PLACE(__irshift__(const Tensor& other));

// ---- bounds, the smaller and larger of two, where

/// self limited to [min, max] (max where max < min); NaN stays, and a NaN bound gives NaN. The gradient passes where
/// min <= self <= max. Throws when both bounds are missing, or for a bound outside an integer dtype.
Tensor clamp(XGRAD_SELF_AND const std::optional<Scalar>& min, const std::optional<Scalar>& max = std::nullopt) XGRAD_METHOD(clamp(*this, min, max))
    XGRAD_IN_PLACE(clamp_(const std::optional<Scalar>& min, const std::optional<Scalar>& max = std::nullopt));
/// The same with tensors as bounds, which get the gradient where self lies beyond them.
Tensor clamp(XGRAD_SELF_AND const std::optional<Tensor>& min = detail::kNoTensor, const std::optional<Tensor>& max = detail::kNoTensor)
    XGRAD_METHOD(clamp(*this, min, max)) XGRAD_IN_PLACE(clamp_(const std::optional<Tensor>& min = {}, const std::optional<Tensor>& max = {}));
/// clamp.
Tensor clip(XGRAD_SELF_AND const std::optional<Scalar>& min, const std::optional<Scalar>& max = std::nullopt) XGRAD_METHOD(clip(*this, min, max))
    XGRAD_IN_PLACE(clip_(const std::optional<Scalar>& min, const std::optional<Scalar>& max = std::nullopt));
Tensor clip(XGRAD_SELF_AND const std::optional<Tensor>& min = detail::kNoTensor, const std::optional<Tensor>& max = detail::kNoTensor)
    XGRAD_METHOD(clip(*this, min, max)) XGRAD_IN_PLACE(clip_(const std::optional<Tensor>& min = {}, const std::optional<Tensor>& max = {}));
/// clamp with one bound.
Tensor clamp_min(XGRAD_SELF_AND const Scalar& min) XGRAD_METHOD(clamp_min(*this, min)) XGRAD_IN_PLACE(clamp_min_(const Scalar& min));
Tensor clamp_min(XGRAD_SELF_AND const Tensor& min) XGRAD_METHOD(clamp_min(*this, min)) XGRAD_IN_PLACE(clamp_min_(const Tensor& min));
Tensor clamp_max(XGRAD_SELF_AND const Scalar& max) XGRAD_METHOD(clamp_max(*this, max)) XGRAD_IN_PLACE(clamp_max_(const Scalar& max));
Tensor clamp_max(XGRAD_SELF_AND const Tensor& max) XGRAD_METHOD(clamp_max(*this, max)) XGRAD_IN_PLACE(clamp_max_(const Tensor& max));
/// The smaller and the larger of two; a NaN wins. Equal values take half of the gradient each, a NaN all of it.
Tensor minimum(XGRAD_SELF_AND const Tensor& other) XGRAD_METHOD(minimum(*this, other));
Tensor maximum(XGRAD_SELF_AND const Tensor& other) XGRAD_METHOD(maximum(*this, other));
/// The same where a number wins over NaN; of equal values the first takes the gradient.
Tensor fmax(XGRAD_SELF_AND const Tensor& other) XGRAD_METHOD(fmax(*this, other));
Tensor fmin(XGRAD_SELF_AND const Tensor& other) XGRAD_METHOD(fmin(*this, other));
/// maximum.
Tensor max(XGRAD_SELF_AND const Tensor& other) XGRAD_METHOD(max(*this, other));
/// minimum.
Tensor min(XGRAD_SELF_AND const Tensor& other) XGRAD_METHOD(min(*this, other));
/// self where the condition (Bool or Byte) holds, else other.
Tensor where(const Tensor& condition, XGRAD_SELF_AND const Tensor& other) XGRAD_METHOD(where(condition, *this, other));

#else
#include <xgrad/autograd/tensor/tensor.h>
#endif
