// Changing tensors in place, and what that means for the graph.
#pragma once

#include <xgrad/autograd/graph/record.h>

namespace torch { inline namespace xgrad {

namespace detail {
/// Other memory with the same elements, at the same place in the graph.
XGRAD_API Tensor copy_in_place_of(const Tensor& t);
}  // namespace detail

/// Throws, naming `operation`, where an in-place edit of `self` is refused: a leaf that requires a gradient while grad
/// mode is on, elements that share memory, a view from split, chunk or unbind, a view made without grad mode.
/// `value_needs_grad`: whether what will be written is part of a graph.
XGRAD_API void check_in_place(const char* operation, const Tensor& self, bool value_needs_grad);

/// Writes `value` (computed out of place, with its graph) into the memory of `self` and gives `self`, and what it is a
/// view of, the graph that follows. `value` broadcasts to the shape of `self` and its dtype must convert.
/// Returns `self`. Nothing is changed when this throws.
XGRAD_API Tensor& write_in_place(const char* operation, const Tensor& self, const Tensor& value);

/// Writes f(self) into the memory of `self`. When the derivative of f keeps the elements of its argument, which are about
/// to be overwritten, f is computed again from a copy of them.
template <class F> Tensor& edit_in_place(const char* operation, const Tensor& self, F f) {
  const int64_t users = self.storage().use_count();
  if (__builtin_expect(detail::operation_mode < 0, 0)) {  // those who trace see what became of it
    const bool apart = untraced([&] { return f(self).requires_grad(); });
    return write_in_place(operation, self, f(apart ? detail::copy_in_place_of(self) : self));
  }
  Tensor value = f(self);
  if (value.requires_grad() && self.storage().use_count() > users) value = f(detail::copy_in_place_of(self));
  return write_in_place(operation, self, value);
}

/// The second half of write_in_place: `self` was edited and its memory holds `value` already, which has its shape and
/// dtype; gives `self` the graph of `value`.
XGRAD_API void rebase_history(const Tensor& self, const Tensor& value);

/// True iff an edit of `self` with these other operands needs no graph, so that a kernel may write straight into it.
/// Has then made the checks of check_in_place.
XGRAD_API bool may_write_directly(const char* operation, const Tensor& self, std::initializer_list<const Tensor*> others = {});

/// Gives `self` the shape, and the place in its memory, of `view`, a view of it just made, with its place in the graph; that counts as an
/// edit. Returns `self`.
XGRAD_API Tensor& take_shape(const char* operation, const Tensor& self, const Tensor& view);

/// A differentiable view of `base` on the same memory. `offset` counts elements from the start of the storage.
XGRAD_API Forward make_view(const Operation& operation, const Tensor& base, const Dims& sizes, const Dims& strides, int64_t offset,
                            ViewKind kind = ViewKind::Single);

}}  // namespace torch::xgrad
