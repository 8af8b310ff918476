#include <xgrad/inspect/escape.h>

#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdio>

namespace torch { inline namespace xgrad { namespace inspect {

namespace {

constexpr std::string_view kReplacement = "\xef\xbf\xbd";  // U+FFFD

// The length of the code point that begins here, 0 if none does (Unicode 15, table 3-7).
size_t code_point_length(std::string_view text) {
  const auto byte = [&](size_t i) { return static_cast<uint8_t>(text[i]); };
  const auto follows = [&](size_t i, uint8_t low = 0x80, uint8_t high = 0xbf) { return i < text.size() && byte(i) >= low && byte(i) <= high; };
  const uint8_t first = byte(0);
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first <= 0xdf) return follows(1) ? 2 : 0;
  if (first >= 0xe0 && first <= 0xef) return follows(1, first == 0xe0 ? 0xa0 : 0x80, first == 0xed ? 0x9f : 0xbf) && follows(2) ? 3 : 0;
  if (first >= 0xf0 && first <= 0xf4) return follows(1, first == 0xf0 ? 0x90 : 0x80, first == 0xf4 ? 0x8f : 0xbf) && follows(2) && follows(3) ? 4 : 0;
  return 0;
}

// Appends write(code point) for each, which may be several bytes.
template <class Write> std::string by_code_point(std::string_view text, Write write) {
  std::string result;
  result.reserve(text.size());
  while (!text.empty()) {
    const size_t length = code_point_length(text);
    if (length == 0) result += kReplacement;
    else write(result, text.substr(0, length));
    text.remove_prefix(std::max<size_t>(length, 1));
  }
  return result;
}

}  // namespace

std::string valid_utf8(std::string_view text) {
  return by_code_point(text, [](std::string& to, std::string_view c) { to += c; });
}

std::string xml_escaped(std::string_view text) {
  return by_code_point(text, [](std::string& to, std::string_view c) {
    switch (c[0]) {
      case '&': to += "&amp;"; break;
      case '<': to += "&lt;"; break;
      case '>': to += "&gt;"; break;
      case '"': to += "&quot;"; break;
      case '\'': to += "&#39;"; break;
      default:
        // Besides these, XML 1.0 has no U+FFFE and U+FFFF.
        if ((c.size() == 1 && c[0] >= 0 && c[0] < ' ' && c[0] != '\n' && c[0] != '\t' && c[0] != '\r') || c == "\xef\xbf\xbe" || c == "\xef\xbf\xbf")
          to += kReplacement;
        else to += c;
    }
  });
}

std::string json_quoted(std::string_view text) {
  return '"' +
         by_code_point(text,
                       [](std::string& to, std::string_view c) {
                         switch (c[0]) {
                           case '"': to += "\\\""; break;
                           case '\\': to += "\\\\"; break;
                           case '\n': to += "\\n"; break;
                           case '\t': to += "\\t"; break;
                           default:
                             if (c.size() == 1 && c[0] >= 0 && (c[0] < ' ' || c[0] == 0x7f)) {
                               char code[8];
                               std::snprintf(code, sizeof code, "\\u%04x", static_cast<unsigned>(c[0]));
                               to += code;
                             } else {
                               to += c;
                             }
                         }
                       }) +
         '"';
}

std::string csv_field(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string field = "\"";
  for (const char c : text) field.append(c == '"' ? 2 : 1, c);
  return field + '"';
}

std::string number_text(double value) {
  if (std::isnan(value)) return "nan";  // whatever its sign
  char digits[32];
  return std::string(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
}

std::string json_number(double value) { return std::isfinite(value) ? number_text(value) : '"' + number_text(value) + '"'; }

std::string fixed_text(double value, int decimals) {
  if (!std::isfinite(value)) return number_text(value);
  char digits[400];
  std::string text(digits, std::to_chars(digits, digits + sizeof digits, value, std::chars_format::fixed, decimals).ptr);
  // No sign before zeros.
  if (text[0] == '-' && text.find_first_of("123456789") == std::string::npos) text.erase(0, 1);
  return text;
}

std::string short_text(double value, int digits) {
  if (!std::isfinite(value)) return number_text(value);
  char text[32];
  return std::string(text, std::to_chars(text, text + sizeof text, value == 0 ? 0.0 : value, std::chars_format::general, digits).ptr);
}

std::string grouped_text(long long count) {
  std::string text = std::to_string(count);
  const size_t first = text[0] == '-' ? 1 : 0;
  for (size_t at = text.size(); at > first + 3;) text.insert(at -= 3, 1, ',');
  return text;
}

std::string bytes_text(double bytes) {
  static constexpr const char* units[] = {"B", "kB", "MB", "GB", "TB", "PB"};
  size_t unit = 0;
  for (; bytes >= 999.5 && unit + 1 < std::size(units); ++unit) bytes /= 1000;
  return short_text(bytes, 3) + ' ' + units[unit];
}

std::string time_text(double seconds) {
  if (seconds >= 0.9995) return short_text(seconds, 4) + " s";
  if (seconds >= 0.9995e-3) return short_text(seconds * 1e3, 3) + " ms";
  if (seconds >= 0.9995e-6) return short_text(seconds * 1e6, 3) + " us";
  return short_text(seconds * 1e9, 3) + " ns";
}

size_t characters(std::string_view text) {
  size_t count = 0;
  for (const char c : text) count += (c & 0xc0) != 0x80;
  return count;
}

std::string base64(std::string_view bytes) {
  static constexpr char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (size_t at = 0; at < bytes.size(); at += 3) {
    uint32_t group = 0;
    for (size_t i = 0; i < 3; ++i) group = group << 8 | (at + i < bytes.size() ? static_cast<uint8_t>(bytes[at + i]) : 0);
    for (size_t i = 0; i < 4; ++i) text += at + i <= bytes.size() ? digits[group >> (18 - 6 * i) & 63] : '=';
  }
  return text;
}

}}}  // namespace torch::xgrad::inspect
