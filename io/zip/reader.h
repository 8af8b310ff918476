// The records of zip files.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <xgrad/io/source.h>
#include <xgrad/io/zip/stream.h>

namespace torch { inline namespace xgrad { namespace io {

/// What the compressed records of a file may become together unless the caller says otherwise: deflate makes a gigabyte of a megabyte of zeros.
inline constexpr uint64_t kMostInflated = uint64_t{4} << 30;

/// The records of a zip file. Throws, naming the file and what is wrong, when it is none, or a record lies outside of the file, overlaps
/// another or has its name. Records that are encrypted, or compressed by another method than deflate, are there but cannot be read.
class ZipReader {
 public:
  /// Throws too when all compressed records together would become more than `most_inflated` bytes, before any is read.
  explicit ZipReader(Source source, uint64_t most_inflated = kMostInflated);

  /// True iff the bytes begin as a zip file does.
  static bool recognises(const Source& source);

  const std::string& name() const { return source_.name; }
  bool has(const std::string& record) const { return records_.count(record) > 0; }
  std::vector<std::string> names() const;
  /// The bytes that a record has when it is no longer compressed. Throws when there is no such record, it cannot be read, or deflate could not
  /// have made so many bytes of it.
  uint64_t size_of(const std::string& record) const;
  /// Copies a record to `to`, which has room for it. Throws when it is damaged.
  void read(const std::string& record, void* to) const;
  /// The same from front to back, for as long as the reader lives: finish() checks the checksum.
  std::unique_ptr<Stream> open(const std::string& record) const;

 private:
  enum class Method : uint8_t { stored, deflated, unreadable };
  struct Place {
    uint64_t begin, stored, size;
    uint32_t checksum;
    Method method;
  };
  struct Directory {
    uint64_t count, size, begin;
  };
  Directory find_directory() const;
  void read_entries(const Directory& directory);
  void check_apart() const;
  void check_inflated(uint64_t most) const;
  const Place& place_of(const std::string& record) const;

  Source source_;
  std::map<std::string, Place> records_;
};

}}}  // namespace torch::xgrad::io
