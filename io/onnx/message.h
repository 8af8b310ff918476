// Writing protocol buffers, as much of them as ONNX needs: https://protobuf.dev/programming-guides/encoding.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include <xgrad/autograd/core/array_ref.h>

namespace torch { inline namespace xgrad { namespace onnx {

/// A message as it is put together: fields in the order of the calls.
class Message {
 public:
  Message& integer(int field, int64_t value) {
    key(field, 0);
    varint(static_cast<uint64_t>(value));
    return *this;
  }
  Message& real(int field, float value) {
    key(field, 5);
    char bytes[sizeof value];
    std::memcpy(bytes, &value, sizeof value);
    bytes_.append(bytes, sizeof value);
    return *this;
  }
  Message& text(int field, std::string_view value) {
    key(field, 2);
    varint(value.size());
    bytes_.append(value);
    return *this;
  }
  Message& message(int field, const Message& inner) { return text(field, inner.bytes_); }
  /// Packed.
  Message& integers(int field, IntArrayRef values) {
    Message packed;
    for (const int64_t v : values) packed.varint(static_cast<uint64_t>(v));
    return message(field, packed);
  }

  const std::string& bytes() const { return bytes_; }

 private:
  void key(int field, int type) { varint(static_cast<uint64_t>(field) << 3 | static_cast<uint64_t>(type)); }
  void varint(uint64_t value) {
    for (; value >= 128; value >>= 7) bytes_ += static_cast<char>(value | 128);
    bytes_ += static_cast<char>(value);
  }

  std::string bytes_;
};

}}}  // namespace torch::xgrad::onnx
