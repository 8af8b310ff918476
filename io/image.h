// Pictures of tensors, as torchvision.utils makes them: images tiled into a grid, and a grid as a PNG file.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad { namespace io {

/// Images [n, channels, height, width], or one as [channels, height, width] or [height, width], as one image [channels, rows, columns]:
/// `nrow` of them side by side (fewer when n is less), from the top left, `padding` pixels of `pad_value` around each. One image comes back without
/// padding; a single channel comes back as three equal ones. With `normalize`, values from the lower to the upper end of `value_range`
/// (default: the smallest and the largest there are) become 0 to 1 and what lies outside the range its ends; `scale_each` finds the smallest
/// and the largest for each image by itself. The result shares no memory with `images` and is no part of a graph. Throws when there is no
/// image, the shape is another, nrow is not positive, padding is negative, or normalising what is not floating-point.
XGRAD_API Tensor make_grid(const Tensor& images, int64_t nrow = 8, int64_t padding = 2, bool normalize = false,
                           std::optional<std::pair<double, double>> value_range = std::nullopt, bool scale_each = false, double pad_value = 0);

/// Replaces the file at `path` by a PNG of make_grid(images, ...), of one channel when the images have one, otherwise of three (red, green,
/// blue). 0 is black and 1 is white; what lies outside becomes black or white. Throws what make_grid throws, when the images are not
/// floating-point, not of 1 or 3 channels, without pixels, or contain NaN, and, naming the file and the reason, when it cannot be written; the old
/// file is then as it was.
XGRAD_API void save_image(const Tensor& images, const std::string& path, int64_t nrow = 8, int64_t padding = 2, bool normalize = false,
                          std::optional<std::pair<double, double>> value_range = std::nullopt, bool scale_each = false, double pad_value = 0);

/// A picture as the bytes of a PNG file.
struct EncodedImage {
  int64_t height = 0, width = 0, channels = 0;
  std::string bytes;
};

/// What save_image writes, for files that have pictures in them. Throws as it does.
XGRAD_API EncodedImage encode_image(const Tensor& images, int64_t nrow = 8, int64_t padding = 2, bool normalize = false,
                                    std::optional<std::pair<double, double>> value_range = std::nullopt, bool scale_each = false,
                                    double pad_value = 0);

}}}  // namespace torch::xgrad::io
