#include <xgrad/autograd/kernels/elementwise.h>

#include <algorithm>
#include <cstring>

namespace xgrad::kernels {
namespace {

constexpr int64_t kChunk = 256;
constexpr int kWidest = 8;  // bytes of an element

template <class Unit>
void copy_strided(char* to, int64_t to_step, const char* from, int64_t from_step, int64_t n) {
  for (int64_t i = 0; i < n; ++i) std::memcpy(to + i * to_step, from + i * from_step, sizeof(Unit));
}
void copy_elements(int bytes, char* to, int64_t to_step, const char* from, int64_t from_step, int64_t n) {
  if (bytes == 4) copy_strided<int32_t>(to, to_step, from, from_step, n);
  else if (bytes == 8) copy_strided<int64_t>(to, to_step, from, from_step, n);
  else copy_strided<char>(to, to_step, from, from_step, n);
}

// Elements that don't lie side by side, or don't fill blocks, on their way through buffers.
class Buffered {
 public:
  Buffered(const RowFunction& f, char* const* pointers, const int64_t* strides, int64_t n, const void* parameters)
      : f_(f), pointers_(pointers), strides_(strides), parameters_(parameters) {
    const int64_t filled = std::min(kChunk, (n + kBlock - 1) / kBlock * kBlock);
    for (int k = 1; k < f_.operands; ++k)
      if (strides_[k] == 0) copy_elements(f_.bytes[k], buffers_[k], f_.bytes[k], pointers_[k], 0, filled);
  }

  void compute(int64_t first, int64_t n) {
    const int64_t whole = (n + kBlock - 1) / kBlock * kBlock;
    char* rows[kMaxOperands];
    for (int k = 1; k < f_.operands; ++k) rows[k] = input(k, first, n, n == whole);
    const bool in_place = n == whole && side_by_side(0);
    char* y = pointers_[0] + first * strides_[0];
    rows[0] = in_place ? y : buffers_[0];
    f_.loop(rows, whole, parameters_);
    if (!in_place) copy_elements(f_.bytes[0], y, strides_[0], buffers_[0], f_.bytes[0], n);
  }

 private:
  bool side_by_side(int k) const { return strides_[k] == f_.bytes[k]; }

  char* input(int k, int64_t first, int64_t n, bool whole) {
    if (strides_[k] == 0) return buffers_[k];
    char* x = pointers_[k] + first * strides_[k];
    if (whole && side_by_side(k)) return x;
    const int bytes = f_.bytes[k];
    if (!whole) std::memset(buffers_[k] + n / kBlock * kBlock * bytes, 0, static_cast<size_t>(kBlock * bytes));
    copy_elements(bytes, buffers_[k], bytes, x, strides_[k], n);
    return buffers_[k];
  }

  const RowFunction& f_;
  char* const* pointers_;
  const int64_t* strides_;
  const void* parameters_;
  alignas(64) char buffers_[kMaxOperands][kChunk * kWidest];
};

}  // namespace

void run_blocks(const RowFunction& f, char* const* pointers, const int64_t* strides, int64_t n, const void* parameters) {
  bool side_by_side = true;
  for (int k = 0; k < f.operands; ++k) side_by_side = side_by_side && strides[k] == f.bytes[k];
  const int64_t whole = side_by_side ? n & ~(kBlock - 1) : 0;
  if (whole > 0) f.loop(pointers, whole, parameters);
  if (whole == n) return;
  Buffered rest(f, pointers, strides, n - whole, parameters);
  for (int64_t i = whole; i < n; i += kChunk) rest.compute(i, std::min(kChunk, n - i));
}

}  // namespace xgrad::kernels
