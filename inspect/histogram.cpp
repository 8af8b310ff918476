#include <xgrad/inspect/histogram.h>

#include <algorithm>
#include <cmath>

#include <xgrad/autograd/core/error.h>
#include <xgrad/autograd/core/grad_mode.h>

namespace torch { inline namespace xgrad { namespace inspect {

namespace {

// The finite values as doubles, their statistics in the histogram.
std::vector<double> finite_values(const Tensor& values, Histogram& histogram) {
  const NoGradGuard no_grad;
  const Tensor all = values.detach().to(kDouble).contiguous();
  const double* const data = all.data_ptr<double>();
  std::vector<double> finite;
  finite.reserve(static_cast<size_t>(all.numel()));
  std::copy_if(data, data + all.numel(), std::back_inserter(finite), [](double x) { return std::isfinite(x); });
  histogram.finite = static_cast<int64_t>(finite.size());
  histogram.not_finite = all.numel() - histogram.finite;
  if (finite.empty()) return finite;
  const auto [least, most] = std::minmax_element(finite.begin(), finite.end());
  histogram.least = *least;
  histogram.most = *most;
  for (const double x : finite) {
    histogram.sum += x;
    histogram.sum_of_squares += x * x;
  }
  return finite;
}

void count(const std::vector<double>& values, Histogram& histogram) {
  const auto& limits = histogram.limits;
  histogram.counts.assign(limits.size() - 1, 0);
  for (const double x : values) {
    const auto above = std::upper_bound(limits.begin(), limits.end(), x);
    if (above == limits.begin()) continue;
    if (above != limits.end()) ++histogram.counts[static_cast<size_t>(above - limits.begin()) - 1];
    else if (x == limits.back()) ++histogram.counts.back();
  }
}

}  // namespace

double Histogram::deviation() const {
  if (finite == 0) return 0;
  const double m = mean();
  return std::sqrt(std::max(0.0, sum_of_squares / static_cast<double>(finite) - m * m));
}

Histogram histogram_of(const Tensor& values, int64_t bins) {
  XGRAD_CHECK_AS(ValueError, bins >= 1 && bins <= 100000, "[histogram_of] expected 1 to 100000 bins, got ", bins);
  Histogram histogram;
  const std::vector<double> finite = finite_values(values, histogram);
  double low = finite.empty() ? 0 : histogram.least, high = finite.empty() ? 1 : histogram.most;
  // Equal, or so near to one another that there are no numbers for the limits between them.
  const double n = static_cast<double>(bins), apart = std::max(std::abs(low), std::abs(high)) * 0x1p-52 * n;
  if (high - low <= apart) {
    const double around = std::max(0.5, apart);
    low -= around;
    high += around;
  }
  for (int64_t i = 0; i <= bins; ++i) {
    const double part = static_cast<double>(i) / n;
    histogram.limits.push_back(i == bins ? high : low * (1 - part) + high * part);  // high - low may be infinite
  }
  count(finite, histogram);
  return histogram;
}

Histogram histogram_of(const Tensor& values, const std::vector<double>& limits) {
  XGRAD_CHECK_AS(ValueError, limits.size() >= 2, "[histogram_of] expected at least 2 limits, got ", limits.size());
  const auto wrong = std::adjacent_find(limits.begin(), limits.end(), [](double a, double b) { return !(a < b); });
  XGRAD_CHECK_AS(ValueError, wrong == limits.end(), "[histogram_of] the limits must increase");
  Histogram histogram;
  const std::vector<double> finite = finite_values(values, histogram);
  histogram.limits = limits;
  count(finite, histogram);
  return histogram;
}

}}}  // namespace torch::xgrad::inspect
