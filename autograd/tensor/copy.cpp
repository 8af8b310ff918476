#include <xgrad/autograd/tensor/copy.h>

#include <xgrad/autograd/core/shape.h>
#include <xgrad/autograd/kernels/pointwise/convert.h>
#include <xgrad/autograd/kernels/strided.h>
#include <xgrad/autograd/tensor/allocate.h>
#include <xgrad/autograd/tensor/tensor_memory.h>

namespace torch { inline namespace xgrad {

namespace {

void copy_disjoint(const Tensor& to, const Tensor& from) {
  const TensorImpl &t = to.impl(), &f = from.impl();
  if (t.numel == 0) return;
  XGRAD_CHECK(t.sizes.size() <= kernels::kMaxAxes, "[copy_] tensors have up to ", kernels::kMaxAxes, " dimensions here, got ", t.sizes.size());
  kernels::Iteration it;
  it.operands = 2;
  it.axes = t.sizes.size();
  const int lead = it.axes - f.sizes.size();
  const auto to_bytes = static_cast<int64_t>(elementSize(t.dtype)), from_bytes = static_cast<int64_t>(elementSize(f.dtype));
  for (int a = 0; a < it.axes; ++a) {
    it.sizes[a] = t.sizes[a];
    it.strides[0][a] = t.strides[a] * to_bytes;
    it.strides[1][a] = a < lead || f.sizes[a - lead] == 1 ? 0 : f.strides[a - lead] * from_bytes;
  }
  it.pointers[0] = t.data;
  it.pointers[1] = f.data;
  it.bytes[0] = static_cast<int8_t>(to_bytes);
  it.bytes[1] = static_cast<int8_t>(from_bytes);
  it.simplify();
  if (t.dtype == f.dtype) launch(operation<"copy_">, kernels::copy, reads(from, Gaps{to}), writes(to), it);
  else
    launch(operation<"copy_">, kernels::run, reads(from, Gaps{to}), writes(to), it, kernels::convert_loop(t.dtype, f.dtype), kernels::Parameters(),
           0.3);
}

}  // namespace

void copy_elements(const Tensor& to, const Tensor& from) {
  XGRAD_CHECK(broadcasts_to(from.sizes(), to.sizes()), "[copy_] The expanded size of the tensor must match the existing size, got shape ",
              from.sizes(), " for ", to.sizes());
  if (to.data_ptr() == from.data_ptr() && to.dtype() == from.dtype() && to.strides() == from.strides() && to.sizes() == from.sizes()) return;
  if (to.is_alias_of(from)) copy_disjoint(to, copy_of(from, from.dtype()));
  else copy_disjoint(to, from);
}

Tensor copy_of(const Tensor& t, ScalarType dtype) {
  Tensor out = allocate_tensor(t.sizes(), dtype);
  copy_disjoint(out, t);
  return out;
}

Tensor contiguous_as(const Tensor& t, ScalarType dtype) { return t.dtype() == dtype && t.is_contiguous() ? t : copy_of(t, dtype); }

}}  // namespace torch::xgrad
