#include <xgrad/io/image.h>

#include <algorithm>

#include <xgrad/autograd/core/grad_mode.h>
#include <xgrad/autograd/ops/ops.h>
#include <xgrad/io/file.h>
#include <xgrad/io/png.h>

namespace torch { inline namespace xgrad { namespace io {

namespace {

using Range = std::optional<std::pair<double, double>>;

// [n, channels, height, width]
Tensor as_batch(const char* op, const Tensor& images) {
  XGRAD_CHECK(images.defined(), "[", op, "] expected images, got an undefined tensor");
  XGRAD_CHECK(images.dim() >= 2 && images.dim() <= 4, "[", op,
              "] expected images [n, channels, height, width], or one as [channels, height, width] or [height, width], got shape ", images.sizes());
  Tensor batch = images.detach();
  while (batch.dim() < 4) batch = batch.unsqueeze(0);
  XGRAD_CHECK(batch.size(0) > 0, "[", op, "] expected at least one image, got shape ", images.sizes());
  return batch;
}

Tensor normalized(const Tensor& images, const Range& range) {
  const double low = range ? range->first : images.min().item<double>(), high = range ? range->second : images.max().item<double>();
  return images.clamp(low, high).sub(low).div(std::max(high - low, 1e-5));
}

// [n, channels, height, width] -> [channels, rows, columns]
Tensor tile(const char* op, Tensor images, int64_t nrow, int64_t padding, bool normalize, const Range& range, bool scale_each, double pad_value) {
  XGRAD_CHECK_AS(ValueError, nrow > 0, "[", op, "] nrow must be positive, got ", nrow);
  XGRAD_CHECK_AS(ValueError, padding >= 0, "[", op, "] padding must not be negative, got ", padding);
  const int64_t n = images.size(0);
  if (normalize) {
    XGRAD_CHECK_AS(TypeError, images.is_floating_point(), "[", op, "] normalize needs floating-point images, got ", images.scalar_type());
    XGRAD_CHECK(images.numel() > 0, "[", op, "] normalize needs images with pixels, got shape ", images.sizes());
    std::vector<Tensor> parts = scale_each ? images.split(1) : std::vector<Tensor>{images};
    for (Tensor& part : parts) part = normalized(part, range);
    images = cat(parts);
  }
  if (n == 1) return images[0].clone();

  const int64_t columns = std::min(nrow, n), rows = (n + columns - 1) / columns;
  const int64_t height = images.size(2), width = images.size(3), down = height + padding, right = width + padding;
  const Tensor grid = full({images.size(1), rows * down + padding, columns * right + padding}, pad_value, images.options());
  for (int64_t i = 0; i < n; ++i)
    grid.narrow(1, i / columns * down + padding, height).narrow(2, i % columns * right + padding, width).copy_(images[i]);
  return grid;
}

// Bytes [height, width, channels] of the images in a grid. `operation` stands in errors.
Tensor pixels_of(const char* operation, const Tensor& images, int64_t nrow, int64_t padding, bool normalize, Range range, bool scale_each,
                 double pad_value) {
  const NoGradGuard no_grad;
  const Tensor batch = as_batch(operation, images);
  XGRAD_CHECK_AS(TypeError, images.is_floating_point(), "[", operation, "] expected floating-point images, 0 being black and 1 white, got ",
                 images.scalar_type());
  XGRAD_CHECK(batch.size(1) == 1 || batch.size(1) == 3, "[", operation, "] expected images of 1 or 3 channels, got shape ", images.sizes());
  XGRAD_CHECK(batch.numel() > 0, "[", operation, "] expected images with pixels, got shape ", images.sizes());
  const Tensor grid = tile(operation, batch, nrow, padding, normalize, range, scale_each, pad_value);
  XGRAD_CHECK(!grid.isnan().any().item<bool>(), "[", operation, "] the images must not contain NaN");
  return grid.to(kFloat).mul(255).add(0.5).clamp(0, 255).to(kByte).permute({1, 2, 0}).contiguous();
}

}  // namespace

Tensor make_grid(const Tensor& images, int64_t nrow, int64_t padding, bool normalize, Range range, bool scale_each, double pad_value) {
  const NoGradGuard no_grad;
  const Tensor grid = tile("make_grid", as_batch("make_grid", images), nrow, padding, normalize, range, scale_each, pad_value);
  return grid.size(0) == 1 ? grid.repeat({3, 1, 1}) : grid;
}

void save_image(const Tensor& images, const std::string& path, int64_t nrow, int64_t padding, bool normalize, Range range, bool scale_each,
                double pad_value) {
  const Tensor pixels = pixels_of("save_image", images, nrow, padding, normalize, range, scale_each, pad_value);
  replace_file(path, [&](const Sink& sink) { write_png(pixels.data_ptr<uint8_t>(), pixels.size(0), pixels.size(1), pixels.size(2), sink); });
}

EncodedImage encode_image(const Tensor& images, int64_t nrow, int64_t padding, bool normalize, Range range, bool scale_each, double pad_value) {
  const Tensor pixels = pixels_of("encode_image", images, nrow, padding, normalize, range, scale_each, pad_value);
  EncodedImage image{pixels.size(0), pixels.size(1), pixels.size(2), {}};
  write_png(pixels.data_ptr<uint8_t>(), image.height, image.width, image.channels,
            [&](const void* data, size_t size) { image.bytes.append(static_cast<const char*>(data), size); });
  return image;
}

}}}  // namespace torch::xgrad::io
