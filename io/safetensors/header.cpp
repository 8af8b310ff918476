#include <xgrad/io/safetensors/header.h>

#include <algorithm>
#include <array>
#include <cstdio>

#include <nlohmann/json.hpp>

#include <xgrad/autograd/core/shape.h>
#include <xgrad/io/crc32.h>

namespace torch { inline namespace xgrad { namespace io {

namespace {

constexpr const char* kMetadata = "__metadata__";
constexpr const char* kFormat = "xgrad";
constexpr const char* kVersion = "1";
// The checksum is that of the header with zeros in this place.
constexpr std::string_view kChecksumField = "\"crc32\":\"";
constexpr std::string_view kNoChecksum = "00000000";

struct NamedDtype {
  const char* name;
  uint64_t bits;
  ScalarType stored, dtype;
};
constexpr ScalarType kNoDtype = ScalarType::Undefined;
constexpr NamedDtype kDtypes[] = {{"F32", 32, kFloat, kFloat},
                                  {"F64", 64, kDouble, kDouble},
                                  {"F16", 16, kHalf, kHalf},
                                  {"BF16", 16, kBFloat16, kBFloat16},
                                  {"I64", 64, kLong, kLong},
                                  {"I32", 32, kInt, kInt},
                                  {"I16", 16, kShort, kShort},
                                  {"I8", 8, kChar, kChar},
                                  {"U8", 8, kByte, kByte},
                                  {"BOOL", 8, kBool, kBool},
                                  {"U16", 16, kShort, kInt},
                                  {"U32", 32, kInt, kLong},
                                  {"U64", 64, kNoDtype, kNoDtype},
                                  {"C64", 64, kNoDtype, kNoDtype},
                                  {"F8_E4M3", 8, kNoDtype, kNoDtype},
                                  {"F8_E5M2", 8, kNoDtype, kNoDtype},
                                  {"F8_E8M0", 8, kNoDtype, kNoDtype},
                                  {"F6_E2M3", 6, kNoDtype, kNoDtype},
                                  {"F6_E3M2", 6, kNoDtype, kNoDtype},
                                  {"F4", 4, kNoDtype, kNoDtype}};

// Null: a dtype that is not known.
const NamedDtype* find_dtype(const std::string& name) {
  for (const NamedDtype& d : kDtypes)
    if (name == d.name) return &d;
  return nullptr;
}

const char* name_of(ScalarType dtype) {
  for (const NamedDtype& d : kDtypes)
    if (d.stored == dtype && d.dtype == dtype) return d.name;
  return nullptr;
}

std::string checksum_of(std::string_view text) { return checksum_text(crc32_of(0, text.data(), text.size())); }

size_t checksum_place(std::string_view text) {
  const size_t at = text.find(kChecksumField);
  return at == std::string_view::npos ? at : at + kChecksumField.size();
}

// Builds a Header from the parser's events. Parsing this way sees keys that appear twice, never nests deeper than a header
// does, and accepts no number that is not a plain natural one.
class HeaderReader : public nlohmann::json_sax<nlohmann::json> {
 public:
  HeaderReader(Header& header, const std::string& file) : header_(header), file_(file) {}

  bool start_object(size_t) override {
    if (level_ == 0) return descend();
    require(level_ == 1, "an object");
    in_metadata_ = name_ == kMetadata;
    seen_.fill(false);
    if (!in_metadata_) place_ = &header_.tensors[name_];
    return descend();
  }
  bool key(string_t& key) override {
    if (level_ == 1) {
      XGRAD_CHECK(key == kMetadata ? !std::exchange(has_metadata_, true) : !header_.tensors.count(key), where(key), "the name appears twice");
      name_ = key;
    } else if (in_metadata_) {
      XGRAD_CHECK(header_.metadata.emplace(key, std::string()).second, where(kMetadata), "\"", key, "\" appears twice");
      field_ = key;
    } else {
      const size_t field = key == "dtype" ? 0 : key == "shape" ? 1 : key == "data_offsets" ? 2 : 3;
      XGRAD_CHECK(field < 3, where(name_), "unknown field \"", key, "\"");
      XGRAD_CHECK(!std::exchange(seen_[field], true), where(name_), "\"", key, "\" appears twice");
      field_ = key;
    }
    return true;
  }
  bool end_object() override {
    if (--level_ == 1 && !in_metadata_)
      XGRAD_CHECK(seen_[0] && seen_[1] && seen_[2] && offsets_ == 2, where(name_), "dtype, shape and two data_offsets must be given");
    offsets_ = 0;
    return true;
  }
  bool start_array(size_t) override {
    require(level_ == 2 && !in_metadata_ && field_ != "dtype", "an array");
    in_array_ = true;
    return descend();
  }
  bool end_array() override {
    in_array_ = false;
    --level_;
    return true;
  }
  bool string(string_t& value) override {
    require(level_ == 2 && (in_metadata_ || field_ == "dtype"), "a string");
    if (in_metadata_) {
      header_.metadata[field_] = value;
      return true;
    }
    const auto is_named = [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; };
    XGRAD_CHECK(value.size() <= 32 && std::all_of(value.begin(), value.end(), is_named), where(name_), "a dtype is no name");
    place_->dtype_name = value;
    if (const NamedDtype* d = find_dtype(value)) {
      place_->stored = d->stored;
      place_->dtype = d->dtype;
    }
    return true;
  }
  bool number_unsigned(number_unsigned_t value) override {
    require(level_ == 3 && in_array_, "a number");
    XGRAD_CHECK(value <= INT64_MAX, where(name_), "the number ", static_cast<unsigned long long>(value), " is too large");
    if (field_ == "shape") {
      XGRAD_CHECK(place_->shape.size() < 64, where(name_), "more than 64 axes");
      place_->shape.push_back(static_cast<int64_t>(value));
    } else {
      XGRAD_CHECK(offsets_ < 2, where(name_), "data_offsets must be two numbers");
      (offsets_++ == 0 ? place_->begin : place_->end) = value;
    }
    return true;
  }
  bool null() override { refuse("null"); }
  bool boolean(bool) override { refuse("a boolean"); }
  bool number_integer(number_integer_t) override { refuse("a negative number"); }
  bool number_float(number_float_t, const string_t&) override { refuse("a number that is no natural one"); }
  bool binary(binary_t&) override { refuse("binary data"); }
  bool parse_error(size_t position, const std::string&, const nlohmann::json::exception&) override {
    detail::raise<Error>("[load] ", file_, ": the header is not JSON in UTF-8, at byte ", position);
  }

 private:
  bool descend() {
    ++level_;
    return true;
  }
  void require(bool condition, const char* what) const {
    if (!condition) refuse(what);
  }
  [[noreturn]] void refuse(const char* what) const { detail::raise<Error>(where(level_ == 0 ? "the header" : name_), "unexpected ", what); }
  std::string where(const std::string& key) const { return detail::concatenate("[load] ", file_, ": ", key, ": "); }

  Header& header_;
  const std::string& file_;
  int level_ = 0;
  bool has_metadata_ = false, in_metadata_ = false, in_array_ = false;
  std::array<bool, 3> seen_{};
  int offsets_ = 0;
  TensorPlace* place_ = nullptr;
  std::string name_, field_;
};

void check_sizes(const std::string& key, const TensorPlace& place, const std::string& file) {
  const NamedDtype* const dtype = find_dtype(place.dtype_name);
  uint64_t bits = dtype ? dtype->bits : 0;
  bool fits = true;
  for (int64_t s : place.shape)
    if (s == 0) bits = 0;
  for (int64_t s : place.shape)
    if (bits != 0) fits = fits && !__builtin_mul_overflow(bits, static_cast<uint64_t>(s), &bits);
  fits = fits && place.begin <= place.end && bits % 8 == 0 && (!dtype || place.end - place.begin == bits / 8);
  XGRAD_CHECK(fits, "[load] ", file, ": ", key, ": bytes ", place.begin, " to ", place.end, " don't fit dtype ", place.dtype_name, " and shape ",
              IntArrayRef(place.shape));
}

// The text is put together from strings: a tree of json values takes memory while it is destroyed, and where there is none left
// that would end the process.
std::string quoted(const std::string& text) { return nlohmann::json(text).dump(); }
std::string entry(const std::string& key, const std::string& value) { return quoted(key) + ":" + quoted(value); }

template <class Numbers> std::string list(const Numbers& numbers) {
  std::string text = "[";
  for (const auto n : numbers) text += (text.size() > 1 ? "," : "") + std::to_string(n);
  return text + "]";
}

}  // namespace

std::string checksum_text(uint32_t checksum) {
  char digits[9];
  std::snprintf(digits, sizeof digits, "%08x", checksum);
  return digits;
}

std::string header_text(const Header& header, const std::string& file) {
  std::string text;
  try {
    text =
        "{" + quoted(kMetadata) + ":{" + entry("format", kFormat) + "," + entry("version", kVersion) + "," + entry("crc32", std::string(kNoChecksum));
    for (const auto& [key, value] : header.metadata) text += "," + entry(key, value);
    text += "}";
    for (const auto& [key, place] : header.tensors)
      text += "," + quoted(key) + ":{" + entry("dtype", name_of(place.dtype)) + ",\"shape\":" + list(place.shape) +
              ",\"data_offsets\":" + list(std::array<uint64_t, 2>{place.begin, place.end}) + "}";
    text += "}";
  } catch (const nlohmann::json::exception&) {
    detail::raise<Error>("[save] ", file, ": names and metadata must be UTF-8");
  }
  text.append((8 - text.size() % 8) % 8, ' ');
  const std::string checksum = checksum_of(text);
  return text.replace(checksum_place(text), checksum.size(), checksum);
}

Header parse_header(std::string_view text, const std::string& file) {
  XGRAD_CHECK(!text.empty() && text.front() == '{', "[load] ", file, ": the header must begin with {");
  // The parser takes a zero byte for the end of the text, and would not look at what follows.
  XGRAD_CHECK(text.find('\0') == std::string_view::npos, "[load] ", file, ": the header has a zero byte, at byte ", text.find('\0'));
  Header header;
  HeaderReader reader(header, file);
  nlohmann::json::sax_parse(text.begin(), text.end(), &reader);
  const auto format = header.metadata.find("format"), stored = header.metadata.find("crc32");
  const bool ours = format != header.metadata.end() && format->second == kFormat;
  XGRAD_CHECK(!ours || stored != header.metadata.end(), "[load] ", file, ": the header's checksum is missing");
  if (stored != header.metadata.end()) {
    std::string zeroed(text);
    if (const size_t at = checksum_place(text); at != std::string_view::npos && at + 8 <= zeroed.size()) zeroed.replace(at, 8, kNoChecksum);
    XGRAD_CHECK(checksum_of(zeroed) == stored->second, "[load] ", file, ": the header is damaged: its checksum differs");
  }
  if (ours && header.metadata["version"] != kVersion) {
    const std::string& version = header.metadata["version"];
    const bool number = !version.empty() && version.find_first_not_of("0123456789") == std::string::npos;
    detail::raise<Error>("[load] ", file, ": written in ",
                         number && version != "0" ? "a newer version of the format" : "an unknown version of the format", ", \"", version,
                         "\", where this library reads version ", kVersion);
  }
  for (const auto& [key, place] : header.tensors) check_sizes(key, place, file);
  return header;
}

}}}  // namespace torch::xgrad::io
