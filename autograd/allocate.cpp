#include <xgrad/autograd/allocate.h>

#include <new>

#include <xgrad/autograd/memory.h>
#include <xgrad/autograd/shape.h>

namespace xgrad {

namespace {

IntrusivePtr<TensorImpl> new_impl(ScalarType dtype) {
  if (!is_supported(dtype)) detail::raise<NotImplementedError>("[tensor] dtype ", dtype, " is not supported; use Float, Double, Long, Int, Byte or Bool");
  auto impl = IntrusivePtr<TensorImpl>::adopt(new (memory::allocate(sizeof(TensorImpl))) TensorImpl);
  memory::count_tensors(1);
  impl->dtype = dtype;
  return impl;
}

}  // namespace

Tensor allocate_tensor(IntArrayRef sizes, ScalarType dtype) {
  auto impl = new_impl(dtype);
  impl->sizes.assign(sizes);
  impl->strides = contiguous_strides(sizes);
  impl->numel = numel_of(sizes);
  impl->storage = Storage::allocate(static_cast<size_t>(impl->numel) * elementSize(dtype));
  impl->data = static_cast<char*>(impl->storage.data());
  return Tensor(std::move(impl));
}

Tensor tensor_on(Storage storage, ScalarType dtype, const Dims& sizes, const Dims& strides, int64_t offset) {
  auto impl = new_impl(dtype);
  impl->sizes = sizes;
  impl->strides = strides;
  impl->numel = numel_of(sizes);
  impl->contiguous = is_contiguous(sizes, strides);
  impl->data = static_cast<char*>(storage.data()) + offset * static_cast<int64_t>(elementSize(dtype));
  impl->storage = std::move(storage);
  return Tensor(std::move(impl));
}

}  // namespace xgrad
