// Interpolation of images: resampling along one to three axes, [N, C, L...], to given sizes or by given factors.
//
// A position takes its elements from scale * (o + 0.5) - 0.5 along an axis, or, if align_corners, from scale * o; scale is the ratio of the
// sizes (less one each, if align_corners), or the reciprocal of the factor that was given. Positions are computed in the dtype of the input, as
// libtorch does. nearest takes the element before scale * o, nearest_exact the nearest, linear the two around it, bicubic four of each axis (the
// coefficient is -0.75); with _aa, for two axes, the filter widens by the scale where images shrink, as Pillow's does. Floating dtypes, for the
// nearest elements uint8 too. All throw for empty images, though not for empty batches. Every order of derivative exists.
#pragma once

#include <optional>

#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad {

/// Of the sizes output_size, with the factors they came from where given; or, in the second form, of either.
#define XGRAD_COMMA ,
#define XGRAD_UPSAMPLE_1(name, align)                                                                                    \
  XGRAD_API Tensor name(const Tensor& self, IntArrayRef output_size, align std::optional<double> scales = std::nullopt); \
  XGRAD_UPSAMPLE_BY_FACTORS(name, align)
#define XGRAD_UPSAMPLE_2(name, align)                                                                                     \
  XGRAD_API Tensor name(const Tensor& self, IntArrayRef output_size, align std::optional<double> scales_h = std::nullopt, \
                        std::optional<double> scales_w = std::nullopt);                                                   \
  XGRAD_UPSAMPLE_BY_FACTORS(name, align)
#define XGRAD_UPSAMPLE_3(name, align)                                                                                     \
  XGRAD_API Tensor name(const Tensor& self, IntArrayRef output_size, align std::optional<double> scales_d = std::nullopt, \
                        std::optional<double> scales_h = std::nullopt, std::optional<double> scales_w = std::nullopt);    \
  XGRAD_UPSAMPLE_BY_FACTORS(name, align)
#define XGRAD_UPSAMPLE_BY_FACTORS(name, ...) \
  XGRAD_API Tensor name(const Tensor& input, OptionalIntArrayRef output_size, __VA_ARGS__ std::optional<ArrayRef<double>> scale_factors)

XGRAD_UPSAMPLE_1(upsample_nearest1d, );
XGRAD_UPSAMPLE_2(upsample_nearest2d, );
XGRAD_UPSAMPLE_3(upsample_nearest3d, );
XGRAD_UPSAMPLE_1(_upsample_nearest_exact1d, );
XGRAD_UPSAMPLE_2(_upsample_nearest_exact2d, );
XGRAD_UPSAMPLE_3(_upsample_nearest_exact3d, );
XGRAD_UPSAMPLE_1(upsample_linear1d, bool align_corners XGRAD_COMMA);
XGRAD_UPSAMPLE_2(upsample_bilinear2d, bool align_corners XGRAD_COMMA);
XGRAD_UPSAMPLE_3(upsample_trilinear3d, bool align_corners XGRAD_COMMA);
XGRAD_UPSAMPLE_2(upsample_bicubic2d, bool align_corners XGRAD_COMMA);
XGRAD_UPSAMPLE_2(_upsample_bilinear2d_aa, bool align_corners XGRAD_COMMA);
XGRAD_UPSAMPLE_2(_upsample_bicubic2d_aa, bool align_corners XGRAD_COMMA);

#undef XGRAD_COMMA
#undef XGRAD_UPSAMPLE_1
#undef XGRAD_UPSAMPLE_2
#undef XGRAD_UPSAMPLE_3
#undef XGRAD_UPSAMPLE_BY_FACTORS

}}  // namespace torch::xgrad
