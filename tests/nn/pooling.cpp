// Layers of images: pooling, padding, interpolation, columns; libtorch's values, options and errors.
#include <doctest/doctest.h>

#include <cmath>

#include "message.h"
#include "nn/close.h"
#include <xgrad/autograd/ops/ops.h>
#include <xgrad/nn/nn.h>

using namespace xgrad;
using namespace xgrad::nn;
namespace F = xgrad::nn::functional;

namespace {

// 0 to 11.
Tensor image() { return arange(12., kDouble).view({1, 1, 3, 4}); }
Tensor line() { return arange(6., kDouble).view({1, 1, 6}); }

}  // namespace

TEST_CASE("the largest of windows") {
  check_close(MaxPool2d(MaxPool2dOptions(2).stride(1))(image()), {5, 6, 7, 9, 10, 11});
  check_close(MaxPool2d(2)(image()), {5, 7});
  check_close(MaxPool2d(MaxPool2dOptions(2).ceil_mode(true))(image()), {5, 7, 9, 11});
  check_close(MaxPool2d(MaxPool2dOptions({3, 1}).stride(1))(image()), {8, 9, 10, 11});
  check_close(MaxPool1d(MaxPool1dOptions(2).dilation(2))(line()), {2, 4});
  check_close(MaxPool3d(2)(arange(8., kDouble).view({1, 2, 2, 2})), {7});
  const auto [values, indices] = MaxPool2d(2)->forward_with_indices(-image());
  check_close(values, {0, -2});
  check_close(indices, {0, 2});
  check_close(F::max_pool2d(image(), F::MaxPool2dFuncOptions(2).stride(1).padding(1)),
              {0, 1, 2, 3, 3, 4, 5, 6, 7, 7, 8, 9, 10, 11, 11, 8, 9, 10, 11, 11});
  check_close(std::get<1>(F::max_pool1d_with_indices(line(), F::MaxPool1dFuncOptions(3))), {2, 5});
  CHECK(contains(message_of([] { MaxPool2d(5)(image()); }), "Output size is too small"));
}

TEST_CASE("averages of windows") {
  check_close(AvgPool2d(2)(image()), {2.5, 4.5});
  check_close(AvgPool2d(AvgPool2dOptions(2).divisor_override(2))(image()), {5, 9});
  check_close(AvgPool1d(AvgPool1dOptions(3).stride(2).padding(1))(line()), {1. / 3, 2, 4});
  check_close(AvgPool1d(AvgPool1dOptions(3).stride(2).padding(1).count_include_pad(false))(line()), {0.5, 2, 4});
  check_close(AvgPool3d(2)(arange(8., kDouble).view({1, 2, 2, 2})), {3.5});
  check_close(LPPool1d(2, 2)(line()), {1, std::sqrt(13.), std::sqrt(41.)});
  check_close(LPPool2d(LPPool2dOptions(1, 2))(image()), {10, 18});
}

TEST_CASE("windows for a size") {
  check_close(AdaptiveAvgPool2d(AdaptiveAvgPool2dOptions({1, std::nullopt}))(image()), {4, 5, 6, 7});
  check_close(AdaptiveAvgPool1d(4)(line()), {0.5, 1.5, 3.5, 4.5});
  check_close(AdaptiveAvgPool3d(1)(arange(8., kDouble).view({1, 2, 2, 2})), {3.5});
  check_close(AdaptiveMaxPool2d(AdaptiveMaxPool2dOptions({std::nullopt, 2}))(image()), {1, 3, 5, 7, 9, 11});
  check_close(std::get<1>(AdaptiveMaxPool1d(2)->forward_with_indices(line())), {2, 5});
  CHECK(AdaptiveMaxPool3d(2)(ones({1, 3, 3, 3})).sizes() == IntArrayRef({1, 2, 2, 2}));
}

TEST_CASE("the average of an image without elements is NaN where one is asked for") {
  for (const int64_t axes : {1, 2, 3}) {
    std::vector<int64_t> sizes(static_cast<size_t>(axes) + 2, 1);
    sizes.back() = 0;
    const Tensor x = zeros(sizes);
    const auto average = [&](int64_t n) {
      return axes == 1 ? AdaptiveAvgPool1d(n)(x) : axes == 2 ? AdaptiveAvgPool2d(n)(x) : AdaptiveAvgPool3d(n)(x);
    };
    CHECK(average(1).dim() == x.dim());
    CHECK(average(1).isnan().all().item<bool>());
    CHECK(contains(message_of([&] { average(2); }), "Expected input to have non-zero size for non-batch dimensions"));
  }
}

TEST_CASE("windows at random") {
  const Tensor samples = full({1, 1, 2}, 0.5, kDouble);
  check_close(FractionalMaxPool2d(FractionalMaxPool2dOptions(2).output_size(2)._random_samples(samples))(image()), {5, 7, 9, 11});
  check_close(F::fractional_max_pool2d(image(), F::FractionalMaxPool2dFuncOptions(2).output_ratio(0.7)._random_samples(samples)), {5, 7, 9, 11});
  CHECK(FractionalMaxPool3d(FractionalMaxPool3dOptions(2).output_size(2))(ones({2, 3, 4, 5, 6})).sizes() == IntArrayRef({2, 3, 2, 2, 2}));
  CHECK(contains(message_of([&] { fractional_max_pool2d(ones({1, 2, 4, 4}, kDouble), {2, 2}, {2, 2}, samples); }), "Expect _random_samples"));
  CHECK(contains(message_of([] { FractionalMaxPool2d(2); }), "requires specifying either an output size, or a pooling ratio"));
  CHECK(contains(message_of([] { FractionalMaxPool2d(FractionalMaxPool2dOptions(2).output_ratio(1.5)); }), "output_ratio must be between 0 and 1"));
}

TEST_CASE("what was taken goes back") {
  const auto [values, indices] = F::max_pool2d_with_indices(image(), F::MaxPool2dFuncOptions(2));
  check_close(MaxUnpool2d(2)(values, indices), {0, 0, 0, 0, 0, 5, 0, 7});
  check_close(MaxUnpool2d(2)(values, indices, std::vector<int64_t>{1, 1, 3, 4}), {0, 0, 0, 0, 0, 5, 0, 7, 0, 0, 0, 0});
  const auto [largest, at] = F::max_pool1d_with_indices(line(), F::MaxPool1dFuncOptions(2));
  check_close(MaxUnpool1d(2)(largest, at), {0, 1, 0, 3, 0, 5});
  CHECK(contains(message_of([&, v = values, i = indices] { MaxUnpool2d(2)(v, i, std::vector<int64_t>{9, 9}); }), "must be between 0 and 4"));
}

TEST_CASE("more around images") {
  const Tensor three = tensor({1., 2., 3.}, kDouble).view({1, 1, 3});
  check_close(ReflectionPad1d(2)(three), {3, 2, 1, 2, 3, 2, 1});
  check_close(ReplicationPad1d(ReplicationPad1dOptions({1, 2}))(three), {1, 1, 2, 3, 3, 3});
  check_close(ConstantPad1d(1, 3.5)(three), {3.5, 1, 2, 3, 3.5});
  check_close(ZeroPad2d(ZeroPad2dOptions({1, 0, 0, 1}))(image().slice(3, 0, 1)), {0, 0, 0, 4, 0, 8, 0, 0});
  check_close(F::pad(three, F::PadFuncOptions({1, 1}).mode(kCircular)), {3, 1, 2, 3, 1});
  check_close(F::pad(three, F::PadFuncOptions({1, 1}).mode(kReflect)), {2, 1, 2, 3, 2});
  check_close(F::pad(three, F::PadFuncOptions({0, 1}).value(9)), {1, 2, 3, 9});
  CHECK(contains(message_of([&] { ReflectionPad1d(3)(three); }), "Padding size should be less than the corresponding input dimension"));
}

TEST_CASE("interpolation") {
  const Tensor two = tensor({1., 2., 3., 4.}, kDouble).view({1, 1, 2, 2});
  check_close(Upsample(UpsampleOptions().scale_factor(std::vector<double>{2, 2}))(two), {1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4});
  check_close(Upsample(UpsampleOptions().size(std::vector<int64_t>{3, 3}).mode(kBilinear).align_corners(true))(two),
              {1, 1.5, 2, 2, 2.5, 3, 3, 3.5, 4});
  check_close(Upsample(UpsampleOptions().scale_factor(std::vector<double>{2, 2}).mode(kBilinear).align_corners(false))(two),
              {1, 1.25, 1.75, 2, 1.5, 1.75, 2.25, 2.5, 2.5, 2.75, 3.25, 3.5, 3, 3.25, 3.75, 4});
  check_close(F::interpolate(image(), F::InterpolateFuncOptions().size(std::vector<int64_t>{1, 2}).mode(kArea)), {4.5, 6.5});
  check_close(F::interpolate(line(), F::InterpolateFuncOptions().size(std::vector<int64_t>{3}).mode(kNearestExact)), {1, 3, 5});
  check_close(F::interpolate(line(), F::InterpolateFuncOptions().size(std::vector<int64_t>{3}).mode(kLinear)), {0.5, 2.5, 4.5});
  check_close(F::interpolate(image(), F::InterpolateFuncOptions().size(std::vector<int64_t>{1, 2}).mode(kBilinear).antialias(true)),
              {4 + 5. / 7, 4 + 16. / 7});
  CHECK(contains(message_of([&] { F::interpolate(two); }), "either size or scale_factor should be defined"));
  CHECK(contains(message_of([&] { F::interpolate(two, F::InterpolateFuncOptions().size(std::vector<int64_t>{3}).mode(kLinear)); }),
                 "Got 4D input, but linear mode needs 3D input"));
}

TEST_CASE("the nearest elements by a factor are the same in every layout, and the gradient goes to them") {
  for (const int64_t axes : {1, 2, 3})
    for (const bool innermost : {false, true}) {
      const Tensor plain = arange(4., kDouble).view(axes == 1 ? Dims{1, 2, 2} : axes == 2 ? Dims{1, 2, 1, 2} : Dims{1, 2, 1, 1, 2});
      const Tensor x = (innermost ? plain.movedim(1, -1).contiguous().movedim(-1, 1) : plain).detach().requires_grad_();
      std::vector<double> factors(static_cast<size_t>(axes), 1.);
      factors.back() = 1.25;  // of two elements two, at 0 and 0.8
      const Tensor y = F::interpolate(x, F::InterpolateFuncOptions().scale_factor(factors).mode(kNearest));
      check_close(y, {0, 0, 2, 2});
      y.backward(arange(1., 5., kDouble).view(y.sizes()));
      check_close(x.grad(), {3, 0, 7, 0});
    }
}

TEST_CASE("between two elements that are as near, a plane takes the even one and a volume the one away from the first") {
  const auto options = F::GridSampleFuncOptions().mode(kNearest).align_corners(true);
  const Tensor middle = tensor({0., 0., 0., -2., 0., 0.}).view({1, 1, 1, 2, 3});  // at 0.5 and, outside, at -0.5
  check_close(F::grid_sample(arange(1, 3, kFloat).view({1, 1, 1, 1, 2}), middle, options), {2, 0});
  check_close(F::grid_sample(arange(1, 3, kFloat).view({1, 1, 1, 2}), tensor({0., 0., -2., 0.}).view({1, 1, 2, 2}), options), {1, 1});
}

TEST_CASE("grids") {
  const Tensor identity = tensor({1., 0., 0., 0., 1., 0.}, kDouble).view({1, 2, 3});
  const Tensor grid = F::affine_grid(identity, {1, 1, 1, 2});
  check_close(grid, {-0.5, 0, 0.5, 0});
  check_close(F::grid_sample(image(), F::affine_grid(identity, {1, 1, 3, 4})), {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11});
  check_close(F::grid_sample(image(), grid, F::GridSampleFuncOptions().align_corners(true)), {4.75, 6.25});
  check_close(F::grid_sample(image(), grid * 9, F::GridSampleFuncOptions().mode(kNearest).padding_mode(kBorder)), {4, 7});
  CHECK(contains(message_of([&] { F::affine_grid(identity, {1, 1, 2}); }), "affine_grid only supports 4D and 5D sizes"));
}

TEST_CASE("an infinite gradient leaves positions outside of an image alone") {
  for (const int64_t axes : {2, 3})
    for (const auto mode : {0, 2}) {
      if (axes == 3 && mode == 2) continue;
      const Tensor x = arange(1., 4., kDouble).view(axes == 2 ? Dims{1, 1, 1, 3} : Dims{1, 1, 1, 1, 3});
      const Tensor at = full(axes == 2 ? Dims{1, 1, 2, 2} : Dims{1, 1, 1, 2, 3}, -9., kDouble).requires_grad_();
      const Tensor y = grid_sampler(x, at, mode, 0, false);
      y.backward(full(y.sizes(), INFINITY, kDouble));
      CHECK(at.grad().abs().sum().item<double>() == 0);
    }
}

TEST_CASE("columns, and pixels of channels") {
  const Tensor columns = Unfold(2)(image());
  check_close(columns, {0, 1, 2, 4, 5, 6, 1, 2, 3, 5, 6, 7, 4, 5, 6, 8, 9, 10, 5, 6, 7, 9, 10, 11});
  check_close(Fold(FoldOptions({3, 4}, 2))(columns), {0, 2, 4, 3, 8, 20, 24, 14, 8, 18, 20, 11});
  const Tensor pixels = PixelShuffle(2)(arange(8., kDouble).view({4, 1, 2}));
  check_close(pixels, {0, 2, 1, 3, 4, 6, 5, 7});
  check_close(PixelUnshuffle(2)(pixels), {0, 1, 2, 3, 4, 5, 6, 7});
  CHECK(pixel_unshuffle(ones({0, 1, 2, 4}), 2).sizes() == IntArrayRef({0, 4, 1, 2}));
  CHECK(contains(message_of([] { Unfold(2)(ones({4, 4})); }), "Only 4D input Tensors are supported (got 2D)"));
}
