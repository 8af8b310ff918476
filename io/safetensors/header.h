// The JSON header of a safetensors file.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <xgrad/autograd/core/dtype.h>
#include <xgrad/io/safetensors.h>

namespace torch { inline namespace xgrad { namespace io {

/// Where a tensor lies: bytes [begin, end) of the elements.
struct TensorPlace {
  std::string dtype_name;                     ///< as it stands in the file
  ScalarType stored = ScalarType::Undefined;  ///< the tensor's type with as many bytes; undefined: no tensor has such elements
  ScalarType dtype = ScalarType::Undefined;   ///< another one if that has no room for unsigned numbers
  std::vector<int64_t> shape;
  uint64_t begin = 0, end = 0;
};

struct Header {
  std::map<std::string, TensorPlace> tensors;
  Metadata metadata;
};

/// A checksum as it stands in files.
std::string checksum_text(uint32_t checksum);

/// The header as JSON, padded so that the elements are aligned, with a checksum of itself in the metadata.
std::string header_text(const Header& header, const std::string& file);

/// The header that `text` is. Throws, naming `file` and the key: no JSON or not of the form of a header, a key twice, a
/// shape that doesn't fit its bytes (where the dtype's size is known), a wrong checksum.
Header parse_header(std::string_view text, const std::string& file);

}}}  // namespace torch::xgrad::io
