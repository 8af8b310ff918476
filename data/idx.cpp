#include <xgrad/data/idx.h>

#include <algorithm>
#include <cstring>
#include <vector>

#include <zlib.h>

#include <xgrad/autograd/tensor/allocate.h>
#include <xgrad/io/file.h>

namespace torch { inline namespace xgrad { namespace data {

namespace {

// deflate cannot compress by more than this.
constexpr uint64_t kLargestRatio = 1032;

// The bytes of a file from front to back.
class Source {
 public:
  virtual ~Source() = default;
  // Fills `to`; throws when the file has fewer bytes left.
  virtual void read(void* to, size_t size) = 0;
  // Throws unless everything has been read.
  virtual void finish() = 0;
  // No more bytes than this can be left.
  virtual uint64_t most_left() const = 0;
};

[[noreturn]] void refuse_truncated(const std::string& path) { detail::raise<Error>("[read_idx] ", path, ": the file is truncated"); }

class PlainSource final : public Source {
 public:
  PlainSource(const std::vector<char>& bytes, const std::string& path) : bytes_(bytes), path_(path) {}
  void read(void* to, size_t size) override {
    if (size > bytes_.size() - at_) refuse_truncated(path_);
    if (size > 0) std::memcpy(to, bytes_.data() + at_, size);
    at_ += size;
  }
  void finish() override { XGRAD_CHECK(at_ == bytes_.size(), "[read_idx] ", path_, ": ", bytes_.size() - at_, " bytes follow the last element"); }
  uint64_t most_left() const override { return bytes_.size() - at_; }

 private:
  const std::vector<char>& bytes_;
  const std::string& path_;
  size_t at_ = 0;
};

class GzipSource final : public Source {
 public:
  GzipSource(const std::vector<char>& bytes, const std::string& path) : path_(path), most_(bytes.size() * kLargestRatio), left_(bytes.size()) {
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    constexpr int kGzipOnly = 16 + MAX_WBITS;
    XGRAD_CHECK(inflateInit2(&stream_, kGzipOnly) == Z_OK, "[read_idx] ", path_, ": no memory to decompress");
  }
  GzipSource(const GzipSource&) = delete;
  GzipSource& operator=(const GzipSource&) = delete;
  ~GzipSource() override { inflateEnd(&stream_); }

  void read(void* to, size_t size) override {
    if (inflate_into(static_cast<char*>(to), size) != size) refuse_truncated(path_);
  }
  void finish() override {
    char next;
    XGRAD_CHECK(inflate_into(&next, 1) == 0, "[read_idx] ", path_, ": bytes follow the last element");
    XGRAD_CHECK(stream_.avail_in == 0 && left_ == 0, "[read_idx] ", path_, ": ", stream_.avail_in + left_, " bytes follow the compressed data");
  }
  uint64_t most_left() const override { return most_ - read_; }

 private:
  // How many bytes there were, at most `size`; throws unless the compressed data is sound so far.
  size_t inflate_into(char* to, size_t size) {
    constexpr size_t kPiece = size_t{1} << 30;  // zlib counts in 32 bits
    size_t done = 0;
    while (done < size && !ended_) {
      if (stream_.avail_in == 0) {
        stream_.avail_in = static_cast<uInt>(std::min(left_, kPiece));
        left_ -= stream_.avail_in;
      }
      const size_t room = std::min(size - done, kPiece);
      stream_.next_out = reinterpret_cast<Bytef*>(to + done);
      stream_.avail_out = static_cast<uInt>(room);
      const int result = inflate(&stream_, Z_NO_FLUSH);
      done += room - stream_.avail_out;
      ended_ = result == Z_STREAM_END;
      if (result == Z_BUF_ERROR && stream_.avail_in == 0 && left_ == 0) refuse_truncated(path_);
      XGRAD_CHECK(result == Z_OK || ended_ || result == Z_BUF_ERROR, "[read_idx] ", path_,
                  ": the compressed data is damaged: ", stream_.msg ? stream_.msg : "");
    }
    read_ += done;
    return done;
  }

  const std::string& path_;
  const uint64_t most_;
  size_t left_;
  uint64_t read_ = 0;
  bool ended_ = false;
  z_stream stream_{};
};

ScalarType dtype_of(unsigned char type, const std::string& path) {
  switch (type) {
    case 0x08: return kByte;
    case 0x09: return kChar;
    case 0x0b: return kShort;
    case 0x0c: return kInt;
    case 0x0d: return kFloat;
    case 0x0e: return kDouble;
    default: detail::raise<Error>("[read_idx] ", path, ": not an IDX file: unknown type of elements ", static_cast<int>(type));
  }
}

void reverse_bytes(char* data, size_t count, size_t width) {
  if (width == 1) return;
  for (size_t i = 0; i < count; ++i) std::reverse(data + i * width, data + (i + 1) * width);
}

Tensor read_elements(Source& source, const std::string& path) {
  unsigned char magic[4];
  source.read(magic, sizeof magic);
  XGRAD_CHECK(magic[0] == 0 && magic[1] == 0, "[read_idx] ", path, ": not an IDX file: it must begin with two zero bytes");
  const ScalarType dtype = dtype_of(magic[2], path);
  const int axes = magic[3];
  XGRAD_CHECK(axes >= 1 && axes <= 8, "[read_idx] ", path, ": 1 to 8 axes are supported, got ", axes);
  Dims shape(axes, 0);
  uint64_t bytes = elementSize(dtype);
  bool overflow = false, empty = false;
  for (int a = 0; a < axes; ++a) {
    unsigned char size[4];
    source.read(size, sizeof size);
    shape[a] = static_cast<int64_t>(size[0]) << 24 | static_cast<int64_t>(size[1]) << 16 | static_cast<int64_t>(size[2]) << 8 | size[3];
    empty = empty || shape[a] == 0;
    overflow = overflow || __builtin_mul_overflow(bytes, static_cast<uint64_t>(shape[a]), &bytes);
  }
  if (empty) bytes = 0;
  XGRAD_CHECK(empty || (!overflow && bytes <= source.most_left()), "[read_idx] ", path, ": sizes ", shape, " are more than the file can hold");
  Tensor tensor = allocate_tensor(shape, dtype);
  char* const data = static_cast<char*>(tensor.data_ptr());
  source.read(data, bytes);
  source.finish();
  reverse_bytes(data, static_cast<size_t>(tensor.numel()), elementSize(dtype));
  return tensor;
}

}  // namespace

Tensor read_idx(const std::string& path) {
  const std::vector<char> bytes = io::read_file(path);
  const bool compressed = bytes.size() >= 2 && bytes[0] == '\x1f' && bytes[1] == '\x8b';
  if (compressed) {
    GzipSource source(bytes, path);
    return read_elements(source, path);
  }
  PlainSource source(bytes, path);
  return read_elements(source, path);
}

}}}  // namespace torch::xgrad::data
