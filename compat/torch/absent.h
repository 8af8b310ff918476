// Functions of libtorch for what is not here, such as Fourier transforms: whoever calls one gets one sentence from the compiler. Their names are
// those of compat/headers.list. Not a header of libtorch.
#pragma once

#include <torch/types.h>

namespace torch { inline namespace xgrad {
#define XGRAD_ABSENT(name, what)                                                           \
  template <bool never = false, class... A> Tensor name(const Tensor& self, const A&...) { \
    static_assert(never, "xgrad has no " what);                                            \
    return self;                                                                           \
  }
#include <torch/absent_operations.h>
#undef XGRAD_ABSENT
}}  // namespace torch::xgrad
