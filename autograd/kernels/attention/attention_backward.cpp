#include <xgrad/autograd/kernels/attention/attention.h>

#include <xgrad/autograd/kernels/attention/masked_scores.h>

// Note: what is summed where
//
// A task has one head and a range of keys: it takes one block of queries after the other and, for each, its blocks of keys, so that
// gradients of keys and values grow in the task's own memory, in the order of the queries. The gradient of a query is a sum over keys: where
// heads are few and keys are many, ranges have sums of their own, which are added up in order at the end. How many ranges there
// are follows from the sizes alone.

namespace torch { inline namespace xgrad { namespace kernels {
namespace {

template <class T> class AttentionBackward {
 public:
  AttentionBackward(const AttentionSizes& n, const AttentionRules& rules, const AttentionOperands& operands, const HeadRows& result,
                    const T* statistics, const HeadRows& result_gradient, const AttentionOperands& gradients, T* mask_gradient)
      : n_(n),
        rules_(rules),
        operands_(operands),
        result_(result),
        statistics_(statistics),
        result_gradient_(result_gradient),
        gradients_(gradients),
        mask_gradient_(mask_gradient),
        blocks_(n.queries),
        keys_at_once_(std::min(n.keys, kKeysAtOnce)),
        columns_(QueryBlock{0, 0, 0, std::min(blocks_.extent, n.queries)}.columns()),
        scores_room_(MaskedScores<T>::room(n, rules, columns_, keys_at_once_)),
        room_(scores_room_ + (rules.keep ? 3 : 2) * keys_at_once_ * columns_ + 2 * n.value_width * columns_),
        heads_(n.batch * n.heads) {
    const int64_t key_blocks = (n.keys + keys_at_once_ - 1) / keys_at_once_;
    ranges_ = std::clamp<int64_t>(kTasksWanted / heads_, 1, std::max<int64_t>(1, key_blocks / 2));
    range_ = (key_blocks + ranges_ - 1) / ranges_ * keys_at_once_;
    ranges_ = (n.keys + range_ - 1) / range_;
  }

  void run() const {
    const int64_t tasks = heads_ * ranges_, partial = heads_ * n_.queries * n_.width;
    const Scratch<T> partials((ranges_ - 1) * partial);
    const double nanoseconds = 400 + 6 * product_nanoseconds(n_, rules_) / static_cast<double>(ranges_);
    for_tasks<T>(tasks, nanoseconds, room_, [&](int64_t first, int64_t last, T* room) {
      for (int64_t task = first; task < last; ++task) differentiate(task / ranges_, task % ranges_, partials.data(), room);
    });
    if (ranges_ > 1 && gradients_.query.data) add_up(partials.data());
  }

 private:
  static constexpr int64_t kTasksWanted = 8;

  // Where the gradients of a head's queries by a range of keys go: the first range's to their place, others' to rows of their own.
  MatrixRows<T> query_gradients(int64_t head, int64_t range, T* partials) const {
    if (range == 0) return {gradients_.query.at<T>(head / n_.heads, head % n_.heads, 0), gradients_.query.row};
    return {partials + ((range - 1) * heads_ + head) * n_.queries * n_.width, n_.width};
  }

  void differentiate(int64_t head, int64_t range, T* partials, T* room) const {
    MaskedScores<T> scores(n_, rules_, operands_, room, columns_, keys_at_once_);
    T *const p = room + scores_room_, *const slopes = p + keys_at_once_ * columns_, *const turned = slopes + keys_at_once_ * columns_,
             *const turned_result = turned + n_.value_width * columns_, *const dropped = turned_result + n_.value_width * columns_;
    const int64_t b = head / n_.heads, h = head % n_.heads, begin = range * range_, end = std::min(begin + range_, n_.keys);
    const MatrixRows<T> gq = gradients_.query.data ? query_gradients(head, range, partials) : MatrixRows<T>{nullptr, 0};
    int64_t reached = begin;  // gradients of keys before it have been written to
    for (int64_t i = 0; i < blocks_.per_head; ++i) {
      const QueryBlock q = blocks_.block(b, h, i);
      const int64_t keys = std::min(end, keys_seen(n_, rules_, q));
      T* const to_queries = gq.data ? gq.data + q.first * gq.row : nullptr;
      if (keys <= begin) {
        if (gq.data) clear(q.count, n_.width, to_queries, gq.row);
        continue;
      }
      alignas(64) T shift[kQueriesAtOnce] = {}, inverse[kQueriesAtOnce] = {}, mean[kQueriesAtOnce] = {};
      const T* const kept = statistics_ + head * n_.queries + q.first;
      std::copy_n(kept, q.count, shift);
      std::copy_n(kept + heads_ * n_.queries, q.count, inverse);
      const MatrixRows<const T> gy{result_gradient_.at<const T>(b, h, q.first), result_gradient_.row};
      const MatrixRows<const T> x{operands_.query.at<const T>(b, h, q.first), operands_.query.row};
      scores.take_queries(q);
      turn(q.count, n_.value_width, gy.data, gy.row, turned, q.columns());
      // The mean that a query's probabilities give their gradients is the product of its result and that one's gradient.
      turn(q.count, n_.value_width, result_.at<const T>(b, h, q.first), result_.row, turned_result, q.columns());
      sums_of_products(n_.value_width, q.columns(), static_cast<const T*>(turned), static_cast<const T*>(turned_result), static_cast<T*>(mean));
      // Blocks lie where they lay for earlier queries, or reach from there to what these see in addition.
      for (int64_t key = begin; key < keys; key += keys_at_once_) {
        const ScoreBlock<T> block{std::min(keys_at_once_, keys - key), q.columns(), p};
        const ScoreBlock<T> gradient{block.keys, block.columns, slopes};
        scores.compute(q, key, block);
        probabilities_of(block, static_cast<const T*>(shift), static_cast<const T*>(inverse));
        multiply_rows<T>(block.keys, block.columns, n_.value_width, {operands_.value.at<const T>(b, h, key), operands_.value.row},
                         {turned, block.columns}, false, {slopes, block.columns});
        const T* used = p;
        if (rules_.keep) {
          const T* const factors = scores.kept_factors(q, key, block);
          multiply_elements(gradient, factors);
          std::copy_n(p, block.keys * block.columns, dropped);
          multiply_elements({block.keys, block.columns, dropped}, factors);
          used = dropped;
        }
        const int64_t old = std::clamp<int64_t>(reached - key, 0, block.keys);
        if (gradients_.value.data)
          add_to_keys(block.keys, old, n_.value_width, q.count, {used, block.columns}, gy, {gradients_.value.at<T>(b, h, key), gradients_.value.row});
        slopes_of(gradient, static_cast<const T*>(p), static_cast<const T*>(mean), mask_gradient_ ? T(1) : static_cast<T>(rules_.scale));
        scores.fill_padding(q, key, gradient, 0);  // also where a query sees no key, and its probabilities are NaN
        if (mask_gradient_) {
          turn_back(gradient, q.count, mask_gradient_ + (head * n_.queries + q.first) * n_.keys + key, n_.keys);
          const T scale = static_cast<T>(rules_.scale);
          for (int64_t e = 0; e < block.keys * block.columns; ++e) slopes[e] *= scale;
        }
        if (gradients_.key.data)
          add_to_keys(block.keys, old, n_.width, q.count, {slopes, block.columns}, x, {gradients_.key.at<T>(b, h, key), gradients_.key.row});
        if (gq.data)
          multiply_rows<T>(q.count, n_.width, block.keys, {slopes, 1, block.columns}, {operands_.key.at<const T>(b, h, key), operands_.key.row},
                           key > begin, {to_queries, gq.row});
      }
      reached = std::max(reached, keys);
    }
    if (gradients_.key.data) clear(end - reached, n_.width, gradients_.key.at<T>(b, h, reached), gradients_.key.row);
    if (gradients_.value.data) clear(end - reached, n_.value_width, gradients_.value.at<T>(b, h, reached), gradients_.value.row);
  }

  // Adds a b to the gradients of `keys` keys, of which the first `old` hold something.
  static void add_to_keys(int64_t keys, int64_t old, int64_t width, int64_t queries, MatrixRows<const T> a, MatrixRows<const T> b, MatrixRows<T> to) {
    if (old > 0) multiply_rows<T>(old, width, queries, a, b, true, to);
    if (old < keys) multiply_rows<T>(keys - old, width, queries, {a.data + old * a.row, a.row}, b, false, {to.data + old * to.row, to.row});
  }

  static void clear(int64_t rows, int64_t width, T* to, int64_t to_row) {
    for (int64_t i = 0; i < rows; ++i) std::fill_n(to + i * to_row, width, T(0));
  }

  void add_up(const T* partials) const {
    const int64_t rows = heads_ * n_.queries;
    parallel_for(rows, std::max<int64_t>(1, 20000 / n_.width), [&](int64_t first, int64_t last) {
      for (int64_t row = first; row < last; ++row) {
        const int64_t head = row / n_.queries;
        T* const to = gradients_.query.at<T>(head / n_.heads, head % n_.heads, row % n_.queries);
        for (int64_t range = 1; range < ranges_; ++range) {
          const T* const from = partials + ((range - 1) * rows + row) * n_.width;
          for (int64_t j = 0; j < n_.width; ++j) to[j] += from[j];
        }
      }
    });
  }

  const AttentionSizes& n_;
  const AttentionRules& rules_;
  const AttentionOperands& operands_;
  const HeadRows& result_;
  const T* statistics_;
  const HeadRows& result_gradient_;
  const AttentionOperands& gradients_;
  T* mask_gradient_;
  QueryBlocks blocks_;
  int64_t keys_at_once_, columns_, scores_room_, room_, heads_, ranges_, range_;
};

}  // namespace

void attention_backward(ScalarType dtype, AttentionSizes sizes, AttentionRules rules, AttentionOperands operands, HeadRows result,
                        const void* statistics, HeadRows result_gradient, AttentionOperands gradients, void* mask_gradient) {
  dispatch_floating(dtype, "attention_backward", [&](auto t) {
    using T = decltype(t);
    AttentionBackward<T>(sizes, rules, operands, result, static_cast<const T*>(statistics), result_gradient, gradients,
                         static_cast<T*>(mask_gradient))
        .run();
  });
}

}}}  // namespace torch::xgrad::kernels
