#include <xgrad/autograd/kernels/recurrent/recurrent.h>

#include <algorithm>
#include <optional>

#include <xgrad/autograd/kernels/index/transposition.h>
#include <xgrad/autograd/kernels/parallel.h>
#include <xgrad/autograd/kernels/product/gemm.h>
#include <xgrad/autograd/kernels/recurrent/gates.h>
#include <xgrad/autograd/kernels/recurrent/time_steps.h>
#include <xgrad/autograd/kernels/scratch.h>

// Note: blocks of sequences
//
// Sequences don't know of each other, so threads take blocks of them through all time steps and never wait for one another; the
// weights' gradients are products over all rows at once, afterwards. The blocks follow from the batch alone, so that bits don't depend
// on the number of threads. Within a block, a step is one product and one pass over the gates. The product's factor is the
// transposed weight, laid out once: a product of few rows would lay it out at every step.

namespace torch { inline namespace xgrad { namespace kernels {
namespace {

constexpr int64_t kBlockSequences = 16, kMostBlocks = 16;

/// Calls body(first, last) for blocks of sequences.
template <class F> void for_blocks(const RecurrentShape& s, double products, const F& body) {
  const int64_t extent = std::max(kBlockSequences, ((s.batch + kMostBlocks - 1) / kMostBlocks + 7) / 8 * 8);
  const int64_t blocks = (s.batch + extent - 1) / extent;
  const double nanoseconds = (products / 40 + 3 * static_cast<double>(s.rows * s.gates())) / static_cast<double>(std::max<int64_t>(blocks, 1));
  const auto run = [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) body(i * extent, std::min((i + 1) * extent, s.batch));
  };
  if (nanoseconds * static_cast<double>(blocks) < least_shared_nanoseconds()) return run(0, blocks);
  parallel_for(blocks, std::max<int64_t>(1, static_cast<int64_t>(least_shared_nanoseconds() / 2 / nanoseconds)), run);
}

double products_of_steps(const RecurrentShape& s) {
  const double rows = static_cast<double>(s.rows * s.output);
  return rows * static_cast<double>(s.gates()) + (s.projects() ? rows * static_cast<double>(s.hidden) : 0);
}

/// A row-major matrix [rows, columns], read as its transposed; laid out so if it is read more than once.
template <class T> class TransposedWeight {
 public:
  TransposedWeight(const T* w, int64_t rows, int64_t columns, bool read_often) : matrix_{w, 1, columns} {
    if (!read_often) return;
    constexpr int64_t kLine = 64 / sizeof(T), kSize = sizeof(T);
    const int64_t width = (rows + kLine - 1) / kLine * kLine + kLine;  // not a large power of two
    copy_.emplace(columns * width);
    transpose(kSize, {reinterpret_cast<char*>(copy_->data()), width * kSize, reinterpret_cast<const char*>(w), kSize, columns * kSize}, columns,
              rows);
    matrix_ = {copy_->data(), width};
  }
  const MatrixRows<const T>& matrix() const { return matrix_; }

 private:
  MatrixRows<const T> matrix_;
  std::optional<Scratch<T>> copy_;
};

/// The part of a step's sequences that lies in a block and has its state before the step in one place.
struct Part {
  int64_t sequence, row, count;  // the first sequence, its row
  int64_t before;                // the row of its state; -1: it begins here
};
/// Calls f for one or two parts.
template <class F> void for_parts(const TimeStep& step, int64_t first, int64_t last, const F& f) {
  const int64_t carried_to = std::min(last, step.carried), end = std::min(last, step.count);
  if (first < carried_to) f(Part{first, step.first + first, carried_to - first, step.before + first});
  const int64_t begin = std::max(first, step.carried);
  if (begin < end) f(Part{begin, step.first + begin, end - begin, -1});
}

template <class T> struct States {
  const T *h0, *c0, *y, *cells;
  int64_t output, hidden;
  const T* h_before(const Part& p) const { return p.before < 0 ? h0 + p.sequence * output : y + p.before * output; }
  const T* c_before(const Part& p) const { return p.before < 0 ? c0 + p.sequence * hidden : cells + p.before * hidden; }
};

template <class T> T* typed(void* p) { return static_cast<T*>(p); }
template <class T> const T* typed(const void* p) { return static_cast<const T*>(p); }

template <class T> class ForwardPass {
 public:
  ForwardPass(const RecurrentShape& s, const RecurrentInputs& in, const RecurrentValues& out)
      : s_(s),
        in_(in),
        out_(out),
        states_{typed<T>(in.h0), typed<T>(in.c0), typed<T>(out.y), typed<T>(out.cells), s.output, s.hidden},
        y_(typed<T>(out.y)),
        gates_(s.kept() > 0 ? typed<T>(out.kept) : y_),
        gates_row_(s.kept() > 0 ? s.kept() : s.hidden) {}

  void run() {
    multiply_input();
    const std::vector<TimeStep> steps = time_steps(in_.batch_sizes, s_.steps, s_.reverse);
    const TransposedWeight<T> weight(typed<T>(in_.weight_hh), s_.gates(), s_.output, s_.steps > 1);
    std::optional<TransposedWeight<T>> projection;
    if (s_.projects()) projection.emplace(typed<T>(in_.weight_hr), s_.output, s_.hidden, s_.steps > 1);
    for_blocks(s_, products_of_steps(s_), [&](int64_t first, int64_t last) {
      for (const TimeStep& step : steps) {
        for_parts(step, first, last, [&](const Part& p) { compute(p, weight.matrix(), projection ? &projection->matrix() : nullptr); });
        keep_last(step, first, last);
      }
    });
  }

 private:
  // W_ih x and the biases, for all rows at once.
  void multiply_input() {
    const int64_t gates = s_.gates();
    const T *const ih = typed<T>(in_.bias_ih), *const hh = typed<T>(in_.bias_hh);
    std::optional<Scratch<T>> sums;
    if (ih || hh) {
      sums.emplace(gates);
      // What a GRU adds to W_hn h has its place beside it.
      const int64_t common = hh ? gates - (s_.is_gru() ? s_.hidden : 0) : 0;
      for (int64_t j = 0; j < gates; ++j) sums->data()[j] = (ih ? ih[j] : T(0)) + (j < common ? hh[j] : T(0));
    }
    const T* const biases = sums ? sums->data() : nullptr;
    if (!s_.is_gru()) return multiply_input(0, gates, 0, biases);
    multiply_input(0, 2 * s_.hidden, 0, biases);
    multiply_input(2 * s_.hidden, s_.hidden, 3 * s_.hidden, biases);
  }
  void multiply_input(int64_t gate, int64_t count, int64_t column, const T* biases) {
    multiply<T>({1, s_.rows, count, s_.input}, T(1), {typed<T>(in_.x), 0, s_.input, 1}, {typed<T>(in_.weight_ih) + gate * s_.input, 0, 1, s_.input},
                biases ? T(1) : T(0), {biases ? biases + gate : nullptr, 0, 0, 1}, {gates_ + column, 0, gates_row_, 1});
  }

  void compute(const Part& p, const MatrixRows<const T>& weight, const MatrixRows<const T>* projection) {
    T* const gates = gates_ + p.row * gates_row_;
    const T* const h_before = states_.h_before(p);
    if (s_.is_gru()) begin_with_bias(gates, p.count);
    multiply_rows<T>(p.count, s_.gates(), s_.output, {h_before, s_.output}, weight, true, {gates, gates_row_});
    T* const h = y_ + p.row * s_.output;
    if (s_.is_gru()) return gru_gates(p.count, s_.hidden, gates, h_before, h);
    if (!s_.is_lstm()) return activate(s_.cell, p.count * s_.hidden, h);
    T* const unprojected = projection ? typed<T>(out_.unprojected) + p.row * s_.hidden : h;
    lstm_gates(p.count, s_.hidden, gates, states_.c_before(p), typed<T>(out_.cells) + p.row * s_.hidden, unprojected);
    if (projection) multiply_rows<T>(p.count, s_.output, s_.hidden, {unprojected, s_.hidden}, *projection, false, {h, s_.output});
  }

  // The place of W_hn h + b_hn, which the product is added to.
  void begin_with_bias(T* gates, int64_t count) const {
    const T* const bias = in_.bias_hh ? typed<T>(in_.bias_hh) + 2 * s_.hidden : nullptr;
    for (T* to = gates + 2 * s_.hidden; count > 0; --count, to += gates_row_) {
      if (bias) std::copy(bias, bias + s_.hidden, to);
      else std::fill(to, to + s_.hidden, T(0));
    }
  }

  void keep_last(const TimeStep& step, int64_t first, int64_t last) const {
    first = std::max(first, step.ended);
    last = std::min(last, step.count);
    if (first >= last) return;
    const T* const h = y_ + (step.first + first) * s_.output;
    std::copy(h, h + (last - first) * s_.output, typed<T>(out_.h) + first * s_.output);
    if (!s_.is_lstm()) return;
    const T* const c = states_.cells + (step.first + first) * s_.hidden;
    std::copy(c, c + (last - first) * s_.hidden, typed<T>(out_.c) + first * s_.hidden);
  }

  const RecurrentShape& s_;
  const RecurrentInputs& in_;
  const RecurrentValues& out_;
  States<T> states_;
  T *y_, *gates_;
  int64_t gates_row_;
};

template <class T> class BackwardPass {
 public:
  BackwardPass(const RecurrentShape& s, const RecurrentInputs& in, const RecurrentValues& values, const RecurrentSlopes& slopes)
      : s_(s),
        in_(in),
        values_(values),
        slopes_(slopes),
        states_{typed<T>(in.h0), typed<T>(in.c0), typed<T>(values.y), typed<T>(values.cells), s.output, s.hidden},
        dh_(typed<T>(slopes.gh0)),
        dc_(typed<T>(slopes.gc0)) {}

  void run() {
    const std::vector<TimeStep> steps = time_steps(in_.batch_sizes, s_.steps, s_.reverse);
    for_blocks(s_, products_of_steps(s_), [&](int64_t first, int64_t last) {
      begin(slopes_.gh, dh_, first * s_.output, last * s_.output);
      if (s_.is_lstm()) begin(slopes_.gc, dc_, first * s_.hidden, last * s_.hidden);
      const Scratch<T> unprojected(s_.projects() ? (last - first) * s_.hidden : 0);
      for (auto step = steps.rbegin(); step != steps.rend(); ++step)
        for_parts(*step, first, last, [&](const Part& p) { compute(p, unprojected.data()); });
    });
  }

 private:
  static void begin(const void* from, T* to, int64_t first, int64_t last) {
    if (from) std::copy(typed<T>(from) + first, typed<T>(from) + last, to + first);
    else std::fill(to + first, to + last, T(0));
  }

  // dh and dc, of the sequences' states after the step, become those before it.
  void compute(const Part& p, T* unprojected) {
    const int64_t hidden = s_.hidden, gates = s_.gates();
    T *const dh = dh_ + p.sequence * s_.output, *const dc = s_.is_lstm() ? dc_ + p.sequence * hidden : nullptr;
    const T* const h_before = states_.h_before(p);
    if (slopes_.gy) add_elements(p.count * s_.output, typed<T>(slopes_.gy) + p.row * s_.output, dh);
    if (slopes_.before) std::copy(h_before, h_before + p.count * s_.output, typed<T>(slopes_.before) + p.row * s_.output);
    const T* by_h = dh;
    if (s_.projects()) {
      if (slopes_.projected) std::copy(dh, dh + p.count * s_.output, typed<T>(slopes_.projected) + p.row * s_.output);
      multiply_rows<T>(p.count, hidden, s_.output, {dh, s_.output}, {typed<T>(in_.weight_hr), hidden}, false, {unprojected, hidden});
      by_h = unprojected;
    }
    const T* const kept = typed<T>(values_.kept) + p.row * s_.kept();
    T *const by_input = typed<T>(slopes_.by_input) + p.row * gates, *const by_hidden = typed<T>(slopes_.by_hidden) + p.row * gates;
    if (s_.is_lstm()) lstm_slopes(p.count, hidden, kept, states_.c_before(p), states_.cells + p.row * hidden, by_h, dc, by_input);
    else if (s_.is_gru()) gru_slopes(p.count, hidden, kept, h_before, dh, by_input, by_hidden);
    else activation_slopes(s_.cell, p.count * hidden, states_.y + p.row * hidden, dh, by_input);
    multiply_rows<T>(p.count, s_.output, gates, {by_hidden, gates}, {typed<T>(in_.weight_hh), s_.output}, s_.is_gru(), {dh, s_.output});
  }

  const RecurrentShape& s_;
  const RecurrentInputs& in_;
  const RecurrentValues& values_;
  const RecurrentSlopes& slopes_;
  States<T> states_;
  T *dh_, *dc_;
};

}  // namespace

void recurrent_forward(ScalarType dtype, const RecurrentShape& shape, const RecurrentInputs& in, const RecurrentValues& out) {
  dispatch_floating(dtype, "recurrent_forward", [&](auto zero) { ForwardPass<decltype(zero)>(shape, in, out).run(); });
}

void recurrent_backward(ScalarType dtype, const RecurrentShape& shape, const RecurrentInputs& in, const RecurrentValues& values,
                        const RecurrentSlopes& slopes) {
  dispatch_floating(dtype, "recurrent_backward", [&](auto zero) { BackwardPass<decltype(zero)>(shape, in, values, slopes).run(); });
}

}}}  // namespace torch::xgrad::kernels
