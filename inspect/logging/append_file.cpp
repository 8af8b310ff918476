#include <xgrad/inspect/logging/append_file.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace torch { inline namespace xgrad { namespace inspect {

AppendFile::AppendFile(std::string path) : path_(std::move(path)), fd_(-1) {
  XGRAD_CHECK(!path_.empty() && path_.find('\0') == std::string::npos, "[log] a file path must not be empty or contain a zero byte");
  std::error_code error;
  const std::filesystem::path folder = std::filesystem::path(path_).parent_path();
  if (!folder.empty()) std::filesystem::create_directories(folder, error);
  XGRAD_CHECK(!error, "[log] cannot make the folder ", folder.string(), ": ", error.message());
  do fd_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NONBLOCK, 0666);
  while (fd_ < 0 && errno == EINTR);
  if (fd_ < 0) fail("open");
  struct stat status;
  if (::fstat(fd_, &status) == 0 && S_ISREG(status.st_mode)) return;
  close();
  detail::raise<Error>("[log] not a regular file: ", path_);
}

AppendFile::~AppendFile() { close(); }

void AppendFile::fail(const char* action) const {
  const int reason = errno;
  detail::raise<Error>("[log] ", action, " failed because of errno ", reason, ": ", std::strerror(reason), ", file path: ", path_);
}

void AppendFile::append(std::string_view bytes) {
  XGRAD_CHECK(is_open(), "[log] the file is closed: ", path_);
  struct stat before;
  if (::fstat(fd_, &before) != 0) fail("stat");
  while (!bytes.empty()) {
    const ssize_t n = ::write(fd_, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) {
      const int reason = n == 0 ? ENOSPC : errno;
      [[maybe_unused]] const int taken_back = ::ftruncate(fd_, before.st_size);
      errno = reason;
      fail("write");
    }
    bytes.remove_prefix(static_cast<size_t>(n));
  }
}

void AppendFile::sync() {
  if (!is_open()) return;
  int result;
  do result = ::fsync(fd_);
  while (result != 0 && errno == EINTR);
  if (result != 0) fail("fsync");
}

void AppendFile::close() {
  if (is_open()) ::close(std::exchange(fd_, -1));
}

}}}  // namespace torch::xgrad::inspect
