// Checksums of the elements in files.
#pragma once

#include <cstddef>
#include <cstdint>

#include <xgrad/autograd/core/export.h>

namespace torch { inline namespace xgrad { namespace io {

/// The CRC-32 of zlib, PNG and zip (polynomial 0x04c11db7, reflected, inverted) of what `crc` is the checksum of, followed by `data`; 0 is that
/// of nothing.
XGRAD_API uint32_t crc32_of(uint32_t crc, const void* data, size_t size);

/// The checksum of two parts, one after the other, of which the second is `second_size` long.
uint32_t crc32_joined(uint32_t first, uint32_t second, size_t second_size);

}}}  // namespace torch::xgrad::io
