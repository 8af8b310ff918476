// How often values lie where, for logs and pictures.
#pragma once

#include <cstdint>
#include <vector>

#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad { namespace inspect {

/// Counts of the values between limits. Values that are NaN or infinite are counted apart; all else is of the finite ones.
struct XGRAD_API Histogram {
  /// One more than counts: bin i holds limits[i] <= x < limits[i + 1], the last one its upper limit too.
  std::vector<double> limits;
  std::vector<int64_t> counts;
  int64_t finite = 0, not_finite = 0;
  double least = 0, most = 0, sum = 0, sum_of_squares = 0;  // 0 where there is no finite value
  double mean() const { return finite ? sum / static_cast<double>(finite) : 0; }
  double deviation() const;  // of the population
};

/// `bins` equal bins from the smallest to the largest value, as numpy.histogram makes them: half a unit to both sides where all are equal. Values of
/// any dtype. Throws unless 1 <= bins <= 100000.
XGRAD_API Histogram histogram_of(const Tensor& values, int64_t bins = 40);

/// Bins between the given limits, which increase; the values outside of all are not counted in any.
XGRAD_API Histogram histogram_of(const Tensor& values, const std::vector<double>& limits);

}}}  // namespace torch::xgrad::inspect
