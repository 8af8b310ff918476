// TorchScript is not run. Programs include its headers often without need; one that uses it gets one sentence from the compiler.
#pragma once

#include <string>

#include <torch/types.h>

#define XGRAD_NO_TORCHSCRIPT(never)                                                                                      \
  static_assert(never,                                                                                                   \
                "xgrad runs no TorchScript: write the net as a torch::nn::Module in C++, save its weights in Python as " \
                "safetensors under the same names, and read them with torch::load")

namespace torch { inline namespace xgrad { namespace jit {

/// Declared, but whoever makes one is refused.
struct Module {
  template <bool never = false> Module() { XGRAD_NO_TORCHSCRIPT(never); }
};

namespace script {
using Module = ::torch::jit::Module;
}

template <bool never = false, class... Arguments> Module load(const Arguments&...) {
  XGRAD_NO_TORCHSCRIPT(never);
  throw never;
}

}}}  // namespace torch::xgrad::jit

#undef XGRAD_NO_TORCHSCRIPT
