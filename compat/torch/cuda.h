#pragma once

#include <torch/types.h>

// There is no GPU: nothing to seed and nothing to wait for.
namespace xgrad::cuda {
inline bool cudnn_is_available() { return false; }
inline void manual_seed(uint64_t) {}
inline void manual_seed_all(uint64_t) {}
inline void synchronize(int64_t = -1) {}
}  // namespace xgrad::cuda
