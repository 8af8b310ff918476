// A value, or a reference to another's that must live as long.
#pragma once

#include <optional>
#include <utility>

#include <torch/namespaces.h>

namespace torch { inline namespace xgrad {

template <class T> class MaybeOwned {
 public:
  MaybeOwned() : owned_(std::in_place) {}
  static MaybeOwned borrowed(const T& t) { return MaybeOwned(&t); }
  static MaybeOwned owned(T&& t) { return MaybeOwned(std::move(t)); }
  template <class... Arguments> static MaybeOwned owned(std::in_place_t, Arguments&&... arguments) {
    return MaybeOwned(T(std::forward<Arguments>(arguments)...));
  }

  const T& operator*() const& { return owned_ ? *owned_ : *borrowed_; }
  const T* operator->() const { return &**this; }
  /// The value, moved out if it was owned, else copied.
  T operator*() && { return owned_ ? std::move(*owned_) : *borrowed_; }
  bool unsafeIsBorrowed() const { return !owned_; }

 private:
  explicit MaybeOwned(const T* t) : borrowed_(t) {}
  explicit MaybeOwned(T&& t) : owned_(std::move(t)) {}

  const T* borrowed_ = nullptr;
  std::optional<T> owned_;
};

}}  // namespace torch::xgrad
