// A row-major array seen along one of its axes.
#pragma once

#include <cstdint>

#include <xgrad/autograd/core/namespace.h>

namespace torch { inline namespace xgrad { namespace kernels {

/// [outer, n, inner]; kernels work along the middle axis.
struct AxisLayout {
  int64_t outer, n, inner;
  int64_t numel() const { return outer * n * inner; }
};

}}}  // namespace torch::xgrad::kernels
