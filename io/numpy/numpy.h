// Arrays as NumPy keeps them in files: .npy, and .npz, which is a zip file of such.
//
// Format: numpy.org/doc/stable/reference/generated/numpy.lib.format.html. Elements of float16, float32, float64, int8, int16, int32, int64, uint8 and
// bool are tensors' own; uint16 becomes int32 and uint32 int64. uint64, complex numbers, strings, dates, records and objects are refused by name;
// Python objects are never made. Elements with the high byte first are turned round. An array in Fortran's order becomes a
// tensor with such strides, and back.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad { namespace io {

/// Replaces the file at `path` by one that np.load reads, as one step (a crash leaves the old file or the new one). Throws, naming the file and the
/// reason, when it cannot be written, or the tensor is undefined, sparse or of bfloat16, which NumPy has not.
XGRAD_API void save_npy(const std::string& path, const Tensor& tensor);

/// The array of a file that np.save wrote. Throws, naming the file and the reason, when it is no such file, is truncated, has bytes behind
/// the array or elements that no tensor has. Memory is taken for what the file has, not for what its header claims.
XGRAD_API Tensor load_npy(const std::string& path);

/// The same for several arrays by their names, as np.savez or, if `compressed`, np.savez_compressed write them. Throws too when a name is empty,
/// is not UTF-8 or has a zero byte.
XGRAD_API void save_npz(const std::string& path, const std::map<std::string, Tensor>& tensors, bool compressed = false);

/// The arrays of a file that np.savez or np.savez_compressed wrote, by their names. Throws as load_npy does, when a checksum differs, when a record
/// is no .npy, and, before anything is decompressed, when the compressed ones would become more than `most_inflated` bytes.
XGRAD_API std::map<std::string, Tensor> load_npz(const std::string& path, uint64_t most_inflated = uint64_t{4} << 30);

}}}  // namespace torch::xgrad::io
