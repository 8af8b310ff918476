// From tensors to elementwise kernels: broadcasting, dtypes and the output.
#pragma once

#include <initializer_list>
#include <optional>

#include <xgrad/autograd/kernels/strided.h>
#include <xgrad/autograd/tensor/forward.h>
#include <xgrad/autograd/tensor/out.h>
#include <xgrad/autograd/tensor/properties.h>

namespace torch { inline namespace xgrad {

using kernels::LoopTable;
using kernels::Parameters;

/// A tensor or a number as input of an elementwise kernel.
class Operand {
 public:
  Operand(const Tensor& t) : tensor_(&t) {}
  Operand(const Scalar& s) : scalar_(s) {}
  const Tensor* tensor() const { return tensor_; }
  const Scalar& scalar() const { return scalar_; }
  /// The number, of an operand that is one: an attribute of the operation.
  std::optional<Scalar> number() const { return tensor_ ? std::nullopt : std::optional(scalar_); }
  /// True iff a kernel gets the tensor in its own dtype, whatever it computes in.
  bool keeps_dtype() const { return keeps_dtype_; }

 private:
  friend Operand as_it_is(const Tensor& t);
  const Tensor* tensor_ = nullptr;
  bool keeps_dtype_ = false;
  Scalar scalar_;
};

/// A tensor that is not converted for the kernel, such as a condition.
inline Operand as_it_is(const Tensor& t) {
  Operand x(t);
  x.keeps_dtype_ = true;
  return x;
}

/// That of properties.h for any number of operands.
XGRAD_API ScalarType result_type(std::initializer_list<Operand> operands);
/// The same, integers turned into the default floating dtype.
XGRAD_API ScalarType floating_result_type(std::initializer_list<Operand> operands);

inline ScalarType floating_result_type(const Tensor& a) { return isFloatingType(a.dtype()) ? a.dtype() : get_default_dtype(); }

/// Runs `table`'s loop for `compute` over the broadcast operands, each converted to `compute`; the loop writes
/// elements of `dtype`, and the result's axes lie in memory in the order of the operands' (memory_order.h). `parameters` are passed to
/// the loop.
XGRAD_API Forward pointwise(const Operation& operation, const LoopTable& table, ScalarType compute, ScalarType dtype,
                            std::initializer_list<Operand> inputs, Parameters parameters = {}, Out out = {});
inline Forward pointwise(const Operation& operation, const LoopTable& table, ScalarType compute, std::initializer_list<Operand> inputs,
                         Parameters parameters = {}, Out out = {}) {
  return pointwise(operation, table, compute, compute, inputs, parameters, out);
}

/// The same into the memory of `out` (which may be one of the inputs), whose version advances; no graph. The broadcast
/// shape of the inputs must broadcast to out's and `compute` must be its dtype; the caller has checked with
/// may_write_directly.
XGRAD_API void pointwise_into(const Operation& operation, const LoopTable& table, const Tensor& out, std::initializer_list<Operand> inputs,
                              Parameters parameters = {});

/// sum += term in sum's memory, whose version advances; no graph and no checks of it.
XGRAD_API void add_into(const Tensor& sum, const Tensor& term);

}}  // namespace torch::xgrad
