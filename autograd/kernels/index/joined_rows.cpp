#include <xgrad/autograd/kernels/index/joined_rows.h>

#include <algorithm>

#include <xgrad/autograd/kernels/index/row_copy.h>
#include <xgrad/autograd/kernels/parallel.h>

namespace torch { inline namespace xgrad { namespace kernels {
namespace {

constexpr double kNanosecondsPerByte = 0.08;
// Of the output: it is to be written from front to back. Passes over longer blocks, 1600 bytes a row, took more than twice as long.
constexpr int64_t kBlockBytes = 2048;

}  // namespace

void join_rows(char* to, Constants<RowPart> parts, int64_t rows) {
  int64_t to_row = 0;
  for (int64_t i = 0; i < parts.size; ++i) to_row += parts.data[i].bytes;
  const int64_t block = std::max<int64_t>(kBlockBytes / to_row, 1);
  const bool alone = static_cast<double>(rows * to_row) * kNanosecondsPerByte < least_shared_nanoseconds();
  parallel_for(rows, alone ? rows : block, [&](int64_t first, int64_t last) {
    for (int64_t row = first; row < last; row += block) {
      char* at = to + row * to_row;
      for (int64_t i = 0; i < parts.size; ++i) {
        const RowPart part = parts.data[i];
        copy_rows(1, {at, to_row, part.from + row * part.bytes, part.bytes, 1}, std::min(block, last - row), part.bytes);
        at += part.bytes;
      }
    }
  });
}

}}}  // namespace torch::xgrad::kernels
