// Numbers whose high byte comes first. Internal.
#pragma once

#include <algorithm>
#include <cstddef>

#include <xgrad/autograd/core/namespace.h>

namespace torch { inline namespace xgrad { namespace io {

/// Turns `count` numbers of `width` bytes each round.
inline void reverse_bytes(char* data, size_t count, size_t width) {
  if (width == 1) return;
  for (size_t i = 0; i < count; ++i) std::reverse(data + i * width, data + (i + 1) * width);
}

}}}  // namespace torch::xgrad::io
