// A safetensors file whose tensors are read one by one.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <xgrad/io/safetensors.h>

namespace torch { inline namespace xgrad { namespace io {

class LayoutReader;

/// What a file says of a tensor.
struct TensorInfo {
  std::string dtype;  ///< as the file names it: "F32", "BF16", "F8_E4M3", ...
  std::vector<int64_t> shape;
  uint64_t nbytes = 0;  ///< in the file
};

/// Opens a file of any size by its header alone; elements are read when a tensor is asked for. Copies share the open file, which may be replaced
/// meanwhile; several threads may read.
///
///     const io::SafetensorsFile file("model.safetensors");
///     for (const std::string& name : file.names()) std::cout << name << ' ' << file.info(name).dtype << '\n';
///     const Tensor weight = file.map("encoder.weight");
class XGRAD_API SafetensorsFile {
 public:
  /// Throws what load_safetensors throws for a header.
  explicit SafetensorsFile(const std::string& path);

  /// In alphabetical order.
  std::vector<std::string> names() const;
  bool has(const std::string& name) const;
  /// Throws when there is no such tensor.
  TensorInfo info(const std::string& name) const;
  const Metadata& metadata() const;

  /// A tensor in memory of its own: F64, F32, F16, BF16, I64, I32, I16, I8, U8 and BOOL as their own dtype, U16 as int32, U32 as int64. Throws,
  /// naming the tensor, when there is no such, no tensor has its dtype (U64, F8_E4M3, ...), or its checksum, if the file has one, differs.
  Tensor read(const std::string& name) const;
  /// The same on the file's own pages: nothing is read until an element is, and memory that runs short is taken back from pages that were only
  /// read, so that files larger than memory can be used. What is written to the tensor stays in memory and never reaches the file. Checksums are not
  /// looked at. U16, U32, BOOL, and what the file doesn't align, are read. A file that somebody cuts short meanwhile ends the process (SIGBUS).
  Tensor map(const std::string& name) const;

 private:
  std::shared_ptr<const LayoutReader> reader_;
};

}}}  // namespace torch::xgrad::io
