// One array of NumPy's files. Internal.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include <xgrad/autograd/tensor/tensor.h>
#include <xgrad/io/zip/stream.h>

namespace torch { inline namespace xgrad { namespace io {

class ZipReader;

/// What the bytes of an array begin with.
inline constexpr std::string_view kNumpyMark = "\x93NUMPY";

/// The array that is all of a stream. `where` begins errors.
Tensor read_array(Stream& stream, const std::string& where);

/// An array as it stands in files: its front, and a tensor whose memory, from data_ptr() on, has the elements in order.
struct ArrayBytes {
  std::string front;
  Tensor elements;
};
ArrayBytes array_bytes(const Tensor& tensor, const std::string& where);

/// The arrays of a .npz by their names.
std::map<std::string, Tensor> read_arrays(const ZipReader& file);

}}}  // namespace torch::xgrad::io
