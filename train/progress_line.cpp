#include <xgrad/train/progress_line.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <iterator>

namespace torch { inline namespace xgrad { namespace train {

namespace {

template <class... Values> std::string formatted(const char* format, Values... values) {
  char text[512];  // the largest double has 309 digits
  std::snprintf(text, sizeof text, format, values...);
  return text;
}

std::string interval_text(double seconds) {
  if (!(seconds >= 0 && seconds < 1e15)) return "?";
  const auto all = static_cast<long long>(seconds);
  const long long h = all / 3600, m = all / 60 % 60, s = all % 60;
  return h ? formatted("%lld:%02lld:%02lld", h, m, s) : formatted("%02lld:%02lld", m, s);
}

std::string rate_text(double rate, const std::string& unit) {
  if (!(rate > 0)) return "?" + unit + "/s";
  return rate < 1 ? formatted("%5.2f", 1 / rate) + "s/" + unit : formatted("%5.2f", rate) + unit + "/s";
}

std::string bar_text(double part, int columns, bool ascii) {
  const int levels = ascii ? 10 : 8;  // of one column
  const auto symbol = [&](int level) -> std::string {
    if (level == 0) return " ";
    if (ascii) return level == levels ? "#" : std::string(1, static_cast<char>('0' + level));
    return {'\xe2', '\x96', static_cast<char>(0x90 - level)};  // U+258F, an eighth, to U+2588
  };
  const auto filled = static_cast<int>(part * columns * levels);
  std::string text;
  for (int i = 0; i < columns; ++i) text += symbol(std::clamp(filled - i * levels, 0, levels));
  return text;
}

// The first code point of text[i...]; `i` goes behind it. What is no UTF-8 counts byte by byte.
uint32_t next_code_point(const std::string& text, size_t& i) {
  const auto first = static_cast<unsigned char>(text[i++]);
  const int more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : first >= 0xc0 ? 1 : 0;
  uint32_t code = more ? first & (0x3fu >> more) : first;
  for (int k = 0; k < more && i < text.size() && (static_cast<unsigned char>(text[i]) & 0xc0) == 0x80; ++k)
    code = code << 6 | (static_cast<unsigned char>(text[i++]) & 0x3f);
  return code;
}

// Of the Unicode standard's EastAsianWidth.txt, by blocks.
int columns_of(uint32_t code) {
  static constexpr uint32_t kWide[][2] = {{0x1100, 0x115f},   {0x2e80, 0x303e},   {0x3041, 0xa4cf},   {0xac00, 0xd7a3},
                                          {0xf900, 0xfaff},   {0xfe30, 0xfe6f},   {0xff00, 0xff60},   {0xffe0, 0xffe6},
                                          {0x1f300, 0x1f64f}, {0x1f680, 0x1f6ff}, {0x1f900, 0x1f9ff}, {0x20000, 0x3fffd}};
  static constexpr uint32_t kNone[][2] = {{0x300, 0x36f}, {0x200b, 0x200f}, {0x20d0, 0x20ff}, {0xfe00, 0xfe0f}, {0xfe20, 0xfe2f}};
  const auto within = [code](const uint32_t(&range)[2]) { return code >= range[0] && code <= range[1]; };
  if (std::any_of(std::begin(kNone), std::end(kNone), within)) return 0;
  return std::any_of(std::begin(kWide), std::end(kWide), within) ? 2 : 1;
}

// As many of its characters as fit.
std::string cut_to(const std::string& text, int width) {
  size_t end = 0;
  for (int used = 0; end < text.size();) {
    size_t next = end;
    used += columns_of(next_code_point(text, next));
    if (used > width) break;
    end = next;
  }
  return text.substr(0, end);
}

}  // namespace

int columns_of(const std::string& text) {
  int columns = 0;
  for (size_t i = 0; i < text.size();) columns += columns_of(next_code_point(text, i));
  return columns;
}

std::string short_number(double value) {
  char all[40];
  const std::string exact(all, std::to_chars(all, all + sizeof all, value).ptr);
  std::string brief = formatted("%.3g", value);
  for (const char* exponent : {"e+0", "e-0"})
    if (const size_t at = brief.find(exponent); at != std::string::npos) brief.erase(at + 2, 1);
  return brief.size() < exact.size() ? brief : exact;
}

std::string progress_text(const ProgressLine& line, std::optional<int> width, bool ascii) {
  const std::string elapsed = interval_text(line.elapsed), rate = rate_text(line.rate, line.unit), n = std::to_string(line.n);
  const bool has_colon = line.description.size() >= 2 && line.description.compare(line.description.size() - 2, 2, ": ") == 0;
  const std::string before = line.description.empty() || has_colon ? line.description : line.description + ": ";
  std::string text;
  if (line.total && *line.total > 0 && line.n <= *line.total) {
    const double part = static_cast<double>(line.n) / static_cast<double>(*line.total);
    const std::string left = before + formatted("%3.0f%%|", part * 100);
    const std::string remaining = line.rate > 0 ? interval_text(static_cast<double>(*line.total - line.n) / line.rate) : "?";
    const std::string right = "| " + n + "/" + std::to_string(*line.total) + " [" + elapsed + "<" + remaining + ", " + rate + line.postfix + "]";
    text = left + bar_text(part, width ? std::max(1, *width - columns_of(left + right)) : 10, ascii) + right;
  } else {
    text = before + n + line.unit + " [" + elapsed + ", " + rate + line.postfix + "]";
  }
  return width ? cut_to(text, *width) : text;
}

}}}  // namespace torch::xgrad::train
