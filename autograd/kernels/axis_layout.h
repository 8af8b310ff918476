// A row-major array seen along one of its axes.
#pragma once

#include <cstdint>

namespace xgrad::kernels {

/// [outer, n, inner]; kernels work along the middle axis.
struct AxisLayout {
  int64_t outer, n, inner;
  int64_t numel() const { return outer * n * inner; }
};

}  // namespace xgrad::kernels
