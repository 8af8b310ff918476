#include <xgrad/nn/layers/upsampling.h>

#include <algorithm>
#include <cmath>

#include <xgrad/autograd/ops/pooling/interpolation.h>
#include <xgrad/autograd/ops/pooling/patches.h>
#include <xgrad/autograd/ops/pooling/pooling.h>
#include <xgrad/nn/layers/print_layer.h>

namespace torch { inline namespace xgrad { namespace nn {

namespace {

using functional::InterpolateFuncOptions;
using Factor = std::optional<double>;

template <class Mode, class... Modes> bool is(const std::variant<Modes...>& mode) { return std::holds_alternative<Mode>(mode); }

Dims output_sizes(const Tensor& input, const InterpolateFuncOptions& options) {
  const int64_t axes = input.dim() - 2;
  XGRAD_CHECK(options.size() || options.scale_factor(), "[interpolate] either size or scale_factor should be defined");
  XGRAD_CHECK(!options.size() || !options.scale_factor(), "[interpolate] only one of size or scale_factor should be defined");
  if (options.size()) return IntArrayRef(*options.size());
  const std::vector<double>& factors = *options.scale_factor();
  XGRAD_CHECK(static_cast<int64_t>(factors.size()) == axes, "[interpolate] scale_factor shape must match input shape. Input is ", axes,
              "D, scale_factor size is ", factors.size());
  Dims sizes;
  for (int64_t i = 0; i < axes; ++i)
    sizes.push_back(static_cast<int64_t>(std::floor(static_cast<double>(input.size(i + 2)) * factors[static_cast<size_t>(i)])));
  return sizes;
}

// Calls the operation for one, two or three axes.
template <class One, class Two, class Three> Tensor by_axes(int64_t axes, const One& one, const Two& two, const Three& three) {
  return axes == 1 ? one() : axes == 2 ? two() : three();
}

Tensor averaged(const Tensor& input, const Dims& sizes) {
  return by_axes(
      input.dim() - 2, [&] { return xgrad::adaptive_avg_pool1d(input, sizes); }, [&] { return xgrad::adaptive_avg_pool2d(input, sizes); },
      [&] { return xgrad::adaptive_avg_pool3d(input, sizes); });
}

Tensor nearest(const Tensor& x, const Dims& sizes, bool exact, const Factor (&f)[3]) {
  return by_axes(
      x.dim() - 2, [&] { return exact ? xgrad::_upsample_nearest_exact1d(x, sizes, f[0]) : xgrad::upsample_nearest1d(x, sizes, f[0]); },
      [&] { return exact ? xgrad::_upsample_nearest_exact2d(x, sizes, f[0], f[1]) : xgrad::upsample_nearest2d(x, sizes, f[0], f[1]); },
      [&] { return exact ? xgrad::_upsample_nearest_exact3d(x, sizes, f[0], f[1], f[2]) : xgrad::upsample_nearest3d(x, sizes, f[0], f[1], f[2]); });
}

}  // namespace

Tensor functional::interpolate(const Tensor& input, const InterpolateFuncOptions& options) {
  const auto& mode = options.mode();
  const int64_t axes = input.dim() - 2;
  XGRAD_CHECK(!options.align_corners() || !(is<enumtype::kNearest>(mode) || is<enumtype::kArea>(mode)),
              "[interpolate] align_corners option can only be set with the interpolating modes: linear | bilinear | bicubic | trilinear");
  XGRAD_CHECK(!options.antialias() || (axes == 2 && (is<enumtype::kBilinear>(mode) || is<enumtype::kBicubic>(mode))),
              "[interpolate] Anti-alias option is only supported for bilinear and bicubic modes");
  XGRAD_CHECK(axes >= 1 && axes <= 3, "[interpolate] Input Error: Only 3D, 4D and 5D input Tensors supported (got ", input.dim(),
              "D) for the modes: nearest | linear | bilinear | bicubic | trilinear (got ", enumtype::get_enum_name(mode), ")");
  const auto check_axes = [&](const char* name, int64_t needed) {
    XGRAD_CHECK(axes == needed, "[interpolate] Got ", input.dim(), "D input, but ", name, " mode needs ", needed + 2, "D input");
  };
  if (is<enumtype::kLinear>(mode)) check_axes("linear", 1);
  if (is<enumtype::kBilinear>(mode)) check_axes("bilinear", 2);
  if (is<enumtype::kBicubic>(mode)) check_axes("bicubic", 2);
  if (is<enumtype::kTrilinear>(mode)) check_axes("trilinear", 3);

  const Dims sizes = output_sizes(input, options);
  Factor f[3];
  for (int64_t i = 0; options.scale_factor() && !options.recompute_scale_factor().value_or(false) && i < axes; ++i)
    f[i] = (*options.scale_factor())[static_cast<size_t>(i)];
  const bool align = options.align_corners().value_or(false);
  if (is<enumtype::kArea>(mode)) return averaged(input, sizes);
  if (is<enumtype::kNearest>(mode) || is<enumtype::kNearestExact>(mode)) return nearest(input, sizes, is<enumtype::kNearestExact>(mode), f);
  if (is<enumtype::kLinear>(mode)) return xgrad::upsample_linear1d(input, sizes, align, f[0]);
  if (is<enumtype::kTrilinear>(mode)) return xgrad::upsample_trilinear3d(input, sizes, align, f[0], f[1], f[2]);
  if (is<enumtype::kBilinear>(mode))
    return options.antialias() ? xgrad::_upsample_bilinear2d_aa(input, sizes, align, f[0], f[1])
                               : xgrad::upsample_bilinear2d(input, sizes, align, f[0], f[1]);
  return options.antialias() ? xgrad::_upsample_bicubic2d_aa(input, sizes, align, f[0], f[1])
                             : xgrad::upsample_bicubic2d(input, sizes, align, f[0], f[1]);
}

Tensor UpsampleImpl::forward(const Tensor& input) {
  InterpolateFuncOptions all;
  all.size(options.size()).scale_factor(options.scale_factor()).align_corners(options.align_corners());
  std::visit([&](auto mode) { all.mode(mode); }, options.mode());
  return functional::interpolate(input, all);
}

void UpsampleImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::Upsample(";
  if (options.scale_factor()) {
    const char* between = "scale_factor=[";
    for (const double factor : *options.scale_factor()) {
      stream << between << factor;
      between = ", ";
    }
    stream << ']';
  } else {
    stream << "size=" << IntArrayRef(options.size().value_or(std::vector<int64_t>()));
  }
  stream << ", mode=" << enumtype::get_enum_name(options.mode()) << ')';
}

Tensor functional::grid_sample(const Tensor& input, const Tensor& grid, const GridSampleFuncOptions& options) {
  return xgrad::grid_sampler(input, grid, static_cast<int64_t>(options.mode().index()), static_cast<int64_t>(options.padding_mode().index()),
                             options.align_corners().value_or(false));
}

Tensor functional::affine_grid(const Tensor& theta, const IntArrayRef& size, bool align_corners) {
  XGRAD_CHECK(theta.is_floating_point(), "[affine_grid] Expected theta to have floating point type, but got ", theta.dtype());
  XGRAD_CHECK(size.size() == 4 || size.size() == 5,
              "[affine_grid] affine_grid only supports 4D and 5D sizes, for 2D and 3D affine transforms, respectively. Got size ", size);
  const auto axes = static_cast<int64_t>(size.size()) - 2;
  XGRAD_CHECK(theta.dim() == 3 && theta.size(-2) == axes && theta.size(-1) == axes + 1, "[affine_grid] Expected a batch of ", axes,
              "D affine matrices of shape Nx", axes, "x", axes + 1, " for size ", size, ". Got ", theta.sizes(), ".");
  XGRAD_CHECK(*std::min_element(size.begin(), size.end()) > 0, "[affine_grid] Expected non-zero, positive output size. Got ", size);
  return xgrad::affine_grid_generator(theta, size, align_corners);
}

}}}  // namespace torch::xgrad::nn
