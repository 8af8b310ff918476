#include <xgrad/autograd/ops/index/chosen_elements.h>

#include <xgrad/autograd/core/shape.h>
#include <xgrad/autograd/kernels/index/positions.h>
#include <xgrad/autograd/ops/index/gathering.h>
#include <xgrad/autograd/ops/index/index_checks.h>
#include <xgrad/autograd/ops/index/positions.h>
#include <xgrad/autograd/tensor/allocate.h>
#include <xgrad/autograd/tensor/copy.h>
#include <xgrad/autograd/tensor/memory_order.h>
#include <xgrad/autograd/tensor/tensor_memory.h>

namespace torch { inline namespace xgrad {

namespace {

// Masks as the coordinates of their true elements: one position tensor for each axis, undefined where there is none.
std::vector<Tensor> without_masks(const Operation& operation, IntArrayRef sizes, const std::vector<Tensor>& indices) {
  XGRAD_CHECK_AS(IndexError, indices.size() <= sizes.size(), operation, "too many indices for tensor of dimension ", sizes.size(), " (got ",
                 indices.size(), ")");
  std::vector<Tensor> out;
  for (const Tensor& index : indices) {
    if (!index.defined() || index.dtype() == kLong) {
      out.push_back(index);
      continue;
    }
    XGRAD_CHECK_AS(IndexError, index.dtype() == kBool || index.dtype() == kByte, operation,
                   "tensors used as indices must be long, byte or bool tensors, got ", index.dtype());
    if (index.dtype() == kByte) warn_of_bytes(operation, "indexing with dtype torch.uint8 is now deprecated, please use a dtype torch.bool instead.");
    const size_t first = out.size();
    for (int64_t a = 0; a < index.dim(); ++a)
      XGRAD_CHECK_AS(IndexError, first + static_cast<size_t>(a) < sizes.size() && index.size(a) == sizes[first + static_cast<size_t>(a)], operation,
                     "The shape of the mask ", index.sizes(), " at index ", a, " does not match the shape of the indexed tensor ", sizes,
                     " at index ", first + static_cast<size_t>(a));
    const Tensor coordinates = nonzero(index);
    for (int64_t a = 0; a < index.dim(); ++a) out.push_back(tensor_on(coordinates.storage(), kLong, {coordinates.size(0)}, {index.dim()}, a));
  }
  XGRAD_CHECK_AS(IndexError, out.size() <= sizes.size(), operation, "too many indices for tensor of dimension ", sizes.size(), " (got ", out.size(),
                 ")");
  return out;
}

bool broadcast_together(const Dims& a, IntArrayRef b) {
  const size_t n = std::min(static_cast<size_t>(a.size()), b.size());
  for (size_t i = 1; i <= n; ++i) {
    const int64_t sa = a[a.size() - static_cast<int>(i)], sb = b[b.size() - i];
    if (sa != sb && sa != 1 && sb != 1) return false;
  }
  return true;
}

Dims common_shape(const Operation& operation, const std::vector<Tensor>& indices) {
  Dims shape;
  for (const Tensor& index : indices) {
    if (!index.defined()) continue;
    if (broadcast_together(shape, index.sizes())) {
      shape = broadcast_shapes(operation.name(), shape, index.sizes());
      continue;
    }
    std::string shapes;
    for (const Tensor& each : indices)
      if (each.defined()) shapes += (shapes.empty() ? "" : ", ") + str(each.sizes());
    detail::raise<IndexError>(operation, "shape mismatch: indexing tensors could not be broadcast together with shapes ", shapes);
  }
  return shape;
}

// A copy, so that a later edit of the index can't change what a derivative does. Positions that choose nothing may be any, unless their
// axis is the one that has none.
Tensor own_positions(const Operation& operation, const Tensor& index, const Dims& shape, int64_t size, int64_t axis, bool choose) {
  Tensor out = allocate_tensor(shape, kLong);
  if (out.numel() > 0) copy_elements(out, choose || size == 0 ? wrapped_positions(operation, index, size, axis) : index);
  return out;
}

// Of an index that is broadcast to `shape`: 0 along axes that it repeats.
Dims broadcast_strides(const Tensor& index, const Dims& shape) {
  Dims strides(shape.size(), 0);
  const int skipped = shape.size() - static_cast<int>(index.dim());
  for (int i = skipped; i < shape.size(); ++i)
    if (index.size(i - skipped) == shape[i]) strides[i] = index.stride(i - skipped);
  return strides;
}

}  // namespace

ChosenElements::ChosenElements(const Operation& operation, IntArrayRef sizes, const std::vector<Tensor>& given) : sizes_(sizes) {
  const std::vector<Tensor> indices = without_masks(operation, sizes, given);
  index_shape_ = common_shape(operation, indices);
  bool neighbours = true, choose = true;
  for (int a = 0; a < sizes_.size(); ++a)
    if (static_cast<size_t>(a) >= indices.size() || !indices[static_cast<size_t>(a)].defined()) choose = choose && sizes_[a] != 0;
  for (int a = 0; a < sizes_.size(); ++a) {
    if (static_cast<size_t>(a) >= indices.size() || !indices[static_cast<size_t>(a)].defined()) {
      kept_.push_back(a);
      continue;
    }
    neighbours = neighbours && (axes_.empty() || axes_.back() == a - 1);
    if (axes_.empty()) at_ = kept_.size();
    axes_.push_back(a);
    const Tensor& index = indices[static_cast<size_t>(a)];
    indices_.push_back(own_positions(operation, index, index_shape_, sizes_[a], a, choose));
    index_strides_.push_back(broadcast_strides(index, index_shape_));
    row_major_ = row_major_ && index.is_contiguous();
  }
  if (!neighbours) at_ = 0;
  shape_ = along_result(sizes_, index_shape_);
  checked_numel(operation.name(), shape_);
}

Dims ChosenElements::along_result(const Dims& of_axes, const Dims& of_index) const {
  Dims out;
  for (int i = 0; i < at_; ++i) out.push_back(of_axes[static_cast<int>(kept_[i])]);
  for (int64_t v : of_index) out.push_back(v);
  for (int i = at_; i < kept_.size(); ++i) out.push_back(of_axes[static_cast<int>(kept_[i])]);
  return out;
}

// Where each chosen element lies from the first element of a tensor with these strides, in elements.
Tensor ChosenElements::offsets(const Operation& operation, IntArrayRef strides) const {
  const Tensor sum = allocate_zeros(index_shape_, kLong);
  for (size_t k = 0; k < axes_.size(); ++k)
    launch(operation, kernels::add_steps, reads(indices_[k], sum), writes(sum), indices_[k].data_ptr<int64_t>(),
           strides[static_cast<size_t>(axes_[k])], sum.numel(), sum.data_ptr<int64_t>());
  return sum;
}

// PyTorch's: those of a pointwise operation of x, which repeats its elements along the index axes, and the indices, which repeat theirs
// along the others.
Tensor ChosenElements::allocate(const Tensor& x) const {
  const auto& strides = x.impl().strides;
  if (row_major_ && strides == contiguous_strides(sizes_)) return allocate_tensor(shape_, x.dtype());
  std::vector<Dims> inputs{along_result(strides, Dims(index_shape_.size(), 0))};
  const Dims among_ones = along_result(Dims(sizes_.size(), 1), index_shape_);
  for (const Dims& of_index : index_strides_) {
    Dims shown;
    if (!view_strides(index_shape_, of_index, among_ones, shown)) continue;
    for (int i = 0; i < shown.size(); ++i)
      if (among_ones[i] != shape_[i]) shown[i] = 0;
    inputs.push_back(std::move(shown));
  }
  std::vector<const int64_t*> given;
  for (const Dims& each : inputs) given.push_back(each.data());
  return allocate_with_strides(shape_, strides_in_order_of(shape_, given), x.dtype());
}

Tensor ChosenElements::read(const Operation& operation, const Tensor& x) const {
  const Tensor y = allocate(x);
  const Tensor at = offsets(operation, x.strides());
  const Dims none(sizes_.size(), 0), none_of_index(index_shape_.size(), 0);
  run_gather(operation, shape_, {y, byte_strides(y)}, {at, along_result(none, byte_strides(at))}, {x, along_result(byte_strides(x), none_of_index)},
             x.element_size());
  return y;
}

void ChosenElements::write(const Operation& operation, const Tensor& x, const Tensor& values, bool accumulate) const {
  const Tensor source = contiguous_as(values, x.dtype()), at = offsets(operation, x.strides());
  const Dims to = byte_strides(x);
  // The index axes, neighbours in the row-major source, make one line. Its own strides say nothing about axes of size 1.
  const Dims from = contiguous_strides(shape_);
  Dims sizes, strides, source_strides, none(kept_.size(), 0);
  for (int i = 0; i < kept_.size(); ++i) {
    const int axis = static_cast<int>(kept_[i]);
    sizes.push_back(sizes_[axis]);
    strides.push_back(to[axis]);
    source_strides.push_back(from[i < at_ ? i : i + index_shape_.size()] * x.element_size());
  }
  const int last = at_ + index_shape_.size() - 1;
  const int64_t step = index_shape_.empty() ? 0 : from[last] * x.element_size();
  const kernels::ScatterParameter line{at.numel(), x.element_size(), static_cast<int64_t>(sizeof(int64_t)), step};
  run_scatter(operation, sizes, {x, strides}, {at, none}, {source, source_strides}, line, accumulate ? Combine::Add : Combine::Overwrite);
}

}}  // namespace torch::xgrad
