// What sanitizers don't see of an access to memory: a masked load or store, and all that OpenBLAS does. They are shown the first and
// the last of its elements, and in other builds nothing happens. Elements that are stored to are stored as they are.
#pragma once

#include <cstdint>

#include <xgrad/autograd/core/namespace.h>

namespace torch { inline namespace xgrad { namespace kernels { namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
template <class T> [[gnu::always_inline]] inline void show_load(const volatile T* p, int64_t n) {
  if (n == 0) return;
  (void)p[0];
  (void)p[n - 1];
}
template <class T> [[gnu::always_inline]] inline void show_store(volatile T* p, int64_t n) {
  if (n == 0) return;
  p[0] = p[0];
  p[n - 1] = p[n - 1];
}
#else
template <class T> [[gnu::always_inline]] inline void show_load(const T*, int64_t) {}
template <class T> [[gnu::always_inline]] inline void show_store(T*, int64_t) {}
#endif

}}}}  // namespace torch::xgrad::kernels
