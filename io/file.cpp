#include <xgrad/io/file.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <istream>
#include <memory>
#include <new>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <xgrad/autograd/core/error.h>
#include <xgrad/io/source.h>

namespace torch { inline namespace xgrad { namespace io {

namespace {

[[noreturn]] void fail(const char* action, const std::string& path, int reason) {
  detail::raise<Error>("[file] ", action, " failed because of errno ", reason, ": ", std::strerror(reason), ", file path: ", path);
}

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  int get() const { return fd_; }
  bool valid() const { return fd_ >= 0; }

 private:
  int fd_;
};

template <class Call> auto retried(Call call) {
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

// Note: a large file goes to the disk while it is written
//
// Left alone, the system keeps all of it in memory until fsync: first it finds fresh pages for as much as the model has, which in a virtual
// machine may take several times as long as the disk does, then it writes them while nobody computes. So writing a piece is started when it is
// there, and when enough of them are on their way the oldest is waited for and its pages are given up: the next pieces get them. Whatever a
// model's size, saving it takes 20 MB of memory and pushes nothing else out; the price is that a load straight afterwards reads the disk. Of
// 400 MB, medians on a virtual machine (Sapphire Rapids, ext4): left alone 1.12 s, with writing started early but no page given up 1.44 s, so
// 0.27 s, past the page cache (O_DIRECT) 0.48 s; cp and sync 0.47 s.
class SequentialWriter {
 public:
  SequentialWriter(int fd, const std::string& path) : fd_(fd), path_(path) {}

  void write(const char* data, size_t size) {
    while (size > 0) {
      const size_t n = std::min<size_t>(size, kPiece - written_ % kPiece);
      write_all(fd_, data, n, path_);
      data += n;
      size -= n;
      written_ += static_cast<off_t>(n);
      if (written_ % kPiece == 0) send_piece();
    }
  }

 private:
  static constexpr off_t kPiece = 4 << 20, kOnTheirWay = 4 * kPiece;

#ifdef SYNC_FILE_RANGE_WRITE
  void send_piece() {
    const off_t piece = written_ - kPiece, oldest = piece - kOnTheirWay;
    range(piece, SYNC_FILE_RANGE_WRITE);
    if (oldest < 0) return;
    range(oldest, SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE | SYNC_FILE_RANGE_WAIT_AFTER);
    ::posix_fadvise(fd_, oldest, kPiece, POSIX_FADV_DONTNEED);
  }

  // A disk's error is told once, here or by fsync. File systems that know no such call do without.
  void range(off_t begin, unsigned flags) {
    if (retried([&] { return ::sync_file_range(fd_, begin, kPiece, flags); }) == 0) return;
    if (errno != EINVAL && errno != ESPIPE && errno != ENOSYS && errno != EOPNOTSUPP) fail("sync_file_range", path_, errno);
  }
#else
  void send_piece() {}
#endif

  const int fd_;
  const std::string& path_;
  off_t written_ = 0;
};

// The file beside `path` that takes its place when it is complete; removed unless kept. Its name is always the same, so that
// what a killed process left behind is used by the next one, and a lock tells that process from one that is still writing.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& path) : name_(path + kTemporary), fd_(-1) {
    for (int attempt = 0; fd_.get() < 0; ++attempt) {
      Descriptor fd = open_file(name_, O_WRONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0666);
      if (!fd.valid()) fail("open file", name_, errno);
      // File systems without locks are taken as they are.
      retried([&] { return ::flock(fd.get(), LOCK_EX); });
      if (is_mine(fd.get())) fd_ = std::move(fd);
      else if (attempt == 1000) fail("lock", name_, EBUSY);
    }
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile() {
    if (!kept_) ::unlink(name_.c_str());
  }
  const std::string& name() const { return name_; }
  int fd() const { return fd_.get(); }
  void keep() { kept_ = true; }

 private:
  // True iff the name still means the locked file. One that is also known by another name is not ours to write to.
  bool is_mine(int fd) const {
    struct stat opened, named;
    if (::fstat(fd, &opened) != 0 || ::lstat(name_.c_str(), &named) != 0) return false;
    if (opened.st_dev != named.st_dev || opened.st_ino != named.st_ino) return false;
    if (S_ISREG(opened.st_mode) && opened.st_nlink == 1 && opened.st_uid == ::geteuid()) return true;
    if (::unlink(name_.c_str()) != 0) fail("remove", name_, errno);
    return false;
  }

  std::string name_;
  Descriptor fd_;
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

Source open_source(const std::string& path) {
  check_path(path);
  // Without O_NONBLOCK, opening a pipe would wait for a writer.
  const auto fd = std::make_shared<const Descriptor>(open_file(path, O_RDONLY | O_NONBLOCK));
  if (!fd->valid()) fail("open file", path, errno);
  struct stat status;
  if (::fstat(fd->get(), &status) != 0) fail("stat", path, errno);
  XGRAD_CHECK(S_ISREG(status.st_mode), "[file] not a regular file: ", path);
  const auto read = [fd, path](uint64_t position, void* to, size_t size) {
    for (char* at = static_cast<char*>(to); size > 0;) {
      const ssize_t n = retried([&] { return ::pread(fd->get(), at, size, static_cast<off_t>(position)); });
      if (n < 0) fail("read", path, errno);
      XGRAD_CHECK(n > 0, "[file] the file became shorter while it was read: ", path);
      at += n;
      position += static_cast<uint64_t>(n);
      size -= static_cast<size_t>(n);
    }
  };
  const auto size = static_cast<size_t>(status.st_size);
  const auto map = [fd, path, size] {
    void* const pages = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_NORESERVE, fd->get(), 0);
    if (pages == MAP_FAILED) fail("mmap", path, errno);
    return std::shared_ptr<char>(static_cast<char*>(pages), [size](char* data) { ::munmap(data, size); });
  };
  return {path, size, read, /*concurrent=*/true, map};
}

Source memory_source(const char* data, size_t size, const std::string& name) {
  const auto read = [data](uint64_t position, void* to, size_t n) {
    if (n > 0) std::memcpy(to, data + position, n);
  };
  return {name, size, read, /*concurrent=*/true};
}

std::vector<char> read_file(const std::string& path) {
  const Source source = open_source(path);
  std::vector<char> bytes(source.size);
  source.read(0, bytes.data(), bytes.size());
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

  TemporaryFile temporary(target);
  if (::ftruncate(temporary.fd(), 0) != 0) fail("truncate", temporary.name(), errno);
  if (exists && ::fchmod(temporary.fd(), old.st_mode & 07777) != 0) fail("chmod", path, errno);
  SequentialWriter writer(temporary.fd(), path);
  fill([&](const void* data, size_t size) { writer.write(static_cast<const char*>(data), size); });
  if (retried([&] { return ::fsync(temporary.fd()); }) != 0) fail("fsync", path, errno);
  if (::rename(temporary.name().c_str(), target.c_str()) != 0) fail("rename", path, errno);
  temporary.keep();
  sync_folder(target);
}

void remove_leftover(const std::string& path) noexcept {
  try {
    const std::string name = path + kTemporary;
    const Descriptor fd = open_file(name, O_WRONLY | O_NOFOLLOW | O_NONBLOCK);
    if (fd.valid() && ::flock(fd.get(), LOCK_EX | LOCK_NB) == 0) ::unlink(name.c_str());
  } catch (const std::bad_alloc&) {}
}

}}}  // namespace torch::xgrad::io
