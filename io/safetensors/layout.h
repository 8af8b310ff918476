// The bytes of a safetensors file: 8 bytes that hold the length of a JSON header, the header, the elements of all
// tensors one after the other. Format: github.com/huggingface/safetensors.
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <xgrad/io/file.h>
#include <xgrad/io/safetensors.h>
#include <xgrad/io/safetensors/header.h>
#include <xgrad/io/source.h>

namespace torch { inline namespace xgrad { namespace io {

/// Gives the bytes of a file to `sink`. `name` stands for the file in errors.
void write_layout(const NamedTensors& tensors, const Metadata& metadata, const std::string& name, const Sink& sink);

/// A file whose header has been read and checked; its elements are read when they are asked for.
class LayoutReader {
 public:
  explicit LayoutReader(Source source);

  const std::string& name() const { return source_.name; }
  const Header& header() const { return header_; }

  /// Throws, naming the tensor, unless there is one of this name and of a dtype that tensors can have.
  const TensorPlace& readable(const std::string& key) const;
  /// The tensors of these names, or all. Throws when one is not readable or its elements are damaged.
  NamedTensors read(const std::vector<std::string>& names) const;
  NamedTensors read_all() const;
  /// The same on the pages of a file, which are read when they are touched and copied when they are written to; unchecked. A copy where that
  /// cannot be.
  Tensor map(const std::string& key) const;

 private:
  Source source_;
  Header header_;
  uint64_t elements_ = 0;  // where they begin
  mutable std::mutex mapping_;
  mutable std::shared_ptr<char> mapped_;  // the file, once it was asked for
};

}}}  // namespace torch::xgrad::io
