// Zip files whose records are not compressed, as PyTorch writes them.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <xgrad/autograd/core/export.h>
#include <xgrad/io/source.h>

namespace torch { inline namespace xgrad { namespace io {

/// Gathers a zip file, each record beginning at a multiple of 64. Throws when it grows beyond 4 GB, where the plain format ends.
class XGRAD_API ZipWriter {
 public:
  explicit ZipWriter(std::vector<char>& bytes) : bytes_(bytes) {}
  void add(const std::string& name, const void* data, size_t size);
  void finish();

 private:
  struct Record {
    std::string name;
    uint32_t checksum, size, position;
  };
  std::vector<char>& bytes_;
  std::vector<Record> records_;
};

/// The records of a zip file. Throws, naming the file and what is wrong, when it is none, or a record lies outside of the file, overlaps
/// another or has its name. Records that are compressed or encrypted are there but cannot be read.
class ZipReader {
 public:
  explicit ZipReader(Source source);

  /// True iff the bytes begin as a zip file does.
  static bool recognises(const Source& source);

  const std::string& name() const { return source_.name; }
  bool has(const std::string& record) const { return records_.count(record) > 0; }
  std::vector<std::string> names() const;
  /// Throws when there is no such record or it cannot be read.
  uint64_t size_of(const std::string& record) const { return place_of(record).size; }
  /// Copies a record to `to`, which has room for it. Throws when it is damaged.
  void read(const std::string& record, void* to) const;

 private:
  struct Place {
    uint64_t begin, size;
    uint32_t checksum;
    bool is_plain;
  };
  void check_apart() const;
  const Place& place_of(const std::string& record) const;

  Source source_;
  std::map<std::string, Place> records_;
};

}}}  // namespace torch::xgrad::io
