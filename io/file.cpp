#include <xgrad/io/file.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <istream>
#include <random>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <xgrad/autograd/error.h>

namespace xgrad::io {

namespace {

[[noreturn]] void fail(const char* action, const std::string& path, int reason) {
  detail::raise<Error>("[file] ", action, " failed because of errno ", reason, ": ", std::strerror(reason), ", file path: ", path);
}

// An open file; closing it by hand reports errors, the destructor does not.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { if (fd_ >= 0) ::close(fd_); }
  int get() const { return fd_; }
  bool valid() const { return fd_ >= 0; }
  // 0 or the reason. The descriptor is gone also when close reports an error.
  int close() {
    const int fd = std::exchange(fd_, -1);
    return ::close(fd) == 0 ? 0 : errno;
  }

 private:
  int fd_;
};

template <class Call>
auto retried(Call call) {
  auto result = call();
  while (result < 0 && errno == EINTR) result = call();
  return result;
}

Descriptor open_file(const std::string& path, int flags, mode_t mode = 0) {
  return Descriptor(retried([&] { return ::open(path.c_str(), flags | O_CLOEXEC, mode); }));
}

void check_path(const std::string& path) {
  XGRAD_CHECK(!path.empty() && path.find('\0') == std::string::npos, "[file] a file path must not be empty or contain a zero byte");
}

void write_all(int fd, const char* data, size_t size, const std::string& path) {
  while (size > 0) {
    const ssize_t n = retried([&] { return ::write(fd, data, size); });
    if (n < 0) fail("write", path, errno);
    if (n == 0) fail("write", path, ENOSPC);
    data += n;
    size -= static_cast<size_t>(n);
  }
}

// A new file beside `path`, removed unless kept.
class TemporaryFile {
 public:
  TemporaryFile(const std::string& path, mode_t mode) {
    std::random_device entropy;
    for (int attempt = 0;; ++attempt) {
      name_ = path + ".tmp-" + std::to_string(::getpid()) + "-" + std::to_string(entropy());
      fd_ = retried([&] { return ::open(name_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode); });
      if (fd_ >= 0) return;
      if (errno != EEXIST || attempt == 100) fail("open file", path, errno);
    }
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile() {
    if (!kept_) ::unlink(name_.c_str());
  }
  const std::string& name() const { return name_; }
  int fd() const { return fd_; }
  void keep() { kept_ = true; }

 private:
  std::string name_;
  int fd_ = -1;
  bool kept_ = false;
};

void sync_folder(const std::string& path) {
  std::string folder = std::filesystem::path(path).parent_path().string();
  if (folder.empty()) folder = ".";
  const Descriptor fd = open_file(folder, O_RDONLY | O_DIRECTORY);
  // Some file systems know no sync of a folder and say EINVAL.
  if (!fd.valid() || (retried([&] { return ::fsync(fd.get()); }) != 0 && errno != EINVAL)) fail("fsync of the folder", path, errno);
}

// What a chain of symbolic links leads to; the path itself when it is none or leads nowhere.
std::string resolved(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::is_symlink(path, error)) return path;
  const std::filesystem::path target = std::filesystem::canonical(path, error);
  if (error) fail("open file", path, error.value());
  return target.string();
}

}  // namespace

std::vector<char> read_file(const std::string& path) {
  check_path(path);
  // Without O_NONBLOCK, opening a pipe would wait for a writer.
  const Descriptor fd = open_file(path, O_RDONLY | O_NONBLOCK);
  if (!fd.valid()) fail("open file", path, errno);
  struct stat status;
  if (::fstat(fd.get(), &status) != 0) fail("stat", path, errno);
  XGRAD_CHECK(S_ISREG(status.st_mode), "[file] not a regular file: ", path);
  std::vector<char> bytes(static_cast<size_t>(status.st_size));
  size_t have = 0;
  while (have < bytes.size()) {
    const ssize_t n = retried([&] { return ::read(fd.get(), bytes.data() + have, bytes.size() - have); });
    if (n < 0) fail("read", path, errno);
    XGRAD_CHECK(n > 0, "[file] the file became shorter while it was read: ", path);
    have += static_cast<size_t>(n);
  }
  return bytes;
}

std::vector<char> read_stream(std::istream& stream, const std::string& name) {
  constexpr size_t kPiece = size_t{1} << 20;
  XGRAD_CHECK(stream.good(), "[file] cannot read from ", name);
  std::vector<char> bytes;
  while (stream.good()) {
    const size_t have = bytes.size();
    bytes.resize(have + kPiece);
    stream.read(bytes.data() + have, static_cast<std::streamsize>(kPiece));
    bytes.resize(have + static_cast<size_t>(stream.gcount()));
  }
  XGRAD_CHECK(!stream.bad(), "[file] reading from ", name, " failed");
  return bytes;
}

void replace_file(const std::string& path, const std::function<void(const Sink&)>& fill) {
  check_path(path);
  const std::string target = resolved(path);
  struct stat old;
  const bool exists = ::stat(target.c_str(), &old) == 0;
  XGRAD_CHECK(!exists || S_ISREG(old.st_mode), "[file] not a regular file: ", path);

  TemporaryFile temporary(target, 0666);
  Descriptor fd(temporary.fd());
  if (exists && ::fchmod(fd.get(), old.st_mode & 07777) != 0) fail("chmod", path, errno);
  fill([&](const void* data, size_t size) { write_all(fd.get(), static_cast<const char*>(data), size, path); });
  if (retried([&] { return ::fsync(fd.get()); }) != 0) fail("fsync", path, errno);
  if (const int reason = fd.close()) fail("close", path, reason);
  if (::rename(temporary.name().c_str(), target.c_str()) != 0) fail("rename", path, errno);
  temporary.keep();
  sync_folder(target);
}

}  // namespace xgrad::io
