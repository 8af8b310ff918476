// xtensor arrays as tensors, and tensors as xtensor arrays, on the same memory. Opt in with <xgrad/xtensor.h>.
//
//   xt::xarray<float> a = ...;
//   Tensor t = from_xtensor(std::move(a));            // takes the buffer over
//   auto v = as_xtensor<float>(t);                    // shows t's memory; v(1, 2) = 3.0f changes t
//   xt::xarray<float> means = xt::mean(as_xtensor<float>(t.detach()), {0});
//
// Needs xtensor 0.21 or later, and works as C++17 and C++20.
#pragma once

#include <array>
#include <cstddef>
#include <iterator>
#include <memory>
#include <type_traits>
#include <utility>
#include <vector>

#if __has_include(<xtensor/containers/xadapt.hpp>)
#include <xtensor/containers/xadapt.hpp>
#include <xtensor/containers/xarray.hpp>
#include <xtensor/containers/xtensor.hpp>
#include <xtensor/core/xnoalias.hpp>
#include <xtensor/views/xstrided_view.hpp>
#else
#include <xtensor/xadapt.hpp>
#include <xtensor/xarray.hpp>
#include <xtensor/xnoalias.hpp>
#include <xtensor/xstrided_view.hpp>
#include <xtensor/xtensor.hpp>
#endif

#include <xgrad/autograd/core/shape.h>
#include <xgrad/autograd/tensor/allocate.h>
#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad {

namespace detail {

template <class T> struct is_owning_array : std::false_type {};
template <class EC, xt::layout_type L, class SC, class Tag> struct is_owning_array<xt::xarray_container<EC, L, SC, Tag>> : std::true_type {};
template <class EC, std::size_t N, xt::layout_type L, class Tag> struct is_owning_array<xt::xtensor_container<EC, N, L, Tag>> : std::true_type {};

template <class T>
constexpr bool is_element_type = std::is_same_v<T, float> || std::is_same_v<T, double> || std::is_same_v<T, int64_t> ||
                                 std::is_same_v<T, long long> || std::is_same_v<T, int32_t> || std::is_same_v<T, uint8_t> || std::is_same_v<T, bool>;

template <class Sizes> Dims to_dims(const Sizes& sizes) {
  Dims dims;
  for (const auto n : sizes) dims.push_back(static_cast<int64_t>(n));
  return dims;
}

/// The memory of a tensor, from its first element to its last, as a container that keeps the tensor alive.
template <class T> class TensorBuffer {
 public:
  using value_type = T;
  using allocator_type = std::allocator<T>;
  using size_type = std::size_t;
  using difference_type = std::ptrdiff_t;
  using reference = T&;
  using const_reference = const T&;
  using pointer = T*;
  using const_pointer = const T*;
  using iterator = T*;
  using const_iterator = const T*;
  using reverse_iterator = std::reverse_iterator<iterator>;
  using const_reverse_iterator = std::reverse_iterator<const_iterator>;

  TensorBuffer() = default;
  explicit TensorBuffer(const Tensor& t) : tensor_(t), data_(t.data_ptr<T>()), size_(t.numel() == 0 ? 0 : 1) {
    for (int64_t a = 0; a < t.dim() && size_ > 0; ++a) size_ += static_cast<size_type>((t.size(a) - 1) * t.stride(a));
  }

  size_type size() const { return size_; }
  bool empty() const { return size_ == 0; }
  /// Throws unless n is its size: a tensor's memory does not grow.
  void resize(size_type n) { XGRAD_CHECK(n == size_, "[as_xtensor] the shape of a tensor cannot be changed through xtensor"); }
  T* data() { return data_; }
  const T* data() const { return data_; }
  T* begin() { return data_; }
  T* end() { return data_ + size_; }
  const T* begin() const { return data_; }
  const T* end() const { return data_ + size_; }
  const T* cbegin() const { return data_; }
  const T* cend() const { return data_ + size_; }
  T& operator[](size_type i) { return data_[i]; }
  const T& operator[](size_type i) const { return data_[i]; }
  T& back() { return data_[size_ - 1]; }
  const T& back() const { return data_[size_ - 1]; }
  void swap(TensorBuffer& other) { std::swap(*this, other); }

 private:
  Tensor tensor_;
  T* data_ = nullptr;
  size_type size_ = 0;
};

/// A view, not an adapted container: assigning to a container with strides would change its strides.
template <class T, class Shape, class Strides> auto view_of(const Tensor& t, Shape shape, Strides strides) {
  XGRAD_CHECK(!t.requires_grad(),
              "[as_xtensor] xtensor can't see the graph of a tensor that requires grad: use tensor.detach(), which shares its memory");
  for (int64_t a = 0; a < t.dim(); ++a) {
    shape[static_cast<std::size_t>(a)] = static_cast<std::size_t>(t.size(a));
    // xtensor wants stride 0 along axes of size 1, which it may repeat.
    strides[static_cast<std::size_t>(a)] = t.size(a) == 1 ? 0 : static_cast<std::ptrdiff_t>(t.stride(a));
  }
  TensorBuffer<T> buffer(t);
  const std::array<std::size_t, 1> length{buffer.size()};
  return xt::strided_view<xt::layout_type::dynamic>(xt::adapt(std::move(buffer), length), std::move(shape), std::move(strides), 0,
                                                    t.is_contiguous() ? xt::layout_type::row_major : xt::layout_type::dynamic);
}

}  // namespace detail

/// A tensor on the buffer of an xt::xarray or xt::xtensor that is moved in; nothing is copied. Its shape and strides are the
/// array's, row-major or column-major. Elements are float, double, int64, int32, uint8 or bool.
template <class Array,
          class = std::enable_if_t<!std::is_lvalue_reference_v<Array> && !std::is_const_v<Array> && detail::is_owning_array<Array>::value>>
Tensor from_xtensor(Array&& array) {
  using T = typename Array::value_type;
  static_assert(detail::is_element_type<T>, "elements must be float, double, int64_t, int32_t, uint8_t or bool");
  const auto owner = std::make_shared<Array>(std::move(array));
  const Dims sizes = detail::to_dims(owner->shape());
  Dims strides = detail::to_dims(owner->strides());
  for (int a = sizes.size() - 1; a >= 0; --a)
    if (sizes[a] == 1) strides[a] = a + 1 < sizes.size() ? sizes[a + 1] * strides[a + 1] : 1;
  Storage storage = Storage::foreign(owner->data(), owner->size() * sizeof(T), [owner](void*) {});
  return tensor_on(std::move(storage), CppTypeToScalarType<T>::value, sizes, strides, 0);
}

/// A tensor with a copy of the elements of an array that is kept, or with those an xtensor expression computes.
template <class E> Tensor from_xtensor(const xt::xexpression<E>& expression) {
  using T = std::decay_t<typename E::value_type>;
  static_assert(detail::is_element_type<T>, "elements must be float, double, int64_t, int32_t, uint8_t or bool");
  const E& e = expression.derived_cast();
  const Tensor t = allocate_tensor(detail::to_dims(e.shape()), CppTypeToScalarType<T>::value);
  const std::vector<std::size_t> shape(e.shape().begin(), e.shape().end());
  auto elements = xt::adapt(t.data_ptr<T>(), static_cast<std::size_t>(t.numel()), xt::no_ownership(), shape);
  xt::noalias(elements) = expression;
  return t;
}

/// An xtensor view of any number of axes on the memory of `t`, which it keeps alive. Assigning to it writes into t.
/// Throws unless T is t's element type, and when t requires a gradient: then detach() it. As with data_ptr, the check for
/// in-place edits doesn't see what is written.
template <class T> auto as_xtensor(const Tensor& t) {
  const auto axes = static_cast<std::size_t>(t.dim());
  // Not xt::dynamic_shape: as C++20, xtensor 0.24 takes that template for an array of 4 and evaluates out of bounds.
  return detail::view_of<T>(t, std::vector<std::size_t>(axes), std::vector<std::ptrdiff_t>(axes));
}

/// The same with N axes known to the compiler, which makes element access faster. Throws unless t has N axes.
template <class T, std::size_t N> auto as_xtensor(const Tensor& t) {
  XGRAD_CHECK(t.dim() == static_cast<int64_t>(N), "[as_xtensor] expected a tensor with ", static_cast<int64_t>(N), " axes, got shape ", t.sizes());
  return detail::view_of<T>(t, std::array<std::size_t, N>{}, std::array<std::ptrdiff_t, N>{});
}

}}  // namespace torch::xgrad
