// The scores of a block of queries for a block of keys, mask included. Internal.
#pragma once

#include <algorithm>
#include <limits>

#include <xgrad/autograd/kernels/attention/attention.h>
#include <xgrad/autograd/kernels/attention/score_loops.h>
#include <xgrad/autograd/kernels/index/transposition.h>
#include <xgrad/autograd/kernels/product/gemm.h>
#include <xgrad/autograd/kernels/reduction/fold.h>
#include <xgrad/autograd/kernels/scratch.h>

namespace torch { inline namespace xgrad { namespace kernels {

/// Queries of one head.
struct QueryBlock {
  int64_t batch, head, first, count;

  /// Columns of a block of scores.
  int64_t columns() const { return (count + kLanes - 1) / kLanes * kLanes; }
};

/// All queries in blocks of nearly the same size.
struct QueryBlocks {
  int64_t queries, per_head, extent;

  explicit QueryBlocks(int64_t n) : queries(n), per_head((n + kQueriesAtOnce - 1) / kQueriesAtOnce) {
    extent = ((n + per_head - 1) / per_head + kLanes - 1) / kLanes * kLanes;
    per_head = (n + extent - 1) / extent;
  }
  QueryBlock block(int64_t batch, int64_t head, int64_t i) const { return {batch, head, i * extent, std::min(extent, queries - i * extent)}; }
};

/// How many keys the block of queries sees at most.
inline int64_t keys_seen(const AttentionSizes& n, const AttentionRules& rules, const QueryBlock& q) {
  return rules.causal ? std::min(n.keys, q.first + q.count) : n.keys;
}

/// to[j][i] = from[i][j] for i < rows and j < width, and 0 behind them up to `columns`.
template <class T> void turn(int64_t rows, int64_t width, const T* from, int64_t from_row, T* to, int64_t columns) {
  constexpr auto size = static_cast<int64_t>(sizeof(T));
  transpose(size, {reinterpret_cast<char*>(to), columns * size, reinterpret_cast<const char*>(from), size, from_row * size}, width, rows);
  if (rows == columns) return;
  for (int64_t j = 0; j < width; ++j) std::fill(to + j * columns + rows, to + (j + 1) * columns, T(0));
}

/// rows[i][j] = to[j][i]: a block's elements as the caller sees them.
template <class T> void turn_back(const ScoreBlock<T>& block, int64_t queries, T* to, int64_t to_row) {
  constexpr auto size = static_cast<int64_t>(sizeof(T));
  transpose(size, {reinterpret_cast<char*>(to), to_row * size, reinterpret_cast<const char*>(block.scores), size, block.columns * size}, queries,
            block.keys);
}

/// Computes scores for one thread.
template <class T> class MaskedScores {
 public:
  /// Elements of the room that it works in, where blocks have up to so many columns and keys.
  static int64_t room(const AttentionSizes& n, const AttentionRules& rules, int64_t columns, int64_t keys) {
    return n.width * columns + (rules.mask || rules.keep ? 2 * keys * columns : 0);
  }
  MaskedScores(const AttentionSizes& n, const AttentionRules& rules, const AttentionOperands& operands, T* room, int64_t columns, int64_t keys)
      : n_(n), rules_(rules), operands_(operands), queries_(room), rows_(room + n.width * columns), turned_(rows_ + keys * columns) {}

  /// Is called before a block's scores are.
  void take_queries(const QueryBlock& q) {
    const int64_t columns = q.columns();
    turn(q.count, n_.width, operands_.query.at<const T>(q.batch, q.head, q.first), operands_.query.row, queries_, columns);
    const T scale = static_cast<T>(rules_.scale);
    for (int64_t i = 0; i < n_.width * columns; ++i) queries_[i] *= scale;
  }

  /// Those of keys first to first + block.keys - 1.
  void compute(const QueryBlock& q, int64_t first, const ScoreBlock<T>& block) {
    multiply_rows<T>(block.keys, block.columns, n_.width, {operands_.key.at<const T>(q.batch, q.head, first), operands_.key.row},
                     {queries_, block.columns}, false, {block.scores, block.columns});
    if (rules_.mask) add_mask(q, first, block);
    constexpr T kNone = -std::numeric_limits<T>::infinity();
    fill_padding(q, first, block, kNone);
    if (rules_.causal)
      for (int64_t j = std::max<int64_t>(0, q.first + 1 - first); j < block.keys; ++j)
        std::fill_n(block.scores + j * block.columns, std::min(first + j - q.first, block.columns), kNone);
  }

  /// Puts `value` at the keys that nobody sees.
  void fill_padding(const QueryBlock& q, int64_t first, const ScoreBlock<T>& block, T value) const {
    if (!rules_.padding) return;
    const bool* const hidden = rules_.padding + q.batch * n_.keys + first;
    for (int64_t j = 0; j < block.keys; ++j)
      if (hidden[j]) std::fill_n(block.scores + j * block.columns, block.columns, value);
  }

  /// What dropout multiplies the block's probabilities by.
  const T* kept_factors(const QueryBlock& q, int64_t first, const ScoreBlock<T>& block) {
    const T kept = static_cast<T>(rules_.kept);
    for (int64_t i = 0; i < q.count; ++i) {
      const bool* const keep = rules_.keep + ((q.batch * n_.heads + q.head) * n_.queries + q.first + i) * n_.keys + first;
      for (int64_t j = 0; j < block.keys; ++j) rows_[i * block.keys + j] = keep[j] ? kept : T(0);
    }
    turn(q.count, block.keys, rows_, block.keys, turned_, block.columns);
    return turned_;
  }

 private:
  void add_mask(const QueryBlock& q, int64_t first, const ScoreBlock<T>& block) {
    const int64_t at = q.batch * rules_.mask_batch + q.head * rules_.mask_head + q.first * rules_.mask_row + first * rules_.mask_column;
    if (rules_.boolean) {
      const bool* const seen = static_cast<const bool*>(rules_.mask) + at;
      each_of_mask(q, block, [=](int64_t place) { return seen[place] ? T(0) : -std::numeric_limits<T>::infinity(); });
    } else {
      const T* const term = static_cast<const T*>(rules_.mask) + at;
      each_of_mask(q, block, [=](int64_t place) { return term[place]; });
    }
    turn(q.count, block.keys, rows_, block.keys, turned_, block.columns);
    add_elements(block, static_cast<const T*>(turned_));
  }
  template <class F> void each_of_mask(const QueryBlock& q, const ScoreBlock<T>& block, F f) {
    for (int64_t i = 0; i < q.count; ++i)
      for (int64_t j = 0; j < block.keys; ++j) rows_[i * block.keys + j] = f(i * rules_.mask_row + j * rules_.mask_column);
  }

  const AttentionSizes& n_;
  const AttentionRules& rules_;
  const AttentionOperands& operands_;
  T *queries_, *rows_, *turned_;
};

/// Nanoseconds that one product of a head's queries and keys takes, roughly.
inline double product_nanoseconds(const AttentionSizes& n, const AttentionRules& rules) {
  return static_cast<double>(n.queries) * static_cast<double>(n.keys) * static_cast<double>(n.width) / (rules.causal ? 80 : 40);
}

/// Calls compute(first, last, room) for all tasks, which take so many nanoseconds each, on as many threads as pays.
template <class T, class F> void for_tasks(int64_t tasks, double nanoseconds, int64_t room, const F& compute) {
  if (nanoseconds * static_cast<double>(tasks) < least_shared_nanoseconds() || tasks == 1) {
    const Scratch<T> alone(room);
    return compute(0, tasks, alone.data());
  }
  parallel_for_with_room<T>(tasks, std::max<int64_t>(1, static_cast<int64_t>(least_shared_nanoseconds() / 2 / nanoseconds)), room, compute);
}

}}}  // namespace torch::xgrad::kernels
