#include <xgrad/autograd/ops/index/positions.h>

#include <algorithm>

#include <xgrad/autograd/core/shape.h>
#include <xgrad/autograd/tensor/allocate.h>
#include <xgrad/autograd/tensor/copy.h>

namespace torch { inline namespace xgrad {

namespace {

// Throws unless low <= index < size everywhere; true iff some are negative.
bool check_range(const char* operation, const Tensor& index, int64_t low, int64_t size, int64_t dim) {
  const Tensor flat = contiguous_as(index, kLong);
  const int64_t* p = flat.data_ptr<int64_t>();
  if (kernels::all_within(p, flat.numel(), size)) return false;
  int64_t least = 0;
  for (int64_t i = 0; i < flat.numel(); ++i) {
    XGRAD_CHECK_AS(IndexError, p[i] >= low && p[i] < size, "[", operation, "] index ", p[i], " is out of bounds for dimension ", dim,
                   " with size ", size);
    least = std::min(least, p[i]);
  }
  return least < 0;
}

// A tensor without axes shown with one.
Tensor with_axes(const Tensor& t) {
  return t.dim() > 0 ? t : tensor_on(t.storage(), t.dtype(), {1}, {1}, t.storage_offset());
}

void check_axes(int axes) {
  XGRAD_CHECK(axes <= kernels::kMaxAxes, "[index] tensors have up to ", kernels::kMaxAxes, " dimensions here, got ", axes);
}

void start(kernels::Iteration& it, const Dims& sizes, std::initializer_list<const Operands*> operands) {
  check_axes(sizes.size());
  it.axes = sizes.size();
  std::copy(sizes.begin(), sizes.end(), it.sizes);
  for (const Operands* o : operands) {
    it.pointers[it.operands] = static_cast<char*>(o->data);
    std::copy(o->strides.begin(), o->strides.end(), it.strides[it.operands]);
    ++it.operands;
  }
  it.simplify();
}

}  // namespace

void check_positions(const char* operation, const Tensor& index, int64_t size, int64_t dim) { check_range(operation, index, 0, size, dim); }

Tensor wrapped_positions(const char* operation, const Tensor& index, int64_t size, int64_t dim) {
  if (!check_range(operation, index, -size, size, dim)) return index;
  Tensor out = copy_of(index, kLong);
  int64_t* p = out.data_ptr<int64_t>();
  for (int64_t i = 0; i < out.numel(); ++i) p[i] += p[i] < 0 ? size : 0;
  return out;
}

Operands operands_of(const Tensor& t) {
  Operands o{t.data_ptr(), t.impl().strides};
  for (int64_t& stride : o.strides) stride *= t.element_size();
  return o;
}

void run_gather(const Dims& sizes, const Operands& y, const Operands& index, const Operands& x, int64_t step, ScalarType dtype) {
  if (numel_of(sizes) == 0) return;
  kernels::Iteration it;
  start(it, sizes, {&y, &index, &x});
  kernels::gather(it, step, static_cast<int>(elementSize(dtype)));
}

void run_scatter(const Dims& sizes, const Operands& y, const Operands& index, const Operands& x,
                 const kernels::ScatterParameter& line, ScalarType dtype, Combine how) {
  if (numel_of(sizes) == 0 || line.length == 0) return;
  kernels::Iteration it;
  start(it, sizes, {&y, &index, &x});
  kernels::run(it, kernels::scatter_loop(dtype, how), &line, static_cast<double>(line.length));
}

Tensor gathered(const Tensor& x0, int axis, const Tensor& index0) {
  const Tensor x = with_axes(x0), index = with_axes(index0);
  const Tensor y = allocate_tensor(index0.sizes(), x.dtype());
  if (index.numel() == 0) return y;
  Operands from = operands_of(x);
  const int64_t step = from.strides[axis];
  from.strides[axis] = 0;
  run_gather(index.sizes(), operands_of(with_axes(y)), operands_of(index), from, step, x.dtype());
  return y;
}

void scatter_into(const Tensor& y0, int axis, const Tensor& index0, const Tensor& x0, Combine how) {
  const Tensor y = with_axes(y0), index = with_axes(index0), x = with_axes(x0);
  if (index.numel() == 0) return;
  Dims sizes = index.sizes();
  Operands to = operands_of(y), at = operands_of(index), from = operands_of(x);
  const kernels::ScatterParameter line{sizes[axis], to.strides[axis], at.strides[axis], from.strides[axis]};
  for (Dims* d : {&sizes, &to.strides, &at.strides, &from.strides}) d->erase(axis);
  run_scatter(sizes, to, at, from, line, y.dtype(), how);
}

Tensor index_along(const Tensor& index, int axis, IntArrayRef shape) {
  const Tensor line = with_axes(index);
  Dims strides(static_cast<int>(shape.size()), 0);
  if (axis < strides.size()) strides[axis] = line.stride(0);
  return tensor_on(line.storage(), line.dtype(), shape, strides, line.storage_offset());
}

}}  // namespace torch::xgrad
