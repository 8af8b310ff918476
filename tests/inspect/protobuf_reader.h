// Reads what the wire format of protobuf and TFRecords say, bit by bit: for tests, and with nothing of the writer's.
#pragma once

#include <cstdint>
#include <cstring>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

/// The fields of a message by their numbers; a repeated one has several values.
class Message {
 public:
  struct Value {
    uint64_t number = 0;  // a varint, or the bits of a fixed number
    std::string bytes;    // of a field with a length
    int type = 0;
  };

  Message() = default;
  explicit Message(const std::string& bytes) {
    for (size_t at = 0; at < bytes.size();) {
      const uint64_t key = varint(bytes, at);
      Value value;
      value.type = static_cast<int>(key & 7);
      if (value.type == 0) value.number = varint(bytes, at);
      else if (value.type == 1) value.number = fixed(bytes, at, 8);
      else if (value.type == 5) value.number = fixed(bytes, at, 4);
      else if (value.type == 2) value.bytes = part(bytes, at, varint(bytes, at));
      else throw std::runtime_error("unknown type of a field");
      fields_[static_cast<int>(key >> 3)].push_back(value);
    }
  }

  size_t count(int field) const { return fields_.count(field) ? fields_.at(field).size() : 0; }
  const Value& value(int field, size_t i = 0) const { return fields_.at(field).at(i); }
  std::string bytes(int field, size_t i = 0) const { return of_type(field, i, 2).bytes; }
  Message message(int field, size_t i = 0) const { return Message(bytes(field, i)); }
  int64_t integer(int field, size_t i = 0) const { return static_cast<int64_t>(of_type(field, i, 0).number); }
  double number(int field, size_t i = 0) const {
    const uint64_t bits = of_type(field, i, 1).number;
    double result;
    std::memcpy(&result, &bits, 8);
    return result;
  }
  float small_number(int field, size_t i = 0) const {
    const auto bits = static_cast<uint32_t>(of_type(field, i, 5).number);
    float result;
    std::memcpy(&result, &bits, 4);
    return result;
  }
  std::vector<double> numbers(int field) const {  // packed
    const std::string all = bytes(field);
    std::vector<double> result(all.size() / 8);
    if (!result.empty()) std::memcpy(result.data(), all.data(), result.size() * 8);
    return result;
  }

 private:
  const Value& of_type(int field, size_t i, int type) const {
    if (value(field, i).type != type) throw std::runtime_error("a field of another type");
    return value(field, i);
  }
  static uint64_t varint(const std::string& bytes, size_t& at) {
    uint64_t result = 0;
    for (int shift = 0; shift < 70; shift += 7) {
      const auto byte = static_cast<uint8_t>(bytes.at(at++));
      result |= static_cast<uint64_t>(byte & 0x7f) << shift;
      if (!(byte & 0x80)) return result;
    }
    throw std::runtime_error("a varint without an end");
  }
  static uint64_t fixed(const std::string& bytes, size_t& at, int size) {
    uint64_t result = 0;
    for (int i = 0; i < size; ++i) result |= static_cast<uint64_t>(static_cast<uint8_t>(bytes.at(at++))) << 8 * i;
    return result;
  }
  static std::string part(const std::string& bytes, size_t& at, uint64_t size) {
    if (size > bytes.size() - at) throw std::runtime_error("a field that is longer than its message");
    at += size;
    return bytes.substr(at - size, size);
  }

  std::map<int, std::vector<Value>> fields_;
};

/// CRC-32C as RFC 3720 has it, a bit at a time.
inline uint32_t bitwise_crc32c(const std::string& bytes) {
  uint32_t crc = ~uint32_t{0};
  for (const char byte : bytes) {
    crc ^= static_cast<uint8_t>(byte);
    for (int bit = 0; bit < 8; ++bit) crc = crc & 1 ? crc >> 1 ^ 0x82f63b78 : crc >> 1;
  }
  return ~crc;
}

/// The data of the records of a file. Throws for a wrong checksum.
inline std::vector<std::string> records_of(const std::string& file) {
  const auto number = [&](size_t at, int size) {
    uint64_t result = 0;
    for (int i = 0; i < size; ++i) result |= static_cast<uint64_t>(static_cast<uint8_t>(file.at(at + static_cast<size_t>(i)))) << 8 * i;
    return result;
  };
  const auto check = [&](size_t at, const std::string& bytes) {
    const uint32_t crc = bitwise_crc32c(bytes), masked = ((crc >> 15) | (crc << 17)) + 0xa282ead8;
    if (number(at, 4) != masked) throw std::runtime_error("a wrong checksum");
  };
  std::vector<std::string> records;
  for (size_t at = 0; at < file.size();) {
    const size_t size = number(at, 8);
    check(at + 8, file.substr(at, 8));
    records.push_back(file.substr(at + 12, size));
    check(at + 12 + size, records.back());
    at += size + 16;
  }
  return records;
}
