// Moving elements between tensors.
#pragma once

#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad {

/// Writes the elements of `from`, broadcast and converted, into the memory of `to`. No graph, no version; overlapping
/// memory is read before it is written.
XGRAD_API void copy_elements(const Tensor& to, const Tensor& from);

/// A row-major copy of the elements as `dtype`. No graph.
XGRAD_API Tensor copy_of(const Tensor& t, ScalarType dtype);
/// The tensor itself if it is row-major and of that dtype, else a copy. No graph.
XGRAD_API Tensor contiguous_as(const Tensor& t, ScalarType dtype);

/// The elements in the type they are computed in: the tensor itself or, of a narrow type, a copy. No graph.
class Computed {
 public:
  explicit Computed(const Tensor& t) : t_(&t) {
    if (__builtin_expect(!is_narrow(t.dtype()), 1)) return;
    copy_ = copy_of(t, computed_in(t.dtype()));
    t_ = &copy_;
  }
  Computed(const Computed&) = delete;
  Computed& operator=(const Computed&) = delete;
  const Tensor& operator*() const { return *t_; }
  const Tensor* operator->() const { return t_; }

 private:
  const Tensor* t_;
  Tensor copy_;
};
inline Tensor contiguous_computed(const Tensor& t) { return contiguous_as(t, computed_in(t.dtype())); }
/// A result for tensors of `dtype`: where that is narrow and `y` of the type it is computed in, `y` rounded to it. No graph.
inline Tensor rounded_to(ScalarType dtype, Tensor y) {
  return __builtin_expect(is_narrow(dtype), 0) && y.defined() && y.dtype() == computed_in(dtype) ? copy_of(y, dtype) : y;
}

}}  // namespace torch::xgrad
