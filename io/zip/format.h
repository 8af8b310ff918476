// The marks and sizes of which zip files are made: APPNOTE.TXT of PKWARE, 4.3 and (beyond 4 GB) 4.5.3. A record is a local header and its bytes;
// the directory at the end names and places them all. Internal.
#pragma once

#include <cstddef>
#include <cstdint>

#include <xgrad/autograd/core/namespace.h>

namespace torch { inline namespace xgrad { namespace io { namespace zip {

inline constexpr uint32_t kLocalMark = 0x04034b50, kDirectoryMark = 0x02014b50, kEndMark = 0x06054b50;
inline constexpr size_t kLocalSize = 30, kDirectorySize = 46, kEndSize = 22;
inline constexpr uint16_t kUtf8 = 1 << 11, kEncrypted = 1;
inline constexpr uint16_t kStored = 0, kDeflated = 8;

// A number that has no room in 32 or 16 bits is all ones there and stands in a field, or an end, of its own.
inline constexpr uint32_t kElsewhere = 0xffffffff;
inline constexpr uint16_t kElsewhere16 = 0xffff, kLargeField = 1, kLargeVersion = 45;
inline constexpr uint32_t kLargeEndMark = 0x06064b50, kLocatorMark = 0x07064b50;
inline constexpr size_t kLargeEndSize = 56, kLocatorSize = 20;

/// A number of `size` bytes, the low one first.
inline uint64_t number_at(const char* bytes, size_t size) {
  uint64_t value = 0;
  for (size_t i = size; i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[i]);
  return value;
}
inline uint64_t long_at(const char* bytes) { return number_at(bytes, 8); }
inline uint32_t word_at(const char* bytes) { return static_cast<uint32_t>(number_at(bytes, 4)); }
inline uint16_t half_at(const char* bytes) { return static_cast<uint16_t>(number_at(bytes, 2)); }

}}}}  // namespace torch::xgrad::io::zip
