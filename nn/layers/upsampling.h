// Interpolation and sampling of images: options, as functions and as a module. They compute what the operations of
// autograd/ops/pooling/interpolation.h and patches.h do.
#pragma once

#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include <xgrad/nn/enum.h>
#include <xgrad/nn/layers/layer.h>

namespace torch { inline namespace xgrad { namespace nn {

/// size or scale_factor: a number for each axis of the images. align_corners: for the linear modes and kBicubic alone, which take it as false
/// when it is left out.
struct UpsampleOptions {
  using mode_t = std::variant<enumtype::kNearest, enumtype::kLinear, enumtype::kBilinear, enumtype::kBicubic, enumtype::kTrilinear>;
  XGRAD_FIELDS((std::optional<std::vector<int64_t>>, size, ), (std::optional<std::vector<double>>, scale_factor, ), (mode_t, mode, kNearest),
               (std::optional<bool>, align_corners, ))
};
class XGRAD_API UpsampleImpl : public StatelessModule<UpsampleImpl, UpsampleOptions> {
 public:
  using StatelessModule::StatelessModule;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input);
};
TORCH_MODULE(Upsample);

namespace functional {

/// recompute_scale_factor: take the ratio of the sizes in place of scale_factor. antialias: for kBilinear and kBicubic.
struct InterpolateFuncOptions {
  using mode_t = std::variant<enumtype::kNearest, enumtype::kLinear, enumtype::kBilinear, enumtype::kBicubic, enumtype::kTrilinear, enumtype::kArea,
                              enumtype::kNearestExact>;
  XGRAD_FIELDS((std::optional<std::vector<int64_t>>, size, ), (std::optional<std::vector<double>>, scale_factor, ), (mode_t, mode, kNearest),
               (std::optional<bool>, align_corners, ), (std::optional<bool>, recompute_scale_factor, ), (bool, antialias, false))
};
/// input: [N, C, L...] with as many axes L as the mode has: kLinear one, kBilinear and kBicubic two, kTrilinear three, the others any.
XGRAD_API Tensor interpolate(const Tensor& input, const InterpolateFuncOptions& options = {});

struct GridSampleFuncOptions {
  using mode_t = std::variant<enumtype::kBilinear, enumtype::kNearest>;
  using padding_mode_t = std::variant<enumtype::kZeros, enumtype::kBorder, enumtype::kReflection>;
  XGRAD_FIELDS((mode_t, mode, kBilinear), (padding_mode_t, padding_mode, kZeros), (std::optional<bool>, align_corners, ))
};
XGRAD_API Tensor grid_sample(const Tensor& input, const Tensor& grid, const GridSampleFuncOptions& options = {});
/// The grid of images of `size` under affine maps.
XGRAD_API Tensor affine_grid(const Tensor& theta, const IntArrayRef& size, bool align_corners = false);

}  // namespace functional

}}}  // namespace torch::xgrad::nn
