// TensorBoard's event files: protobuf messages in TFRecords. Internal.
#pragma once

#include <mutex>
#include <string>
#include <string_view>

#include <xgrad/inspect/logging/append_file.h>
#include <xgrad/io/protobuf.h>

namespace torch { inline namespace xgrad { namespace inspect {

/// CRC-32C (RFC 3720: polynomial 0x1edc6f41, reflected, inverted) of the bytes.
uint32_t crc32c(std::string_view bytes);

/// A TFRecord: the length (8 bytes, the low first), its masked CRC-32C, the data, its masked CRC-32C. A mask keeps the checksum of data that hold
/// checksums from being one of them (tensorflow/core/lib/hash/crc32c.h).
std::string tf_record(std::string_view data);

/// One file of a run, with TensorBoard's name for it: events.out.tfevents.TIME.HOST.PROCESS.NUMBER, in a folder that is made. No two have the same.
class EventFile {
 public:
  EventFile(const std::string& folder, const std::string& suffix);

  /// Writes an Event (tensorflow/core/util/event.proto) with this field, on top of its time and step.
  void add(uint32_t field, const io::ProtobufMessage& value, int64_t step, double wall_time);
  /// A Summary with one value: the event that nearly all are.
  void add_value(const io::ProtobufMessage& value, int64_t step, double wall_time) {
    add(kSummary, io::ProtobufMessage().message(1, value), step, wall_time);
  }
  void flush();
  void close();
  const std::string& path() const { return file_.path(); }

  // Fields of an Event.
  enum : uint32_t { kWallTime = 1, kStep = 2, kFileVersion = 3, kGraph = 4, kSummary = 5, kSessionLog = 7 };

 private:
  AppendFile file_;
  std::mutex mutex_;
};

}}}  // namespace torch::xgrad::inspect
