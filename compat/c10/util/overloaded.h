// One function object of several, to visit variants with.
#pragma once

#include <utility>

#include <torch/namespaces.h>

namespace torch { inline namespace xgrad {

template <class... F> struct overloaded_t : F... {
  explicit overloaded_t(F... f) : F(std::move(f))... {}
  using F::operator()...;
};
template <class... F> overloaded_t<F...> overloaded(F... f) { return overloaded_t<F...>(std::move(f)...); }

}}  // namespace torch::xgrad
