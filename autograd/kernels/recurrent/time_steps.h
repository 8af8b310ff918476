// The order in which a recurrent layer goes through packed sequences.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include <xgrad/autograd/core/namespace.h>

namespace torch { inline namespace xgrad { namespace kernels {

/// The sequences of a batch at one time. Sequence i of them is row first + i; the longest comes first, so that those which are longer
/// than t are sequences 0 to count - 1.
struct TimeStep {
  int64_t first, count;
  int64_t before;   ///< the first row of the step that is computed before
  int64_t carried;  ///< sequences 0 to carried - 1 have a state from there, the others begin here
  int64_t ended;    ///< sequences from this one on end here
};

/// All steps in the order in which they are computed: forward in time, or backward, where sequences begin at their last row.
inline std::vector<TimeStep> time_steps(const int64_t* batch_sizes, int64_t steps, bool reverse) {
  std::vector<TimeStep> all;
  all.reserve(static_cast<size_t>(steps));
  int64_t first = 0;
  for (int64_t t = 0; t < steps; ++t) {
    const int64_t count = batch_sizes[t], next = t + 1 < steps ? batch_sizes[t + 1] : 0;
    if (reverse) all.push_back({first, count, first + count, next, t == 0 ? 0 : count});
    else all.push_back({first, count, t == 0 ? 0 : first - batch_sizes[t - 1], t == 0 ? 0 : count, next});
    first += count;
  }
  if (reverse) std::reverse(all.begin(), all.end());
  return all;
}

}}}  // namespace torch::xgrad::kernels
