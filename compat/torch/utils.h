#pragma once

#include <memory>
#include <utility>

#include <ATen/Parallel.h>
#include <torch/types.h>

namespace torch { inline namespace xgrad {

/// std::make_unique under libtorch's name.
template <class T, class... A> auto make_unique(A&&... arguments) { return std::make_unique<T>(std::forward<A>(arguments)...); }

/// True iff both are undefined, or both are defined and equal.
inline bool equal_if_defined(const Tensor& a, const Tensor& b) { return a.defined() == b.defined() && (!a.defined() || equal(a, b)); }

}}  // namespace torch::xgrad
