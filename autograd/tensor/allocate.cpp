#include <xgrad/autograd/tensor/allocate.h>

#include <algorithm>

#include <xgrad/autograd/core/shape.h>
#include <xgrad/autograd/kernels/pointwise/fill.h>
#include <xgrad/autograd/tensor/storage_block.h>
#include <xgrad/autograd/tensor/tensor_memory.h>

namespace torch { inline namespace xgrad {

namespace {

#if defined(__SANITIZE_ADDRESS__)
constexpr int64_t kTogether = -1;  // a use after free would hide in the storage's block
#else
// A tensor of up to this many bytes lies in one block with its elements. In larger ones a second block costs nothing
// beside the elements, and set_data() would keep the old elements alive.
constexpr int64_t kTogether = 4096;
#endif

[[noreturn]] void refuse_dtype(ScalarType dtype) {
  detail::raise<NotImplementedError>("[tensor] dtype ", dtype, " is not supported; use Float, Double, Long, Int, Byte or Bool");
}

inline void check_supported(ScalarType dtype) {
  if (!is_supported(dtype)) refuse_dtype(dtype);
}

// With its storage from the start: destroy() counts on one.
[[gnu::noinline]] IntrusivePtr<TensorImpl> new_impl(ScalarType dtype, Storage storage) {
  check_supported(dtype);
  auto impl = IntrusivePtr<TensorImpl>::adopt(new (memory::take_block(sizeof(TensorImpl))) TensorImpl);
  memory::count_tensors(1);
  impl->dtype = dtype;
  impl->storage = std::move(storage);
  return impl;
}

// A tensor with memory for `numel` elements; shape and strides are left to the caller.
[[gnu::always_inline]] inline IntrusivePtr<TensorImpl> new_impl_with_elements(ScalarType dtype, int64_t numel) {
  const int64_t bytes = numel * static_cast<int64_t>(elementSize(dtype));
  IntrusivePtr<TensorImpl> impl;
  if (bytes <= kTogether) {
    check_supported(dtype);
    StorageImpl* home = StorageBlock::create(static_cast<size_t>(bytes), sizeof(TensorImpl));
    impl = IntrusivePtr<TensorImpl>::adopt(new (home + 1) TensorImpl);
    memory::count_tensors(1);
    impl->dtype = dtype;
    impl->home = home;
    impl->storage = Storage(IntrusivePtr<StorageImpl>::adopt(home));
  } else {
    impl = new_impl(dtype, Storage::allocate(static_cast<size_t>(bytes)));
  }
  impl->numel = numel;
  impl->data = static_cast<char*>(impl->storage.data());
  return impl;
}

}  // namespace

void destroy(TensorImpl* t) {
  if (t->leaf_edge || t->retains_grad || t->hooks_aside) leave_graph(*t);
  StorageImpl* const shown = t->storage.leak();
  StorageImpl* const home = t->home;
  t->~TensorImpl();
  memory::count_tensors(-1);
  if (home == shown) return StorageBlock::release_own(home);
  if (shown) release(shown);
  if (home) release(home);
  else memory::give_block(t, sizeof(TensorImpl));
}

// Of a tensor whose sizes are set.
static inline Tensor in_row_major_order(IntrusivePtr<TensorImpl> impl) {
  impl->strides = impl->sizes;
  set_contiguous_strides(impl->sizes, impl->strides.data());
  return Tensor(std::move(impl));
}

Tensor allocate_tensor(IntArrayRef sizes, ScalarType dtype) {
  auto impl = new_impl_with_elements(dtype, numel_of(sizes));
  impl->sizes.assign(sizes);
  return in_row_major_order(std::move(impl));
}

Tensor allocate_shaped_as(const TensorImpl& like, ScalarType dtype) {
  auto impl = new_impl_with_elements(dtype, like.numel);
  impl->sizes = like.sizes;
  return in_row_major_order(std::move(impl));
}

void clear_elements(const Tensor& t) {
  launch(operation<"zero_">, kernels::fill<char>, reads(), writes(t), static_cast<char*>(t.data_ptr()), static_cast<int64_t>(t.nbytes()), char{0});
}

Tensor allocate_zeros(IntArrayRef sizes, ScalarType dtype) {
  const Tensor zeros = allocate_tensor(sizes, dtype);
  clear_elements(zeros);
  return zeros;
}

Tensor tensor_on(Storage storage, ScalarType dtype, const Dims& sizes, const Dims& strides, int64_t offset) {
  auto impl = new_impl(dtype, std::move(storage));
  impl->sizes = sizes;
  impl->strides = strides;
  impl->numel = numel_of(sizes);
  impl->contiguous = is_contiguous(sizes, strides);
  impl->data = static_cast<char*>(impl->storage.data()) + offset * static_cast<int64_t>(elementSize(dtype));
  return Tensor(std::move(impl));
}

}}  // namespace torch::xgrad
