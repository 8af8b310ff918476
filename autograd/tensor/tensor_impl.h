// What a Tensor handle points to.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <new>

#include <xgrad/autograd/core/dims.h>
#include <xgrad/autograd/core/dtype.h>
#include <xgrad/autograd/core/memory/ref_count.h>
#include <xgrad/autograd/tensor/storage.h>

namespace torch { inline namespace xgrad {

class Node;
class Tensor;
XGRAD_API void retain(Node* node);
XGRAD_API void release(Node* node);
class TensorImpl;
/// Ends a tensor without references.
XGRAD_API void destroy(TensorImpl* t);
/// release() of a sparse one.
XGRAD_API void release_sparse(TensorImpl* t);
/// Tells those who keep a pointer to `t`, its AccumulateGrad, a keeper of its gradient and who keeps its hooks, that it dies.
void leave_graph(TensorImpl& t);
void retain(TensorImpl* t);
void release(TensorImpl* t);

/// Where a gradient goes: to the node of the operation that made the tensor, as the gradient of that one of its outputs.
struct Edge {
  Edge() = default;
  Edge(IntrusivePtr<Node> node, uint32_t output) : function(std::move(node)), input_nr(output) {}
  bool is_valid() const { return static_cast<bool>(function); }
  explicit operator bool() const { return is_valid(); }
  friend bool operator==(const Edge& a, const Edge& b) { return a.function == b.function && a.input_nr == b.input_nr; }
  friend bool operator!=(const Edge& a, const Edge& b) { return !(a == b); }

  IntrusivePtr<Node> function;
  uint32_t input_nr = 0;
};

// Note: handles on sparse tensors
//
// A sparse tensor (sparse.h) has no memory that an operation could read, and is refused by all that don't know of it. Its handles hold
// a pointer with the sign bit set, which no address in a program has: where impl() looked whether there is a tensor at all, it looks
// whether the pointer is positive, which costs the same. So no operation has to know, and none pays for it. What asks for less than
// memory, such as a shape, takes the mark off where it finds one; a call there would cost the callers registers.

/// True iff `t` is a tensor with memory, not undefined and not sparse.
inline bool has_memory(const TensorImpl* t) { return reinterpret_cast<intptr_t>(t) > 0; }
inline bool is_sparse(const TensorImpl* t) { return reinterpret_cast<intptr_t>(t) < 0; }
/// A sparse tensor as the TensorImpl that it begins with, from what a handle holds.
inline TensorImpl* unmarked(const TensorImpl* t) { return reinterpret_cast<TensorImpl*>(reinterpret_cast<uintptr_t>(t) & ~(uintptr_t{1} << 63)); }

/// How a view came to be, which decides what an in-place operation on it may do.
enum class ViewKind : uint8_t {
  None,         ///< not a differentiable view
  Single,       ///< one output, made while recording (or of a tensor without gradient)
  NoGrad,       ///< made while grad mode was off: in-place in grad mode is refused
  Function,     ///< made in a custom function, whose derivative it has: in-place is refused
  MultiOutput,  ///< one of several outputs (split, unbind, chunk): in-place is refused
};

/// Invariants: data == storage.data() + offset * element size; numel == product of sizes;
/// `contiguous` is true iff the elements are in row-major order without gaps.
/// The graph edge: a leaf that requires a gradient owns its AccumulateGrad node once something was recorded on it; an
/// interior tensor holds the node that made it.
class TensorImpl {
 public:
  RefCount refs;
  ScalarType dtype = kFloat;
  bool contiguous = true;
  bool requires_grad = false;  ///< of a leaf; an interior tensor has it by its edge
  bool leaf_edge = false;      ///< True iff edge.function is this tensor's own AccumulateGrad
  bool retains_grad = false;
  bool hooks_aside = false;  ///< True iff it was a leaf with hooks and requires no gradient now: see leaf_hooks.h
  ViewKind view_kind = ViewKind::None;
  std::atomic<uint32_t> view_version{0};  ///< storage version at which `edge` of a view was current
  int64_t numel = 1;
  char* data = nullptr;
  Storage storage;
  Dims sizes, strides;
  Edge edge;
  alignas(void*) std::byte grad_place[sizeof(void*)];  ///< of the Tensor that grad() gives, whose class is not complete here
  IntrusivePtr<TensorImpl> base;                       ///< what this is a differentiable view of; never itself a view
  StorageImpl* home = nullptr;                         ///< the storage in whose block this object lies, if it does: see set_storage

  inline TensorImpl();
  struct OnlyMemory {};
  /// On the same memory with the same shape, and nothing of the graph.
  inline TensorImpl(const TensorImpl& from, OnlyMemory);
  inline ~TensorImpl();
  TensorImpl(const TensorImpl&) = delete;
  TensorImpl& operator=(const TensorImpl&) = delete;

  inline Tensor& grad();
  inline const Tensor& grad() const;

  /// Changes the memory it shows. An object that lies in the block of another storage keeps that one alive.
  XGRAD_API void set_storage(Storage other);

  int64_t offset() const { return (data - static_cast<char*>(storage.data())) / static_cast<int64_t>(elementSize(dtype)); }
};

/// True iff one handle alone can see the elements of `t`.
inline bool is_private(const TensorImpl& t) { return t.refs.value() == 1 && t.storage.use_count() == 1 && !t.storage->is_foreign(); }

inline void retain(TensorImpl* t) { unmarked(t)->refs.increment(); }
/// Drops a reference to a tensor with memory. True iff it was the last one.
inline bool let_go(TensorImpl* t) {
  // A leaf's gradient node may take a reference of its own accord.
  return t->leaf_edge ? t->refs.decrement_revivable() : t->refs.decrement();
}
inline void release(TensorImpl* t) {
  if (__builtin_expect(is_sparse(t), 0)) release_sparse(t);
  else if (let_go(t)) destroy(t);
}

}}  // namespace torch::xgrad
