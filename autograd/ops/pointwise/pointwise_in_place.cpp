// Elementwise operations that can write into memory given to them (into.h), as functions and as in-place methods. Without a graph
// the kernel of a method writes straight into the tensor's memory.
#include <xgrad/autograd/graph/in_place.h>
#include <xgrad/autograd/graph/record.h>
#include <xgrad/autograd/ops/ops.h>
#include <xgrad/autograd/ops/pointwise/into.h>
#include <xgrad/autograd/ops/pointwise/zero_slope.h>
#include <xgrad/autograd/tensor/pointwise.h>

namespace torch { inline namespace xgrad {

namespace {

// `operation` computes the new value from `self`, or a stand-in for it, and `others` by one call of pointwise() to `out`.
template <class F> Tensor& in_place(const char* name, const Tensor& self, std::initializer_list<const Tensor*> others, F operation) {
  if (__builtin_expect(self.is_sparse() || (others.size() > 0 && (*others.begin())->is_sparse()), 0)) {
    operation(self, Out(self));  // refuses what it doesn't know
    return const_cast<Tensor&>(self);
  }
  if (!may_write_directly(name, self, others)) return edit_in_place(name, self, [&](const Tensor& x) { return operation(x, Out()); });
  const Tensor value = operation(self, Out(self));
  if (!value.is_same(self)) return write_in_place(name, self, value);
  return const_cast<Tensor&>(self);
}

Tensor& in_place_of_one(const char* name, const Tensor& self, Tensor (*operation)(const Tensor& self, Out out)) {
  return in_place(name, self, {}, operation);
}

const Tensor* or_else(const std::optional<Tensor>& t, const Tensor& self) { return t && t->defined() ? &*t : &self; }

}  // namespace

#define XGRAD_OR(value)
#define XGRAD_INTO(name)                                              \
  Tensor name(const Tensor& self) { return into::name(self, Out()); } \
  Tensor& Tensor::name##_() const { return in_place_of_one(#name "_", *this, into::name); }
#define XGRAD_INTO_WITH(name, parameters, arguments, tensors)                                                          \
  Tensor name(const Tensor& self, XGRAD_UNPACK parameters) { return into::name(self, XGRAD_UNPACK arguments, Out()); } \
  Tensor& Tensor::name##_(XGRAD_UNPACK parameters) const {                                                             \
    const auto operation = [&](const Tensor& x, Out out) { return into::name(x, XGRAD_UNPACK arguments, out); };       \
    return in_place(#name "_", *this, {XGRAD_UNPACK tensors}, operation);                                              \
  }
XGRAD_EACH_INTO(XGRAD_INTO, XGRAD_INTO_WITH)
#undef XGRAD_OR
#undef XGRAD_INTO
#undef XGRAD_INTO_WITH

Tensor& Tensor::operator+=(const Tensor& other) { return add_(other); }
Tensor& Tensor::operator+=(const Scalar& other) { return add_(other); }
Tensor& Tensor::operator-=(const Tensor& other) { return sub_(other); }
Tensor& Tensor::operator-=(const Scalar& other) { return sub_(other); }
Tensor& Tensor::operator*=(const Tensor& other) { return mul_(other); }
Tensor& Tensor::operator*=(const Scalar& other) { return mul_(other); }
Tensor& Tensor::operator/=(const Tensor& other) { return div_(other); }
Tensor& Tensor::operator/=(const Scalar& other) { return div_(other); }
Tensor& Tensor::operator&=(const Tensor& other) { return bitwise_and_(other); }
Tensor& Tensor::operator|=(const Tensor& other) { return bitwise_or_(other); }
Tensor& Tensor::operator^=(const Tensor& other) { return bitwise_xor_(other); }

// ---- results of another dtype: computed apart

namespace {

// What a comparison found becomes the value, with a derivative of zero in the tensors compared.
Tensor& compare(const char* name, const Operation& operation, const Tensor& self, Tensor (*found)(const Tensor&, const Tensor&),
                const Tensor& other) {
  if (detail::operation_mode >= 0 && !Recording::needs(self) && !Recording::needs(other)) return write_in_place(name, self, found(self, other));
  const Tensor value = untraced([&] { return found(self, other).to(self.dtype()); });
  return write_in_place(name, self, record(Forward(operation, value), wrt(self, zero_slope), wrt(other, zero_slope)));
}
Tensor& compare(const char* name, const Operation& operation, const Tensor& self, Tensor (*found)(const Tensor&, const Scalar&),
                const Scalar& other) {
  if (detail::operation_mode >= 0 && !Recording::needs(self)) return write_in_place(name, self, found(self, other));
  const Tensor value = untraced([&] { return found(self, other).to(self.dtype()); });
  return write_in_place(name, self, record(Forward(operation, value), with("other", other), wrt(self, zero_slope)));
}

}  // namespace

Tensor& Tensor::bitwise_not_() const { return write_in_place("bitwise_not_", *this, xgrad::bitwise_not(*this)); }
Tensor& Tensor::logical_not_() const { return write_in_place("logical_not_", *this, xgrad::logical_not(*this)); }
Tensor& Tensor::eq_(const Scalar& other) const { return compare("eq_", operation<"eq">, *this, xgrad::eq, other); }
Tensor& Tensor::eq_(const Tensor& other) const { return compare("eq_", operation<"eq", 1>, *this, xgrad::eq, other); }
Tensor& Tensor::ne_(const Scalar& other) const { return compare("ne_", operation<"ne">, *this, xgrad::ne, other); }
Tensor& Tensor::ne_(const Tensor& other) const { return compare("ne_", operation<"ne", 1>, *this, xgrad::ne, other); }
Tensor& Tensor::ge_(const Scalar& other) const { return compare("ge_", operation<"ge">, *this, xgrad::ge, other); }
Tensor& Tensor::ge_(const Tensor& other) const { return compare("ge_", operation<"ge", 1>, *this, xgrad::ge, other); }
Tensor& Tensor::le_(const Scalar& other) const { return compare("le_", operation<"le">, *this, xgrad::le, other); }
Tensor& Tensor::le_(const Tensor& other) const { return compare("le_", operation<"le", 1>, *this, xgrad::le, other); }
Tensor& Tensor::gt_(const Scalar& other) const { return compare("gt_", operation<"gt">, *this, xgrad::gt, other); }
Tensor& Tensor::gt_(const Tensor& other) const { return compare("gt_", operation<"gt", 1>, *this, xgrad::gt, other); }
Tensor& Tensor::lt_(const Scalar& other) const { return compare("lt_", operation<"lt">, *this, xgrad::lt, other); }
Tensor& Tensor::lt_(const Tensor& other) const { return compare("lt_", operation<"lt", 1>, *this, xgrad::lt, other); }

}}  // namespace torch::xgrad
