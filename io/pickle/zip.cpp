// Format: APPNOTE.TXT of PKWARE, 4.3. A record is a local header and its bytes; the directory at the end names and places them all.
#include <xgrad/io/pickle/zip.h>

#include <algorithm>
#include <cstring>

#include <xgrad/autograd/core/error.h>
#include <xgrad/io/crc32.h>

namespace torch { inline namespace xgrad { namespace io {

namespace {

constexpr uint32_t kLocalMark = 0x04034b50, kDirectoryMark = 0x02014b50, kEndMark = 0x06054b50;
constexpr size_t kLocalSize = 30, kDirectorySize = 46, kEndSize = 22;
constexpr uint16_t kUtf8 = 1 << 11, kEncrypted = 1;
constexpr size_t kRecordAlignment = 64;
constexpr uint64_t kLargestZip = 0xfffffffeu, kLargestComment = 0xffff, kMostRecords = 0xfffe;

// Numbers with the low byte first.
template <class T> void append(std::vector<char>& bytes, T value) {
  for (size_t i = 0; i < sizeof(T); ++i) bytes.push_back(static_cast<char>(value >> (8 * i)));
}
uint32_t number_at(const char* bytes, size_t size) {
  uint32_t value = 0;
  for (size_t i = size; i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[i]);
  return value;
}
uint32_t word(const char* bytes) { return number_at(bytes, 4); }
uint16_t half(const char* bytes) { return static_cast<uint16_t>(number_at(bytes, 2)); }

}  // namespace

void ZipWriter::add(const std::string& name, const void* data, size_t size) {
  const size_t position = bytes_.size(), front = position + kLocalSize + name.size() + 4;
  const size_t padding = (kRecordAlignment - front % kRecordAlignment) % kRecordAlignment;
  XGRAD_CHECK(size <= kLargestZip && front + padding + size <= kLargestZip && records_.size() < kMostRecords,
              "[pickle_save] a pickle must be smaller than 4 GB; save() has no such limit");
  const Record record{name, crc32_of(0, data, size), static_cast<uint32_t>(size), static_cast<uint32_t>(position)};
  append(bytes_, kLocalMark);
  append(bytes_, uint16_t{0});
  append(bytes_, kUtf8);
  for (int i = 0; i < 3; ++i) append(bytes_, uint16_t{0});  // not compressed, no time, no date
  append(bytes_, record.checksum);
  append(bytes_, record.size);
  append(bytes_, record.size);
  append(bytes_, static_cast<uint16_t>(name.size()));
  append(bytes_, static_cast<uint16_t>(4 + padding));
  bytes_.insert(bytes_.end(), name.begin(), name.end());
  append(bytes_, uint16_t{'F' | 'B' << 8});  // PyTorch's mark of a field that is only padding
  append(bytes_, static_cast<uint16_t>(padding));
  bytes_.insert(bytes_.end(), padding, 'Z');
  bytes_.insert(bytes_.end(), static_cast<const char*>(data), static_cast<const char*>(data) + size);
  records_.push_back(record);
}

void ZipWriter::finish() {
  const size_t begin = bytes_.size();
  for (const Record& record : records_) {
    append(bytes_, kDirectoryMark);
    append(bytes_, uint32_t{0});
    append(bytes_, kUtf8);
    for (int i = 0; i < 3; ++i) append(bytes_, uint16_t{0});
    append(bytes_, record.checksum);
    append(bytes_, record.size);
    append(bytes_, record.size);
    append(bytes_, static_cast<uint16_t>(record.name.size()));
    for (int i = 0; i < 4; ++i) append(bytes_, uint16_t{0});
    append(bytes_, uint32_t{0});
    append(bytes_, record.position);
    bytes_.insert(bytes_.end(), record.name.begin(), record.name.end());
  }
  const size_t end = bytes_.size();
  XGRAD_CHECK(end <= kLargestZip, "[pickle_save] a pickle must be smaller than 4 GB; save() has no such limit");
  append(bytes_, kEndMark);
  append(bytes_, uint32_t{0});
  for (int i = 0; i < 2; ++i) append(bytes_, static_cast<uint16_t>(records_.size()));
  append(bytes_, static_cast<uint32_t>(end - begin));
  append(bytes_, static_cast<uint32_t>(begin));
  append(bytes_, uint16_t{0});
}

bool ZipReader::recognises(const Source& source) {
  char mark[4];
  if (source.size < kEndSize) return false;
  source.read(0, mark, sizeof mark);
  return word(mark) == kLocalMark;
}

ZipReader::ZipReader(Source source) : source_(std::move(source)) {
  // The end is found by its mark, since a comment may follow it.
  const size_t tail_size = static_cast<size_t>(std::min(source_.size, kEndSize + kLargestComment));
  std::vector<char> tail(tail_size);
  source_.read(source_.size - tail_size, tail.data(), tail.size());
  size_t at = tail_size < kEndSize ? 0 : tail_size - kEndSize + 1;
  while (at > 0 && word(&tail[at - 1]) != kEndMark) --at;
  XGRAD_CHECK(at > 0, "[load] ", name(), ": the directory at the end of the zip file is missing: truncated, or no zip file");
  const char* const end = &tail[at - 1];
  const uint32_t count = half(end + 10), size = word(end + 12), begin = word(end + 16);
  XGRAD_CHECK(count != 0xffff && size != 0xffffffffu && begin != 0xffffffffu, "[load] ", name(), ": zip files beyond 4 GB are not read");
  XGRAD_CHECK(uint64_t{begin} + size <= source_.size - tail_size + (at - 1), "[load] ", name(), ": the zip file's directory lies outside of it");

  std::vector<char> directory(size);
  source_.read(begin, directory.data(), directory.size());
  const char* entry = directory.data();
  const char* const directory_end = entry + directory.size();
  for (uint32_t i = 0; i < count; ++i) {
    XGRAD_CHECK(directory_end - entry >= static_cast<int64_t>(kDirectorySize) && word(entry) == kDirectoryMark, "[load] ", name(),
                ": the zip file's directory is damaged");
    const uint16_t flags = half(entry + 8), method = half(entry + 10);
    const size_t name_size = half(entry + 28), rest = size_t{half(entry + 30)} + half(entry + 32);
    XGRAD_CHECK(static_cast<size_t>(directory_end - entry) >= kDirectorySize + name_size + rest, "[load] ", name(),
                ": the zip file's directory is damaged");
    const std::string record(entry + kDirectorySize, name_size);
    const uint32_t stored = word(entry + 20), position = word(entry + 42);
    const bool is_plain = method == 0 && !(flags & kEncrypted) && stored == word(entry + 24);
    XGRAD_CHECK(stored != 0xffffffffu && position != 0xffffffffu, "[load] ", name(), ": zip files beyond 4 GB are not read");
    char local[kLocalSize];
    XGRAD_CHECK(uint64_t{position} + kLocalSize <= source_.size, "[load] ", name(), ": ", record, " lies outside of the file");
    source_.read(position, local, sizeof local);
    const uint64_t data = uint64_t{position} + kLocalSize + half(local + 26) + half(local + 28);
    XGRAD_CHECK(word(local) == kLocalMark && data + stored <= begin, "[load] ", name(), ": ", record, " lies outside of the file");
    XGRAD_CHECK(records_.emplace(record, Place{data, stored, word(entry + 16), is_plain}).second, "[load] ", name(), ": ", record, " appears twice");
    entry += kDirectorySize + name_size + rest;
  }
  check_apart();
}

// Records that share bytes could be larger together than the file.
void ZipReader::check_apart() const {
  std::vector<std::pair<uint64_t, uint64_t>> places;
  for (const auto& [record, place] : records_)
    if (place.size > 0) places.emplace_back(place.begin, place.begin + place.size);
  std::sort(places.begin(), places.end());
  for (size_t i = 1; i < places.size(); ++i)
    XGRAD_CHECK(places[i - 1].second <= places[i].first, "[load] ", name(), ": records of the zip file overlap");
}

std::vector<std::string> ZipReader::names() const {
  std::vector<std::string> names;
  for (const auto& [record, place] : records_) names.push_back(record);
  return names;
}

const ZipReader::Place& ZipReader::place_of(const std::string& record) const {
  const auto found = records_.find(record);
  XGRAD_CHECK(found != records_.end(), "[load] ", name(), ": the record ", record, " is missing");
  XGRAD_CHECK(found->second.is_plain, "[load] ", name(), ": ", record, " is compressed or encrypted");
  return found->second;
}

void ZipReader::read(const std::string& record, void* to) const {
  constexpr size_t kBite = size_t{1} << 18;
  const Place& place = place_of(record);
  uint32_t checksum = 0;
  for (uint64_t at = 0; at < place.size; at += kBite) {
    const size_t bite = static_cast<size_t>(std::min<uint64_t>(kBite, place.size - at));
    source_.read(place.begin + at, static_cast<char*>(to) + at, bite);
    checksum = crc32_of(checksum, static_cast<char*>(to) + at, bite);
  }
  XGRAD_CHECK(checksum == place.checksum, "[load] ", name(), ": ", record, " is damaged: its checksum differs");
}

}}}  // namespace torch::xgrad::io
