// Files and folders that go with the objects that name them.
#pragma once

#include <torch/namespaces.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <string>
#include <utility>

#include <xgrad/autograd/core/error.h>

namespace torch { inline namespace xgrad {

/// An open file, which is closed and removed with this.
struct TempFile {
  TempFile() = default;
  TempFile(std::string path, int descriptor) : fd(descriptor), name(std::move(path)) {}
  TempFile(TempFile&& other) noexcept : fd(std::exchange(other.fd, -1)), name(std::exchange(other.name, {})) {}
  TempFile& operator=(TempFile&& other) noexcept {
    std::swap(fd, other.fd);
    std::swap(name, other.name);
    return *this;
  }
  ~TempFile() {
    if (fd < 0) return;
    unlink(name.c_str());
    close(fd);
  }
  int fd = -1;
  std::string name;
};

/// A folder, which is removed with this if it is empty then.
struct TempDir {
  TempDir() = default;
  explicit TempDir(std::string path) : name(std::move(path)) {}
  TempDir(TempDir&& other) noexcept : name(std::exchange(other.name, {})) {}
  TempDir& operator=(TempDir&& other) noexcept {
    std::swap(name, other.name);
    return *this;
  }
  ~TempDir() {
    if (!name.empty()) rmdir(name.c_str());
  }
  std::string name;
};

namespace detail {

/// A name that mkstemp or mkdtemp fills in, in the folder that the environment states for such files, else /tmp.
inline std::string temporary_pattern(const std::string& prefix) {
  for (const char* variable : {"TMPDIR", "TMP", "TEMP", "TEMPDIR"})
    if (const char* folder = std::getenv(variable)) return std::string(folder) + '/' + prefix + "XXXXXX";
  return "/tmp/" + prefix + "XXXXXX";
}

}  // namespace detail

/// A new file; nothing where none can be made.
inline std::optional<TempFile> try_make_tempfile(std::string name_prefix = "torch-file-") {
  std::string name = detail::temporary_pattern(name_prefix);
  const int fd = mkstemp(name.data());
  if (fd < 0) return std::nullopt;
  return TempFile(std::move(name), fd);
}
/// A new file. Throws where none can be made.
inline TempFile make_tempfile(std::string name_prefix = "torch-file-") {
  std::optional<TempFile> file = try_make_tempfile(std::move(name_prefix));
  XGRAD_CHECK(file, "[make_tempfile] Error generating temporary file, strerror=", std::strerror(errno));
  return std::move(*file);
}
/// A new folder; nothing where none can be made.
inline std::optional<TempDir> try_make_tempdir(std::string name_prefix = "torch-dir-") {
  std::string name = detail::temporary_pattern(name_prefix);
  if (!mkdtemp(name.data())) return std::nullopt;
  return TempDir(std::move(name));
}
/// A new folder. Throws where none can be made.
inline TempDir make_tempdir(std::string name_prefix = "torch-dir-") {
  std::optional<TempDir> folder = try_make_tempdir(std::move(name_prefix));
  XGRAD_CHECK(folder, "[make_tempdir] Error generating temporary directory, strerror=", std::strerror(errno));
  return std::move(*folder);
}

}}  // namespace torch::xgrad
