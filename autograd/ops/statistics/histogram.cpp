// Numbers of elements: of integers, and between edges.
#include <algorithm>
#include <cmath>

#include <xgrad/autograd/graph/record.h>
#include <xgrad/autograd/kernels/order/search.h>
#include <xgrad/autograd/ops/creation/creation.h>
#include <xgrad/autograd/ops/creation/tensor_literal.h>
#include <xgrad/autograd/ops/index/gathering.h>
#include <xgrad/autograd/tensor/allocate.h>
#include <xgrad/autograd/tensor/copy.h>
#include <xgrad/autograd/tensor/operators.h>
#include <xgrad/autograd/tensor/tensor_memory.h>

#ifndef XGRAD_SAMPLES

namespace torch { inline namespace xgrad {

namespace {

constexpr const Operation& kHistogram = operation<"histogram">;

struct Range {
  double low, high;
};

Tensor defined_or_none(const std::optional<Tensor>& t) { return t ? *t : Tensor(); }

Range range_of(const Tensor& x) {
  const auto [low, high] = untraced([&] { return aminmax(x.detach()); });
  return {low.item<double>(), high.item<double>()};
}

Range widened(const Range& r, double by) { return r.low == r.high ? Range{r.low - by, r.high + by} : r; }

void check_bins(const Operation& operation, const Tensor& self, int64_t bins) {
  XGRAD_CHECK_AS(NotImplementedError, self.is_floating_point(), operation, "\"histogram_cpu\" not implemented for '", self.dtype(), "'");
  XGRAD_CHECK(bins > 0, operation, "torch.histogram(): bins must be > 0, but got ", bins, " for dimension 0");
}

Tensor counted(const Operation& operation, kernels::Interval how, const Tensor& self, const Tensor& edges, const Tensor& weight) {
  const Tensor x = contiguous_as(self, self.dtype()), ends = contiguous_as(edges, self.dtype());
  const Tensor weights = weight.defined() ? contiguous_as(weight, self.dtype()) : weight;
  const Tensor y = allocate_tensor({ends.numel() - 1}, x.dtype());
  launch(operation, kernels::count_between, reads(x, ends, weights), writes(y), x.dtype(), how, ends.data_ptr(), ends.numel(), x.data_ptr(),
         weights.defined() ? weights.data_ptr() : nullptr, x.numel(), y.data_ptr());
  return not_differentiable(Forward(operation, y), with("how", static_cast<int64_t>(how)), self, edges, weight);
}

std::tuple<Tensor, Tensor> histogram_between(kernels::Interval how, const Tensor& self, const Tensor& edges, const std::optional<Tensor>& weight,
                                             bool density) {
  NoGradGuard guard;
  const Tensor w = defined_or_none(weight);
  if (w.defined()) {
    XGRAD_CHECK(w.dtype() == self.dtype(), kHistogram,
                "if weight tensor is provided, input tensor and weight tensor should have the same dtype, but got input(", self.dtype(),
                "), and weight(", w.dtype(), ")");
    XGRAD_CHECK(w.sizes() == self.sizes(), kHistogram,
                "if weight tensor is provided it should have the same shape as the input tensor, but got input with shape ", self.sizes(),
                " and weight with shape ", w.sizes());
  }
  const Tensor y = counted(kHistogram, how, self, edges, w);
  return {density ? y / y.sum() / edges.diff() : y, edges};
}

}  // namespace

Tensor bincount(const Tensor& self, const std::optional<Tensor>& weights, int64_t minlength) {
  NoGradGuard guard;
  const Operation& op = operation<"bincount">;
  XGRAD_CHECK_AS(NotImplementedError, isIntegralType(self.dtype(), false), op, "\"bincount_cpu\" not implemented for '", self.dtype(), "'");
  XGRAD_CHECK(minlength >= 0, op, "minlength should be >= 0, got ", minlength);
  if (self.dim() == 1 && self.numel() == 0) return zeros({minlength}, kLong);
  const auto least = [&] { return untraced([&] { return self.min(); }).item<int64_t>(); };
  XGRAD_CHECK(self.dim() == 1 && least() >= 0, op, "bincount only supports 1-d non-negative integral inputs.");
  const Tensor w = defined_or_none(weights);
  XGRAD_CHECK(!w.defined() || w.sizes() == self.sizes(), op, "weights should be 1-d and have the same length as input, got shape ",
              w.defined() ? w.sizes() : IntArrayRef());
  const Tensor value = untraced([&] {
    const Tensor source = !w.defined() ? ones(self.sizes(), kLong) : w.dtype() == kFloat ? w : w.to(kDouble);
    const Tensor counts = zeros({std::max(self.max().item<int64_t>() + 1, minlength)}, source.dtype());
    return counts.index_add(0, self.to(kLong), source);
  });
  return not_differentiable(Forward(op, value), with("minlength", minlength), self, w);
}

Tensor histc(const Tensor& self, int64_t bins, const Scalar& min, const Scalar& max) {
  const Operation& op = operation<"histc">;
  check_bins(op, self, bins);
  Range r{min.toDouble(), max.toDouble()};
  if (r.low == r.high && self.numel() > 0) r = range_of(self);
  r = widened(r, 1);
  XGRAD_CHECK(std::isfinite(r.low) && std::isfinite(r.high), op, "torch.histc: range of [", r.low, ", ", r.high, "] is not finite");
  XGRAD_CHECK(r.low < r.high, op, "torch.histc: max must be larger than min, got ", r.high, " and ", r.low);
  return counted(op, kernels::Interval::ByQuotient, self, linspace(r.low, r.high, bins + 1, self.dtype()), Tensor());
}

std::tuple<Tensor, Tensor> histogram(const Tensor& self, const Tensor& bins, const std::optional<Tensor>& weight, bool density) {
  XGRAD_CHECK(bins.dtype() == self.dtype(), kHistogram, "input tensor and bins tensors should have the same dtype, but got input with dtype ",
              self.dtype(), " and bins with dtype ", bins.dtype());
  XGRAD_CHECK(bins.dim() == 1, kHistogram, "bins tensor should have one dimension, but got ", bins.dim(), " dimensions");
  XGRAD_CHECK(bins.numel() > 0, kHistogram, "bins tensor should have at least 1 element, but got 0 elements");
  check_bins(kHistogram, self, bins.numel() - 1);
  return histogram_between(kernels::Interval::BySearch, self, bins.detach().clone(), weight, density);
}

std::tuple<Tensor, Tensor> histogram(const Tensor& self, int64_t bins, std::optional<ArrayRef<double>> range, const std::optional<Tensor>& weight,
                                     bool density) {
  check_bins(kHistogram, self, bins);
  XGRAD_CHECK(!range || range->size() == 2, kHistogram, "for a 1-dimensional histogram range should have 2 elements, but got ",
              range ? range->size() : 0);
  Range r{0, 1};
  if (range) r = {(*range)[0], (*range)[1]};
  else if (self.numel() > 0) r = range_of(self);
  XGRAD_CHECK(std::isfinite(r.low) && std::isfinite(r.high), kHistogram, "dimension 0's range [", r.low, ", ", r.high, "] is not finite");
  XGRAD_CHECK(r.low <= r.high, kHistogram, "min should not exceed max, but got min ", r.low, " max ", r.high);
  r = widened(r, 0.5);
  return histogram_between(kernels::Interval::ByNeighbours, self, linspace(r.low, r.high, bins + 1, self.dtype()), weight, density);
}

}}  // namespace torch::xgrad

#else  // ---- samples

#include <xgrad/autograd/catalogue/catalogue.h>

namespace torch { inline namespace xgrad { namespace {

using catalogue::constant;
using catalogue::Inputs;
using catalogue::kNaN;

const catalogue::Entry bincount_entry("bincount", [](catalogue::Samples& s) {
  for (const ScalarType dtype : {kLong, kInt, kByte}) {
    s.flat("torch.bincount(x[0])", {s.integers({20}, 0, 7).to(dtype)}, [](Inputs x) { return bincount(x[0]); });
    s.flat("torch.bincount(x[0], minlength=9)", {s.integers({20}, 0, 7).to(dtype)}, [](Inputs x) { return bincount(x[0], {}, 9); });
  }
  for (const ScalarType dtype : {kLong, kBool, kDouble, kFloat})
    s.flat("torch.bincount(x[0], x[1])", {s.integers({20}, 0, 7), constant(s.integers({20}, -9, 9).to(dtype))},
           [](Inputs x) { return bincount(x[0], x[1]); });
  s.flat("torch.bincount(x[0], x[1], 3)", {empty({0}, kLong), constant(empty({0}, kDouble))}, [](Inputs x) { return bincount(x[0], x[1], 3); });
  s.rejects("floating elements", "\"bincount_cpu\" not implemented for 'Float'", [] { bincount(ones({2})); });
  s.rejects("negative elements", "bincount only supports 1-d non-negative integral inputs", [] { bincount(tensor({0, -1})); });
  s.rejects("a matrix", "bincount only supports 1-d non-negative integral inputs", [] { bincount(ones({2, 2}, kLong)); });
  s.rejects("a negative length", "minlength should be >= 0", [] { bincount(ones({2}, kLong), {}, -1); });
  s.rejects("fewer weights", "weights should be 1-d and have the same length as input", [] { bincount(ones({2}, kLong), ones({1})); });
});

std::vector<Tensor> spread_out(catalogue::Samples& s) {
  return {s.normal({200}), s.integers({3, 20}, -9, 9).to(kDouble), tensor(3.0, kDouble), tensor({2.0, 2.0}, kDouble), empty({0}, kDouble)};
}

const catalogue::Entry histc_entry("histc", [](catalogue::Samples& s) {
  for (const Tensor& x : spread_out(s)) {
    s.flat("torch.histc(x[0])", {constant(x)}, [](Inputs x) { return histc(x[0]); });
    s.flat("torch.histc(x[0], 6, -1, 2)", {constant(x)}, [](Inputs x) { return histc(x[0], 6, -1, 2); });
  }
  s.flat("torch.histc(x[0], 4, 0, 4)", {constant(tensor({0.0, 1.0, 4.0, HUGE_VAL, -1.0, 3.999}, kDouble))},
         [](Inputs x) { return histc(x[0], 4, 0, 4); });
  s.flat("torch.histc(x[0], 4)", {constant(s.normal({9}).to(kFloat))}, [](Inputs x) { return histc(x[0], 4); });
  s.rejects("integers", "not implemented for 'Long'", [] { histc(ones({2}, kLong)); });
  s.rejects("no bins", "bins must be > 0", [] { histc(ones({2}), 0); });
  s.rejects("a NaN", "is not finite", [] { histc(tensor({1.0f, NAN})); });
  s.rejects("an empty range", "max must be larger than min", [] { histc(ones({2}), 4, 3, 2); });
});

const catalogue::Entry histogram_entry("histogram", [](catalogue::Samples& s) {
  const Tensor edges = tensor({-2.0, -1.0, 0.5, 0.5, 3.0}, kDouble);
  for (const Tensor& x : spread_out(s))
    for (const bool density : {false, true}) {
      const std::string end = density ? "density=True)" : "density=False)";
      s.flat("torch.histogram(x[0], 7, " + end, {constant(x)}, [density](Inputs x) { return histogram(x[0], 7, std::nullopt, {}, density); });
      s.flat("torch.histogram(x[0], 7, range=(-1., 2.), weight=x[1], " + end, {constant(x), constant(s.uniform(x.sizes(), 0, 2))},
             [density](Inputs x) {
               return histogram(x[0], 7, std::vector<double>{-1, 2}, x[1], density);
             });
      s.flat("torch.histogram(x[0], x[1], " + end, {constant(x), constant(edges)},
             [density](Inputs x) { return histogram(x[0], x[1], {}, density); });
    }
  const auto between = [](Inputs x) { return histogram(x[0], x[1]); };
  s.flat("torch.histogram(x[0], x[1])", {constant(tensor({0.0, 1.0, 3.0, HUGE_VAL, -2.0, 0.5}, kDouble)), constant(edges)}, between);
  s.flat("torch.histogram(x[0], x[1])", {constant(tensor({0.0, kNaN}, kDouble)), constant(edges)}, between).deviation = "histogram-of-nan";
  s.flat("torch.histogram(x[0], 3)", {constant(s.normal({9}).to(kFloat))}, [](Inputs x) { return histogram(x[0], 3); });
  s.rejects("integers", "not implemented for 'Long'", [] { histogram(ones({2}, kLong), 3); });
  s.rejects("no bins", "bins must be > 0", [] { histogram(ones({2}), 0); });
  s.rejects("a NaN", "is not finite", [] { histogram(tensor({1.0f, NAN}), 3); });
  s.rejects("a range backwards", "min should not exceed max", [] { histogram(ones({2}), 4, std::vector<double>{2, 1}); });
  s.rejects("half a range", "range should have 2 elements, but got 1", [] { histogram(ones({2}), 4, std::vector<double>{2}); });
  s.rejects("edges of another dtype", "should have the same dtype", [] { histogram(ones({2}), ones({2}, kDouble)); });
  s.rejects("a matrix of edges", "bins tensor should have one dimension", [] { histogram(ones({2}), ones({2, 2})); });
  s.rejects("no edges", "bins tensor should have at least 1 element", [] { histogram(ones({2}), ones({0})); });
  s.rejects("weights of another shape", "it should have the same shape as the input tensor", [] { histogram(ones({2}), ones({2}), ones({1})); });
  s.rejects("weights of another dtype", "should have the same dtype", [] { histogram(ones({2}), ones({2}), ones({2}, kDouble)); });
});

}  // namespace

}}  // namespace torch::xgrad

#endif
