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
#include <xgrad/autograd/core/unpack.h>
#include <xgrad/autograd/tensor/accessor.h>
#include <xgrad/autograd/tensor/deprecated_type.h>
#include <xgrad/autograd/tensor/generator.h>
#include <xgrad/autograd/tensor/tensor_impl.h>

namespace torch { inline namespace xgrad {

class XGRAD_API Tensor;
using TensorList = ArrayRef<Tensor>;
template <class T> class List;
namespace indexing {
struct TensorIndex;
}

namespace detail {

/// An absent tensor, as a default argument where Tensor is not complete yet.
XGRAD_API extern const std::optional<Tensor> kNoTensor;

}  // namespace detail

// The operations as functions; autograd/ops defines them.
#pragma GCC visibility push(default)
#define XGRAD_SELF const Tensor& self
#define XGRAD_SELF_AND XGRAD_SELF,
#define XGRAD_METHOD(call)
#define XGRAD_IN_PLACE(signature)
#define XGRAD_REPLACED_BY(signature, call)
#define XGRAD_OR(value)
#include <xgrad/autograd/tensor/operations.h>
#pragma GCC visibility pop

/// A handle on a tensor; copying it copies no elements. A default-constructed handle is undefined: it requires no
/// gradient, has none, is version 0, and calling anything else but defined(), reset() and assignment on it throws.
///
/// Methods that are free functions too stand in the list of operations.h, with their documentation. A name that ends
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
  int64_t dim() const { return properties().sizes.size(); }
  int64_t ndimension() const { return dim(); }
  IntArrayRef sizes() const { return properties().sizes; }
  IntArrayRef strides() const { return impl().strides; }
  /// Throws IndexError when `axis` is out of range; negative counts from the back.
  int64_t size(int64_t axis) const;
  int64_t stride(int64_t axis) const;
  int64_t numel() const { return properties().numel; }
  int64_t storage_offset() const { return impl().offset(); }
  const Storage& storage() const { return impl().storage; }
  int64_t use_count() const { return impl_ ? static_cast<int64_t>(properties().refs.value()) : 0; }
  TypeMeta dtype() const { return TypeMeta::fromScalarType(properties().dtype); }
  ScalarType scalar_type() const { return properties().dtype; }
  Device device() const { return Device(kCPU); }
  /// The number of the GPU: -1, for it is on none.
  int64_t get_device() const { return -1; }
  Layout layout() const { return is_sparse() ? kSparse : kStrided; }
  TensorOptions options() const { return TensorOptions(dtype()).device(device()).layout(layout()); }
  int64_t element_size() const { return static_cast<int64_t>(elementSize(dtype())); }
  int64_t itemsize() const { return element_size(); }
  size_t nbytes() const { return static_cast<size_t>(numel() * element_size()); }
  /// True iff the elements lie so without gaps; Preserve is taken for Contiguous.
  bool is_contiguous(MemoryFormat format = MemoryFormat::Contiguous) const {
    return format < MemoryFormat::ChannelsLast ? impl().contiguous : has_channels_last(format);
  }
  /// ChannelsLast (ChannelsLast3d) for 4 (5) axes whose strides look like it, with or without gaps; else Contiguous. Strides of axes of size 1
  /// count, as in PyTorch: with `channels_last_strides_exact_match` they must be those that clone() would give.
  MemoryFormat suggest_memory_format(bool channels_last_strides_exact_match = false) const;
  bool is_non_overlapping_and_dense() const;
  bool is_floating_point() const { return isFloatingType(dtype()); }
  bool is_complex() const { return false; }
  bool is_conj() const { return false; }
  bool is_neg() const { return false; }
  bool is_signed() const { return dtype() != kByte && dtype() != kBool; }
  bool is_cpu() const { return true; }
  bool is_cuda() const { return false; }
  // There is nothing else that a tensor could be.
  bool is_hip() const { return false; }
  bool is_mps() const { return false; }
  bool is_xla() const { return false; }
  bool is_xpu() const { return false; }
  bool is_meta() const { return false; }
  bool is_mkldnn() const { return false; }
  bool is_nested() const { return false; }
  bool is_quantized() const { return false; }
  bool is_sparse_csr() const { return false; }
  bool has_names() const { return false; }
  bool is_pinned([[maybe_unused]] std::optional<Device> device = std::nullopt) const { return false; }
  bool has_storage() const { return has_memory(impl_.get()); }
  /// False: a tensor made under InferenceMode is as any other.
  bool is_inference() const { return false; }
  /// True iff it is a gradient in rows, which an embedding with sparse=true gives. See "sparse tensors" below.
  bool is_sparse() const { return xgrad::is_sparse(impl_.get()); }
  /// True iff it is a view that gradients flow through.
  bool is_view() const { return properties().view_kind != ViewKind::None; }
  bool is_alias_of(const Tensor& other) const { return storage().is_alias_of(other.storage()); }
  /// The class name PyTorch prints: "CPUFloatType".
  std::string toString() const;
  void print() const;
  /// Dtype and layout under PyTorch's former name. Lives for ever.
  DeprecatedTypeProperties& type() const { return DeprecatedTypeProperties::of(dtype(), layout()); }

  // ---- elements
  /// The one element; throws unless there is exactly one.
  Scalar item() const;
  template <class T> T item() const { return item().to<T>(); }
  /// Throws unless there is exactly one element; true iff it is not 0.
  bool is_nonzero() const;
  /// The first element's address. Writing through it is not seen by the check for in-place edits.
  void* data_ptr() const { return impl().data; }
  template <class T> T* data_ptr() const {
    check_dtype("data_ptr", CppTypeToScalarType<T>::value);
    return reinterpret_cast<T*>(impl().data);
  }
  /// The same under its former name.
  template <class T> T* data() const { return data_ptr<T>(); }
  /// Element access by index, checked once here for dtype and number of axes. Valid while the tensor lives.
  template <class T, size_t N> TensorAccessor<T, N> accessor() const& {
    check_dtype("accessor", CppTypeToScalarType<T>::value);
    check_ndim("accessor", N);
    return TensorAccessor<T, N>(reinterpret_cast<T*>(impl().data), impl().sizes.data(), impl().strides.data());
  }
  template <class T, size_t N> TensorAccessor<T, N> accessor() && = delete;
  /// With sizes of its own; one of 32 bits throws for more elements than those count.
  template <class T, size_t N, template <class> class PtrTraits = DefaultPtrTraits, class Index = int64_t>
  GenericPackedTensorAccessor<T, N, PtrTraits, Index> generic_packed_accessor() const {
    check_dtype("packed_accessor", CppTypeToScalarType<T>::value);
    check_ndim("packed_accessor", N);
    return {reinterpret_cast<T*>(impl().data), impl().sizes.data(), impl().strides.data()};
  }
  template <class T, size_t N, template <class> class PtrTraits = DefaultPtrTraits>
  PackedTensorAccessor32<T, N, PtrTraits> packed_accessor32() const& {
    XGRAD_CHECK(numel() <= INT32_MAX, "[packed_accessor32] numel needs to be smaller than int32_t max, got ", numel());
    return generic_packed_accessor<T, N, PtrTraits, int32_t>();
  }
  template <class T, size_t N, template <class> class PtrTraits = DefaultPtrTraits>
  PackedTensorAccessor64<T, N, PtrTraits> packed_accessor64() const& {
    return generic_packed_accessor<T, N, PtrTraits>();
  }
  template <class T, size_t N, template <class> class PtrTraits = DefaultPtrTraits, class Index = int64_t>
  GenericPackedTensorAccessor<T, N, PtrTraits, Index> packed_accessor() const& {
    return generic_packed_accessor<T, N, PtrTraits, Index>();
  }
  template <class T, size_t N, template <class> class PtrTraits = DefaultPtrTraits>
  PackedTensorAccessor32<T, N, PtrTraits> packed_accessor32() && = delete;
  template <class T, size_t N, template <class> class PtrTraits = DefaultPtrTraits>
  PackedTensorAccessor64<T, N, PtrTraits> packed_accessor64() && = delete;

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
  /// What this is a view of; throws for others.
  Tensor _base() const {
    XGRAD_CHECK(is_view(), "[_base] Can't get base of non-view tensor");
    return Tensor(impl().base);
  }
  /// Number of in-place edits of the memory so far.
  int64_t _version() const { return has_memory(impl_.get()) ? impl_->storage.get()->version() : 0; }
  /// Calls `hook` with the gradient of this tensor in every sweep; what it returns, if defined, replaces the gradient.
  /// Returns a position for remove_hook. Throws for tensors that require no gradient. Hooks of a leaf stay with it when it gets another
  /// dtype, and while it requires no gradient.
  unsigned register_hook(std::function<Tensor(const Tensor&)> hook) const;
  template <class F, class = std::enable_if_t<std::is_void_v<std::invoke_result_t<F, const Tensor&>>>> unsigned register_hook(F hook) const {
    return register_hook(std::function<Tensor(const Tensor&)>([hook = std::move(hook)](const Tensor& g) {
      hook(g);
      return Tensor();
    }));
  }
  /// Calls `hook` with this leaf whenever a backward() has added to its grad(), when nothing in that sweep will read or change either any
  /// more: it may take a step of an optimizer, and drop the gradient. After hooks on the gradient, in the order they were registered; not by
  /// autograd::grad(), nor where no gradient arrives. Grad mode is off, unless backward() makes a graph. It may do with the leaf what it likes, sweep
  /// through it too. Sweeps on several threads call the hooks of one leaf one after the other, and don't add to its gradient meanwhile; the
  /// gradient may hold what several of them added. Returns a position for remove_hook. Throws for a tensor that requires no gradient, and
  /// for one that is no leaf. (PyTorch 2; not in libtorch 1.13.)
  unsigned register_post_accumulate_grad_hook(std::function<void(const Tensor& leaf)> hook) const;
  /// Takes away what either returned this position. Throws IndexError where no hook has it.
  void remove_hook(unsigned position) const;

  // ---- sparse tensors
  // A gradient in rows: along the first axis rows are listed with their positions, in any order and a position more than once (then
  // they add up); all others are zeros. It comes from embeddings with sparse=true, in grad() and hooks, and is never part of a graph.
  // With it go: what is said of shape and dtype, defined(), is_same(), detach(), detach_(), clone(), zero_(), the methods here,
  // to_dense(), to(dtype), printing; a + b, add(a, b, alpha) and a.add_(b, alpha), of two sparse ones or a dense a; a product with a number, in
  // place too; norm(p); sums in the engine, clip_grad_norm_, zero_grad() and the optimizers that say so. All else throws
  // NotImplementedError.
  // The methods throw for other tensors.

  /// 1: the axes along which positions are listed; and the number of the others.
  int64_t sparse_dim() const;
  int64_t dense_dim() const { return dim() - sparse_dim(); }
  /// How many rows are listed, `nnz` below.
  int64_t _nnz() const;
  /// The positions, int64 [1, nnz], and the rows there, [nnz, ...], as they are.
  Tensor _indices() const;
  Tensor _values() const;
  /// The same; throws unless is_coalesced().
  Tensor indices() const;
  Tensor values() const;
  /// True iff it came from coalesce().
  bool is_coalesced() const;
  /// The same with every position once, in ascending order; the tensor itself if it is that already.
  Tensor coalesce() const;

  // ---- copies and conversions
  /// The tensor itself if is_contiguous(format), else clone(format), but for Preserve, which throws.
  Tensor contiguous(MemoryFormat format = MemoryFormat::Contiguous) const;
  /// A copy with memory of its own, axes ordered in it as here unless another order is asked for. Gradients flow through it. Throws for ChannelsLast
  /// (ChannelsLast3d) unless there are 4 (5) axes.
  Tensor clone(std::optional<MemoryFormat> format = std::nullopt) const;
  Tensor cpu() const { return *this; }
  /// Throw: there is no other device, nor memory that one could read.
  Tensor cuda() const;
  Tensor pin_memory(std::optional<Device> device = std::nullopt) const;
  /// The elements as another dtype, and in another order of memory if one is given; the tensor itself if it has these and copy is false.
  /// Gradients flow between floating dtypes. A floating value outside an integer's range becomes that type's least value. Throws for any
  /// device but the CPU, layouts but strided, and as clone() does. non_blocking has no meaning here.
  Tensor to(const TensorOptions& options = {}, bool non_blocking = false, bool copy = false, std::optional<MemoryFormat> format = std::nullopt) const;
  Tensor to(ScalarType dtype, bool non_blocking = false, bool copy = false, std::optional<MemoryFormat> format = std::nullopt) const;
  Tensor to(TypeMeta dtype, bool non_blocking = false, bool copy = false, std::optional<MemoryFormat> format = std::nullopt) const {
    return to(dtype.toScalarType(), non_blocking, copy, format);
  }
  Tensor to(Device device, ScalarType dtype, bool non_blocking = false, bool copy = false, std::optional<MemoryFormat> format = std::nullopt) const;
  Tensor to(const Tensor& other, bool non_blocking = false, bool copy = false, std::optional<MemoryFormat> format = std::nullopt) const;
  Tensor to(std::optional<ScalarType> dtype, std::optional<Layout> layout, std::optional<Device> device, std::optional<bool> pin_memory,
            bool non_blocking, bool copy, std::optional<MemoryFormat> format) const;
  Tensor toType(ScalarType dtype) const { return to(dtype); }

  // ---- indexing (autograd/ops/index/indexing.h)
  Tensor operator[](int64_t index) const;
  template <class Integer, class = std::enable_if_t<std::is_integral_v<Integer>>> Tensor operator[](Integer index) const {
    return (*this)[static_cast<int64_t>(index)];
  }
  Tensor operator[](const Scalar& index) const;
  Tensor operator[](const Tensor& index) const;
  Tensor index(ArrayRef<indexing::TensorIndex> indices) const;
  Tensor index(std::initializer_list<indexing::TensorIndex> indices) const;
  Tensor& index_put_(ArrayRef<indexing::TensorIndex> indices, const Tensor& values, bool accumulate = false) const;
  Tensor& index_put_(std::initializer_list<indexing::TensorIndex> indices, const Tensor& values, bool accumulate = false) const;
  Tensor& index_put_(ArrayRef<indexing::TensorIndex> indices, const Scalar& value) const;
  Tensor& index_put_(std::initializer_list<indexing::TensorIndex> indices, const Scalar& value) const;
  /// By a list that leaves axes whole where it has no tensor: autograd/engine/typed_containers.h.
  Tensor index(const List<std::optional<Tensor>>& indices) const;
  Tensor& index_put_(const List<std::optional<Tensor>>& indices, const Tensor& values, bool accumulate = false) const;
  Tensor index_put(const List<std::optional<Tensor>>& indices, const Tensor& values, bool accumulate = false) const;
  Tensor index_put(std::initializer_list<std::optional<Tensor>> indices, const Tensor& values, bool accumulate = false) const;
  /// The function of this name.
  Tensor index_put(const std::vector<Tensor>& indices, const Tensor& values, bool accumulate = false) const;

  // ---- operators
  Tensor operator-() const { return neg(); }
  Tensor operator~() const { return bitwise_not(); }
  Tensor& operator+=(const Tensor& other);
  Tensor& operator+=(const Scalar& other);
  Tensor& operator-=(const Tensor& other);
  Tensor& operator-=(const Scalar& other);
  Tensor& operator*=(const Tensor& other);
  Tensor& operator*=(const Scalar& other);
  Tensor& operator/=(const Tensor& other);
  Tensor& operator/=(const Scalar& other);
  Tensor& operator&=(const Tensor& other);
  Tensor& operator|=(const Tensor& other);
  Tensor& operator^=(const Tensor& other);

  // ---- operations
#define XGRAD_SELF
#define XGRAD_SELF_AND
#define XGRAD_METHOD(call) \
  const { return xgrad::call; }
#define XGRAD_IN_PLACE(signature) Tensor& signature const
#define XGRAD_REPLACED_BY(signature, call) Tensor& signature const
#define XGRAD_OR(value) = value
#include <xgrad/autograd/tensor/operations.h>

  // ---- operations without a function of that name, or declared apart from it
  /// The last two axes swapped, as adjoint.
  Tensor mT() const;
  Tensor mH() const;
  /// A matrix with its axes swapped; a 0-d tensor as it is. Throws for other numbers of axes.
  Tensor matrix_H() const;
  /// All axes in reverse order.
  Tensor numpy_T() const;
  Tensor expand_as(const Tensor& other) const { return expand(other.sizes()); }
  Tensor reshape_as(const Tensor& other) const { return reshape(other.sizes()); }
  Tensor view_as(const Tensor& other) const { return view(other.sizes()); }
  /// The same bytes read as elements of another dtype, outside of any graph; the last axis has more elements if they are smaller, else fewer.
  /// Throws where elements of the two sizes don't cover each other.
  Tensor view(ScalarType dtype) const;
  Tensor alias() const { return view(sizes()); }
  Tensor type_as(const Tensor& other) const { return to(other.dtype()); }
  /// The tensor itself, in this dtype if one is given; the elements of a sparse one in new memory.
  Tensor to_dense(std::optional<ScalarType> dtype = std::nullopt) const;
  /// Summed over what it has more than a tensor of `size`, which broadcasts to it: the tensor itself if that is its shape. Integers give int64.
  Tensor sum_to_size(IntArrayRef size) const;
  bool is_same_size(const Tensor& other) const { return sizes() == other.sizes(); }
  /// Every window of `size` positions of an axis, `step` apart, as a new last axis: a view. Windows may overlap.
  Tensor unfold(int64_t dimension, int64_t size, int64_t step) const;
  Tensor polygamma(int64_t n) const;
  Tensor& polygamma_(int64_t n) const;
  /// repeats[i] copies side by side along axis i; more repeats than axes make new axes in front.
  Tensor repeat(IntArrayRef repeats) const;
  /// `size`, row-major unless another order is given, on the same memory, or on new memory that begins with the old one's elements when that is too
  /// small (views of the tensor keep the old). Throws for a tensor that requires a gradient, for Preserve, and as clone() does.
  const Tensor& resize_(IntArrayRef size, std::optional<MemoryFormat> format = std::nullopt) const;
  /// The size of another tensor; Preserve: and the order that it suggests.
  const Tensor& resize_as_(const Tensor& the_template, std::optional<MemoryFormat> format = std::nullopt) const;
  /// Makes this handle's tensor show other memory: that of `source`, as it or at `size`, row-major unless strides are given; or none.
  /// Throws for another dtype, while grad mode is on where either requires a gradient, and for places outside the memory.
  Tensor& set_(const Tensor& source) const;
  Tensor& set_(const Tensor& source, int64_t storage_offset, IntArrayRef size, IntArrayRef stride = {}) const;
  Tensor& set_(const Storage& source) const;
  Tensor& set_(const Storage& source, int64_t storage_offset, IntArrayRef size, IntArrayRef stride = {}) const;
  Tensor& set_() const;
  /// True iff both show the same elements of the same memory in the same shape.
  bool is_set_to(const Tensor& tensor) const;
  /// What options leave open is the default, except for the dtype, which is this tensor's.
  Tensor new_empty(IntArrayRef size, TensorOptions options = {}) const;
  Tensor new_empty_strided(IntArrayRef size, IntArrayRef stride, TensorOptions options = {}) const;
  Tensor new_full(IntArrayRef size, const Scalar& fill_value, TensorOptions options = {}) const;
  Tensor new_zeros(IntArrayRef size, TensorOptions options = {}) const;
  Tensor new_ones(IntArrayRef size, TensorOptions options = {}) const;
#define XGRAD_NEW(name, parameters, arguments)                                             \
  Tensor name(XGRAD_UNPACK parameters, XGRAD_OPTIONS_ONE_BY_ONE) const {                   \
    return name(XGRAD_UNPACK arguments, TensorOptions(dtype, layout, device, pin_memory)); \
  }
  XGRAD_NEW(new_empty, (IntArrayRef size), (size))
  XGRAD_NEW(new_empty_strided, (IntArrayRef size, IntArrayRef stride), (size, stride))
  XGRAD_NEW(new_full, (IntArrayRef size, const Scalar& value), (size, value))
  XGRAD_NEW(new_zeros, (IntArrayRef size), (size))
  XGRAD_NEW(new_ones, (IntArrayRef size), (size))
#undef XGRAD_NEW
  /// Overwrites the elements by those of `src`, broadcast and converted to this dtype. Gradients flow to `src`.
  Tensor& copy_(const Tensor& src, bool non_blocking = false) const;
  /// Overwrites every element by a number or a tensor without axes. Throws where the dtype can't hold the number.
  Tensor& fill_(const Scalar& value) const;
  Tensor& fill_(const Tensor& value) const;
  Tensor& zero_() const;
  /// Overwrites the elements whose positions along all axes are equal. Throws for a vector, and for more than 2 axes of unequal sizes.
  /// `wrap`: in a matrix that is taller than wide the diagonal starts again below every row that it leaves out.
  Tensor& fill_diagonal_(const Scalar& fill_value, bool wrap = false) const;
  // What libtorch has besides: whoever calls one gets one sentence from the compiler.
#define XGRAD_ABSENT_METHOD(name, what)                                      \
  template <bool never = false, class... A> Tensor name(const A&...) const { \
    static_assert(never, "xgrad has no " what);                              \
    return *this;                                                            \
  }
#include <xgrad/autograd/tensor/absent_methods.h>
#undef XGRAD_ABSENT_METHOD
  // Random numbers: autograd/ops/random/random.h.
  Tensor& uniform_(double from = 0, double to = 1, std::optional<Generator> generator = std::nullopt) const;
  Tensor& normal_(double mean = 0, double std = 1, std::optional<Generator> generator = std::nullopt) const;
  Tensor& exponential_(double lambd = 1, std::optional<Generator> generator = std::nullopt) const;
  Tensor& geometric_(double p, std::optional<Generator> generator = std::nullopt) const;
  Tensor& log_normal_(double mean = 1, double std = 2, std::optional<Generator> generator = std::nullopt) const;
  Tensor& cauchy_(double median = 0, double sigma = 1, std::optional<Generator> generator = std::nullopt) const;
  Tensor& bernoulli_(const Tensor& p, std::optional<Generator> generator = std::nullopt) const;
  Tensor& bernoulli_(double p = 0.5, std::optional<Generator> generator = std::nullopt) const;
  Tensor& random_(int64_t from, std::optional<int64_t> to, std::optional<Generator> generator = std::nullopt) const;
  Tensor& random_(int64_t to, std::optional<Generator> generator = std::nullopt) const;
  Tensor& random_(std::optional<Generator> generator = std::nullopt) const;

  // ---- inside the library
  /// What has memory; throws for undefined and sparse tensors.
  TensorImpl& impl() const {
    if (__builtin_expect(!has_memory(impl_.get()), 0)) refuse_without_memory();
    return *impl_;
  }
  /// Shape, dtype and place of the gradient, of a sparse tensor too; nothing else of that may be used.
  TensorImpl& properties() const {
    TensorImpl* t = impl_.get();
    if (__builtin_expect(!has_memory(t), 0)) {
      if (!t) refuse_without_memory();
      t = unmarked(t);
    }
    return *t;
  }
  TensorImpl* unsafeGetTensorImpl() const { return impl_.get(); }
  const IntrusivePtr<TensorImpl>& impl_ptr() const { return impl_; }

 private:
  [[noreturn]] void refuse_without_memory() const;
  void check_dtype(const char* what, ScalarType expected) const;
  void check_ndim(const char* what, size_t expected) const;
  bool has_channels_last(MemoryFormat format) const;
  IntrusivePtr<Node> grad_fn_ptr() const;

  IntrusivePtr<TensorImpl> impl_;
};

static_assert(sizeof(Tensor) == sizeof(TensorImpl::grad_place));
inline Tensor& TensorImpl::grad() { return *std::launder(reinterpret_cast<Tensor*>(grad_place)); }
inline const Tensor& TensorImpl::grad() const { return *std::launder(reinterpret_cast<const Tensor*>(grad_place)); }
inline TensorImpl::TensorImpl() { new (grad_place) Tensor; }
inline TensorImpl::TensorImpl(const TensorImpl& from, OnlyMemory)
    : dtype(from.dtype),
      contiguous(from.contiguous),
      numel(from.numel),
      data(from.data),
      storage(from.storage),
      sizes(from.sizes),
      strides(from.strides) {
  new (grad_place) Tensor;
}
inline TensorImpl::~TensorImpl() { grad().~Tensor(); }

inline bool is_private(const Tensor& t) { return is_private(t.impl()); }

/// Prints as libtorch does: values in its columns, then "[ CPUFloatType{2,3} ]".
XGRAD_API std::ostream& operator<<(std::ostream& stream, const Tensor& tensor);
// Not found by the type of its argument alone, so that a program may have a print(tensor) of its own.
namespace printing {
/// The same in lines of `linesize` characters, not 80, and to std::cout where no stream is given.
XGRAD_API std::ostream& print(std::ostream& stream, const Tensor& tensor, int64_t linesize);
XGRAD_API void print(const Tensor& tensor, int64_t linesize = 80);
}  // namespace printing
using namespace printing;
XGRAD_API std::ostream& operator<<(std::ostream& stream, TensorList tensors);
XGRAD_API std::ostream& operator<<(std::ostream& stream, const std::vector<Tensor>& tensors);
/// Shape and dtype, for error texts.
XGRAD_API void append(std::string& text, const Tensor& tensor);

}}  // namespace torch::xgrad
