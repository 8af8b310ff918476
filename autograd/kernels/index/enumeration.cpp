#include <xgrad/autograd/kernels/index/enumeration.h>

#include <algorithm>

namespace torch { inline namespace xgrad { namespace kernels {

void list_triangle(bool upper, int64_t rows, int64_t columns, int64_t first, int64_t n, int64_t* out) {
  for (int64_t row = 0; row < rows; ++row) {
    const int64_t edge = std::clamp<int64_t>(first + row, 0, columns);
    for (int64_t column = upper ? edge : 0, end = upper ? columns : edge; column < end; ++column) {
      out[0] = row;
      out[n] = column;
      ++out;
    }
  }
}

void list_combinations(int64_t n, int64_t r, bool with_replacement, int64_t count, int64_t* out) {
  const int64_t step = with_replacement ? 0 : 1;
  if (count == 0) return;
  for (int64_t i = 0; i < r; ++i) out[i] = i * step;
  for (int64_t c = 1; c < count; ++c, out += r) {
    int64_t* const next = std::copy_n(out, r, out + r) - r;
    // The last number that can still grow; those behind it begin again.
    int64_t i = r - 1;
    while (next[i] == n - 1 - (r - 1 - i) * step) --i;
    for (int64_t value = next[i] + 1; i < r; ++i, value += step) next[i] = value;
  }
}

}}}  // namespace torch::xgrad::kernels
