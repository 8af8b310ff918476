#include <xgrad/autograd/kernels/normalisation/softmax.h>

#include <algorithm>

#include <xgrad/autograd/kernels/instruction_set.h>
#include <xgrad/autograd/kernels/normalisation/softmax_blocks.h>
#include <xgrad/autograd/kernels/normalisation/softmax_columns.h>
#include <xgrad/autograd/kernels/normalisation/softmax_long_rows.h>
#include <xgrad/autograd/kernels/normalisation/softmax_rows.h>
#include <xgrad/autograd/kernels/parallel.h>

// Note: four layouts
//
// With inner > 1 work goes by blocks of neighbouring columns (the inner axis): passes over the block's rows keep one maximum and
// one sum per column. With inner == 1 every row lies in one piece: short ones go sixteen at a time, long ones are cut into
// pieces that threads share. Sums are float64 for both dtypes.

namespace torch { inline namespace xgrad { namespace kernels {
namespace {

constexpr int64_t kElementsPerThread = 4000;

template <class Columns, class T, class... Arrays> void run_columns(const AxisLayout& layout, Arrays... arrays) {
  const auto [outer, n, inner] = layout;
  const int64_t tiles = (inner + kSoftmaxColumns - 1) / kSoftmaxColumns, per_block = n * std::min(inner, kSoftmaxColumns);
  const auto run = Variants<Columns, int64_t, int64_t, int64_t, Arrays...>::active();
  parallel_for(outer * tiles, kElementsPerThread / per_block, [=, n = n, inner = inner](int64_t first, int64_t last) {
    for (int64_t block = first; block < last; ++block) {
      const int64_t column = block % tiles * kSoftmaxColumns, offset = block / tiles * n * inner + column;
      run(n, inner, std::min(kSoftmaxColumns, inner - column), (arrays + offset)...);
    }
  });
}

template <class Row, class Blocks, class T, class... Arrays> void run_rows(const AxisLayout& layout, Arrays... arrays) {
  const int64_t n = layout.n;
  if constexpr (kHasBlocks<T>) {
    if (is_short_row(n)) {
      const auto run = Variants<Blocks, int64_t, int64_t, int64_t, Arrays...>::active();
      return for_pieces_of_blocks(layout.outer, kElementsPerThread / n, [=](int64_t first, int64_t last) { run(n, first, last, arrays...); });
    }
  }
  if (is_long_row(n)) return run_long_rows<Row, T>(layout, arrays...);
  const RowSteps<Row, T, Arrays...> steps;
  parallel_for(layout.outer, kElementsPerThread / n, [=](int64_t first, int64_t last) {
    for (int64_t row = first; row < last; ++row) steps.whole_row(n, (arrays + row * n)...);
  });
}

template <template <class> class Row, template <class> class Blocks, template <class> class Columns, class T, class... Arrays>
void run_layout(const AxisLayout& layout, Arrays... arrays) {
  if (layout.numel() == 0) return;
  if (layout.inner == 1) run_rows<Row<T>, Blocks<T>, T>(layout, arrays...);
  else run_columns<Columns<T>, T>(layout, arrays...);
}

}  // namespace

void softmax(ScalarType dtype, const AxisLayout& layout, const void* x, void* y) {
  dispatch_floating(dtype, "softmax", [&](auto t) {
    using T = decltype(t);
    run_layout<SoftmaxRow, SoftmaxBlocks, SoftmaxColumns, T>(layout, static_cast<const T*>(x), static_cast<T*>(y));
  });
}
void log_softmax(ScalarType dtype, const AxisLayout& layout, const void* x, void* y) {
  dispatch_floating(dtype, "log_softmax", [&](auto t) {
    using T = decltype(t);
    run_layout<LogSoftmaxRow, LogSoftmaxBlocks, LogSoftmaxColumns, T>(layout, static_cast<const T*>(x), static_cast<T*>(y));
  });
}
void softmax_backward(ScalarType dtype, const AxisLayout& layout, const void* gy, const void* y, void* gx) {
  dispatch_floating(dtype, "softmax_backward", [&](auto t) {
    using T = decltype(t);
    run_layout<SoftmaxSlopeRow, SoftmaxSlopeBlocks, SoftmaxSlopeColumns, T>(layout, static_cast<const T*>(gy), static_cast<const T*>(y),
                                                                            static_cast<T*>(gx));
  });
}
void log_softmax_backward(ScalarType dtype, const AxisLayout& layout, const void* gy, const void* y, void* gx) {
  dispatch_floating(dtype, "log_softmax_backward", [&](auto t) {
    using T = decltype(t);
    run_layout<LogSoftmaxSlopeRow, LogSoftmaxSlopeBlocks, LogSoftmaxSlopeColumns, T>(layout, static_cast<const T*>(gy), static_cast<const T*>(y),
                                                                                     static_cast<T*>(gx));
  });
}

}}}  // namespace torch::xgrad::kernels
