// Bytes that are read from front to back, some of them decompressed on the way. Internal.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include <xgrad/io/source.h>

namespace torch { inline namespace xgrad { namespace io {

class Stream {
 public:
  virtual ~Stream();
  /// Fills `to`; throws when fewer bytes are left, or compressed ones are damaged.
  virtual void read(void* to, size_t size) = 0;
  /// Throws unless everything has been read and is sound.
  virtual void finish() = 0;
  /// No more bytes than this can be left.
  virtual uint64_t most_left() const = 0;
};

/// What deflate cannot compress by more than.
inline constexpr uint64_t kLargestRatio = 1032;

enum class Compression { none, deflate, gzip };

/// Bytes [begin, begin + size) of `source`, which are there and which must live as long. `where` begins errors: "[load] weights.npz: w".
std::unique_ptr<Stream> open_stream(const Source& source, uint64_t begin, uint64_t size, Compression compression, std::string where);

}}}  // namespace torch::xgrad::io
