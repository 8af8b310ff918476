// The tensor: what users hold, index, print and call operations on.
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include <xgrad/autograd/core/array_ref.h>
#include <xgrad/autograd/core/grad_mode.h>
#include <xgrad/autograd/core/scalar.h>
#include <xgrad/autograd/core/tensor_options.h>
#include <xgrad/autograd/tensor/accessor.h>
#include <xgrad/autograd/tensor/generator.h>
#include <xgrad/autograd/tensor/tensor_impl.h>

namespace torch { inline namespace xgrad {

class Tensor;
using TensorList = ArrayRef<Tensor>;
namespace indexing {
struct TensorIndex;
}

/// A handle on a tensor; copying it copies no elements. A default-constructed handle is undefined: it requires no
/// gradient, has none, is version 0, and calling anything else but defined(), reset() and assignment on it throws.
///
/// Methods that share a name with a free function do what that function documents (autograd/ops/*.h). A name that ends
/// in an underscore changes the tensor in place and returns it: the result must have (or broadcast to) its shape and
/// convert to its dtype. In place throws on a leaf that requires a gradient while grad mode is on, on a tensor whose
/// elements share memory (expand), and on a view made by split, chunk or unbind; it throws before anything changes.
class XGRAD_API Tensor {
 public:
  Tensor() = default;
  explicit Tensor(IntrusivePtr<TensorImpl> impl) : impl_(std::move(impl)) {}
  Tensor(const Tensor&) = default;
  Tensor(Tensor&&) noexcept = default;
  Tensor& operator=(const Tensor&) & = default;
  Tensor& operator=(Tensor&&) & noexcept = default;
  /// `x[0] = y`, `x.t() = y`: copies into the memory of a temporary view, as copy_ and fill_ do.
  Tensor& operator=(const Tensor& value) &&;
  Tensor& operator=(Tensor&& value) &&;
  Tensor& operator=(const Scalar& value) &&;

  // ---- what it is
  bool defined() const { return static_cast<bool>(impl_); }
  void reset() { impl_.reset(); }
  bool is_same(const Tensor& other) const { return impl_ == other.impl_; }
  int64_t dim() const { return impl().sizes.size(); }
  int64_t ndimension() const { return dim(); }
  IntArrayRef sizes() const { return impl().sizes; }
  IntArrayRef strides() const { return impl().strides; }
  /// Throws IndexError when `axis` is out of range; negative counts from the back.
  int64_t size(int64_t axis) const;
  int64_t stride(int64_t axis) const;
  int64_t numel() const { return impl().numel; }
  int64_t storage_offset() const { return impl().offset(); }
  const Storage& storage() const { return impl().storage; }
  int64_t use_count() const { return impl_ ? static_cast<int64_t>(impl_->refs.value()) : 0; }
  TypeMeta dtype() const { return TypeMeta::fromScalarType(impl().dtype); }
  ScalarType scalar_type() const { return impl().dtype; }
  Device device() const { return Device(kCPU); }
  /// The number of the GPU: -1, for it is on none.
  int64_t get_device() const { return -1; }
  Layout layout() const { return kStrided; }
  TensorOptions options() const { return TensorOptions(dtype()).device(device()).layout(kStrided); }
  int64_t element_size() const { return static_cast<int64_t>(elementSize(dtype())); }
  int64_t itemsize() const { return element_size(); }
  size_t nbytes() const { return static_cast<size_t>(numel() * element_size()); }
  bool is_contiguous(MemoryFormat = MemoryFormat::Contiguous) const { return impl().contiguous; }
  bool is_floating_point() const { return isFloatingType(dtype()); }
  bool is_complex() const { return false; }
  bool is_signed() const { return dtype() != kByte && dtype() != kBool; }
  bool is_cpu() const { return true; }
  bool is_cuda() const { return false; }
  bool is_sparse() const { return false; }
  /// True iff it is a view that gradients flow through.
  bool is_view() const { return impl().view_kind != ViewKind::None; }
  bool is_alias_of(const Tensor& other) const { return storage().is_alias_of(other.storage()); }
  /// The class name PyTorch prints: "CPUFloatType".
  std::string toString() const;
  void print() const;

  // ---- elements
  /// The one element; throws unless there is exactly one.
  Scalar item() const;
  template <class T>
  T item() const { return item().to<T>(); }
  /// Throws unless there is exactly one element; true iff it is not 0.
  bool is_nonzero() const;
  /// The first element's address. Writing through it is not seen by the check for in-place edits.
  void* data_ptr() const { return impl().data; }
  template <class T>
  T* data_ptr() const {
    check_dtype("data_ptr", CppTypeToScalarType<T>::value);
    return reinterpret_cast<T*>(impl().data);
  }
  /// Element access by index, checked once here for dtype and number of axes. Valid while the tensor lives.
  template <class T, size_t N>
  TensorAccessor<T, N> accessor() const& {
    check_dtype("accessor", CppTypeToScalarType<T>::value);
    check_ndim("accessor", N);
    return TensorAccessor<T, N>(reinterpret_cast<T*>(impl().data), impl().sizes.data(), impl().strides.data());
  }
  template <class T, size_t N>
  TensorAccessor<T, N> accessor() && = delete;

  // ---- gradients
  bool requires_grad() const;
  /// Throws for dtypes other than floating ones, and for an interior tensor when turning it off.
  const Tensor& set_requires_grad(bool requires_grad) const;
  const Tensor& requires_grad_(bool requires_grad = true) const { return set_requires_grad(requires_grad); }
  bool is_leaf() const { return !grad_fn_ptr(); }
  /// The operation that made this tensor; null for a leaf.
  IntrusivePtr<Node> grad_fn() const { return grad_fn_ptr(); }
  /// The accumulated gradient; undefined until backward reaches this leaf, and for an undefined tensor.
  const Tensor& grad() const;
  Tensor& mutable_grad() const;
  /// Computes the gradients of this tensor with respect to graph leaves and adds them to their grad().
  /// gradient: d(something)/d(this), of this tensor's shape; may be left out for one element (then 1).
  /// retain_graph: keep saved values so that the graph can be swept again (default: create_graph).
  /// create_graph: record the sweep itself, for higher derivatives. inputs: accumulate into these tensors only.
  void backward(const Tensor& gradient = {}, std::optional<bool> retain_graph = std::nullopt, bool create_graph = false,
                std::optional<TensorList> inputs = std::nullopt) const;
  /// Shares memory, requires no gradient. In-place edits through either are seen by the check of saved values.
  Tensor detach() const;
  /// Makes this tensor a leaf without history.
  Tensor& detach_() const;
  /// As detach(). Unlike libtorch's, edits through it count as in-place edits.
  Tensor data() const { return detach(); }
  Tensor variable_data() const { return detach(); }
  Tensor tensor_data() const { return detach(); }
  /// Makes this handle's tensor show `other`'s memory, shape and dtype. Throws for an interior tensor.
  void set_data(const Tensor& other) const;
  /// Keep the gradient of this interior tensor in grad() when a sweep passes.
  void retain_grad() const;
  bool retains_grad() const { return impl().retains_grad; }
  uint32_t output_nr() const;
  /// Number of in-place edits of the memory so far.
  int64_t _version() const { return impl_ ? impl_->storage.get()->version() : 0; }
  /// Calls `hook` with the gradient of this tensor in every sweep; what it returns, if defined, replaces the gradient.
  /// Returns a position for remove_hook. Throws for tensors that require no gradient.
  unsigned register_hook(std::function<Tensor(const Tensor&)> hook) const;
  template <class F, class = std::enable_if_t<std::is_void_v<std::invoke_result_t<F, const Tensor&>>>>
  unsigned register_hook(F hook) const {
    return register_hook(std::function<Tensor(const Tensor&)>([hook = std::move(hook)](const Tensor& g) {
      hook(g);
      return Tensor();
    }));
  }
  void remove_hook(unsigned position) const;

  // ---- copies and conversions
  /// The tensor itself if its elements lie in row-major order without gaps, else clone().
  Tensor contiguous(MemoryFormat = MemoryFormat::Contiguous) const;
  /// A copy with memory of its own, axes ordered in it as here unless row-major is asked for. Gradients flow through it.
  Tensor clone(std::optional<MemoryFormat> = std::nullopt) const;
  Tensor cpu() const { return *this; }
  /// Throws: there is no other device.
  Tensor cuda() const;
  /// The elements as another dtype; the tensor itself if that is its dtype and copy is false. Gradients flow between
  /// floating dtypes. A floating value outside an integer's range becomes that type's least value. Throws for any
  /// device but the CPU. non_blocking has no meaning here.
  Tensor to(const TensorOptions& options = {}, bool non_blocking = false, bool copy = false) const;
  Tensor to(ScalarType dtype, bool non_blocking = false, bool copy = false) const;
  Tensor to(TypeMeta dtype, bool non_blocking = false, bool copy = false) const { return to(dtype.toScalarType(), non_blocking, copy); }
  Tensor to(Device device, ScalarType dtype, bool non_blocking = false, bool copy = false) const;
  Tensor to(const Tensor& other, bool non_blocking = false, bool copy = false) const;
  Tensor toType(ScalarType dtype) const { return to(dtype); }

  // ---- indexing (autograd/ops/index/indexing.h)
  Tensor operator[](int64_t index) const;
  template <class Integer, class = std::enable_if_t<std::is_integral_v<Integer>>>
  Tensor operator[](Integer index) const { return (*this)[static_cast<int64_t>(index)]; }
  Tensor operator[](const Scalar& index) const;
  Tensor operator[](const Tensor& index) const;
  Tensor index(ArrayRef<indexing::TensorIndex> indices) const;
  Tensor index(std::initializer_list<indexing::TensorIndex> indices) const;
  Tensor& index_put_(ArrayRef<indexing::TensorIndex> indices, const Tensor& values, bool accumulate = false) const;
  Tensor& index_put_(std::initializer_list<indexing::TensorIndex> indices, const Tensor& values, bool accumulate = false) const;
  Tensor& index_put_(ArrayRef<indexing::TensorIndex> indices, const Scalar& value) const;
  Tensor& index_put_(std::initializer_list<indexing::TensorIndex> indices, const Scalar& value) const;

  // ---- operators
  Tensor operator-() const;
  Tensor operator~() const;
  Tensor& operator+=(const Tensor& other);
  Tensor& operator+=(const Scalar& other);
  Tensor& operator-=(const Tensor& other);
  Tensor& operator-=(const Scalar& other);
  Tensor& operator*=(const Tensor& other);
  Tensor& operator*=(const Scalar& other);
  Tensor& operator/=(const Tensor& other);
  Tensor& operator/=(const Scalar& other);

  // ---- views in place: this handle's tensor changes its shape, not its memory; throws for a leaf that requires a gradient
  Tensor& squeeze_() const;
  Tensor& squeeze_(int64_t dim) const;
  Tensor& unsqueeze_(int64_t dim) const;
  Tensor& t_() const;
  Tensor& transpose_(int64_t dim0, int64_t dim1) const;
  /// Row-major `size` on the same memory, or on new memory that begins with the old one's elements when that is too
  /// small (views of the tensor keep the old). Throws for a tensor that requires a gradient.
  const Tensor& resize_(IntArrayRef size) const;
  Tensor& random_(int64_t from, std::optional<int64_t> to, std::optional<Generator> generator = std::nullopt) const;
  Tensor& random_(int64_t to, std::optional<Generator> generator = std::nullopt) const;
  Tensor& random_(std::optional<Generator> generator = std::nullopt) const;
  Tensor view(IntArrayRef size) const;

  // ---- operations
  Tensor abs() const;
  Tensor& abs_() const;
  Tensor acos() const;
  Tensor& acos_() const;
  Tensor add(const Tensor& other, const Scalar& alpha = 1) const;
  Tensor& add_(const Tensor& other, const Scalar& alpha = 1) const;
  Tensor add(const Scalar& other, const Scalar& alpha = 1) const;
  Tensor& add_(const Scalar& other, const Scalar& alpha = 1) const;
  Tensor addmv(const Tensor& mat, const Tensor& vec, const Scalar& beta = 1, const Scalar& alpha = 1) const;
  Tensor all(int64_t dim, bool keepdim = false) const;
  bool allclose(const Tensor& other, double rtol = 1e-05, double atol = 1e-08, bool equal_nan = false) const;
  Tensor any(int64_t dim, bool keepdim = false) const;
  Tensor argmax(std::optional<int64_t> dim = std::nullopt, bool keepdim = false) const;
  Tensor argmin(std::optional<int64_t> dim = std::nullopt, bool keepdim = false) const;
  Tensor acosh() const;
  Tensor& acosh_() const;
  Tensor asinh() const;
  Tensor& asinh_() const;
  Tensor atanh() const;
  Tensor& atanh_() const;
  Tensor as_strided(IntArrayRef size, IntArrayRef stride, std::optional<int64_t> storage_offset = std::nullopt) const;
  Tensor asin() const;
  Tensor& asin_() const;
  Tensor atan() const;
  Tensor& atan_() const;
  Tensor baddbmm(const Tensor& batch1, const Tensor& batch2, const Scalar& beta = 1, const Scalar& alpha = 1) const;
  Tensor bernoulli(std::optional<Generator> generator = std::nullopt) const;
  Tensor multinomial(int64_t num_samples, bool replacement = false, std::optional<Generator> generator = std::nullopt) const;
  Tensor& bernoulli_(const Tensor& p, std::optional<Generator> generator = std::nullopt) const;
  Tensor& bernoulli_(double p = 0.5, std::optional<Generator> generator = std::nullopt) const;
  Tensor bernoulli(double p, std::optional<Generator> generator = std::nullopt) const;
  Tensor bitwise_not() const;
  Tensor& bitwise_not_() const;
  Tensor logical_not() const;
  Tensor& logical_not_() const;
  Tensor logical_xor(const Tensor& other) const;
  Tensor logical_and(const Tensor& other) const;
  Tensor logical_or(const Tensor& other) const;
  Tensor bmm(const Tensor& mat2) const;
  Tensor broadcast_to(IntArrayRef size) const;
  Tensor ceil() const;
  Tensor& ceil_() const;
  std::vector<Tensor> chunk(int64_t chunks, int64_t dim = 0) const;
  Tensor clamp(const std::optional<Scalar>& min, const std::optional<Scalar>& max = std::nullopt) const;
  Tensor clamp(const std::optional<Tensor>& min = {}, const std::optional<Tensor>& max = {}) const;
  Tensor& clamp_(const std::optional<Scalar>& min, const std::optional<Scalar>& max = std::nullopt) const;
  Tensor& clamp_(const std::optional<Tensor>& min = {}, const std::optional<Tensor>& max = {}) const;
  Tensor clamp_max(const Scalar& max) const;
  Tensor clamp_max(const Tensor& max) const;
  Tensor& clamp_max_(const Scalar& max) const;
  Tensor& clamp_max_(const Tensor& max) const;
  Tensor clamp_min(const Scalar& min) const;
  Tensor clamp_min(const Tensor& min) const;
  Tensor& clamp_min_(const Scalar& min) const;
  Tensor& clamp_min_(const Tensor& min) const;
  Tensor clip(const std::optional<Scalar>& min, const std::optional<Scalar>& max = std::nullopt) const;
  Tensor clip(const std::optional<Tensor>& min = {}, const std::optional<Tensor>& max = {}) const;
  Tensor& clip_(const std::optional<Scalar>& min, const std::optional<Scalar>& max = std::nullopt) const;
  Tensor& clip_(const std::optional<Tensor>& min = {}, const std::optional<Tensor>& max = {}) const;
  /// Overwrites the elements by those of `src`, broadcast and converted to this dtype. Gradients flow to `src`.
  Tensor& copy_(const Tensor& src, bool non_blocking = false) const;
  Tensor cos() const;
  Tensor& cos_() const;
  Tensor cosh() const;
  Tensor& cosh_() const;
  Tensor cumprod(int64_t dim, std::optional<ScalarType> dtype = std::nullopt) const;
  Tensor cumsum(int64_t dim, std::optional<ScalarType> dtype = std::nullopt) const;
  Tensor diag_embed(int64_t offset = 0, int64_t dim1 = -2, int64_t dim2 = -1) const;
  Tensor diagonal(int64_t offset = 0, int64_t dim1 = 0, int64_t dim2 = 1) const;
  Tensor div(const Tensor& other) const;
  Tensor& div_(const Tensor& other) const;
  Tensor div(const Tensor& other, std::optional<std::string_view> rounding_mode) const;
  Tensor& div_(const Tensor& other, std::optional<std::string_view> rounding_mode) const;
  Tensor div(const Scalar& other) const;
  Tensor& div_(const Scalar& other) const;
  Tensor div(const Scalar& other, std::optional<std::string_view> rounding_mode) const;
  Tensor& div_(const Scalar& other, std::optional<std::string_view> rounding_mode) const;
  Tensor true_divide(const Tensor& other) const;
  Tensor true_divide(const Scalar& other) const;
  Tensor dot(const Tensor& tensor) const;
  Tensor new_empty(IntArrayRef size, TensorOptions options = {}) const;
  Tensor new_full(IntArrayRef size, const Scalar& fill_value, TensorOptions options = {}) const;
  Tensor new_zeros(IntArrayRef size, TensorOptions options = {}) const;
  Tensor new_ones(IntArrayRef size, TensorOptions options = {}) const;
  Tensor erf() const;
  Tensor& erf_() const;
  Tensor erfc() const;
  Tensor& erfc_() const;
  Tensor exp() const;
  Tensor& exp_() const;
  Tensor expm1() const;
  Tensor& expm1_() const;
  Tensor expand(IntArrayRef size) const;
  Tensor expand_as(const Tensor& other) const;
  Tensor flatten(int64_t start_dim = 0, int64_t end_dim = -1) const;
  Tensor unflatten(int64_t dim, IntArrayRef sizes) const;
  /// Overwrites every element by a number or a tensor without axes. Throws where the dtype can't hold the number.
  Tensor& fill_(const Scalar& value) const;
  Tensor& fill_(const Tensor& value) const;
  Tensor floor() const;
  Tensor& floor_() const;
  Tensor floor_divide(const Tensor& other) const;
  Tensor& floor_divide_(const Tensor& other) const;
  Tensor floor_divide(const Scalar& other) const;
  Tensor& floor_divide_(const Scalar& other) const;
  Tensor& index_copy_(int64_t dim, const Tensor& index, const Tensor& source) const;
  Tensor index_copy(int64_t dim, const Tensor& index, const Tensor& source) const;
  Tensor isclose(const Tensor& other, double rtol = 1e-05, double atol = 1e-08, bool equal_nan = false) const;
  Tensor isnan() const;
  Tensor log() const;
  Tensor& log_() const;
  Tensor log10() const;
  Tensor& log10_() const;
  Tensor log1p() const;
  Tensor& log1p_() const;
  Tensor log2() const;
  Tensor& log2_() const;
  Tensor logaddexp(const Tensor& other) const;
  Tensor logaddexp2(const Tensor& other) const;
  Tensor xlogy(const Tensor& other) const;
  Tensor xlogy(const Scalar& other) const;
  Tensor log_softmax(int64_t dim, std::optional<ScalarType> dtype = std::nullopt) const;
  Tensor logsumexp(IntArrayRef dim, bool keepdim = false) const;
  Tensor matmul(const Tensor& other) const;
  std::tuple<Tensor, Tensor> aminmax(std::optional<int64_t> dim = std::nullopt, bool keepdim = false) const;
  std::tuple<Tensor, Tensor> max(int64_t dim, bool keepdim = false) const;
  Tensor amax(IntArrayRef dim = {}, bool keepdim = false) const;
  Tensor mean(std::optional<ScalarType> dtype = std::nullopt) const;
  Tensor mean(OptionalIntArrayRef dim, bool keepdim = false, std::optional<ScalarType> dtype = std::nullopt) const;
  std::tuple<Tensor, Tensor> min(int64_t dim, bool keepdim = false) const;
  Tensor amin(IntArrayRef dim = {}, bool keepdim = false) const;
  Tensor mm(const Tensor& mat2) const;
  Tensor mul(const Tensor& other) const;
  Tensor& mul_(const Tensor& other) const;
  Tensor mul(const Scalar& other) const;
  Tensor& mul_(const Scalar& other) const;
  Tensor mv(const Tensor& vec) const;
  Tensor narrow(int64_t dim, int64_t start, int64_t length) const;
  Tensor permute(IntArrayRef dims) const;
  Tensor movedim(IntArrayRef source, IntArrayRef destination) const;
  Tensor movedim(int64_t source, int64_t destination) const;
  Tensor reciprocal() const;
  Tensor& reciprocal_() const;
  Tensor neg() const;
  Tensor& neg_() const;
  Tensor negative() const;
  /// repeats[i] copies side by side along axis i; more repeats than axes make new axes in front.
  Tensor repeat(IntArrayRef repeats) const;
  Tensor tile(IntArrayRef reps) const;
  Tensor repeat_interleave(const Tensor& repeats, std::optional<int64_t> dim = std::nullopt, std::optional<int64_t> output_size = std::nullopt) const;
  Tensor repeat_interleave(int64_t repeats, std::optional<int64_t> dim = std::nullopt, std::optional<int64_t> output_size = std::nullopt) const;
  Tensor reshape(IntArrayRef shape) const;
  Tensor reshape_as(const Tensor& other) const;
  Tensor round() const;
  Tensor& round_() const;
  Tensor round(int64_t decimals) const;
  Tensor& round_(int64_t decimals) const;
  Tensor relu() const;
  Tensor& relu_() const;
  Tensor hardshrink(const Scalar& lambd = 0.5) const;
  Tensor rsqrt() const;
  Tensor& rsqrt_() const;
  Tensor select(int64_t dim, int64_t index) const;
  Tensor sigmoid() const;
  Tensor& sigmoid_() const;
  Tensor sin() const;
  Tensor& sin_() const;
  Tensor sinh() const;
  Tensor& sinh_() const;
  Tensor slice(int64_t dim = 0, std::optional<int64_t> start = std::nullopt, std::optional<int64_t> end = std::nullopt, int64_t step = 1) const;
  Tensor softmax(int64_t dim, std::optional<ScalarType> dtype = std::nullopt) const;
  std::vector<Tensor> split(int64_t split_size, int64_t dim = 0) const;
  std::vector<Tensor> split(IntArrayRef split_size, int64_t dim = 0) const;
  std::vector<Tensor> split_with_sizes(IntArrayRef split_sizes, int64_t dim = 0) const;
  Tensor squeeze() const;
  Tensor squeeze(int64_t dim) const;
  Tensor sum(std::optional<ScalarType> dtype = std::nullopt) const;
  Tensor sum(OptionalIntArrayRef dim, bool keepdim = false, std::optional<ScalarType> dtype = std::nullopt) const;
  Tensor sqrt() const;
  Tensor& sqrt_() const;
  Tensor square() const;
  Tensor& square_() const;
  Tensor std(bool unbiased = true) const;
  Tensor std(int dim) const { return std(IntArrayRef{dim}); }
  Tensor std(OptionalIntArrayRef dim, bool unbiased = true, bool keepdim = false) const;
  Tensor std(OptionalIntArrayRef dim, std::optional<int64_t> correction, bool keepdim = false) const;
  Tensor prod(std::optional<ScalarType> dtype = std::nullopt) const;
  Tensor prod(int64_t dim, bool keepdim = false, std::optional<ScalarType> dtype = std::nullopt) const;
  Tensor t() const;
  Tensor tan() const;
  Tensor& tan_() const;
  Tensor tanh() const;
  Tensor& tanh_() const;
  Tensor transpose(int64_t dim0, int64_t dim1) const;
  Tensor flip(IntArrayRef dims) const;
  Tensor roll(IntArrayRef shifts, IntArrayRef dims = {}) const;
  Tensor trunc() const;
  Tensor& trunc_() const;
  Tensor type_as(const Tensor& other) const;
  Tensor unsqueeze(int64_t dim) const;
  Tensor var(bool unbiased = true) const;
  Tensor var(int dim) const { return var(IntArrayRef{dim}); }
  Tensor var(OptionalIntArrayRef dim, bool unbiased = true, bool keepdim = false) const;
  Tensor var(OptionalIntArrayRef dim, std::optional<int64_t> correction, bool keepdim = false) const;
  Tensor view_as(const Tensor& other) const;
  Tensor where(const Tensor& condition, const Tensor& other) const;
  Tensor norm(const Scalar& p = 2) const;
  Tensor norm(const std::optional<Scalar>& p, IntArrayRef dim, bool keepdim = false) const;
  Tensor& zero_() const;
  Tensor sub(const Tensor& other, const Scalar& alpha = 1) const;
  Tensor& sub_(const Tensor& other, const Scalar& alpha = 1) const;
  Tensor sub(const Scalar& other, const Scalar& alpha = 1) const;
  Tensor& sub_(const Scalar& other, const Scalar& alpha = 1) const;
  Tensor addmm(const Tensor& mat1, const Tensor& mat2, const Scalar& beta = 1, const Scalar& alpha = 1) const;
  Tensor& addmm_(const Tensor& mat1, const Tensor& mat2, const Scalar& beta = 1, const Scalar& alpha = 1) const;
  std::vector<Tensor> unbind(int64_t dim = 0) const;
  Tensor& masked_fill_(const Tensor& mask, const Scalar& value) const;
  Tensor masked_fill(const Tensor& mask, const Scalar& value) const;
  Tensor& masked_fill_(const Tensor& mask, const Tensor& value) const;
  Tensor masked_fill(const Tensor& mask, const Tensor& value) const;
  Tensor& index_add_(int64_t dim, const Tensor& index, const Tensor& source, const Scalar& alpha = 1) const;
  Tensor index_add(int64_t dim, const Tensor& index, const Tensor& source, const Scalar& alpha = 1) const;
  Tensor& index_fill_(int64_t dim, const Tensor& index, const Scalar& value) const;
  Tensor index_fill(int64_t dim, const Tensor& index, const Scalar& value) const;
  Tensor& index_fill_(int64_t dim, const Tensor& index, const Tensor& value) const;
  Tensor index_fill(int64_t dim, const Tensor& index, const Tensor& value) const;
  Tensor scatter(int64_t dim, const Tensor& index, const Tensor& src) const;
  Tensor& scatter_(int64_t dim, const Tensor& index, const Tensor& src) const;
  Tensor scatter(int64_t dim, const Tensor& index, const Scalar& value) const;
  Tensor& scatter_(int64_t dim, const Tensor& index, const Scalar& value) const;
  Tensor scatter(int64_t dim, const Tensor& index, const Tensor& src, std::string_view reduce) const;
  Tensor& scatter_(int64_t dim, const Tensor& index, const Tensor& src, std::string_view reduce) const;
  Tensor scatter(int64_t dim, const Tensor& index, const Scalar& value, std::string_view reduce) const;
  Tensor& scatter_(int64_t dim, const Tensor& index, const Scalar& value, std::string_view reduce) const;
  Tensor scatter_add(int64_t dim, const Tensor& index, const Tensor& src) const;
  Tensor& scatter_add_(int64_t dim, const Tensor& index, const Tensor& src) const;
  Tensor& eq_(const Scalar& other) const;
  Tensor& eq_(const Tensor& other) const;
  Tensor bitwise_and(const Scalar& other) const;
  Tensor bitwise_and(const Tensor& other) const;
  Tensor bitwise_or(const Scalar& other) const;
  Tensor bitwise_or(const Tensor& other) const;
  Tensor bitwise_xor(const Scalar& other) const;
  Tensor bitwise_xor(const Tensor& other) const;
  Tensor& lerp_(const Tensor& end, const Scalar& weight) const;
  Tensor& lerp_(const Tensor& end, const Tensor& weight) const;
  Tensor& uniform_(double from = 0, double to = 1, std::optional<Generator> generator = std::nullopt) const;
  Tensor& exponential_(double lambd = 1, std::optional<Generator> generator = std::nullopt) const;
  Tensor diag(int64_t diagonal = 0) const;
  Tensor triu(int64_t diagonal = 0) const;
  Tensor tril(int64_t diagonal = 0) const;
  Tensor trace() const;
  Tensor ne(const Scalar& other) const;
  Tensor ne(const Tensor& other) const;
  Tensor& ne_(const Scalar& other) const;
  Tensor& ne_(const Tensor& other) const;
  Tensor eq(const Scalar& other) const;
  Tensor eq(const Tensor& other) const;
  Tensor ge(const Scalar& other) const;
  Tensor ge(const Tensor& other) const;
  Tensor& ge_(const Scalar& other) const;
  Tensor& ge_(const Tensor& other) const;
  Tensor le(const Scalar& other) const;
  Tensor le(const Tensor& other) const;
  Tensor& le_(const Scalar& other) const;
  Tensor& le_(const Tensor& other) const;
  Tensor gt(const Scalar& other) const;
  Tensor gt(const Tensor& other) const;
  Tensor& gt_(const Scalar& other) const;
  Tensor& gt_(const Tensor& other) const;
  Tensor lt(const Scalar& other) const;
  Tensor lt(const Tensor& other) const;
  Tensor& lt_(const Scalar& other) const;
  Tensor& lt_(const Tensor& other) const;
  Tensor take(const Tensor& index) const;
  Tensor take_along_dim(const Tensor& indices, std::optional<int64_t> dim = std::nullopt) const;
  Tensor index_select(int64_t dim, const Tensor& index) const;
  Tensor masked_select(const Tensor& mask) const;
  Tensor nonzero() const;
  Tensor gather(int64_t dim, const Tensor& index, bool sparse_grad = false) const;
  Tensor addcmul(const Tensor& tensor1, const Tensor& tensor2, const Scalar& value = 1) const;
  Tensor& addcmul_(const Tensor& tensor1, const Tensor& tensor2, const Scalar& value = 1) const;
  Tensor addcdiv(const Tensor& tensor1, const Tensor& tensor2, const Scalar& value = 1) const;
  Tensor& addcdiv_(const Tensor& tensor1, const Tensor& tensor2, const Scalar& value = 1) const;
  Tensor cholesky(bool upper = false) const;
  std::tuple<Tensor, Tensor> qr(bool some = true) const;
  Tensor erfinv() const;
  Tensor& erfinv_() const;
  Tensor sign() const;
  Tensor& sign_() const;
  Tensor atan2(const Tensor& other) const;
  Tensor lerp(const Tensor& end, const Scalar& weight) const;
  Tensor lerp(const Tensor& end, const Tensor& weight) const;
  Tensor fmod(const Scalar& other) const;
  Tensor& fmod_(const Scalar& other) const;
  Tensor fmod(const Tensor& other) const;
  Tensor& fmod_(const Tensor& other) const;
  Tensor remainder(const Scalar& other) const;
  Tensor& remainder_(const Scalar& other) const;
  Tensor remainder(const Tensor& other) const;
  Tensor& remainder_(const Tensor& other) const;
  Tensor min() const;
  Tensor fmin(const Tensor& other) const;
  Tensor max() const;
  Tensor fmax(const Tensor& other) const;
  Tensor maximum(const Tensor& other) const;
  Tensor max(const Tensor& other) const;
  Tensor minimum(const Tensor& other) const;
  Tensor min(const Tensor& other) const;
  std::tuple<Tensor, Tensor> sort(int64_t dim = -1, bool descending = false) const;
  std::tuple<Tensor, Tensor> sort(std::optional<bool> stable, int64_t dim = -1, bool descending = false) const;
  Tensor argsort(int64_t dim = -1, bool descending = false) const;
  Tensor argsort(bool stable, int64_t dim = -1, bool descending = false) const;
  std::tuple<Tensor, Tensor> topk(int64_t k, int64_t dim = -1, bool largest = true, bool sorted = true) const;
  Tensor all() const;
  Tensor any() const;
  bool equal(const Tensor& other) const;
  Tensor pow(const Tensor& exponent) const;
  Tensor pow(const Scalar& exponent) const;
  Tensor& pow_(const Scalar& exponent) const;
  Tensor& pow_(const Tensor& exponent) const;
  Tensor& normal_(double mean = 0, double std = 1, std::optional<Generator> generator = std::nullopt) const;
  Tensor isfinite() const;
  Tensor isinf() const;
  Tensor det() const;
  std::tuple<Tensor, Tensor> slogdet() const;
  Tensor inverse() const;
  Tensor inner(const Tensor& other) const;
  Tensor outer(const Tensor& vec2) const;
  Tensor ger(const Tensor& vec2) const;

  // ---- inside the library
  TensorImpl& impl() const {
    if (__builtin_expect(!impl_, 0)) refuse_undefined();
    return *impl_;
  }
  TensorImpl* unsafeGetTensorImpl() const { return impl_.get(); }
  const IntrusivePtr<TensorImpl>& impl_ptr() const { return impl_; }

 private:
  [[noreturn]] static void refuse_undefined();
  void check_dtype(const char* what, ScalarType expected) const;
  void check_ndim(const char* what, size_t expected) const;
  IntrusivePtr<Node> grad_fn_ptr() const;

  IntrusivePtr<TensorImpl> impl_;
};

static_assert(sizeof(Tensor) == sizeof(TensorImpl::grad_place));
inline Tensor& TensorImpl::grad() { return *std::launder(reinterpret_cast<Tensor*>(grad_place)); }
inline const Tensor& TensorImpl::grad() const { return *std::launder(reinterpret_cast<const Tensor*>(grad_place)); }
inline TensorImpl::TensorImpl() { new (grad_place) Tensor; }
inline TensorImpl::~TensorImpl() { grad().~Tensor(); }

inline bool is_private(const Tensor& t) { return is_private(t.impl()); }

/// Prints as libtorch does: values in its columns, then "[ CPUFloatType{2,3} ]".
XGRAD_API std::ostream& operator<<(std::ostream& stream, const Tensor& tensor);
XGRAD_API std::ostream& operator<<(std::ostream& stream, TensorList tensors);
XGRAD_API std::ostream& operator<<(std::ostream& stream, const std::vector<Tensor>& tensors);
/// Shape and dtype, for error texts.
XGRAD_API void append(std::string& text, const Tensor& tensor);

}}  // namespace torch::xgrad
