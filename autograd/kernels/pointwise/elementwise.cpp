#include <xgrad/autograd/kernels/pointwise/elementwise.h>

#include <algorithm>
#include <cstring>

#include <xgrad/autograd/kernels/index/row_copy.h>

namespace torch { inline namespace xgrad { namespace kernels {
namespace {

constexpr int64_t kChunk = 512;
constexpr int kWidest = 8;  // bytes of an element

// Up to kBlock elements that lie side by side, by few fixed copies, which overlap.
void copy_short(char* to, const char* from, int64_t bytes) {
  if (bytes >= 16) {
    for (int64_t i = 0; i + 16 < bytes; i += 16) std::memcpy(to + i, from + i, 16);
    std::memcpy(to + bytes - 16, from + bytes - 16, 16);
  } else if (bytes >= 8) {
    std::memcpy(to, from, 8);
    std::memcpy(to + bytes - 8, from + bytes - 8, 8);
  } else if (bytes >= 4) {
    std::memcpy(to, from, 4);
    std::memcpy(to + bytes - 4, from + bytes - 4, 4);
  } else {
    for (int64_t i = 0; i < bytes; ++i) to[i] = from[i];
  }
}

// Fewer than kBlock elements, each operand side by side or, if an input, constant.
void compute_short(const RowFunction& f, char* const* pointers, const int64_t* strides, int64_t n, const void* parameters) {
  alignas(64) char buffers[kMaxOperands][kBlock * kWidest];
  char* rows[kMaxOperands];
  for (int k = 0; k < f.operands; ++k) {
    rows[k] = buffers[k];
    for (int unit = 0; unit < f.bytes[k]; ++unit) std::memset(buffers[k] + unit * kBlock, 0, kBlock);
    if (k > 0 && strides[k] == 0) copy_row(f.bytes[k], buffers[k], f.bytes[k], pointers[k], 0, kBlock);
    else if (k > 0) copy_short(buffers[k], pointers[k], n * f.bytes[k]);
  }
  f.loop(rows, kBlock, parameters);
  copy_short(pointers[0], buffers[0], n * f.bytes[0]);
}

// Elements that don't lie side by side on their way through buffers.
class Buffered {
 public:
  Buffered(const RowFunction& f, char* const* pointers, const int64_t* strides, int64_t n, const void* parameters)
      : f_(f), pointers_(pointers), strides_(strides), parameters_(parameters) {
    const int64_t filled = std::min(kChunk, (n + kBlock - 1) / kBlock * kBlock);
    for (int k = 1; k < f_.operands; ++k)
      if (strides_[k] == 0) copy_row(f_.bytes[k], buffers_[k], f_.bytes[k], pointers_[k], 0, filled);
  }

  void compute(int64_t first, int64_t n) {
    const int64_t whole = (n + kBlock - 1) / kBlock * kBlock;
    char* rows[kMaxOperands];
    for (int k = 1; k < f_.operands; ++k) rows[k] = input(k, first, n, n == whole);
    const bool in_place = n == whole && side_by_side(0);
    char* y = pointers_[0] + first * strides_[0];
    rows[0] = in_place ? y : buffers_[0];
    f_.loop(rows, whole, parameters_);
    if (!in_place) copy_row(f_.bytes[0], y, strides_[0], buffers_[0], f_.bytes[0], n);
  }

 private:
  bool side_by_side(int k) const { return strides_[k] == f_.bytes[k]; }

  char* input(int k, int64_t first, int64_t n, bool whole) {
    if (strides_[k] == 0) return buffers_[k];
    char* x = pointers_[k] + first * strides_[k];
    if (whole && side_by_side(k)) return x;
    const int bytes = f_.bytes[k];
    for (int j = 1; j < k; ++j)
      if (pointers_[j] == pointers_[k] && strides_[j] == strides_[k] && f_.bytes[j] == bytes) return buffers_[j];
    if (!whole) std::memset(buffers_[k] + n / kBlock * kBlock * bytes, 0, static_cast<size_t>(kBlock * bytes));
    copy_row(bytes, buffers_[k], bytes, x, strides_[k], n);
    return buffers_[k];
  }

  const RowFunction& f_;
  char* const* pointers_;
  const int64_t* strides_;
  const void* parameters_;
  alignas(64) char buffers_[kMaxOperands][kChunk * kWidest];
};

void run_buffered(const RowFunction& f, char* const* pointers, const int64_t* strides, int64_t n, const void* parameters) {
  Buffered row(f, pointers, strides, n, parameters);
  for (int64_t i = 0; i < n; i += kChunk) row.compute(i, std::min(kChunk, n - i));
}

// All inputs are one element each.
void compute_once(const RowFunction& f, char* const* pointers, const int64_t* strides, int64_t n, const void* parameters) {
  alignas(kWidest) char result[kWidest];
  char* once[kMaxOperands] = {result};
  std::copy_n(pointers + 1, f.operands - 1, once + 1);
  compute_short(f, once, strides, 1, parameters);
  copy_row(f.bytes[0], pointers[0], strides[0], result, 0, n);
}

}  // namespace

void run_blocks(const RowFunction& f, char* const* pointers, const int64_t* strides, int64_t n, const void* parameters) {
  bool side_by_side = strides[0] == f.bytes[0];
  int constants = 0;
  for (int k = 1; k < f.operands; ++k) {
    side_by_side = side_by_side && (strides[k] == f.bytes[k] || strides[k] == 0);
    constants += strides[k] == 0;
  }
  if (constants == f.operands - 1 && n > kBlock) return compute_once(f, pointers, strides, n, parameters);
  if (!side_by_side) return run_buffered(f, pointers, strides, n, parameters);

  const int64_t whole = n & ~(kBlock - 1);
  if (whole > 0 && constants > 0) run_buffered(f, pointers, strides, whole, parameters);
  else if (whole > 0) f.loop(pointers, whole, parameters);
  if (whole == n) return;
  char* rest[kMaxOperands];
  for (int k = 0; k < f.operands; ++k) rest[k] = pointers[k] + whole * strides[k];
  if (f.short_loop) f.short_loop(rest, strides, n - whole, parameters);
  else compute_short(f, rest, strides, n - whole, parameters);
}

}}}  // namespace torch::xgrad::kernels
