#include <xgrad/io/zip/stream.h>

#include <algorithm>
#include <vector>

#include <zlib.h>

#include <xgrad/autograd/core/error.h>

namespace torch { inline namespace xgrad { namespace io {

Stream::~Stream() = default;

namespace {

[[noreturn]] void refuse_truncated(const std::string& where) { detail::raise<Error>(where, ": the file is truncated"); }

class PlainStream final : public Stream {
 public:
  PlainStream(const Source& source, uint64_t begin, uint64_t size, std::string where)
      : source_(source), at_(begin), left_(size), where_(std::move(where)) {}
  void read(void* to, size_t size) override {
    if (size > left_) refuse_truncated(where_);
    if (size > 0) source_.read(at_, to, size);
    at_ += size;
    left_ -= size;
  }
  void finish() override { XGRAD_CHECK(left_ == 0, where_, ": ", left_, " bytes follow the last element"); }
  uint64_t most_left() const override { return left_; }

 private:
  const Source& source_;
  uint64_t at_, left_;
  const std::string where_;
};

class InflatedStream final : public Stream {
 public:
  InflatedStream(const Source& source, uint64_t begin, uint64_t size, bool gzip, std::string where)
      : source_(source),
        at_(begin),
        left_(size),
        most_(size > UINT64_MAX / kLargestRatio ? UINT64_MAX : size * kLargestRatio),
        where_(std::move(where)) {
    const int format = gzip ? 16 + MAX_WBITS : -MAX_WBITS;
    XGRAD_CHECK(inflateInit2(&stream_, format) == Z_OK, where_, ": no memory to decompress");
  }
  InflatedStream(const InflatedStream&) = delete;
  InflatedStream& operator=(const InflatedStream&) = delete;
  ~InflatedStream() override { inflateEnd(&stream_); }

  void read(void* to, size_t size) override {
    if (inflate_into(static_cast<char*>(to), size) != size) refuse_truncated(where_);
  }
  void finish() override {
    char next;
    XGRAD_CHECK(inflate_into(&next, 1) == 0, where_, ": bytes follow the last element");
    XGRAD_CHECK(stream_.avail_in == 0 && left_ == 0, where_, ": ", stream_.avail_in + left_, " bytes follow the compressed data");
  }
  uint64_t most_left() const override { return most_ - read_; }

 private:
  // How many bytes there were, at most `size`; throws unless the compressed data is sound so far.
  size_t inflate_into(char* to, size_t size) {
    constexpr size_t kMost = size_t{1} << 30;  // zlib counts in 32 bits
    size_t done = 0;
    while (done < size && !ended_) {
      if (stream_.avail_in == 0) take_input();
      const size_t room = std::min(size - done, kMost);
      stream_.next_out = reinterpret_cast<Bytef*>(to + done);
      stream_.avail_out = static_cast<uInt>(room);
      const int result = inflate(&stream_, Z_NO_FLUSH);
      done += room - stream_.avail_out;
      ended_ = result == Z_STREAM_END;
      if (result == Z_BUF_ERROR && stream_.avail_in == 0 && left_ == 0) refuse_truncated(where_);
      XGRAD_CHECK(result == Z_OK || ended_ || result == Z_BUF_ERROR, where_, ": the compressed data is damaged: ", stream_.msg ? stream_.msg : "");
    }
    read_ += done;
    return done;
  }

  void take_input() {
    constexpr uint64_t kPiece = uint64_t{1} << 16;
    piece_.resize(static_cast<size_t>(std::min(left_, kPiece)));
    if (!piece_.empty()) source_.read(at_, piece_.data(), piece_.size());
    at_ += piece_.size();
    left_ -= piece_.size();
    stream_.next_in = reinterpret_cast<Bytef*>(piece_.data());
    stream_.avail_in = static_cast<uInt>(piece_.size());
  }

  const Source& source_;
  uint64_t at_, left_;
  const uint64_t most_;
  const std::string where_;
  std::vector<char> piece_;
  uint64_t read_ = 0;
  bool ended_ = false;
  z_stream stream_{};
};

}  // namespace

std::unique_ptr<Stream> open_stream(const Source& source, uint64_t begin, uint64_t size, Compression compression, std::string where) {
  if (compression == Compression::none) return std::make_unique<PlainStream>(source, begin, size, std::move(where));
  return std::make_unique<InflatedStream>(source, begin, size, compression == Compression::gzip, std::move(where));
}

}}}  // namespace torch::xgrad::io
