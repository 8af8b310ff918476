#include "../rules.h"

namespace graphs {

// Of images with D axes.
#define GRAPHS_IMAGES_OF(D)                                                                                                               \
  GRAPHS_CALL(convolution_rule<D>, torch::conv##D##d(x, y, z, p, q, j, i)),                                                               \
      GRAPHS_CALL(convolution_rule<D>, torch::conv##D##d(x, y, z, p, flag ? "same" : "valid", j, i)),                                     \
      GRAPHS_CALL(convolution_rule<D>, F::conv##D##d(x, y, F::Conv##D##dFuncOptions().bias(z).groups(i).padding(torch::kSame))),          \
      GRAPHS_CALL(convolution_rule<D>, torch::relu(torch::conv##D##d(x, y, z, p, q, 1, i))),                                              \
      GRAPHS_CALL(transposed_rule<D>, torch::conv_transpose##D##d(x, y, z, p, q, k, i, j)),                                               \
      GRAPHS_CALL(transposed_rule<D>, torch::conv_transpose##D##d(x, y, z, 2, 0, 1, i)),                                                  \
      GRAPHS_CALL(window_rule<D>, torch::max_pool##D##d(x, p, i, q, j, flag)), GRAPHS_CALL(window_rule<D>, torch::max_pool##D##d(x, p)),  \
      GRAPHS_CALL(window_rule<D>, torch::max_pool##D##d_with_indices(x, p, i, q, j, flag)),                                               \
      GRAPHS_CALL(window_rule<D>, torch::avg_pool##D##d(x, p, i, q, flag)),                                                               \
      GRAPHS_CALL(window_rule<D>, torch::avg_pool##D##d(x, p, {}, q, flag, false)),                                                       \
      GRAPHS_CALL(image_rule<D>, torch::adaptive_avg_pool##D##d(x, p)), GRAPHS_CALL(image_rule<D>, torch::adaptive_max_pool##D##d(x, p)), \
      GRAPHS_CALL(padding_rule<D>, torch::reflection_pad##D##d(x, p)), GRAPHS_CALL(padding_rule<D>, torch::replication_pad##D##d(x, p)),  \
      GRAPHS_CALL(padding_rule<D>, torch::constant_pad_nd(x, p, a)),                                                                      \
      GRAPHS_CALL(padding_rule<D>, F::pad(x, F::PadFuncOptions(p).mode(torch::kCircular))),                                               \
      GRAPHS_CALL(padding_rule<D>, F::pad(x, F::PadFuncOptions(p).mode(torch::kReflect))),                                                \
      GRAPHS_CALL(padding_rule<D>, F::pad(x, F::PadFuncOptions(p).value(a))),                                                             \
      GRAPHS_CALL(unpool_rule<D>, F::max_unpool##D##d(std::get<0>(F::max_pool##D##d_with_indices(x, F::MaxPool##D##dFuncOptions(2))),     \
                                                      std::get<1>(F::max_pool##D##d_with_indices(x, F::MaxPool##D##dFuncOptions(2))),     \
                                                      F::MaxUnpool##D##dFuncOptions(2)))

std::vector<Operation> image_operations() {
  return {
      GRAPHS_IMAGES_OF(1),
      GRAPHS_IMAGES_OF(2),
      GRAPHS_IMAGES_OF(3),
      GRAPHS_CALL(image_rule<1>, F::interpolate(x, F::InterpolateFuncOptions().size(p).mode(torch::kNearest))),
      GRAPHS_CALL(image_rule<1>, F::interpolate(x, F::InterpolateFuncOptions().scale_factor(std::vector<double>(1, b + 0.25)).mode(torch::kNearest))),
      GRAPHS_CALL(image_rule<1>, F::interpolate(x, F::InterpolateFuncOptions().size(p).mode(torch::kLinear).align_corners(flag))),
      GRAPHS_CALL(
          image_rule<1>,
          F::interpolate(x, F::InterpolateFuncOptions().scale_factor(std::vector<double>(1, b + 0.25)).mode(torch::kLinear).align_corners(flag))),
      GRAPHS_CALL(image_rule<1>, F::interpolate(x, F::InterpolateFuncOptions().size(p).mode(torch::kNearestExact))),
      GRAPHS_CALL(image_rule<1>,
                  F::interpolate(x, F::InterpolateFuncOptions().scale_factor(std::vector<double>(1, b + 0.25)).mode(torch::kNearestExact))),
      GRAPHS_CALL(image_rule<1>, F::interpolate(x, F::InterpolateFuncOptions().size(p).mode(torch::kArea))),
      GRAPHS_CALL(image_rule<1>, F::interpolate(x, F::InterpolateFuncOptions().scale_factor(std::vector<double>(1, b + 0.25)).mode(torch::kArea))),
      GRAPHS_CALL(image_rule<2>, F::interpolate(x, F::InterpolateFuncOptions().size(p).mode(torch::kNearest))),
      GRAPHS_CALL(image_rule<2>, F::interpolate(x, F::InterpolateFuncOptions().scale_factor(std::vector<double>(2, b + 0.25)).mode(torch::kNearest))),
      GRAPHS_CALL(
          image_rule<2>,
          F::interpolate(
              x, F::InterpolateFuncOptions().scale_factor(std::vector<double>(2, b + 0.25)).recompute_scale_factor(true).mode(torch::kNearest))),
      GRAPHS_CALL(image_rule<2>, F::interpolate(x, F::InterpolateFuncOptions().size(p).mode(torch::kBilinear).align_corners(flag))),
      GRAPHS_CALL(
          image_rule<2>,
          F::interpolate(x, F::InterpolateFuncOptions().scale_factor(std::vector<double>(2, b + 0.25)).mode(torch::kBilinear).align_corners(flag))),
      GRAPHS_CALL(image_rule<2>, F::interpolate(x, F::InterpolateFuncOptions()
                                                       .scale_factor(std::vector<double>(2, b + 0.25))
                                                       .recompute_scale_factor(true)
                                                       .mode(torch::kBilinear)
                                                       .align_corners(flag))),
      GRAPHS_CALL(image_rule<2>, F::interpolate(x, F::InterpolateFuncOptions().size(p).mode(torch::kBicubic).align_corners(flag))),
      GRAPHS_CALL(
          image_rule<2>,
          F::interpolate(x, F::InterpolateFuncOptions().scale_factor(std::vector<double>(2, b + 0.25)).mode(torch::kBicubic).align_corners(flag))),
      GRAPHS_CALL(image_rule<2>, F::interpolate(x, F::InterpolateFuncOptions()
                                                       .scale_factor(std::vector<double>(2, b + 0.25))
                                                       .recompute_scale_factor(true)
                                                       .mode(torch::kBicubic)
                                                       .align_corners(flag))),
      GRAPHS_CALL(image_rule<2>, F::interpolate(x, F::InterpolateFuncOptions().size(p).mode(torch::kNearestExact))),
      GRAPHS_CALL(image_rule<2>,
                  F::interpolate(x, F::InterpolateFuncOptions().scale_factor(std::vector<double>(2, b + 0.25)).mode(torch::kNearestExact))),
      GRAPHS_CALL(image_rule<2>, F::interpolate(x, F::InterpolateFuncOptions()
                                                       .scale_factor(std::vector<double>(2, b + 0.25))
                                                       .recompute_scale_factor(true)
                                                       .mode(torch::kNearestExact))),
      GRAPHS_CALL(image_rule<2>, F::interpolate(x, F::InterpolateFuncOptions().size(p).mode(torch::kArea))),
      GRAPHS_CALL(image_rule<2>, F::interpolate(x, F::InterpolateFuncOptions().scale_factor(std::vector<double>(2, b + 0.25)).mode(torch::kArea))),
      GRAPHS_CALL(image_rule<2>,
                  F::interpolate(
                      x, F::InterpolateFuncOptions().scale_factor(std::vector<double>(2, b + 0.25)).recompute_scale_factor(true).mode(torch::kArea))),
      GRAPHS_CALL(image_rule<3>, F::interpolate(x, F::InterpolateFuncOptions().size(p).mode(torch::kNearest))),
      GRAPHS_CALL(image_rule<3>, F::interpolate(x, F::InterpolateFuncOptions().scale_factor(std::vector<double>(3, b + 0.25)).mode(torch::kNearest))),
      GRAPHS_CALL(image_rule<3>, F::interpolate(x, F::InterpolateFuncOptions().size(p).mode(torch::kTrilinear).align_corners(flag))),
      GRAPHS_CALL(
          image_rule<3>,
          F::interpolate(x, F::InterpolateFuncOptions().scale_factor(std::vector<double>(3, b + 0.25)).mode(torch::kTrilinear).align_corners(flag))),
      GRAPHS_CALL(image_rule<3>, F::interpolate(x, F::InterpolateFuncOptions().size(p).mode(torch::kNearestExact))),
      GRAPHS_CALL(image_rule<3>,
                  F::interpolate(x, F::InterpolateFuncOptions().scale_factor(std::vector<double>(3, b + 0.25)).mode(torch::kNearestExact))),
      GRAPHS_CALL(image_rule<3>, F::interpolate(x, F::InterpolateFuncOptions().size(p).mode(torch::kArea))),
      GRAPHS_CALL(image_rule<3>, F::interpolate(x, F::InterpolateFuncOptions().scale_factor(std::vector<double>(3, b + 0.25)).mode(torch::kArea))),
      GRAPHS_CALL(window_rule<2>, F::unfold(x, F::UnfoldFuncOptions(p).padding(q).stride(i).dilation(j))),
      GRAPHS_CALL(window_rule<2>, F::lp_pool2d(x, F::LPPool2dFuncOptions(b, p).ceil_mode(flag).stride(i))),
      GRAPHS_CALL(window_rule<2>, torch::im2col(x, p, {j, j}, q, {i, i})),
      GRAPHS_CALL(window_rule<2>, F::fractional_max_pool2d(x, F::FractionalMaxPool2dFuncOptions(p).output_ratio(0.5))),
      GRAPHS_CALL(window_rule<2>, torch::avg_pool2d(x, p, i, q, flag, true, 3)),
      GRAPHS_CALL(window_rule<1>, F::lp_pool1d(x, F::LPPool1dFuncOptions(b, p[0]).ceil_mode(flag))),
      GRAPHS_CALL(window_rule<1>, x.unfold(-1, p[0], i)),
      GRAPHS_CALL(window_rule<3>, torch::avg_pool3d(x, p, i, q, flag, true, 2)),
      GRAPHS_CALL(window_rule<3>, F::fractional_max_pool3d(x, F::FractionalMaxPool3dFuncOptions(p).output_ratio(0.5))),
      GRAPHS_CALL(columns_rule, F::fold(x, F::FoldFuncOptions(p, q))),
      GRAPHS_CALL(columns_rule, torch::col2im(x, p, q, {1, 1}, {0, 0}, {1, 1})),
      GRAPHS_CALL(shuffle_rule, torch::pixel_shuffle(x, i)),
      GRAPHS_CALL(shuffle_rule, torch::pixel_unshuffle(x, i)),
      GRAPHS_CALL(shuffle_rule, torch::channel_shuffle(x, i)),
      GRAPHS_CALL(grid_rule<2>, F::grid_sample(x, y, F::GridSampleFuncOptions().align_corners(flag))),
      GRAPHS_CALL(grid_rule<2>, F::grid_sample(x, y, F::GridSampleFuncOptions().align_corners(flag).padding_mode(torch::kBorder))),
      GRAPHS_CALL(grid_rule<2>, F::grid_sample(x, y, F::GridSampleFuncOptions().align_corners(flag).padding_mode(torch::kReflection))),
      GRAPHS_CALL(grid_rule<2>, F::grid_sample(x, y, F::GridSampleFuncOptions().align_corners(flag).mode(torch::kNearest))),
      GRAPHS_CALL(grid_rule<2>, torch::grid_sampler(x, y, 2, 0, flag)),
      GRAPHS_CALL(grid_rule<2>, torch::grid_sampler(x, y, 2, 1, flag)),
      GRAPHS_CALL(grid_rule<2>, torch::grid_sampler(x, y, 2, 2, flag)),
      GRAPHS_CALL(grid_rule<3>, torch::grid_sampler(x, y, 0, 0, flag)),
      GRAPHS_CALL(grid_rule<3>, torch::grid_sampler(x, y, 0, 1, flag)),
      GRAPHS_CALL(grid_rule<3>, torch::grid_sampler(x, y, 0, 2, flag)),
      GRAPHS_CALL(grid_rule<3>, torch::grid_sampler(x, y, 1, 0, flag)),
      GRAPHS_CALL(affine_rule, F::affine_grid(x, p, flag)),
      GRAPHS_CALL(image_rule<2>, x.contiguous(torch::MemoryFormat::ChannelsLast)),
      GRAPHS_CALL(image_rule<2>, torch::softmax(x, -3)),
      GRAPHS_CALL(image_rule<2>, F::local_response_norm(x, F::LocalResponseNormFuncOptions(2))),
      GRAPHS_CALL(image_rule<2>, F::local_response_norm(x, F::LocalResponseNormFuncOptions(3).alpha(0.5).beta(b).k(0.5))),
      GRAPHS_CALL(image_rule<2>, x.mean({-2, -1})),
      GRAPHS_CALL(image_rule<2>, torch::dropout(x, 0.5, true)),
      GRAPHS_CALL(image_rule<2>, torch::feature_dropout(x, 0.5, true)),
      GRAPHS_CALL(image_rule<2>, F::dropout2d(x, F::Dropout2dFuncOptions().p(0.3))),
      GRAPHS_CALL(image_rule<3>, x.contiguous(torch::MemoryFormat::ChannelsLast3d)),
      GRAPHS_CALL(image_rule<3>, F::dropout3d(x, F::Dropout3dFuncOptions().p(0.3))),
  };
}

#undef GRAPHS_IMAGES_OF

}  // namespace graphs
