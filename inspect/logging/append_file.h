// A file that grows at its end. Internal.
#pragma once

#include <string>
#include <string_view>

#include <xgrad/autograd/core/error.h>

namespace torch { inline namespace xgrad { namespace inspect {

/// Every append is one call of the system, so that what a killed process leaves is whole appends, or the beginning of the last.
class AppendFile {
 public:
  /// Opens the file, which is made if it isn't there, its folders too. Throws, naming it and the reason.
  explicit AppendFile(std::string path);
  AppendFile(const AppendFile&) = delete;
  AppendFile& operator=(const AppendFile&) = delete;
  ~AppendFile();

  /// Throws, naming the file and the reason; what was written of the bytes is then taken back if that can be done.
  void append(std::string_view bytes);
  /// Returns when the file is on the disk.
  void sync();
  /// Nothing can be appended afterwards.
  void close();
  bool is_open() const { return fd_ >= 0; }
  const std::string& path() const { return path_; }

 private:
  [[noreturn]] void fail(const char* action) const;

  std::string path_;
  int fd_;
};

}}}  // namespace torch::xgrad::inspect
