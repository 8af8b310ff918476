// What attention does to a block of scores, element by element.
//
// A block has a row for each key, and a column for each query: maxima and sums over keys are those of whole registers, and no lanes
// need joining.
#pragma once

#include <cstdint>

#include <xgrad/autograd/core/namespace.h>

namespace torch { inline namespace xgrad { namespace kernels {

/// Queries and keys of a block: its scores and a head's operands stay in the second-level cache.
constexpr int64_t kQueriesAtOnce = 96, kKeysAtOnce = 128;

/// The scores of each key lie side by side; columns is a multiple of kLanes, of which the last may belong to no query.
template <class T> struct ScoreBlock {
  int64_t keys, columns;
  T* scores;
};

/// What is known of each query's scores so far.
template <class T> struct SoftmaxState {
  alignas(64) T maximum[kQueriesAtOnce];     ///< -inf at first
  alignas(64) T correction[kQueriesAtOnce];  ///< what belongs to earlier blocks is to be multiplied by
  alignas(64) double sum[kQueriesAtOnce];    ///< of exp(score - maximum)

  void start(int64_t columns);
  /// Takes one more block of scores, which become exp(score - maximum).
  void take(const ScoreBlock<T>& block);
  /// The largest score, 0 where there is none, and one over the sum.
  void finish(int64_t columns, T* shift, T* inverse) const;
};

/// Each element of a block multiplied by its column's factor.
template <class T> void multiply_columns(const ScoreBlock<T>& block, const T* factor);
/// Each element plus, or times, another's.
template <class T> void add_elements(const ScoreBlock<T>& block, const T* terms);
template <class T> void multiply_elements(const ScoreBlock<T>& block, const T* factors);

/// sums[c] = the sum of a[i][c] * b[i][c] over all rows.
template <class T> void sums_of_products(int64_t rows, int64_t columns, const T* a, const T* b, T* sums);

/// Scores become probabilities exp(score - shift) * inverse.
template <class T> void probabilities_of(const ScoreBlock<T>& block, const T* shift, const T* inverse);
/// Gradients of probabilities become those of scores, times scale: p * (g - mean) * scale, for the mean that p gives a query's gradients.
template <class T> void slopes_of(const ScoreBlock<T>& gradients, const T* p, const T* mean, T scale);

}}}  // namespace torch::xgrad::kernels
