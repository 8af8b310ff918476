// Operators on tensors and numbers.
#pragma once

#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad {

namespace detail {

enum class Arithmetic { kAdd, kSub, kRsub, kMul, kDiv };

/// `a op b` in the memory of `spare`, one of them, if it fits and no derivative needs what was there.
XGRAD_API Tensor in_memory_of(const Tensor& spare, Arithmetic op, const Tensor& a, const Tensor& b);
XGRAD_API Tensor in_memory_of(const Tensor& spare, Arithmetic op, const Tensor& a, const Scalar& b);

/// True iff the elements of the temporary `t` end with it and are worth keeping as memory: less than this many, a block of the
/// thread's cache costs nothing.
inline bool is_spare(const Tensor& t) { return t.numel() >= 4096 && is_private(t); }

}  // namespace detail

inline Tensor operator+(const Tensor& a, const Tensor& b) { return a.add(b); }
inline Tensor operator+(const Tensor& a, const Scalar& b) { return a.add(b); }
inline Tensor operator-(const Tensor& a, const Tensor& b) { return a.sub(b); }
inline Tensor operator-(const Tensor& a, const Scalar& b) { return a.sub(b); }
inline Tensor operator*(const Tensor& a, const Tensor& b) { return a.mul(b); }
inline Tensor operator*(const Tensor& a, const Scalar& b) { return a.mul(b); }
inline Tensor operator/(const Tensor& a, const Tensor& b) { return a.div(b); }
inline Tensor operator/(const Tensor& a, const Scalar& b) { return a.div(b); }
inline Tensor operator+(const Scalar& a, const Tensor& b) { return b.add(a); }
inline Tensor operator*(const Scalar& a, const Tensor& b) { return b.mul(a); }
XGRAD_API Tensor operator-(const Scalar& a, const Tensor& b);
XGRAD_API Tensor operator/(const Scalar& a, const Tensor& b);

// The same for temporaries, whose memory the result may take.
#define XGRAD_OPERATOR_ON_TEMPORARIES(sign, method, op)                                                                                         \
  inline Tensor operator sign(Tensor&& a, const Tensor& b) { return detail::is_spare(a) ? detail::in_memory_of(a, op, a, b) : a.method(b); }    \
  inline Tensor operator sign(const Tensor& a, Tensor&& b) { return detail::is_spare(b) ? detail::in_memory_of(b, op, a, b) : a.method(b); }    \
  inline Tensor operator sign(Tensor&& a, Tensor&& b) { return detail::is_spare(a) ? detail::in_memory_of(a, op, a, b) : a sign std::move(b); } \
  inline Tensor operator sign(Tensor&& a, const Scalar& b) { return detail::is_spare(a) ? detail::in_memory_of(a, op, a, b) : a.method(b); }
XGRAD_OPERATOR_ON_TEMPORARIES(+, add, detail::Arithmetic::kAdd)
XGRAD_OPERATOR_ON_TEMPORARIES(-, sub, detail::Arithmetic::kSub)
XGRAD_OPERATOR_ON_TEMPORARIES(*, mul, detail::Arithmetic::kMul)
XGRAD_OPERATOR_ON_TEMPORARIES(/, div, detail::Arithmetic::kDiv)
#undef XGRAD_OPERATOR_ON_TEMPORARIES
inline Tensor operator+(const Scalar& a, Tensor&& b) { return std::move(b) + a; }
inline Tensor operator*(const Scalar& a, Tensor&& b) { return std::move(b) * a; }
inline Tensor operator-(const Scalar& a, Tensor&& b) {
  return detail::is_spare(b) ? detail::in_memory_of(b, detail::Arithmetic::kRsub, b, a) : a - static_cast<const Tensor&>(b);
}

inline Tensor operator%(const Tensor& a, const Tensor& b) { return a.remainder(b); }
inline Tensor operator%(const Tensor& a, const Scalar& b) { return a.remainder(b); }
XGRAD_API Tensor operator%(const Scalar& a, const Tensor& b);

inline Tensor operator==(const Tensor& a, const Tensor& b) { return a.eq(b); }
inline Tensor operator==(const Tensor& a, const Scalar& b) { return a.eq(b); }
inline Tensor operator==(const Scalar& a, const Tensor& b) { return b.eq(a); }
inline Tensor operator!=(const Tensor& a, const Tensor& b) { return a.ne(b); }
inline Tensor operator!=(const Tensor& a, const Scalar& b) { return a.ne(b); }
inline Tensor operator!=(const Scalar& a, const Tensor& b) { return b.ne(a); }
inline Tensor operator<(const Tensor& a, const Tensor& b) { return a.lt(b); }
inline Tensor operator<(const Tensor& a, const Scalar& b) { return a.lt(b); }
inline Tensor operator<(const Scalar& a, const Tensor& b) { return b.gt(a); }
inline Tensor operator<=(const Tensor& a, const Tensor& b) { return a.le(b); }
inline Tensor operator<=(const Tensor& a, const Scalar& b) { return a.le(b); }
inline Tensor operator<=(const Scalar& a, const Tensor& b) { return b.ge(a); }
inline Tensor operator>(const Tensor& a, const Tensor& b) { return a.gt(b); }
inline Tensor operator>(const Tensor& a, const Scalar& b) { return a.gt(b); }
inline Tensor operator>(const Scalar& a, const Tensor& b) { return b.lt(a); }
inline Tensor operator>=(const Tensor& a, const Tensor& b) { return a.ge(b); }
inline Tensor operator>=(const Tensor& a, const Scalar& b) { return a.ge(b); }
inline Tensor operator>=(const Scalar& a, const Tensor& b) { return b.le(a); }

inline Tensor operator&(const Tensor& a, const Tensor& b) { return a.bitwise_and(b); }
inline Tensor operator&(const Tensor& a, const Scalar& b) { return a.bitwise_and(b); }
inline Tensor operator&(const Scalar& a, const Tensor& b) { return b.bitwise_and(a); }
inline Tensor operator|(const Tensor& a, const Tensor& b) { return a.bitwise_or(b); }
inline Tensor operator|(const Tensor& a, const Scalar& b) { return a.bitwise_or(b); }
inline Tensor operator|(const Scalar& a, const Tensor& b) { return b.bitwise_or(a); }
inline Tensor operator^(const Tensor& a, const Tensor& b) { return a.bitwise_xor(b); }
inline Tensor operator^(const Tensor& a, const Scalar& b) { return a.bitwise_xor(b); }
inline Tensor operator^(const Scalar& a, const Tensor& b) { return b.bitwise_xor(a); }

}}  // namespace torch::xgrad
