// Element access by index at the cost of pointer arithmetic.
#pragma once

#include <cstddef>
#include <cstdint>

#include <xgrad/autograd/core/array_ref.h>

namespace torch { inline namespace xgrad {

/// How an accessor keeps the address of the elements; the second promises that nobody else has it.
template <class T> struct DefaultPtrTraits { using PtrType = T*; };
template <class T> struct RestrictPtrTraits { using PtrType = T* __restrict; };

/// Indexes N axes of memory owned by a tensor; unchecked. a[i][j] of the last axis is a reference to the element.
template <class T, size_t N, template <class> class PtrTraits = DefaultPtrTraits, class Index = int64_t> class TensorAccessor {
 public:
  using PtrType = typename PtrTraits<T>::PtrType;
  TensorAccessor(PtrType data, const Index* sizes, const Index* strides) : data_(data), sizes_(sizes), strides_(strides) {}
  decltype(auto) operator[](Index i) const {
    if constexpr (N == 1) return static_cast<T&>(data_[i * strides_[0]]);
    else return TensorAccessor<T, N - 1, PtrTraits, Index>(data_ + i * strides_[0], sizes_ + 1, strides_ + 1);
  }
  Index size(Index axis) const { return sizes_[axis]; }
  Index stride(Index axis) const { return strides_[axis]; }
  ArrayRef<Index> sizes() const { return ArrayRef<Index>(sizes_, N); }
  ArrayRef<Index> strides() const { return ArrayRef<Index>(strides_, N); }
  PtrType data() const { return data_; }

 private:
  PtrType data_;
  const Index* sizes_;
  const Index* strides_;
};

/// The same with sizes and strides of its own, so that it may be passed by value and outlive the handle, though not the memory.
template <class T, size_t N, template <class> class PtrTraits = DefaultPtrTraits, class Index = int64_t> class GenericPackedTensorAccessor {
 public:
  using PtrType = typename PtrTraits<T>::PtrType;
  GenericPackedTensorAccessor(PtrType data, const int64_t* sizes, const int64_t* strides) : data_(data) {
    for (size_t axis = 0; axis < N; ++axis) {
      sizes_[axis] = static_cast<Index>(sizes[axis]);
      strides_[axis] = static_cast<Index>(strides[axis]);
    }
  }
  decltype(auto) operator[](Index i) const { return TensorAccessor<T, N, PtrTraits, Index>(data_, sizes_, strides_)[i]; }
  Index size(Index axis) const { return sizes_[axis]; }
  Index stride(Index axis) const { return strides_[axis]; }
  PtrType data() const { return data_; }
  /// Of two axes in each other's place; throws IndexError where there are none.
  GenericPackedTensorAccessor transpose(Index axis1, Index axis2) const {
    XGRAD_CHECK_AS(IndexError, axis1 >= 0 && axis2 >= 0 && static_cast<size_t>(axis1) < N && static_cast<size_t>(axis2) < N,
                   "[transpose] expected axes of an accessor of ", N, ", got ", axis1, " and ", axis2);
    GenericPackedTensorAccessor t = *this;
    std::swap(t.sizes_[axis1], t.sizes_[axis2]);
    std::swap(t.strides_[axis1], t.strides_[axis2]);
    return t;
  }

 private:
  PtrType data_;
  Index sizes_[N], strides_[N];
};
template <class T, size_t N, template <class> class PtrTraits = DefaultPtrTraits>
using PackedTensorAccessor32 = GenericPackedTensorAccessor<T, N, PtrTraits, int32_t>;
template <class T, size_t N, template <class> class PtrTraits = DefaultPtrTraits>
using PackedTensorAccessor64 = GenericPackedTensorAccessor<T, N, PtrTraits, int64_t>;

}}  // namespace torch::xgrad
