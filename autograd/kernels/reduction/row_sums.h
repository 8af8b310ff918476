// Sums of rows whose elements lie side by side, in the order of fold().
#pragma once

#include <cstdint>
#include <cstring>

#include <xgrad/autograd/kernels/reduction/fold.h>

namespace torch { inline namespace xgrad { namespace kernels {

constexpr int kRowsSummed = 4;
constexpr int64_t kLongestSummedRow = kLanes * kRowsAtOnce - 1;

/// Adds up, in double, each of kRowsSummed rows of up to kLongestSummedRow elements. Each row ends in four numbers, as many as a
/// register holds; joining these is left to the end, where rows don't wait for one another.
template <class T> void sums_of_short_rows(const T* x, int64_t row_stride, int64_t n, double* sums) {
  double quarters[kRowsSummed][4];
  for (int r = 0; r < kRowsSummed; ++r) {
    const T* const row = x + r * row_stride;
    double lanes[kLanes] = {};
    int64_t i = 0;
    for (; i + kLanes <= n; i += kLanes)
      for (int l = 0; l < kLanes; ++l) lanes[l] += static_cast<double>(row[i + l]);
    if (const int rest = static_cast<int>(n - i); rest > 0)
      for (int l = 0; l < kLanes; ++l) lanes[l] += l < rest ? static_cast<double>(row[i + l]) : 0;
    for (int l = 0; l < 8; ++l) lanes[l] += lanes[l + 8];
    for (int l = 0; l < 4; ++l) quarters[r][l] = lanes[l] + lanes[l + 4];
  }
  for (int r = 0; r < kRowsSummed; ++r) sums[r] = (quarters[r][0] + quarters[r][2]) + (quarters[r][1] + quarters[r][3]);
}

}}}  // namespace torch::xgrad::kernels
