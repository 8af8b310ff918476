// Sums of products as convolutions need them, on blocks that a cache holds. One form for each instruction set; every element is one sum in
// an order that doesn't depend on the set, so that all with fused multiply-adds give the same bits.
#pragma once

#include <cstdint>

#include <xgrad/autograd/core/namespace.h>

namespace torch { inline namespace xgrad { namespace kernels {

/// y[r][q] = bias[r] + sum of w[r][channel][tap] * x[channel][x_at[tap] + q], over channels, then taps. With positions in the lanes of
/// registers: both may be read and written up to ConvolutionLoops::slack elements beyond the last position.
template <class T> struct Correlation {
  const T* w;
  int64_t w_row, w_channel;
  const int64_t* w_at;
  const T* x;
  int64_t x_channel;
  const int64_t* x_at;
  int64_t rows, channels, taps, positions;
  const T* bias;  // null: 0
  T* y;
  int64_t y_row;
};

/// c[k][lane] += sum of x[x_at[k] + line * x_line + q * x_step] * b[line * length + q][lane], over lines, then q. The rows of b have
/// ConvolutionLoops::width elements, of which `lanes` count.
template <class T> struct OuterSums {
  const T* x;
  const int64_t* x_at;
  int64_t x_line, x_step;
  const T* b;
  int64_t rows, lanes, lines, length;
  T* c;
  int64_t c_row;
};

/// c[r][t] += sum of g[r][line * g_line + q] * x[x_at[t] + line * x_line + q], in sixteen sums over q that are joined as a tree.
template <class T> struct DotSums {
  const T* g;
  int64_t g_row, g_line;
  const T* x;
  const int64_t* x_at;
  int64_t x_line;
  int64_t rows, taps, lines, length;
  T* c;
  int64_t c_row;
};

/// to[line * length + before + k] = from[line * from_line + k * step] for k < count; the other elements of the lines are 0. Up to
/// ConvolutionLoops::lanes elements beyond the last line are overwritten.
template <class T> struct PaddedLines {
  const T* from;
  int64_t from_line, step;
  int64_t lines, before, count, length;
  T* to;
};

/// to[line * to_line + k * step] = from[line * from_line + k] for k < count.
template <class T> struct SpreadLines {
  const T* from;
  int64_t from_line, lines, count;
  T* to;
  int64_t to_line, step;
};

template <class T> struct ConvolutionLoops {
  int64_t width;  ///< lanes of OuterSums at once
  int64_t slack;
  int64_t lanes;  ///< in a register
  void (*correlate)(const Correlation<T>&);
  void (*add_outer)(const OuterSums<T>&);
  void (*add_dots)(const DotSums<T>&);
  /// to[k][j] = x[j][k] for k < depth, j < columns, the rows of `to` being width long and filled up with zeros.
  void (*transpose)(int64_t depth, int64_t columns, const T* x, int64_t x_column, T* to);
  void (*pad)(const PaddedLines<T>&);
  void (*spread)(const SpreadLines<T>&);
};

/// Those of the instruction set in use.
template <class T> const ConvolutionLoops<T>& convolution_loops();

}}}  // namespace torch::xgrad::kernels
