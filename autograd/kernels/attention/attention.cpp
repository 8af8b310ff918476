#include <xgrad/autograd/kernels/attention/attention.h>

#include <xgrad/autograd/kernels/attention/masked_scores.h>

namespace torch { inline namespace xgrad { namespace kernels {
namespace {

template <class T> class Attention {
 public:
  Attention(const AttentionSizes& n, const AttentionRules& rules, const AttentionOperands& operands, const HeadRows& result, T* statistics,
            T* weights)
      : n_(n),
        rules_(rules),
        operands_(operands),
        result_(result),
        statistics_(statistics),
        weights_(weights),
        blocks_(n.queries),
        keys_at_once_(weights ? n.keys : std::min(n.keys, kKeysAtOnce)),
        columns_(QueryBlock{0, 0, 0, std::min(blocks_.extent, n.queries)}.columns()),
        scores_room_(MaskedScores<T>::room(n, rules, columns_, keys_at_once_)),
        room_(scores_room_ + keys_at_once_ * columns_ + (keys_at_once_ < n.keys ? columns_ * n.value_width : 0)) {}

  void run() const {
    const int64_t tasks = n_.batch * n_.heads * blocks_.per_head;
    const double nanoseconds = 200 + 3 * product_nanoseconds(n_, rules_) / static_cast<double>(blocks_.per_head);
    for_tasks<T>(tasks, nanoseconds, room_, [this](int64_t first, int64_t last, T* room) { compute(first, last, room); });
  }

 private:
  void compute(int64_t first, int64_t last, T* room) const {
    for (int64_t task = first; task < last; ++task) {
      const int64_t head = task / blocks_.per_head;
      compute(blocks_.block(head / n_.heads, head % n_.heads, task % blocks_.per_head), room);
    }
  }

  void compute(const QueryBlock& q, T* room) const {
    MaskedScores<T> scores(n_, rules_, operands_, room, columns_, keys_at_once_);
    T *const elements = room + scores_room_, *const sums = elements + keys_at_once_ * columns_;
    SoftmaxState<T> state;
    state.start(q.columns());
    scores.take_queries(q);
    const int64_t keys = keys_seen(n_, rules_, q);
    const bool at_once = keys <= keys_at_once_;
    const MatrixRows<T> to{result_.at<T>(q.batch, q.head, q.first), result_.row};
    alignas(64) T shift[kQueriesAtOnce], inverse[kQueriesAtOnce];
    for (int64_t key = 0; key < keys; key += keys_at_once_) {
      const ScoreBlock<T> block{std::min(keys_at_once_, keys - key), q.columns(), elements};
      scores.compute(q, key, block);
      state.take(block);
      if (at_once) {
        state.finish(block.columns, shift, inverse);
        multiply_columns(block, static_cast<const T*>(inverse));
      }
      if (rules_.keep) multiply_elements(block, scores.kept_factors(q, key, block));
      if (weights_) keep_weights(q, block);
      if (!at_once && key > 0) correct(q, state, sums);
      multiply_rows<T>(q.count, n_.value_width, block.keys, {elements, 1, block.columns},
                       {operands_.value.at<const T>(q.batch, q.head, key), operands_.value.row}, key > 0,
                       at_once ? to : MatrixRows<T>{sums, n_.value_width});
    }
    if (!at_once) {
      state.finish(q.columns(), shift, inverse);
      for (int64_t i = 0; i < q.count; ++i)
        for (int64_t j = 0; j < n_.value_width; ++j) to.data[i * to.row + j] = sums[i * n_.value_width + j] * inverse[i];
    }
    if (!statistics_) return;
    T* const kept = statistics_ + (q.batch * n_.heads + q.head) * n_.queries + q.first;
    std::copy_n(shift, q.count, kept);
    std::copy_n(inverse, q.count, kept + n_.batch * n_.heads * n_.queries);
  }

  void correct(const QueryBlock& q, const SoftmaxState<T>& state, T* sums) const {
    for (int64_t i = 0; i < q.count; ++i) {
      const T factor = state.correction[i];
      if (factor == T(1)) continue;
      for (int64_t j = 0; j < n_.value_width; ++j) sums[i * n_.value_width + j] *= factor;
    }
  }

  // Keys that come too late for a whole block of queries have no column in it.
  void keep_weights(const QueryBlock& q, const ScoreBlock<T>& block) const {
    T* const to = weights_ + ((q.batch * n_.heads + q.head) * n_.queries + q.first) * n_.keys;
    turn_back(block, q.count, to, n_.keys);
    for (int64_t i = 0; i < q.count && block.keys < n_.keys; ++i) std::fill(to + i * n_.keys + block.keys, to + (i + 1) * n_.keys, T(0));
  }

  const AttentionSizes& n_;
  const AttentionRules& rules_;
  const AttentionOperands& operands_;
  const HeadRows& result_;
  T *statistics_, *weights_;
  QueryBlocks blocks_;
  int64_t keys_at_once_, columns_, scores_room_, room_;
};

}  // namespace

void attention(ScalarType dtype, AttentionSizes sizes, AttentionRules rules, AttentionOperands operands, HeadRows result, void* statistics,
               void* weights) {
  if (sizes.queries == 0) return;
  dispatch_floating(dtype, "attention", [&](auto t) {
    using T = decltype(t);
    Attention<T>(sizes, rules, operands, result, static_cast<T*>(statistics), static_cast<T*>(weights)).run();
  });
}

}}}  // namespace torch::xgrad::kernels
