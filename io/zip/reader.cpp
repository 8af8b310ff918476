#include <xgrad/io/zip/reader.h>

#include <algorithm>

#include <xgrad/autograd/core/error.h>
#include <xgrad/io/crc32.h>
#include <xgrad/io/zip/format.h>

namespace torch { inline namespace xgrad { namespace io {

namespace {

constexpr uint64_t kLargestComment = 0xffff;

// Takes the numbers that have no room in a directory's entry from the field for them, in its order; false when they are not there.
bool take_large(const char* fields, size_t size, std::initializer_list<uint64_t*> numbers) {
  for (size_t at = 0; at + 4 <= size;) {
    const size_t length = zip::half_at(fields + at + 2);
    if (length > size - at - 4) return false;
    if (zip::half_at(fields + at) == zip::kLargeField) {
      size_t next = at + 4;
      for (uint64_t* number : numbers) {
        if (*number != zip::kElsewhere) continue;
        if (next + 8 > at + 4 + length) return false;
        *number = zip::long_at(fields + next);
        next += 8;
      }
      return true;
    }
    at += 4 + length;
  }
  return std::none_of(numbers.begin(), numbers.end(), [](const uint64_t* n) { return *n == zip::kElsewhere; });
}

// A record's bytes with their checksum.
class RecordStream final : public Stream {
 public:
  RecordStream(std::unique_ptr<Stream> bytes, uint64_t size, uint32_t checksum, std::string where)
      : bytes_(std::move(bytes)), left_(size), checksum_(checksum), where_(std::move(where)) {}
  void read(void* to, size_t size) override {
    constexpr size_t kBite = size_t{1} << 18;  // stays in a core's cache between reading and checking
    XGRAD_CHECK(size <= left_, where_, ": it is truncated");
    for (size_t at = 0; at < size; at += kBite) {
      const size_t bite = std::min(kBite, size - at);
      bytes_->read(static_cast<char*>(to) + at, bite);
      sum_ = crc32_of(sum_, static_cast<char*>(to) + at, bite);
    }
    left_ -= size;
  }
  void finish() override {
    XGRAD_CHECK(left_ == 0, where_, ": ", left_, " bytes follow the last element");
    bytes_->finish();
    XGRAD_CHECK(sum_ == checksum_, where_, " is damaged: its checksum differs");
  }
  uint64_t most_left() const override { return left_; }

 private:
  const std::unique_ptr<Stream> bytes_;
  uint64_t left_;
  const uint32_t checksum_;
  uint32_t sum_ = 0;
  const std::string where_;
};

}  // namespace

bool ZipReader::recognises(const Source& source) {
  char mark[4];
  if (source.size < zip::kEndSize) return false;
  source.read(0, mark, sizeof mark);
  const uint32_t word = zip::word_at(mark);
  return word == zip::kLocalMark || (word == zip::kEndMark && source.size == zip::kEndSize);  // the latter: one without records
}

ZipReader::ZipReader(Source source, uint64_t most_inflated) : source_(std::move(source)) {
  read_entries(find_directory());
  check_apart();
  check_inflated(most_inflated);
}

ZipReader::Directory ZipReader::find_directory() const {
  // The end is found by its mark, since a comment may follow it.
  const size_t tail_size = static_cast<size_t>(std::min(source_.size, zip::kEndSize + kLargestComment));
  std::vector<char> tail(tail_size);
  source_.read(source_.size - tail_size, tail.data(), tail.size());
  size_t at = tail_size < zip::kEndSize ? 0 : tail_size - zip::kEndSize + 1;
  while (at > 0 && zip::word_at(&tail[at - 1]) != zip::kEndMark) --at;
  XGRAD_CHECK(at > 0, "[load] ", name(), ": the directory at the end of the zip file is missing: truncated, or no zip file");
  const char* const end = &tail[at - 1];
  uint64_t end_position = source_.size - tail_size + (at - 1);
  Directory directory{zip::half_at(end + 10), zip::word_at(end + 12), zip::word_at(end + 16)};
  if (directory.count == zip::kElsewhere16 || directory.size == zip::kElsewhere || directory.begin == zip::kElsewhere) {
    char locator[zip::kLocatorSize], large[zip::kLargeEndSize];
    XGRAD_CHECK(end_position >= sizeof locator + sizeof large, "[load] ", name(), ": the end of a zip file beyond 4 GB is missing");
    source_.read(end_position - sizeof locator, locator, sizeof locator);
    const uint64_t place = zip::long_at(locator + 8);
    XGRAD_CHECK(zip::word_at(locator) == zip::kLocatorMark && place <= end_position - sizeof locator - sizeof large, "[load] ", name(),
                ": the end of a zip file beyond 4 GB is missing");
    source_.read(place, large, sizeof large);
    XGRAD_CHECK(zip::word_at(large) == zip::kLargeEndMark, "[load] ", name(), ": the end of a zip file beyond 4 GB is missing");
    directory = {zip::long_at(large + 32), zip::long_at(large + 40), zip::long_at(large + 48)};
    end_position = place;
  }
  XGRAD_CHECK(directory.begin <= end_position && directory.size <= end_position - directory.begin, "[load] ", name(),
              ": the zip file's directory lies outside of it");
  return directory;
}

void ZipReader::read_entries(const Directory& directory) {
  std::vector<char> bytes(directory.size);
  source_.read(directory.begin, bytes.data(), bytes.size());
  const char* entry = bytes.data();
  const char* const end = entry + bytes.size();
  for (uint64_t i = 0; i < directory.count; ++i) {
    XGRAD_CHECK(end - entry >= static_cast<int64_t>(zip::kDirectorySize) && zip::word_at(entry) == zip::kDirectoryMark, "[load] ", name(),
                ": the zip file's directory is damaged");
    const uint16_t flags = zip::half_at(entry + 8), method = zip::half_at(entry + 10);
    const size_t name_size = zip::half_at(entry + 28), fields_size = zip::half_at(entry + 30), comment_size = zip::half_at(entry + 32);
    const size_t entry_size = zip::kDirectorySize + name_size + fields_size + comment_size;
    XGRAD_CHECK(static_cast<size_t>(end - entry) >= entry_size, "[load] ", name(), ": the zip file's directory is damaged");
    const std::string record(entry + zip::kDirectorySize, name_size);
    uint64_t stored = zip::word_at(entry + 20), size = zip::word_at(entry + 24), position = zip::word_at(entry + 42);
    XGRAD_CHECK(take_large(entry + zip::kDirectorySize + name_size, fields_size, {&size, &stored, &position}), "[load] ", name(), ": ", record,
                ": a size beyond 4 GB is missing");
    char local[zip::kLocalSize];
    XGRAD_CHECK(position <= source_.size && source_.size - position >= sizeof local, "[load] ", name(), ": ", record, " lies outside of the file");
    source_.read(position, local, sizeof local);
    const uint64_t data = position + sizeof local + zip::half_at(local + 26) + zip::half_at(local + 28);
    XGRAD_CHECK(zip::word_at(local) == zip::kLocalMark && data <= directory.begin && stored <= directory.begin - data, "[load] ", name(), ": ",
                record, " lies outside of the file");
    // A reader that goes by the records must see the same names.
    std::string local_name(zip::half_at(local + 26), '\0');
    if (!local_name.empty()) source_.read(position + sizeof local, local_name.data(), local_name.size());
    XGRAD_CHECK(local_name == record, "[load] ", name(), ": ", record, " has another name in front of its bytes");
    const bool is_stored = method == zip::kStored && stored == size;
    const Method how = flags & zip::kEncrypted    ? Method::unreadable
                       : is_stored                ? Method::stored
                       : method == zip::kDeflated ? Method::deflated
                                                  : Method::unreadable;
    XGRAD_CHECK(records_.emplace(record, Place{data, stored, size, zip::word_at(entry + 16), how}).second, "[load] ", name(), ": ", record,
                " appears twice");
    entry += entry_size;
  }
  XGRAD_CHECK(entry == end, "[load] ", name(), ": the zip file's directory has more than the ", directory.count, " records that it should have");
}

// Records that share bytes could be larger together than the file.
void ZipReader::check_apart() const {
  std::vector<std::pair<uint64_t, uint64_t>> places;
  for (const auto& [record, place] : records_)
    if (place.stored > 0) places.emplace_back(place.begin, place.begin + place.stored);
  std::sort(places.begin(), places.end());
  for (size_t i = 1; i < places.size(); ++i)
    XGRAD_CHECK(places[i - 1].second <= places[i].first, "[load] ", name(), ": records of the zip file overlap");
}

void ZipReader::check_inflated(uint64_t most) const {
  uint64_t sum = 0;
  for (const auto& [record, place] : records_)
    if (place.method == Method::deflated) sum += std::min(place.size, UINT64_MAX - sum);
  XGRAD_CHECK(sum <= most, "[load] ", name(), ": its records would become ", sum, " bytes when they are decompressed, more than the ", most,
              " that are allowed");
}

std::vector<std::string> ZipReader::names() const {
  std::vector<std::string> names;
  for (const auto& [record, place] : records_) names.push_back(record);
  return names;
}

const ZipReader::Place& ZipReader::place_of(const std::string& record) const {
  const auto found = records_.find(record);
  XGRAD_CHECK(found != records_.end(), "[load] ", name(), ": the record ", record, " is missing");
  XGRAD_CHECK(found->second.method != Method::unreadable, "[load] ", name(), ": ", record,
              " cannot be read: it is encrypted, compressed by an unknown method, or of two sizes");
  return found->second;
}

uint64_t ZipReader::size_of(const std::string& record) const {
  const Place& place = place_of(record);
  XGRAD_CHECK(place.size / kLargestRatio <= place.stored, "[load] ", name(), ": ", record, ": ", place.size, " bytes cannot be compressed to ",
              place.stored);
  return place.size;
}

std::unique_ptr<Stream> ZipReader::open(const std::string& record) const {
  const Place& place = place_of(record);
  const std::string where = detail::concatenate("[load] ", name(), ": ", record);
  const Compression compression = place.method == Method::deflated ? Compression::deflate : Compression::none;
  return std::make_unique<RecordStream>(open_stream(source_, place.begin, place.stored, compression, where), size_of(record), place.checksum, where);
}

void ZipReader::read(const std::string& record, void* to) const {
  const std::unique_ptr<Stream> stream = open(record);
  stream->read(to, static_cast<size_t>(place_of(record).size));
  stream->finish();
}

}}}  // namespace torch::xgrad::io
