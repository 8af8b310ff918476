// Zip files, written from front to back.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <xgrad/autograd/core/export.h>
#include <xgrad/io/file.h>

namespace torch { inline namespace xgrad { namespace io {

/// Gives a zip file to a sink, each record beginning at a multiple of 64. What is larger than 4 GB is written as PKWARE's zip64.
class XGRAD_API ZipWriter {
 public:
  using Piece = std::pair<const void*, size_t>;

  explicit ZipWriter(Sink sink) : sink_(std::move(sink)) {}
  /// A record of these pieces, one after the other; compressed, it is in memory until it is written. Throws for a name of more than 65535 bytes.
  void add(const std::string& name, const std::vector<Piece>& pieces, bool compress = false);
  void add(const std::string& name, const void* data, size_t size) { add(name, {{data, size}}); }
  /// Writes the directory, after which nothing can be added.
  void finish();

 private:
  struct Record {
    std::string name;
    uint16_t method;
    uint32_t checksum;
    uint64_t size, stored, position;
  };
  void put(const void* data, size_t size);

  Sink sink_;
  uint64_t position_ = 0;
  std::vector<Record> records_;
};

}}}  // namespace torch::xgrad::io
