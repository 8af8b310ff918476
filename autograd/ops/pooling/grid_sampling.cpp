#include <cmath>

#include <xgrad/autograd/core/shape.h>
#include <xgrad/autograd/graph/record.h>
#include <xgrad/autograd/ops/ops.h>
#include <xgrad/autograd/ops/pointwise/zero_slope.h>
#include <xgrad/autograd/tensor/copy.h>

namespace torch { inline namespace xgrad {

namespace {

enum class Interpolation { kLinear, kNearest, kBicubic };
enum class Outside { kZeros, kBorder, kReflection };

// The gradient at a border is 0, and a NaN counts as the first position, as in PyTorch.
Tensor clipped(const Tensor& x, int64_t size) {
  const Tensor at = x.detach(), last = (at >= size - 1).to(x.dtype()) * (size - 1);
  return where((at > 0).logical_and(at < size - 1), x, last);
}

// Between low and high, both given twice.
Tensor reflected(const Tensor& x, int64_t twice_low, int64_t twice_high) {
  if (twice_low == twice_high) return x * 0;
  const double low = static_cast<double>(twice_low) / 2, span = static_cast<double>(twice_high - twice_low) / 2;
  const Tensor from_low = x - low, distance = where(from_low.detach() < 0, -from_low, from_low);
  const Tensor part = distance.fmod(span), flips = (distance.detach() / span).floor();
  return where(flips.fmod(2) == 0, part, span - part) + low;
}

// The position that stands for one outside of the image.
Tensor inside(const Tensor& x, int64_t size, Outside outside, bool align_corners) {
  if (outside == Outside::kZeros) return x;
  if (outside == Outside::kBorder) return clipped(x, size);
  return clipped(align_corners ? reflected(x, 0, 2 * (size - 1)) : reflected(x, -1, 2 * size - 1), size);
}

// What positions along one axis take: whole numbers without gradients, and weights.
struct Taps {
  std::vector<Tensor> at, weight;
};

Tensor cubic(const Tensor& x) {  // the middle part of Keys's kernel, at a distance below 1
  return ((x * 1.25 - 2.25) * x * x) + 1;
}
Tensor cubic_tail(const Tensor& x) {  // the outer one, below 2
  return ((x * -0.75 + 3.75) * x - 6) * x + 3;
}

// PyTorch's choice between two elements that are as near: the even one in a plane, in a volume the one away from the first.
Tensor nearest_place(const Tensor& at, int64_t axes) {
  if (axes == 2) return at.round();
  const Tensor whole = at.trunc();
  return whole + ((at - whole) * 2).trunc();
}

Taps taps_along(const Tensor& coordinate, int64_t size, int64_t axes, Interpolation interpolation, Outside outside, bool align_corners) {
  const Tensor x = align_corners ? (coordinate + 1) / 2 * (size - 1) : ((coordinate + 1) * size - 1) / 2;
  Taps taps;
  if (interpolation == Interpolation::kBicubic) {
    const Tensor first = x.detach().floor(), part = x - first;
    for (int64_t k = -1; k <= 2; ++k) taps.at.push_back(inside(first + k, size, outside, align_corners).detach());
    taps.weight = {cubic_tail(part + 1), cubic(part), cubic(1 - part), cubic_tail(2 - part)};
    return taps;
  }
  const Tensor at = inside(x, size, outside, align_corners);
  if (interpolation == Interpolation::kNearest) return {{nearest_place(at.detach(), axes)}, {Tensor()}};
  const Tensor first = at.detach().floor();
  return {{first, first + 1}, {first + 1 - at, at - first}};
}

// The elements taken from `input`, on whose choice `grid` has no influence but in steps.
Tensor nearest(const Operation& operation, const Tensor& taken, const Tensor& input, const Tensor& grid) {
  return record(Forward(operation, detail::alias(taken)),
                wrt(taken, [&operation, x = save(input)](const Tensor& gy) { return in_steps_of(operation, x, gy); }),
                wrt(grid, [&operation, x = save(input), sizes = Dims(grid.sizes())](const Tensor& gy) {
                  return in_steps_of(operation, x, zeros(sizes, gy.options()));
                }));
}

Tensor sampled(const Operation& operation, const Tensor& input, const Tensor& grid, Interpolation interpolation, Outside outside,
               bool align_corners) {
  const int64_t axes = input.dim() - 2, batch = input.size(0), channels = input.size(1);
  const Dims points = grid.sizes().slice(1, static_cast<size_t>(axes));
  const int64_t count = numel_of(points);
  const Tensor flat = grid.reshape({batch, count, axes}), images = input.reshape({batch, channels, numel_of(input.sizes().slice(2))});
  std::vector<Taps> along;
  for (int64_t i = 0; i < axes; ++i)
    along.push_back(taps_along(flat.select(2, axes - 1 - i), input.size(2 + i), axes, interpolation, outside, align_corners));
  // Every combination of taps.
  const size_t each = along[0].at.size(), combinations = axes == 2 ? each * each : each * each * each;
  Tensor sum;
  for (size_t c = 0; c < combinations; ++c) {
    Tensor position, within, weight;
    for (int64_t i = 0, rest = static_cast<int64_t>(c); i < axes; ++i, rest /= static_cast<int64_t>(each)) {
      const auto k = static_cast<size_t>(rest) % each;
      const int64_t size = input.size(2 + i);
      const Tensor &at = along[static_cast<size_t>(i)].at[k], &w = along[static_cast<size_t>(i)].weight[k];
      const Tensor in_axis = (at >= 0).logical_and(at < size), place = where(in_axis, at, Scalar(0)).to(kLong);
      within = within.defined() ? within.logical_and(in_axis) : in_axis;
      position = position.defined() ? position * size + place : place;
      weight = weight.defined() && w.defined() ? weight * w : w;
    }
    const Tensor taken = images.gather(2, position.unsqueeze(1).expand({batch, channels, count}));
    Tensor term = where(within.unsqueeze(1), taken, Scalar(0));
    // Where nothing is taken, an infinite gradient leaves the position alone.
    if (weight.defined()) term = term * where(within, weight, Scalar(0)).unsqueeze(1);
    sum = sum.defined() ? sum + term : term;
  }
  Dims sizes{batch, channels};
  for (const int64_t n : points) sizes.push_back(n);
  if (interpolation == Interpolation::kNearest) sum = nearest(operation, sum, input, grid);
  return sum.reshape(sizes);
}

Tensor checked_and_sampled(const Operation& operation, const Tensor& input, const Tensor& grid, int64_t interpolation_mode, int64_t padding_mode,
                           bool align_corners) {
  XGRAD_CHECK(input.dim() == 4 || input.dim() == 5, operation, "expected 4D or 5D input, but got input with sizes ", input.sizes());
  XGRAD_CHECK(input.dim() == grid.dim(), operation, "expected ", input.dim(),
              "D input and grid with same number of dimensions, but got input with sizes ", input.sizes(), " and grid with sizes ", grid.sizes());
  XGRAD_CHECK(input.size(0) == grid.size(0), operation, "expected grid and input to have same batch size, but got input with sizes ", input.sizes(),
              " and grid with sizes ", grid.sizes());
  XGRAD_CHECK(grid.size(-1) == input.dim() - 2, operation, "expected grid to have size ", input.dim() - 2,
              " in last dimension, but got grid with sizes ", grid.sizes());
  for (int64_t i = 2; i < input.dim(); ++i)
    XGRAD_CHECK(input.size(i) > 0, operation, "expected input to have non-empty spatial dimensions, but input has sizes ", input.sizes(),
                " with dimension ", i, " being empty");
  XGRAD_CHECK(interpolation_mode >= 0 && interpolation_mode <= 2, operation, "interpolation_mode must be 0, 1 or 2, got ", interpolation_mode);
  XGRAD_CHECK(padding_mode >= 0 && padding_mode <= 2, operation, "padding_mode must be 0, 1 or 2, got ", padding_mode);
  XGRAD_CHECK(input.dim() == 4 || interpolation_mode != 2, operation, "bicubic interpolation only supports 4D input, got shape ", input.sizes());
  dispatch_floating(input.dtype(), operation.name(), [](auto) {});
  XGRAD_CHECK(input.dtype() == grid.dtype(), operation, "expected scalar type ", input.dtype(), " but found ", grid.dtype());
  return sampled(operation, input, grid, static_cast<Interpolation>(interpolation_mode), static_cast<Outside>(padding_mode), align_corners);
}

// Centers of n pixels from -1 to 1.
Tensor pixel_centers(int64_t n, bool align_corners, ScalarType dtype) {
  if (n <= 1) return zeros({n}, dtype);
  const Tensor from_corner = linspace(-1, 1, n, isFloatingType(dtype) ? dtype : kFloat);
  return (align_corners ? from_corner : from_corner * (static_cast<double>(n - 1) / static_cast<double>(n))).to(dtype);
}

}  // namespace

Tensor grid_sampler(const Tensor& input, const Tensor& grid, int64_t interpolation_mode, int64_t padding_mode, bool align_corners) {
  const Operation& op = input.dim() == 5 ? operation_recorded_as<"grid_sampler", "GridSampler3DBackward0">
                                         : operation_recorded_as<"grid_sampler", "GridSampler2DBackward0">;
  return checked_and_sampled(op, input, grid, interpolation_mode, padding_mode, align_corners);
}

Tensor grid_sampler_2d(const Tensor& input, const Tensor& grid, int64_t interpolation_mode, int64_t padding_mode, bool align_corners) {
  XGRAD_CHECK(input.dim() == 4, operation<"grid_sampler_2d">, "expected 4D input, but got input with sizes ", input.sizes());
  return checked_and_sampled(operation<"grid_sampler_2d">, input, grid, interpolation_mode, padding_mode, align_corners);
}

Tensor grid_sampler_3d(const Tensor& input, const Tensor& grid, int64_t interpolation_mode, int64_t padding_mode, bool align_corners) {
  XGRAD_CHECK(input.dim() == 5, operation<"grid_sampler_3d">, "expected 5D input, but got input with sizes ", input.sizes());
  return checked_and_sampled(operation<"grid_sampler_3d">, input, grid, interpolation_mode, padding_mode, align_corners);
}

namespace {

// For each image of `sizes` its pixels' homogeneous coordinates, that of the last axis first.
Tensor homogeneous_points(const Dims& sizes, bool align_corners, ScalarType dtype) {
  const Dims image = IntArrayRef(sizes).slice(2);
  const int axes = image.size();
  std::vector<Tensor> coordinates;
  for (int i = axes; i-- > 0;) {
    Dims along(axes, 1);
    along[i] = image[i];
    coordinates.push_back(pixel_centers(image[i], align_corners, dtype).view(along).expand(image));
  }
  coordinates.push_back(ones(image, dtype));
  return stack(coordinates, axes).view({1, numel_of(image), axes + 1}).expand({sizes[0], numel_of(image), axes + 1});
}

}  // namespace

Tensor affine_grid_generator(const Tensor& theta, IntArrayRef size, bool align_corners) {
  const Operation& op = operation<"affine_grid_generator">;
  XGRAD_CHECK(size.size() == 4 || size.size() == 5, op, "AffineGridGenerator needs 4d (spatial) or 5d (volumetric) inputs, got size ", size);
  const auto axes = static_cast<int64_t>(size.size()) - 2;
  XGRAD_CHECK(theta.dim() == 3 && theta.size(0) == size[0] && theta.size(1) == axes && theta.size(2) == axes + 1, op,
              "Expected a batch of affine matrices of shape [", size[0], ", ", axes, ", ", axes + 1, "] for size ", size, ". Got ", theta.sizes());
  checked_numel(op.name(), size);
  const Dims sizes = size;
  const auto points = [sizes, align_corners](ScalarType dtype) { return homogeneous_points(sizes, align_corners, dtype); };
  Dims shape = size.slice(2);
  shape.insert(0, size[0]);
  shape.push_back(axes);
  const auto value = [&] {
    const StepsOfOne steps;
    return Forward(op, copy_of(points(theta.dtype()).bmm(theta.transpose(1, 2)).view(shape), theta.dtype()));
  };
  return record(value(), with("size", size, "align_corners", align_corners), wrt(theta, [points, sizes, axes](const Tensor& gy) {
                  return gy.reshape({sizes[0], -1, axes}).transpose(1, 2).bmm(points(gy.dtype()));
                }));
}

}}  // namespace torch::xgrad
