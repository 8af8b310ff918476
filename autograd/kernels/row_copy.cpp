#include <xgrad/autograd/kernels/row_copy.h>

#include <algorithm>
#include <cstring>

namespace xgrad::kernels {
namespace {

// What lies there may be of any type of that size.
using Four [[gnu::may_alias]] = int32_t;
using Eight [[gnu::may_alias]] = int64_t;

template <class Unit>
void copy(char* to, int64_t to_step, const char* from, int64_t from_step, int64_t n) {
  constexpr auto size = static_cast<int64_t>(sizeof(Unit));
  auto* out = reinterpret_cast<Unit*>(to);
  const auto* in = reinterpret_cast<const Unit*>(from);
  if (to_step != size) {
    for (int64_t i = 0; i < n; ++i) std::memcpy(to + i * to_step, from + i * from_step, sizeof(Unit));
  } else if (from_step == size) {
    std::memcpy(to, from, static_cast<size_t>(n * size));
  } else if (from_step == 0) {
    std::fill_n(out, n, *in);
  } else if (from_step == 2 * size) {  // every other one, which a compiler makes vector code of
#pragma GCC ivdep
    for (int64_t i = 0; i < n; ++i) out[i] = in[2 * i];
  } else {
    for (int64_t i = 0; i < n; ++i) std::memcpy(out + i, from + i * from_step, sizeof(Unit));
  }
}

}  // namespace

void copy_row(int bytes, char* to, int64_t to_step, const char* from, int64_t from_step, int64_t n) {
  if (n == 0) return;
  if (bytes == 4) copy<Four>(to, to_step, from, from_step, n);
  else if (bytes == 8) copy<Eight>(to, to_step, from, from_step, n);
  else copy<char>(to, to_step, from, from_step, n);
}

}  // namespace xgrad::kernels
