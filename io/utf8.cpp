#include <xgrad/io/utf8.h>

#include <cstddef>
#include <cstdint>

namespace torch { inline namespace xgrad { namespace io {

bool is_utf8(const std::string& text) {
  for (size_t i = 0; i < text.size();) {
    const auto byte = [&](size_t k) { return static_cast<unsigned char>(text[k]); };
    const unsigned char first = byte(i++);
    if (first < 0x80) continue;
    const size_t more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : 1;
    if (first < 0xc2 || first > 0xf4 || text.size() - i < more) return false;
    uint32_t point = first & (0x3fu >> more);
    for (size_t k = 0; k < more; ++k, ++i) {
      if ((byte(i) & 0xc0) != 0x80) return false;
      point = point << 6 | (byte(i) & 0x3fu);
    }
    constexpr uint32_t kLeast[] = {0, 0x80, 0x800, 0x10000};
    if (point < kLeast[more] || point > 0x10ffff || (point >= 0xd800 && point < 0xe000)) return false;
  }
  return true;
}

}}}  // namespace torch::xgrad::io
