#include <xgrad/autograd/kernels/index/positions.h>

#include <algorithm>

namespace torch { inline namespace xgrad { namespace kernels {

bool all_within(const int64_t* positions, int64_t n, int64_t size) {
  // Both are negative, as signed numbers, only where the position is outside.
  uint64_t outside = 0;
  for (int64_t i = 0; i < n; ++i) {
    const auto position = static_cast<uint64_t>(positions[i]);
    outside |= position | (static_cast<uint64_t>(size) - 1 - position);
  }
  return static_cast<int64_t>(outside) >= 0;
}

void wrap_positions(int64_t* positions, int64_t n, int64_t size) {
  for (int64_t i = 0; i < n; ++i) positions[i] += positions[i] < 0 ? size : 0;
}

void add_steps(const int64_t* positions, int64_t step, int64_t n, int64_t* offsets) {
  for (int64_t i = 0; i < n; ++i) offsets[i] += positions[i] * step;
}

int64_t count_nonzero(ScalarType dtype, const void* x, int64_t n) {
  return dispatch_stored(dtype, "nonzero", [=](auto zero) {
    const auto* const p = static_cast<const decltype(zero)*>(x);
    int64_t count = 0;
    for (int64_t i = 0; i < n; ++i) count += p[i] != zero;
    return count;
  });
}

void find_nonzero(ScalarType dtype, const void* x, int64_t n, int64_t count, int64_t* positions) {
  dispatch_stored(dtype, "nonzero", [=](auto zero) {
    const auto* const p = static_cast<const decltype(zero)*>(x);
    int64_t* out = positions;
    for (int64_t i = 0; i < n && out < positions + count; ++i)
      if (p[i] != zero) *out++ = i;
  });
}

void repeat_positions(const int64_t* counts, int64_t n, int64_t total, int64_t* positions) {
  int64_t done = 0;
  for (int64_t i = 0; i < n; ++i) {
    const int64_t count = std::min(counts[i], total - done);
    std::fill_n(positions + done, count, i);
    done += count;
  }
}

void split_positions(const int64_t* positions, int64_t n, Constants<int64_t> sizes, int64_t* coordinates) {
  for (int64_t i = 0; i < n; ++i) {
    int64_t rest = positions[i];
    for (int64_t a = sizes.size - 1; a >= 0; --a) {
      coordinates[i * sizes.size + a] = rest % sizes.data[a];
      rest /= sizes.data[a];
    }
  }
}

void mark_classes(const int64_t* classes, int64_t n, int64_t width, int64_t* rows) {
  for (int64_t i = 0; i < n; ++i) rows[i * width + classes[i]] = 1;
}

}}}  // namespace torch::xgrad::kernels
