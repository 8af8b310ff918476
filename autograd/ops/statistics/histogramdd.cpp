#include <xgrad/autograd/ops/statistics/histogramdd.h>

#include <cmath>

#include <xgrad/autograd/core/named_operation.h>
#include <xgrad/autograd/core/shape.h>
#include <xgrad/autograd/ops/creation/creation.h>
#include <xgrad/autograd/ops/pointwise/selection.h>
#include <xgrad/autograd/ops/statistics/search.h>
#include <xgrad/autograd/tensor/operators.h>

#ifndef XGRAD_SAMPLES

namespace torch { inline namespace xgrad {

using Edges = std::vector<Tensor>;

namespace {

constexpr const Operation& kHistogramdd = operation<"histogramdd">;

// The points as rows of their coordinates.
Tensor points_of(const Tensor& self) {
  XGRAD_CHECK(self.dim() >= 2, kHistogramdd, "input tensor should have at least 2 dimensions, got shape ", self.sizes());
  XGRAD_CHECK_AS(NotImplementedError, self.is_floating_point(), kHistogramdd, "\"histogramdd\" not implemented for '", self.dtype(), "'");
  const int64_t axes = self.size(-1);
  return self.detach().reshape({axes == 0 ? 0 : self.numel() / axes, axes});
}

Tensor weights_of(const Tensor& self, const std::optional<Tensor>& weight) {
  const Dims shape = self.sizes();
  const IntArrayRef points(shape.data(), shape.size() - 1);
  if (!weight || !weight->defined()) return ones({numel_of(points)}, kDouble);
  XGRAD_CHECK(weight->dtype() == self.dtype(), kHistogramdd,
              "if weight tensor is provided, input tensor and weight tensor should have the same dtype, but got input(", self.dtype(),
              "), and weight(", weight->dtype(), ")");
  XGRAD_CHECK(weight->sizes() == points, kHistogramdd,
              "if weight tensor is provided it should have the same shape as the input tensor excluding its innermost dimension, but got input with "
              "shape ",
              self.sizes(), " and weight with shape ", weight->sizes());
  return weight->detach().reshape({-1}).to(kDouble);
}

// From the least coordinate to the largest, unless the range says otherwise.
std::pair<double, double> ends_of(const Tensor& coordinates, std::optional<ArrayRef<double>> range, size_t axis) {
  double low = 0, high = 1;
  if (range) {
    low = (*range)[2 * axis];
    high = (*range)[2 * axis + 1];
  } else if (coordinates.numel() > 0) {
    const auto [least, most] = aminmax(coordinates);
    low = least.item<double>();
    high = most.item<double>();
  }
  XGRAD_CHECK(std::isfinite(low) && std::isfinite(high), kHistogramdd, "dimension ", axis, "'s range [", low, ", ", high, "] is not finite");
  XGRAD_CHECK(low <= high, kHistogramdd, "min should not exceed max, but got min ", low, " max ", high, " for dimension ", axis);
  return low == high ? std::pair(low - 0.5, high + 0.5) : std::pair(low, high);
}

std::tuple<Tensor, Edges> counted_between(const Tensor& self, const Tensor& points, Edges edges, const std::optional<Tensor>& weight, bool density) {
  const NoGradGuard guard;
  const Tensor weights = weights_of(self, weight);
  // The box of each point as one number; that behind the last box takes the points outside.
  Tensor box = zeros({weights.numel()}, kLong), inside = ones({weights.numel()}, kBool);
  Dims shape;
  for (size_t axis = 0; axis < edges.size(); ++axis) {
    const Tensor &ends = edges[axis], x = points.select(1, static_cast<int64_t>(axis));
    const int64_t count = ends.numel() - 1;
    box = box * count + (bucketize(x, ends, false, true) - 1).clamp(0, count - 1);
    inside = inside & (x >= ends[0]) & (x <= ends[-1]);
    shape.push_back(count);
  }
  const int64_t boxes = numel_of(shape);
  const Tensor sums = zeros({boxes + 1}, kDouble).index_add(0, where(inside, box, boxes), weights);
  Tensor y = sums.narrow(0, 0, boxes).reshape(shape).to(self.dtype());
  if (density) {
    y = y / y.sum();
    for (size_t axis = 0; axis < edges.size(); ++axis) {
      Dims along(shape.size(), 1);
      along[axis] = shape[axis];
      y = y / edges[axis].diff().view(along);
    }
  }
  return {y, std::move(edges)};
}

}  // namespace

Edges _histogramdd_bin_edges(const Tensor& self, IntArrayRef bins, std::optional<ArrayRef<double>> range, const std::optional<Tensor>&, bool) {
  const Tensor points = points_of(self);
  const auto axes = static_cast<size_t>(points.size(1));
  XGRAD_CHECK(bins.size() == axes, kHistogramdd, "expected ", axes, " numbers of bins for a ", axes, "-dimensional histogram, but got ", bins.size());
  XGRAD_CHECK(!range || range->size() == 2 * axes, kHistogramdd, "for a ", axes, "-dimensional histogram range should have ", 2 * axes,
              " elements, but got ", range ? range->size() : 0);
  Edges edges;
  for (size_t axis = 0; axis < axes; ++axis) {
    XGRAD_CHECK(bins[axis] > 0, kHistogramdd, "bins must be > 0, but got ", bins[axis], " for dimension ", axis);
    const auto [low, high] = ends_of(points.select(1, static_cast<int64_t>(axis)), range, axis);
    edges.push_back(linspace(low, high, bins[axis] + 1, self.dtype()));
  }
  return edges;
}

std::tuple<Tensor, Edges> histogramdd(const Tensor& self, IntArrayRef bins, std::optional<ArrayRef<double>> range,
                                      const std::optional<Tensor>& weight, bool density) {
  return counted_between(self, points_of(self), _histogramdd_bin_edges(self, bins, range), weight, density);
}

std::tuple<Tensor, Edges> histogramdd(const Tensor& self, int64_t bins, std::optional<ArrayRef<double>> range, const std::optional<Tensor>& weight,
                                      bool density) {
  const Tensor points = points_of(self);
  return histogramdd(self, IntArrayRef(Dims(points.size(1), bins)), range, weight, density);
}

std::tuple<Tensor, Edges> histogramdd(const Tensor& self, TensorList bins, std::optional<ArrayRef<double>>, const std::optional<Tensor>& weight,
                                      bool density) {
  const Tensor points = points_of(self);
  const int64_t axes = points.size(1);
  XGRAD_CHECK(static_cast<int64_t>(bins.size()) == axes, kHistogramdd, "expected ", axes, " sequences of bin edges for a ", axes,
              "-dimensional histogram but got ", bins.size());
  Edges edges;
  for (const Tensor& b : bins) {
    const size_t axis = edges.size();
    XGRAD_CHECK(b.dtype() == self.dtype(), kHistogramdd, "input tensor and bins tensors should have the same dtype, but got input with dtype ",
                self.dtype(), " and bins for dimension ", axis, " with dtype ", b.dtype());
    XGRAD_CHECK(b.dim() == 1, kHistogramdd, "bins tensor should have one dimension, but got ", b.dim(),
                " dimensions in the bins tensor for dimension ", axis);
    XGRAD_CHECK(b.numel() > 0, kHistogramdd, "bins tensor should have at least 1 element, but got 0 elements in the bins tensor for dimension ",
                axis);
    XGRAD_CHECK(b.numel() > 1, kHistogramdd, "bins must be > 0, but got 0 for dimension ", axis);
    edges.push_back(b.detach().clone());
  }
  return counted_between(self, points, std::move(edges), weight, density);
}

}}  // namespace torch::xgrad

#else  // ---- samples

#include <xgrad/autograd/catalogue/catalogue.h>
#include <xgrad/autograd/ops/creation/tensor_literal.h>

namespace torch { inline namespace xgrad { namespace {

using catalogue::constant;
using catalogue::Inputs;
using catalogue::kNaN;

std::vector<Tensor> in_one_list(const std::tuple<Tensor, std::vector<Tensor>>& found) {
  std::vector<Tensor> all = {std::get<0>(found)};
  all.insert(all.end(), std::get<1>(found).begin(), std::get<1>(found).end());
  return all;
}

const std::vector<int64_t> kCounts = {3, 4};

const catalogue::Entry histogramdd_entry("histogramdd", [](catalogue::Samples& s) {
  for (const Tensor& x : {s.normal({50, 2}), s.integers({3, 9, 2}, -4, 5).to(kDouble), ones({3, 2}, kDouble), empty({0, 2}, kDouble)})
    for (const bool density : {false, true}) {
      const std::string end = std::string("density=") + catalogue::text(density) + ")";
      s.flat("torch.histogramdd(x[0], [3, 4], " + end, {constant(x)},
             [density](Inputs x) { return in_one_list(histogramdd(x[0], IntArrayRef(kCounts), std::nullopt, {}, density)); });
      s.flat("torch.histogramdd(x[0], 3, " + end, {constant(x)},
             [density](Inputs x) { return in_one_list(histogramdd(x[0], 3, std::nullopt, {}, density)); });
      s.flat("torch.histogramdd(x[0], [3, 4], range=[-1., 2., 0., 1.], weight=x[0][..., 0].abs(), " + end, {constant(x)}, [density](Inputs x) {
        const std::vector<double> range = {-1, 2, 0, 1};
        return in_one_list(histogramdd(x[0], IntArrayRef(kCounts), ArrayRef<double>(range), x[0].select(-1, 0).abs(), density));
      });
      s.flat("torch.histogramdd(x[0], [x[1], x[2]], " + end,
             {constant(x), constant(tensor({-2.0, -1.0, 0.5, 0.5, 3.0}, kDouble)), constant(tensor({-1.0, 1.0, 2.0}, kDouble))}, [density](Inputs x) {
               return in_one_list(histogramdd(x[0], TensorList({x[1], x[2]}), std::nullopt, {}, density));
             });
    }
  s.flat("torch.histogramdd(x[0], [x[1]])", {constant(tensor({{0.0}, {kNaN}}, kDouble)), constant(tensor({-1.0, 1.0, 2.0}, kDouble))}, [](Inputs x) {
     return in_one_list(histogramdd(x[0], TensorList({x[1]})));
   }).deviation = "histogram-of-nan";
  s.rejects("a vector", "input tensor should have at least 2 dimensions", [] { histogramdd(ones({2}), 3); });
  s.rejects("integers", "\"histogramdd\" not implemented for 'Long'", [] { histogramdd(ones({2, 2}, kLong), 3); });
  s.rejects("no bins", "bins must be > 0, but got 0 for dimension 0", [] { histogramdd(ones({2, 2}), 0); });
  s.rejects("fewer numbers of bins", "expected 2 numbers of bins", [] { histogramdd(ones({2, 2}), IntArrayRef({3})); });
  s.rejects("a NaN", "dimension 0's range [nan, nan] is not finite", [] { histogramdd(full({2, 2}, NAN), 3); });
  s.rejects("half a range", "for a 2-dimensional histogram range should have 4 elements, but got 2", [] {
    const std::vector<double> range = {0, 1};
    histogramdd(ones({2, 2}), 3, ArrayRef<double>(range));
  });
  s.rejects("a range backwards", "min should not exceed max, but got min 2 max 1 for dimension 0", [] {
    const std::vector<double> range = {2, 1};
    histogramdd(ones({2, 1}), 3, ArrayRef<double>(range));
  });
  s.rejects("edges of another dtype", "should have the same dtype", [] { histogramdd(ones({2, 1}), TensorList({ones({2}, kDouble)})); });
  s.rejects("fewer edges", "expected 2 sequences of bin edges for a 2-dimensional histogram but got 1", [] {
    histogramdd(ones({2, 2}), TensorList({ones({2})}));
  });
  s.rejects("a matrix of edges", "bins tensor should have one dimension, but got 2", [] { histogramdd(ones({2, 1}), TensorList({ones({2, 2})})); });
  s.rejects("no edges", "bins tensor should have at least 1 element", [] { histogramdd(ones({2, 1}), TensorList({ones({0})})); });
  s.rejects("weights of another shape", "excluding its innermost dimension", [] { histogramdd(ones({2, 2}), 3, std::nullopt, ones({2, 2})); });
  s.rejects("weights of another dtype", "should have the same dtype", [] { histogramdd(ones({2, 2}), 3, std::nullopt, ones({2}, kDouble)); });
});

const catalogue::Entry histogramdd_bin_edges_entry("_histogramdd_bin_edges", [](catalogue::Samples& s) {
  s.flat("torch._histogramdd_bin_edges(x[0], [3, 4])", {constant(s.normal({9, 2}))},
         [](Inputs x) { return _histogramdd_bin_edges(x[0], IntArrayRef(kCounts)); });
});

}  // namespace

}}  // namespace torch::xgrad

#endif
