// Messages in protobuf's wire format, written field by field (protobuf.dev, "Encoding"): no schema, no reader. Internal.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <xgrad/autograd/core/array_ref.h>

namespace torch { inline namespace xgrad { namespace io {

/// One message. Fields come in the order in which they are written, a repeated one by being written again; what equals its field's default is
/// written all the same, as proto2 wants and proto3 allows.
///
///     ProtobufMessage value;
///     value.bytes(1, tag).number(2, 3.5f);
///     ProtobufMessage event;
///     event.integer(2, step).message(5, ProtobufMessage().message(1, value));
class ProtobufMessage {
 public:
  /// int32, int64, uint32, uint64, bool and enums. Negative numbers take ten bytes, as in int32 and int64; sint and fixed types are others.
  ProtobufMessage& integer(uint32_t field, int64_t value) {
    key(field, kVarint);
    return varint(static_cast<uint64_t>(value));
  }
  /// float, and double.
  ProtobufMessage& number(uint32_t field, float value) {
    key(field, kFixed32);
    return fixed(std::bit_cast<uint32_t>(value));
  }
  ProtobufMessage& number(uint32_t field, double value) {
    key(field, kFixed64);
    return fixed(std::bit_cast<uint64_t>(value));
  }
  /// string (then UTF-8) and bytes.
  ProtobufMessage& bytes(uint32_t field, std::string_view value) {
    length(field, value.size());
    bytes_ += value;
    return *this;
  }
  /// A message within this one.
  ProtobufMessage& message(uint32_t field, const ProtobufMessage& value) { return bytes(field, value.bytes_); }
  /// A packed repeated field: of integers as integer() takes them, of doubles, of floats.
  ProtobufMessage& packed(uint32_t field, ArrayRef<int64_t> values) {
    ProtobufMessage all;
    for (int64_t v : values) all.varint(static_cast<uint64_t>(v));
    return message(field, all);
  }
  ProtobufMessage& packed(uint32_t field, ArrayRef<double> values) {
    length(field, values.size() * sizeof(uint64_t));
    for (double v : values) fixed(std::bit_cast<uint64_t>(v));
    return *this;
  }
  ProtobufMessage& packed(uint32_t field, ArrayRef<float> values) {
    length(field, values.size() * sizeof(uint32_t));
    for (float v : values) fixed(std::bit_cast<uint32_t>(v));
    return *this;
  }
  /// The key and the length of a field whose `size` bytes follow; they are the caller's to write behind these.
  ProtobufMessage& length(uint32_t field, uint64_t size) {
    key(field, kLengthDelimited);
    return varint(size);
  }

  const std::string& text() const& { return bytes_; }
  std::string text() && { return std::move(bytes_); }

 private:
  enum WireType : uint32_t { kVarint = 0, kFixed64 = 1, kLengthDelimited = 2, kFixed32 = 5 };

  void key(uint32_t field, WireType type) { varint(field << 3 | type); }
  ProtobufMessage& varint(uint64_t value) {
    for (; value >= 0x80; value >>= 7) bytes_ += static_cast<char>(value | 0x80);
    bytes_ += static_cast<char>(value);
    return *this;
  }
  template <class Bits> ProtobufMessage& fixed(Bits value) {
    for (size_t i = 0; i < sizeof value; ++i) bytes_ += static_cast<char>(value >> 8 * i);
    return *this;
  }

  std::string bytes_;
};

}}}  // namespace torch::xgrad::io
