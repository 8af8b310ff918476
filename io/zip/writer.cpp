#include <xgrad/io/zip/writer.h>

#include <algorithm>
#include <memory>

#include <zlib.h>

#include <xgrad/autograd/core/error.h>
#include <xgrad/io/crc32.h>
#include <xgrad/io/zip/format.h>

namespace torch { inline namespace xgrad { namespace io {

namespace {

constexpr uint64_t kRecordAlignment = 64;

// The bytes of a header.
class ZipFields {
 public:
  template <class T> ZipFields& add(T value) {
    for (size_t i = 0; i < sizeof(T); ++i) bytes_ += static_cast<char>(value >> (8 * i));
    return *this;
  }
  ZipFields& zeros(size_t n) {
    bytes_.append(n, '\0');
    return *this;
  }
  ZipFields& text(const std::string& text) {
    bytes_ += text;
    return *this;
  }
  const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_;
};

uint32_t in_32_bits(uint64_t n) { return static_cast<uint32_t>(std::min<uint64_t>(n, zip::kElsewhere)); }
uint16_t in_16_bits(uint64_t n) { return static_cast<uint16_t>(std::min<uint64_t>(n, zip::kElsewhere16)); }

// The field of what did not go into 32 bits.
std::string large_field(std::initializer_list<uint64_t> numbers) {
  ZipFields large;
  for (const uint64_t n : numbers)
    if (n >= zip::kElsewhere) large.add(n);
  if (large.bytes().empty()) return {};
  return ZipFields().add(zip::kLargeField).add(static_cast<uint16_t>(large.bytes().size())).text(large.bytes()).bytes();
}

std::string deflated(const std::vector<ZipWriter::Piece>& pieces, const std::string& name) {
  constexpr size_t kMost = size_t{1} << 30;  // zlib counts in 32 bits
  z_stream stream{};
  XGRAD_CHECK(deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY) == Z_OK, "[save] ", name,
              ": no memory to compress");
  const std::unique_ptr<z_stream, int (*)(z_stream*)> end(&stream, deflateEnd);
  std::string out;
  char room[size_t{1} << 14];
  const auto run = [&](int flush) {
    do {
      stream.next_out = reinterpret_cast<Bytef*>(room);
      stream.avail_out = sizeof room;
      deflate(&stream, flush);
      out.append(room, sizeof room - stream.avail_out);
    } while (stream.avail_out == 0);
  };
  for (const auto& [data, size] : pieces)
    for (size_t at = 0; at < size; at += kMost) {
      stream.next_in = static_cast<Bytef*>(const_cast<void*>(data)) + at;
      stream.avail_in = static_cast<uInt>(std::min(kMost, size - at));
      run(Z_NO_FLUSH);
    }
  run(Z_FINISH);
  return out;
}

}  // namespace

void ZipWriter::put(const void* data, size_t size) {
  if (size > 0) sink_(data, size);
  position_ += size;
}

void ZipWriter::add(const std::string& name, const std::vector<Piece>& pieces, bool compress) {
  XGRAD_CHECK(name.size() <= UINT16_MAX, "[save] a name must have at most 65535 bytes, got ", name.size());
  Record record{name, compress ? zip::kDeflated : zip::kStored, 0, 0, 0, position_};
  for (const auto& [data, size] : pieces) {
    record.checksum = crc32_of(record.checksum, data, size);
    record.size += size;
  }
  const std::string packed = compress ? deflated(pieces, name) : std::string();
  record.stored = compress ? packed.size() : record.size;

  // A local header has both sizes elsewhere or none.
  const bool is_large = std::max(record.size, record.stored) >= zip::kElsewhere;
  const std::string large =
      is_large ? ZipFields().add(zip::kLargeField).add(uint16_t{16}).add(record.size).add(record.stored).bytes() : std::string();
  const uint64_t front = position_ + zip::kLocalSize + name.size() + large.size() + 4;
  const size_t padding = static_cast<size_t>((kRecordAlignment - front % kRecordAlignment) % kRecordAlignment);
  ZipFields header;
  header.add(zip::kLocalMark).add(is_large ? zip::kLargeVersion : uint16_t{0}).add(zip::kUtf8).add(record.method).zeros(4).add(record.checksum);
  header.add(is_large ? zip::kElsewhere : in_32_bits(record.stored)).add(is_large ? zip::kElsewhere : in_32_bits(record.size));
  header.add(static_cast<uint16_t>(name.size())).add(static_cast<uint16_t>(large.size() + 4 + padding)).text(name).text(large);
  header.text("FB").add(static_cast<uint16_t>(padding)).text(std::string(padding, 'Z'));  // PyTorch's mark of a field that is only padding
  put(header.bytes().data(), header.bytes().size());
  if (compress) put(packed.data(), packed.size());
  else
    for (const auto& [data, size] : pieces) put(data, size);
  records_.push_back(record);
}

void ZipWriter::finish() {
  const uint64_t begin = position_;
  for (const Record& record : records_) {
    const std::string large = large_field({record.size, record.stored, record.position});
    const uint16_t version = large.empty() ? uint16_t{0} : zip::kLargeVersion;
    ZipFields entry;
    entry.add(zip::kDirectoryMark).add(version).add(version).add(zip::kUtf8).add(record.method).zeros(4).add(record.checksum);
    entry.add(in_32_bits(record.stored)).add(in_32_bits(record.size)).add(static_cast<uint16_t>(record.name.size()));
    entry.add(static_cast<uint16_t>(large.size())).zeros(10).add(in_32_bits(record.position)).text(record.name).text(large);
    put(entry.bytes().data(), entry.bytes().size());
  }
  const uint64_t end = position_, count = records_.size();
  ZipFields last;
  if (end >= zip::kElsewhere || count >= zip::kElsewhere16) {
    last.add(zip::kLargeEndMark).add(uint64_t{zip::kLargeEndSize - 12}).add(zip::kLargeVersion).add(zip::kLargeVersion).zeros(8);
    last.add(count).add(count).add(end - begin).add(begin);
    last.add(zip::kLocatorMark).zeros(4).add(end).add(uint32_t{1});
  }
  last.add(zip::kEndMark).zeros(4).add(in_16_bits(count)).add(in_16_bits(count)).add(in_32_bits(end - begin)).add(in_32_bits(begin)).zeros(2);
  put(last.bytes().data(), last.bytes().size());
}

}}}  // namespace torch::xgrad::io
