// Scaled dot-product attention: softmax(scale q k^T + mask) v for every head, in blocks of queries and keys.
#pragma once

#include <cstdint>

#include <xgrad/autograd/core/dtype.h>

namespace torch { inline namespace xgrad { namespace kernels {

/// `batch` sequences of `heads` heads. Rows of queries and keys have `width` elements, those of values and results `value_width`. All but
/// the number of queries are above 0.
struct AttentionSizes {
  int64_t batch, heads, queries, keys, width, value_width;
};

/// Where the rows of every head lie; strides in elements. The elements of a row lie side by side.
struct HeadRows {
  void* data;
  int64_t batch, head, row;

  template <class T> T* at(int64_t b, int64_t h, int64_t r) const { return static_cast<T*>(data) + b * batch + h * head + r * row; }
};

/// What makes probabilities of products of queries and keys.
struct AttentionRules {
  double scale;
  bool causal;       ///< query i sees keys 0 to i alone
  bool boolean;      ///< the mask tells which keys a query sees; else it is of the operands' dtype and added to the scores
  const void* mask;  ///< null if there is none; strides in elements
  int64_t mask_batch, mask_head, mask_row, mask_column;
  const bool* padding;  ///< [batch, keys]: keys that nobody sees; null if there are none
  const bool* keep;     ///< [batch, heads, queries, keys]: probabilities that dropout keeps, and multiplies by `kept`; null without dropout
  double kept;
};

struct AttentionOperands {
  HeadRows query, key, value;
};

/// result = dropped(softmax(...)) value. A query that sees no key gives NaN.
///
/// statistics: [2, batch, heads, queries] elements, each query's largest score (0 if it sees no key), and one over the sum of
/// exp(score - largest). weights: the probabilities after dropout, [batch, heads, queries, keys], or null. Beside them it takes memory for a
/// block of scores in each thread; with weights, a block has all keys.
void attention(ScalarType dtype, AttentionSizes sizes, AttentionRules rules, AttentionOperands operands, HeadRows result, void* statistics,
               void* weights);

/// Gradients of query, key, value and of a mask that is added, [batch, heads, queries, keys], for that of the result; a null pointer for each
/// that is not wanted. Probabilities are computed again, block by block.
void attention_backward(ScalarType dtype, AttentionSizes sizes, AttentionRules rules, AttentionOperands operands, HeadRows result,
                        const void* statistics, HeadRows result_gradient, AttentionOperands gradients, void* mask_gradient);

}}}  // namespace torch::xgrad::kernels
