#include <xgrad/inspect/logging/event_file.h>

#include <array>
#include <atomic>
#include <filesystem>

#include <unistd.h>

#include <xgrad/inspect/logging/wall_clock.h>

namespace torch { inline namespace xgrad { namespace inspect {

namespace {

constexpr std::array<uint32_t, 256> crc32c_table() {
  std::array<uint32_t, 256> table{};
  for (uint32_t i = 0; i < 256; ++i) {
    uint32_t remainder = i;
    for (int bit = 0; bit < 8; ++bit) remainder = remainder & 1 ? remainder >> 1 ^ 0x82f63b78u : remainder >> 1;
    table[i] = remainder;
  }
  return table;
}

template <class Number> void append_low_first(std::string& bytes, Number number) {
  for (size_t i = 0; i < sizeof number; ++i) bytes += static_cast<char>(number >> 8 * i);
}

uint32_t masked(uint32_t crc) { return (crc >> 15 | crc << 17) + 0xa282ead8u; }

std::string host_name() {
  char name[256] = "";
  if (::gethostname(name, sizeof name - 1) != 0 || !*name) return "localhost";
  return name;
}

std::string event_file_name(const std::string& folder, const std::string& suffix) {
  static std::atomic<int> number{0};
  for (;;) {
    const std::string name = "events.out.tfevents." + std::to_string(static_cast<long long>(wall_clock())) + '.' + host_name() + '.' +
                             std::to_string(::getpid()) + '.' + std::to_string(number++) + suffix;
    const std::filesystem::path path = std::filesystem::path(folder) / name;
    if (std::error_code none; !std::filesystem::exists(path, none)) return path.string();
  }
}

}  // namespace

uint32_t crc32c(std::string_view bytes) {
  static constexpr auto table = crc32c_table();
  uint32_t crc = ~uint32_t{0};
  for (const char byte : bytes) crc = crc >> 8 ^ table[(crc ^ static_cast<uint8_t>(byte)) & 255];
  return ~crc;
}

std::string tf_record(std::string_view data) {
  std::string record;
  record.reserve(data.size() + 16);
  append_low_first(record, static_cast<uint64_t>(data.size()));
  append_low_first(record, masked(crc32c(record)));
  record += data;
  append_low_first(record, masked(crc32c(data)));
  return record;
}

EventFile::EventFile(const std::string& folder, const std::string& suffix) : file_(event_file_name(folder, suffix)) {
  file_.append(tf_record(io::ProtobufMessage().number(kWallTime, wall_clock()).bytes(kFileVersion, "brain.Event:2").text()));
}

void EventFile::add(uint32_t field, const io::ProtobufMessage& value, int64_t step, double wall_time) {
  const std::string record = tf_record(io::ProtobufMessage().number(kWallTime, wall_time).integer(kStep, step).message(field, value).text());
  const std::lock_guard lock(mutex_);
  file_.append(record);
}

void EventFile::flush() {
  const std::lock_guard lock(mutex_);
  file_.sync();
}

void EventFile::close() {
  const std::lock_guard lock(mutex_);
  file_.sync();
  file_.close();
}

}}}  // namespace torch::xgrad::inspect
