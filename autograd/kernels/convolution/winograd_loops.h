// Winograd's transforms F(4, 3) and F(4, 5), along one axis or both: four results of three taps become products at six points, of five taps at
// eight. Sixteen channels, a strip, lie in the lanes of registers. One form for each instruction set with fused multiply-adds; all give the same
// bits.
//
// A. Lavin, S. Gray: Fast algorithms for convolutional neural networks, CVPR 2016. There, Y = A'[(G g G') * (B' d B)]A; A', B', G' are the
// transposed matrices.
#pragma once

#include <cstdint>

#include <xgrad/autograd/core/namespace.h>

namespace torch { inline namespace xgrad { namespace kernels {

/// A line of up to kStrip channels: to[q][c] = from[c * from_channel + q - before] for the `count` elements after the first `before` of `length`;
/// what is before them, behind them and of other channels is 0.
struct StripIn {
  const float* from;
  int64_t from_channel, channels, before, count, length;
  float* to;
};

/// to[c * to_channel + q] = from[q][c] + bias[c], for `channels` of a strip.
struct StripOut {
  const float *from, *bias;
  int64_t channels, count;
  float* to;
  int64_t to_channel;
};

/// Tiles of a strip. Element (i, k) of tile j is from[j * from_tile + i * from_line + k * from_step], of what it becomes to[j * to_tile + ...].
/// Along one axis only i is 0.
struct TilesOfStrip {
  const float* from;
  int64_t from_tile, from_line, from_step;
  float* to;
  int64_t to_tile, to_line, to_step;
  int64_t count;
  bool both_axes;
};

/// Weights of one channel, of which row r has the taps from w[r * w_row] on, in reverse order if `flipped`: point p of row r becomes
/// to[p * to_point + r], 0 for the rows that a whole number of strips has more.
struct TapsOfRows {
  const float* w;
  int64_t w_row, rows;
  bool flipped, both_axes;
  float* to;
  int64_t to_point;
};

/// Sums of products of one row, s[part * s_part + p * s_point + c], of which the gradients of its taps become, w[taps * c + ...].
struct SumsOfRow {
  const float* s;
  int64_t s_point, s_part, parts, channels;
  bool both_axes;
  float* w;
};

struct WinogradLoops {
  static constexpr int64_t kStrip = 16, kResults = 4;  ///< channels of a strip, results of a tile along an axis
  int64_t points;                                      ///< of a tile along an axis
  void (*take)(const StripIn&);
  bool (*put)(const StripOut&);               ///< true iff all is finite
  void (*image)(const TilesOfStrip&);         ///< B' d B
  void (*gradient)(const TilesOfStrip&);      ///< A d A', of the results' gradients
  void (*sums)(const TilesOfStrip&);          ///< A' m A
  void (*weights)(const TapsOfRows&);         ///< G g G'
  bool (*weight_gradient)(const SumsOfRow&);  ///< G' s G; true iff all are finite
};

/// Those for 3 or 5 taps of the instruction set in use, null if there are none.
const WinogradLoops* winograd_loops(int64_t taps);

}}}  // namespace torch::xgrad::kernels
