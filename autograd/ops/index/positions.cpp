#include <xgrad/autograd/ops/index/positions.h>

#include <algorithm>
#include <utility>

#include <xgrad/autograd/core/shape.h>
#include <xgrad/autograd/kernels/index/positions.h>
#include <xgrad/autograd/tensor/allocate.h>
#include <xgrad/autograd/tensor/copy.h>
#include <xgrad/autograd/tensor/tensor_memory.h>

namespace torch { inline namespace xgrad {

namespace {

// An axis that positions are on, and how an error begins.
struct Axis {
  const Operation* operation;
  int64_t size, dim;
  const char* said;
};

std::string beginning(const Axis& axis) {
  return axis.said ? detail::concatenate(*axis.operation, axis.said, ' ', *axis.operation) : detail::concatenate(*axis.operation);
}

// Throws unless low <= position < size everywhere.
void check_bounds(const int64_t* positions, int64_t n, int64_t low, Axis axis) {
  if (kernels::all_within(positions, n, axis.size)) return;
  for (int64_t i = 0; i < n; ++i)
    XGRAD_CHECK_AS(IndexError, positions[i] >= low && positions[i] < axis.size, beginning(axis), "index ", positions[i],
                   " is out of bounds for dimension ", axis.dim, " with size ", axis.size);
}

// The index as contiguous int64, checked.
Tensor checked(const Tensor& index, int64_t low, const Axis& axis) {
  Tensor flat = contiguous_as(index, kLong);
  launch(*axis.operation, check_bounds, reads(flat), writes(), flat.data_ptr<int64_t>(), flat.numel(), low, axis);
  return flat;
}

// A tensor without axes shown with one.
Tensor with_axes(const Tensor& t) { return t.dim() > 0 ? t : tensor_on(t.storage(), t.dtype(), {1}, {1}, t.storage_offset()); }

void check_axes(int axes) {
  XGRAD_CHECK(axes <= kernels::kMaxAxes, "[index] tensors have up to ", kernels::kMaxAxes, " dimensions here, got ", axes);
}

void start(kernels::Iteration& it, const Dims& sizes, std::initializer_list<const Walked*> operands) {
  check_axes(sizes.size());
  it.axes = sizes.size();
  std::copy(sizes.begin(), sizes.end(), it.sizes);
  for (const Walked* o : operands) {
    it.pointers[it.operands] = static_cast<char*>(o->tensor.data_ptr());
    std::copy(o->strides.begin(), o->strides.end(), it.strides[it.operands]);
    ++it.operands;
  }
  it.simplify();
}

}  // namespace

void check_positions(const Operation& operation, const Tensor& index, int64_t size, int64_t dim, const char* said) {
  checked(index, 0, {&operation, size, dim, said});
}

Tensor wrapped_positions(const Operation& operation, const Tensor& index, int64_t size, int64_t dim, const char* said) {
  const Tensor flat = checked(index, -size, {&operation, size, dim, said});
  if (!kernels::is_observed() && kernels::all_within(flat.data_ptr<int64_t>(), flat.numel(), size)) return index;
  Tensor out = copy_of(index, kLong);
  launch(operation, kernels::wrap_positions, reads(out), writes(out), out.data_ptr<int64_t>(), out.numel(), size);
  return out;
}

Dims byte_strides(const Tensor& t) {
  Dims strides = t.impl().strides;
  for (int64_t& stride : strides) stride *= t.element_size();
  return strides;
}

void run_gather(const Operation& operation, const Dims& sizes, const Walked& y, const Walked& index, const Walked& x, int64_t step) {
  if (numel_of(sizes) == 0) return;
  kernels::Iteration it;
  start(it, sizes, {&y, &index, &x});
  launch(operation, kernels::gather, reads(index.tensor, x.tensor), writes(y.tensor), it, step, static_cast<int>(y.tensor.element_size()));
}

void run_scatter(const Operation& operation, const Dims& sizes, const Walked& y, const Walked& index, const Walked& x,
                 const kernels::ScatterParameter& line, Combine how) {
  if (numel_of(sizes) == 0 || line.length == 0) return;
  kernels::Iteration it;
  start(it, sizes, {&y, &index, &x});
  launch(operation, kernels::run, reads(y.tensor, index.tensor, x.tensor), writes(y.tensor), it, kernels::scatter_loop(y.tensor.dtype(), how),
         kernels::Parameters(&line), static_cast<double>(line.length));
}

Tensor gathered(const Operation& operation, const Tensor& x0, int axis, const Tensor& index0) {
  const Tensor x = with_axes(x0), index = with_axes(index0);
  const Tensor out = allocate_tensor(index0.sizes(), x.dtype()), y = with_axes(out);
  if (index.numel() == 0) return out;
  Dims from = byte_strides(x);
  const int64_t step = std::exchange(from[axis], 0);
  run_gather(operation, index.sizes(), {y, byte_strides(y)}, {index, byte_strides(index)}, {x, from}, step);
  return out;
}

void scatter_into(const Operation& operation, const Tensor& y0, int axis, const Tensor& index0, const Tensor& x0, Combine how) {
  const Tensor y = with_axes(y0), index = with_axes(index0), x = with_axes(x0);
  if (index.numel() == 0) return;
  Dims sizes = index.sizes(), to = byte_strides(y), at = byte_strides(index), from = byte_strides(x);
  const kernels::ScatterParameter line{sizes[axis], to[axis], at[axis], from[axis]};
  for (Dims* d : {&sizes, &to, &at, &from}) d->erase(axis);
  run_scatter(operation, sizes, {y, to}, {index, at}, {x, from}, line, how);
}

Tensor index_along(const Tensor& index, int axis, IntArrayRef shape) {
  const Tensor line = with_axes(index);
  Dims strides(static_cast<int>(shape.size()), 0);
  if (axis < strides.size()) strides[axis] = line.stride(0);
  return tensor_on(line.storage(), line.dtype(), shape, strides, line.storage_offset());
}

}}  // namespace torch::xgrad
