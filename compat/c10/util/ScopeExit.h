// Calls something when a scope is left.
#pragma once

#include <type_traits>
#include <utility>

#include <torch/namespaces.h>

namespace torch { inline namespace xgrad {

template <class F> class scope_exit {
 public:
  template <class G> explicit scope_exit(G&& f) : f_(std::forward<G>(f)) {}
  scope_exit(scope_exit&& other) : f_(std::move(other.f_)), engaged_(std::exchange(other.engaged_, false)) {}
  scope_exit(const scope_exit&) = delete;
  scope_exit& operator=(const scope_exit&) = delete;
  scope_exit& operator=(scope_exit&&) = delete;
  ~scope_exit() {
    if (engaged_) f_();
  }
  /// Nothing will be called.
  void release() { engaged_ = false; }

 private:
  F f_;
  bool engaged_ = true;
};

template <class F> scope_exit<std::decay_t<F>> make_scope_exit(F&& f) { return scope_exit<std::decay_t<F>>(std::forward<F>(f)); }

}}  // namespace torch::xgrad
