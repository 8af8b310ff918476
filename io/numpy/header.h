// The header of a .npy file: a dictionary as Python writes it. Internal.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <xgrad/autograd/core/dims.h>
#include <xgrad/autograd/core/dtype.h>

namespace torch { inline namespace xgrad { namespace io {

/// What elements there are.
struct NumpyDtype {
  ScalarType stored = ScalarType::Undefined;  ///< the tensor's type with as many bytes
  ScalarType dtype = ScalarType::Undefined;   ///< another one if that has no room for unsigned numbers
  bool high_byte_first = false;
};

struct NumpyHeader {
  NumpyDtype type;
  bool fortran_order = false;
  Dims shape;
};

/// The header that `text` is. `where` begins errors. Throws for what is no such dictionary, a key twice, elements that no tensor has, and shapes
/// of more than 64 axes.
NumpyHeader parse_numpy_header(std::string_view text, const std::string& where);

/// What stands in front of the elements, the mark and the header. Throws for a dtype that NumPy has not.
std::string numpy_front(const NumpyHeader& header, const std::string& where);

}}}  // namespace torch::xgrad::io
