// Files in the IDX format of the MNIST data sets.
#pragma once

#include <string>

#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad { namespace data {

/// The tensor in an IDX file, plain or compressed by gzip: of uint8, int8, int16, int32, float32 or float64 elements and 1 to 8 axes.
/// Format: two zero bytes, a byte for the type, one for the number of axes, the sizes, the elements; numbers big-endian.
/// Throws, naming the file and what is wrong, when it cannot be read, is no such file, has another type, is longer or
/// shorter than its sizes say, or its compression is damaged. Memory is taken for what the file can hold, not for what it claims.
XGRAD_API Tensor read_idx(const std::string& path);

}}}  // namespace torch::xgrad::data
