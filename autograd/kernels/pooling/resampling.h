// Separable linear maps of planes: averages of windows, interpolation, padding by reflection, and their transposes, which are maps of the
// same kind.
#pragma once

#include <cstdint>

#include <xgrad/autograd/kernels/launch.h>

namespace torch { inline namespace xgrad { namespace kernels {

/// One axis. Position o of the result takes weight[k * out + o] of position source[k * out + o], for k < taps. A position that takes fewer
/// has `in`, one behind the last, as source of the rest.
struct AxisTaps {
  int64_t in = 1, out = 1, taps = 1;
  Constants<int32_t> source;
  Constants<double> weight;   ///< empty: all 1
  Constants<double> divisor;  ///< of each position of the result, or of the input; empty: 1
};

/// With fewer than three axes the first ones keep their one position.
struct Resampling {
  int64_t planes;
  AxisTaps axes[3];
  bool divides_input;  ///< by the product of the axes' divisors; else the result is divided
};
inline void keep_argument(Resampling& r, Keep& keep) {
  for (AxisTaps& axis : r.axes) {
    keep_argument(axis.source, keep);
    keep_argument(axis.weight, keep);
    keep_argument(axis.divisor, keep);
  }
}

/// y [planes, out...] of x [planes, in...], none of whose sizes are 0. Of float, double and, without weights and divisors, int64_t.
template <class T> void resample(const Resampling& r, const T* x, T* y);

}}}  // namespace torch::xgrad::kernels
