// Winograd's transforms F(2x2, 3x3), neighbouring tiles or channels in the lanes of registers. One form for each instruction set with fused
// multiply-adds; all give the same bits.
//
// A. Lavin, S. Gray: Fast algorithms for convolutional neural networks, CVPR 2016. There, Y = A'[(G g G') * (B' d B)]A; A', B', G' are the
// transposed matrices.
#pragma once

#include <cstdint>

#include <xgrad/autograd/core/namespace.h>

namespace torch { inline namespace xgrad { namespace kernels {

/// Neighbouring tiles of one channel. Element (i, k) of tile j is x[x_at[k] + i * x_line + j], number 4 a + b of what it becomes
/// to[(4 a + b) * to_plane + j]. Reads and writes up to WinogradLoops::kSlack elements more.
struct TilesIn {
  const float* x;
  int64_t x_at[4], x_line, count;
  float* to;
  int64_t to_plane;
};

/// Neighbouring tiles of one channel of results: m as above, y the lines of the image, `lines` of them of `columns` elements.
struct TilesOut {
  const float* m;
  int64_t m_plane, count;
  float bias;
  float* y;
  int64_t y_line, lines, columns;
};

/// Weights of one row: those of channel c are the nine from w[c * w_channel] on, in reverse order if `flipped`.
struct TileWeights {
  const float* w;
  int64_t w_channel, channels;
  bool flipped;
  float* to;
  int64_t to_plane;
};

/// Sums of products of one row, s[part * s_part + (4 a + b) * s_plane + c], of which the gradients of nine weights w[9 c] become.
struct TileWeightSums {
  const float* s;
  int64_t s_plane, s_part, parts, channels;
  float* w;
};

struct WinogradLoops {
  static constexpr int64_t kSlack = 16;
  void (*image)(const TilesIn&);     ///< B' d B, of tiles of 4 x 4
  void (*gradient)(const TilesIn&);  ///< A d A', of tiles of 2 x 2
  void (*weights)(const TileWeights&);
  bool (*results)(const TilesOut&);                ///< A' m A; true iff all are finite
  bool (*weight_gradient)(const TileWeightSums&);  ///< G' s G; true iff all are finite
};

/// Those of the instruction set in use, null if there are none for it.
const WinogradLoops* winograd_loops();

}}}  // namespace torch::xgrad::kernels
