#include <xgrad/autograd/ops/creation/from_file.h>

#include <cerrno>
#include <cstring>
#include <string>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <xgrad/autograd/core/named_operation.h>
#include <xgrad/autograd/ops/creation/creation.h>
#include <xgrad/autograd/ops/creation/tensor_literal.h>

#ifndef XGRAD_SAMPLES

namespace torch { inline namespace xgrad {

namespace {

constexpr const Operation& kFromFile = operation<"from_file">;

struct OpenFile {
  int descriptor;
  ~OpenFile() {
    if (descriptor >= 0) close(descriptor);
  }
};

// The beginning of a file, in memory.
void* mapped(const std::string& name, bool shared, int64_t bytes) {
  const auto check = [&](bool works, auto... what) {
    const int error = errno;
    XGRAD_CHECK(works, kFromFile, what..., ": ", std::strerror(error), " (", error, ")");
  };
  const OpenFile file{open(name.c_str(), (shared ? O_RDWR | O_CREAT : O_RDONLY) | O_CLOEXEC, S_IRUSR | S_IWUSR)};
  check(file.descriptor >= 0, "unable to open file <", name, "> in ", shared ? "read-write" : "read-only", " mode");
  struct stat status = {};
  check(fstat(file.descriptor, &status) == 0, "unable to stat the file <", name, ">");
  if (status.st_size < bytes) {
    XGRAD_CHECK(shared, kFromFile, "file <", name, "> size is smaller than the required mapping size <", bytes, ">");
    check(ftruncate(file.descriptor, bytes) == 0, "unable to resize file <", name, "> to the right size");
  }
  void* const memory = mmap(nullptr, static_cast<size_t>(bytes), PROT_READ | PROT_WRITE, shared ? MAP_SHARED : MAP_PRIVATE, file.descriptor, 0);
  check(memory != MAP_FAILED, "unable to mmap ", bytes, " bytes from file <", name, ">");
  return memory;
}

}  // namespace

Tensor from_file(std::string_view filename, std::optional<bool> shared, std::optional<int64_t> size, TensorOptions options) {
  const int64_t n = size.value_or(0);
  XGRAD_CHECK(n >= 0, kFromFile, "size must not be negative, got ", n);
  const Tensor none = empty({0}, options);  // checks the options
  int64_t bytes = 0;
  XGRAD_CHECK(!__builtin_mul_overflow(n, none.element_size(), &bytes), kFromFile, "size ", n, " overflows");
  if (bytes == 0) return none;
  void* const memory = mapped(std::string(filename), shared.value_or(false), bytes);
  return from_blob(
      memory, {n}, [bytes](void* p) { munmap(p, static_cast<size_t>(bytes)); }, options);
}

}}  // namespace torch::xgrad

#endif
