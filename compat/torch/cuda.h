#pragma once

#include <torch/types.h>

// As on a machine without a GPU: there is nothing to seed, and waiting for one is a mistake.
namespace torch { inline namespace xgrad { namespace cuda {
inline bool cudnn_is_available() { return false; }
inline void manual_seed(uint64_t) {}
inline void manual_seed_all(uint64_t) {}
inline void synchronize(int64_t = -1) { TORCH_CHECK(false, "No CUDA GPUs are available"); }
}}}  // namespace torch::xgrad::cuda
