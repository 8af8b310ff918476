#include <xgrad/io/png.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <vector>

#include <zlib.h>

#include <xgrad/autograd/core/error.h>

namespace torch { inline namespace xgrad { namespace io {

namespace {

constexpr char kSignature[] = "\x89PNG\r\n\x1a\n";
constexpr size_t kLargestChunk = size_t{1} << 20;  // the format allows 2^31 - 1
constexpr char kGrey = 0, kColour = 2;

void append_number(std::vector<char>& bytes, uint32_t number) {
  for (int shift = 24; shift >= 0; shift -= 8) bytes.push_back(static_cast<char>(number >> shift));
}

void write_chunk(const char* type, const char* data, size_t size, const Sink& sink) {
  std::vector<char> chunk;
  append_number(chunk, static_cast<uint32_t>(size));
  chunk.insert(chunk.end(), type, type + 4);
  chunk.insert(chunk.end(), data, data + size);
  append_number(chunk, static_cast<uint32_t>(crc32_z(0, reinterpret_cast<const Bytef*>(chunk.data()) + 4, size + 4)));
  sink(chunk.data(), chunk.size());
}

// Every row behind a byte that says how it was filtered: not at all.
std::vector<char> compressed(const uint8_t* pixels, int64_t height, size_t row) {
  std::vector<char> rows;
  rows.reserve(static_cast<size_t>(height) * (row + 1));
  for (int64_t y = 0; y < height; ++y, pixels += row) {
    rows.push_back(0);
    rows.insert(rows.end(), pixels, pixels + row);
  }
  uLong size = compressBound(rows.size());
  std::vector<char> result(size);
  const int status =
      compress2(reinterpret_cast<Bytef*>(result.data()), &size, reinterpret_cast<const Bytef*>(rows.data()), rows.size(), Z_BEST_COMPRESSION);
  XGRAD_CHECK(status == Z_OK, "[save_image] no memory to compress");
  result.resize(size);
  return result;
}

}  // namespace

void write_png(const uint8_t* pixels, int64_t height, int64_t width, int64_t channels, const Sink& sink) {
  constexpr int64_t kLargest = std::numeric_limits<int32_t>::max();
  XGRAD_CHECK(height <= kLargest && width <= kLargest, "[save_image] a PNG has at most ", kLargest, " rows and columns, got ", height, " and ",
              width);
  sink(kSignature, std::strlen(kSignature));

  std::vector<char> header;
  append_number(header, static_cast<uint32_t>(width));
  append_number(header, static_cast<uint32_t>(height));
  // Bits of a channel, colours, then the only compression, the only kind of filter, and no interlacing.
  header.insert(header.end(), {8, channels == 1 ? kGrey : kColour, 0, 0, 0});
  write_chunk("IHDR", header.data(), header.size(), sink);

  const std::vector<char> data = compressed(pixels, height, static_cast<size_t>(width * channels));
  for (size_t at = 0; at < data.size(); at += kLargestChunk) write_chunk("IDAT", data.data() + at, std::min(kLargestChunk, data.size() - at), sink);
  write_chunk("IEND", nullptr, 0, sink);
}

}}}  // namespace torch::xgrad::io
