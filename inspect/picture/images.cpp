#include <algorithm>
#include <cmath>

#include <xgrad/autograd/core/error.h>
#include <xgrad/autograd/core/grad_mode.h>
#include <xgrad/autograd/tensor/operators.h>
#include <xgrad/inspect/picture/axis.h>
#include <xgrad/inspect/picture/panels.h>
#include <xgrad/io/image.h>

namespace torch { inline namespace xgrad { namespace inspect {

namespace {

// Rows from the top, each pixel of as many bytes as the image has channels.
std::string pixels_of(const Tensor& image) {
  const Tensor bytes = image.detach().to(kFloat).mul(255).add(0.5).clamp(0, 255).to(kByte).permute({1, 2, 0}).contiguous();
  return std::string(reinterpret_cast<const char*>(bytes.data_ptr<uint8_t>()), static_cast<size_t>(bytes.numel()));
}

}  // namespace

Picture image_picture(const Tensor& given, const std::vector<std::string>& captions, int64_t columns, const std::string& title, int64_t least_size) {
  XGRAD_CHECK_AS(ValueError, columns >= 1, "[image_picture] expected at least one column, got ", columns);
  XGRAD_CHECK_AS(ValueError, least_size >= 1, "[image_picture] expected a positive size, got ", least_size);
  XGRAD_CHECK(given.defined() && given.dim() >= 2 && given.dim() <= 4,
              "[image_picture] expected images [n, channels, height, width], or one as [channels, height, width] or [height, width]");
  const NoGradGuard no_grad;
  Tensor images = given.scalar_type() == kByte ? given.to(kFloat).div(255) : given.detach();
  while (images.dim() < 4) images = images.unsqueeze(0);
  const int64_t n = images.size(0);
  XGRAD_CHECK(captions.empty() || static_cast<int64_t>(captions.size()) == n, "[image_picture] expected ", n, " captions, got ", captions.size());

  std::vector<io::EncodedImage> encoded;
  for (int64_t i = 0; i < n; ++i) encoded.push_back(io::encode_image(images[i]));
  XGRAD_CHECK(n > 0, "[image_picture] expected at least one image, got shape ", given.sizes());
  const int64_t rows = images.size(2), pixels = images.size(3), across = std::min(columns, n), down = (n + across - 1) / across;
  const double factor = static_cast<double>(std::max<int64_t>(1, (least_size + rows - 1) / rows));
  const double width = static_cast<double>(pixels) * factor, height = static_cast<double>(rows) * factor;
  const double gap = 8, caption = captions.empty() ? 0 : 18, tile = std::max(width, captions.empty() ? 0.0 : 56.0) + gap,
               top = title.empty() ? gap : 40;
  Picture picture(gap + tile * static_cast<double>(across), top + (height + gap + caption) * static_cast<double>(down));
  picture.text({gap, 26}, shortened(title, picture.width() - 2 * gap, {16, Anchor::start, true}), {16, Anchor::start, true});
  for (int64_t i = 0; i < n; ++i) {
    io::EncodedImage& png = encoded[static_cast<size_t>(i)];
    const double x = gap + tile * static_cast<double>(i % across), y = top + (height + gap + caption) * static_cast<double>(i / across);
    picture.image(x + (tile - gap - width) / 2, y, width, height, png.width, png.height, png.channels, pixels_of(images[i]), std::move(png.bytes));
    if (!captions.empty())
      picture.text({x + (tile - gap) / 2, y + height + 14}, shortened(captions[static_cast<size_t>(i)], tile - 2, {11}), {11, Anchor::middle});
  }
  return picture;
}

}}}  // namespace torch::xgrad::inspect
