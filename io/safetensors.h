// Files in the safetensors layout: named tensors that programs in other languages read.
#pragma once

#include <map>
#include <string>

#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad { namespace io {

using NamedTensors = std::map<std::string, Tensor>;
using Metadata = std::map<std::string, std::string>;

/// Replaces the file at `path` as one step (a crash leaves the old file or the new one). Throws, naming the file and the
/// reason, when it cannot be written, a tensor is undefined, a name is not UTF-8 or is "__metadata__", or `metadata` uses a
/// name that checksums are kept under ("format", "version", "crc32" and what begins with "crc32/").
XGRAD_API void save_safetensors(const std::string& path, const NamedTensors& tensors, const Metadata& metadata = {});

/// The tensors of a file, of any dtype; `metadata`, if given, is filled with the file's
/// strings. Throws, naming the file and the tensor, when the file is no such file, has other dtypes, or is truncated, longer
/// than its header says or (where it has checksums, as files saved here do) damaged. Memory is taken for what the file has,
/// not for what its header claims.
XGRAD_API NamedTensors load_safetensors(const std::string& path, Metadata* metadata = nullptr);

}}}  // namespace torch::xgrad::io
