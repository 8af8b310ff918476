// Rows of the results of many planes, shared among threads.
#pragma once

#include <algorithm>
#include <cstdint>

#include <xgrad/autograd/kernels/parallel.h>

namespace torch { inline namespace xgrad { namespace kernels {

/// Calls part(plane, begin, end) for stretches of the rows of each plane, where every thread makes itself a Part(arguments...). The stretches
/// follow from the sizes alone.
template <class Part, class... A> void for_rows_of_planes(int64_t planes, int64_t rows, double nanoseconds_per_row, const A&... arguments) {
  constexpr double kNanosecondsAtOnce = 12000;
  const auto at_once = std::clamp<int64_t>(static_cast<int64_t>(kNanosecondsAtOnce / nanoseconds_per_row) + 1, 1, std::max<int64_t>(rows, 1));
  const int64_t blocks = (rows + at_once - 1) / at_once;
  const auto grain = static_cast<int64_t>(least_shared_nanoseconds() / (nanoseconds_per_row * static_cast<double>(at_once))) + 1;
  parallel_for(planes * blocks, grain, [&](int64_t first, int64_t last) {
    Part part(arguments...);
    for (int64_t task = first; task < last; ++task) {
      const int64_t row = task % blocks * at_once;
      part(task / blocks, row, std::min(row + at_once, rows));
    }
  });
}

}}}  // namespace torch::xgrad::kernels
