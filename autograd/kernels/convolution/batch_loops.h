// Sums of products with sixteen images of a batch side by side in the lanes of registers: every position and every tap is one load then, however
// short lines are, and what padding would be is left out. One form for each instruction set with fused multiply-adds; all give the same bits.
#pragma once

#include <cstdint>

#include <xgrad/autograd/core/namespace.h>

namespace torch { inline namespace xgrad { namespace kernels {

constexpr int64_t kImages = 16;  ///< side by side, whatever a register holds

/// Taps along one axis that a position has, and where they read: tap + k * tap_step at place + k * place_step, for k < count.
struct TapRange {
  int64_t count, tap, tap_step, place, place_step;
};

/// y[row][q][image] = bias[row] + sum of w[row][channel][tap] * x[channel][place][image], over channels, then the taps of position q.
struct SumsOfLine {
  const float* w;
  int64_t w_row, w_channel, w_line;  // from one line of taps to the next
  const float* x;
  int64_t x_channel, x_line;
  int64_t rows, channels;
  TapRange lines;
  const TapRange* along;  // of each position
  int64_t positions;
  const float* bias;  // null: 0
  float* y;
  int64_t y_row;
};

/// c[row][t][image] += sum of g[row][line][q][image] * x[line][q * x_step + t * x_tap][image], over lines, then positions q.
struct ProductsOfLines {
  const float* g;
  int64_t g_row, g_line;
  const float* x;
  int64_t x_line, x_step, x_tap;
  int64_t rows, taps, lines, positions;
  float* c;
  int64_t c_row;
};

struct BatchLoops {
  void (*sum_line)(const SumsOfLine&);
  void (*add_products)(const ProductsOfLines&);
  /// to[k][image] = from[image * from_image + k] for k < n; 0 of images that there are not.
  void (*pack)(int64_t n, int64_t images, const float* from, int64_t from_image, float* to);
  /// to[image * to_image + k] = from[k][image] for k < n.
  void (*unpack)(int64_t n, int64_t images, const float* from, float* to, int64_t to_image);
  /// to[k] = sum of sums[k][image], as a tree.
  void (*join)(int64_t n, const float* sums, float* to);
};

/// Those of the instruction set in use, null if there are none.
const BatchLoops* batch_loops();

}}}  // namespace torch::xgrad::kernels
