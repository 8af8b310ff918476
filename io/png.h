// Files in the PNG format (ISO/IEC 15948), 8 bits a channel.
#pragma once

#include <cstdint>

#include <xgrad/io/file.h>

namespace torch { inline namespace xgrad { namespace io {

/// Gives the file of a picture to `sink`. `pixels` are rows from the top without gaps, each pixel one byte (grey) or three (red, green, blue), as
/// `channels` says; width and height are from 1 to 2^31 - 1.
XGRAD_API void write_png(const uint8_t* pixels, int64_t height, int64_t width, int64_t channels, const Sink& sink);

}}}  // namespace torch::xgrad::io
