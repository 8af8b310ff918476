#include <xgrad/autograd/kernels/reduction/reduction_driver.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <optional>
#include <vector>

#include <xgrad/autograd/kernels/index/row_copy.h>
#include <xgrad/autograd/kernels/parallel.h>
#include <xgrad/autograd/kernels/scratch.h>
#include <xgrad/autograd/kernels/walk.h>

namespace torch { inline namespace xgrad { namespace kernels {
namespace {

constexpr int64_t kGathered = 512;        // elements brought side by side at once
constexpr int64_t kGatheredBytes = 4096;  // the same of one output or of several whole rows
constexpr int64_t kGroupBytes = 8192;     // the same of rows that are added to columns
constexpr int kBlock = 8;                 // columns gathered at once where elements can't be added singly
constexpr int64_t kRowOverhead = 50;      // elements that could be added while a row is begun and finished
constexpr int64_t kRowsInARun = 64;       // outputs of rows that are reduced and finished at once
constexpr int64_t kColumnLeaf = 32;       // rows in a leaf of the row-by-row accumulation
constexpr int64_t kColumnSegment = int64_t{1} << 11;
constexpr int64_t kMostPieces = 256;  // that an output or a few single ones are cut into
constexpr int64_t kStackRoom = 8192;  // bytes of accumulators for a piece; more are taken from a block

// Bytes of n rows of accumulators that each begin a cache line.
constexpr int64_t lines(int64_t n, int64_t row_bytes) { return n * ((row_bytes + 63) / 64 * 64); }

// Joins results pairwise in the order they come, as a binary counter carries.
class PairwiseTree {
 public:
  explicit PairwiseTree(const Reducer& r) : r_(r) {}
  void push(char* acc) {
    int level = 0;
    for (uint64_t c = count_++; c & 1; c >>= 1) r_.join(r_.r, levels_[level++], acc, 1);
    std::memcpy(levels_[level], acc, static_cast<size_t>(r_.acc_bytes));
  }
  void result(char* acc) const {
    r_.clear(r_.r, acc, 1);
    bool first = true;
    for (int level = 0; count_ >> level; ++level) {
      if (!(count_ >> level & 1)) continue;
      if (first) std::memcpy(acc, levels_[level], static_cast<size_t>(r_.acc_bytes));
      else r_.join(r_.r, levels_[level], acc, 1);
      first = false;
    }
  }

 private:
  const Reducer& r_;
  uint64_t count_ = 0;
  alignas(16) char levels_[48][kLargestAccumulator];
};

// The results of an output's segments, which lie side by side, become one.
void join_partials(const Reducer& r, const char* partials, int64_t segments, char* acc) {
  PairwiseTree tree(r);
  for (int64_t s = 0; s < segments; ++s) {
    std::memcpy(acc, partials + s * r.acc_bytes, static_cast<size_t>(r.acc_bytes));
    tree.push(acc);
  }
  tree.result(acc);
}

int64_t segments_of(int64_t n, int64_t segment) { return (n + segment - 1) / segment; }

class ReductionRun {
 public:
  ReductionRun(const ReductionGeometry& g, const char* x, void* y, const Reducer& r)
      : g_(g), x_(x), y_(y), r_(r), outputs_(g.outputs()), n_(g.elements_per_output()) {}

  void run() {
    if (outputs_ == 0) return;
    if (n_ == 0) {
      alignas(16) char nothing[kLargestAccumulator];
      r_.clear(r_.r, nothing, 1);
      for (int64_t output = 0; output < outputs_; ++output) finish(output, nothing);
      return;
    }
    const bool outputs_adjoin = g_.kept > 0 && (g_.reduced == 0 || g_.kept_in[g_.kept - 1] < g_.reduced_in[g_.reduced - 1]);
    const bool rows_fit = in_a_row() || (g_.reduced == 1 && !outputs_adjoin && n_ * r_.in_bytes <= kGatheredBytes);
    if (rows_fit && n_ <= r_.leaf) return each_row();
    width_ = outputs_adjoin ? g_.kept_sizes[g_.kept - 1] : 1;
    tile_ = outputs_adjoin ? kColumns : 1;
    tiles_ = (width_ + tile_ - 1) / tile_;
    segment_ = outputs_adjoin ? kColumnSegment : kSegment;
    // Longer segments by powers of 2 leave the tree as it is.
    while (!outputs_adjoin && segment_ < n_ && outputs_ * segments_of(n_, segment_) > kMostPieces) segment_ *= 2;
    segments_ = segments_of(n_, segment_);
    if (segments_ > 1) partial_ = place_for_partials();
    const int64_t pieces = outputs_ / width_ * tiles_ * segments_;
    if (outputs_adjoin) room_ = room_of_a_piece();
    if (room_ > kStackRoom) rooms_.emplace(pieces_for(pieces), room_);
    const int64_t per_piece = std::max<int64_t>(outputs_ * n_ / pieces, 1);
    parallel_for(pieces, r_.elements_per_thread / per_piece, [&](int64_t first, int64_t last) {
      for (int64_t piece = first; piece < last; ++piece) segments_ == 1 ? run_piece(piece, 0) : run_piece(piece / segments_, piece % segments_);
    });
    if (segments_ > 1) join_segments();
  }

 private:
  bool in_a_row() const { return g_.reduced == 1 && g_.reduced_in[0] == 1; }

  // Outputs that combine one leaf each, whose elements lie side by side or are brought there, several rows at once.
  void each_row() const {
    if (g_.kept == 0 && in_a_row()) {
      alignas(16) char acc[kLargestAccumulator];
      r_.reduce(r_.r, x_, 0, 1, n_, acc);
      r_.finish(r_.r, acc, 1, y_, 0, 0);
      return;
    }
    parallel_for(outputs_, r_.elements_per_thread / (n_ + kRowOverhead), [&](int64_t first, int64_t last) {
      Walk in(g_.kept, g_.kept_sizes, g_.kept_in, first), out(g_.kept, g_.kept_sizes, g_.kept_out, first);
      alignas(64) char acc[kRowsInARun * kLargestAccumulator], gathered[kGatheredBytes];
      const int64_t most = in_a_row() ? kRowsInARun : std::min(kRowsInARun, kGatheredBytes / (n_ * r_.in_bytes));
      for (int64_t run; first < last; first += run) {
        run = std::min({last - first, in.left(), most});
        const char* const rows = at(x_, in.offset());
        if (!in_a_row()) copy_side_by_side(rows, in.stride(), g_.reduced_in[0], run, n_, gathered);
        r_.reduce(r_.r, in_a_row() ? rows : gathered, in_a_row() ? in.stride() : n_, run, n_, acc);
        r_.finish(r_.r, acc, run, y_, out.offset(), out.stride());
        in.advance(run);
        out.advance(run);
      }
    });
  }

  // Strides in elements.
  void copy_side_by_side(const char* x, int64_t row_stride, int64_t stride, int64_t rows, int64_t columns, char* to) const {
    copy_rows(r_.in_bytes, {to, columns * r_.in_bytes, x, row_stride * r_.in_bytes, stride * r_.in_bytes}, rows, columns);
  }

  // One segment of the outputs of one tile.
  void run_piece(int64_t tile, int64_t segment) {
    if (room_ <= kStackRoom) return run_in_stack_room(tile, segment);
    run_in(Borrowed<char>(&*rooms_, room_).data(), tile, segment);
  }

  [[gnu::noinline]] void run_in_stack_room(int64_t tile, int64_t segment) {
    alignas(64) char room[kStackRoom];
    run_in(room, tile, segment);
  }

  void run_in(char* room, int64_t tile, int64_t segment) {
    const int64_t row = tiles_ == 1 ? tile : tile / tiles_, column = (tile - row * tiles_) * tile_;
    const int outer = tile_ > 1 ? g_.kept - 1 : g_.kept;
    const char* x = at(x_, Walk(outer, g_.kept_sizes, g_.kept_in, row).offset());
    const int64_t begin = segment * segment_, end = std::min(n_, begin + segment_);
    const int columns = static_cast<int>(std::min<int64_t>(tile_, width_ - column));
    if (tile_ == 1) one_output(x, begin, end, room);
    else if (r_.add_rows) row_by_row(at(x, column * column_stride()), columns, begin, end, room);
    else column_by_column(at(x, column * column_stride()), columns, begin, end, room);
    deliver(row * width_ + column, segment, room, columns);
  }

  // Of neighbouring outputs: the results come first in it, what they are made of behind them.
  int64_t room_of_a_piece() const {
    const int64_t columns = std::min<int64_t>(tile_, width_), results = lines(1, columns * r_.acc_bytes);
    if (!r_.add_rows) return results + lines(kBlock, kGathered * r_.in_bytes);
    const int64_t rows = rows_in_one(), leaves = segments_of(std::min(segment_, n_) / rows, kColumnLeaf);
    return lines(leaves > 1 ? 1 + std::bit_width(static_cast<uint64_t>(leaves)) : 1, columns * rows * r_.acc_bytes);
  }

  char* place_for_partials() {
    const auto bytes = static_cast<size_t>(outputs_ * segments_ * r_.acc_bytes);
    if (bytes <= sizeof few_partials_) return few_partials_;
    many_partials_.resize(bytes);
    return many_partials_.data();
  }

  const char* at(const char* x, int64_t elements) const { return x + elements * r_.in_bytes; }
  int64_t column_stride() const { return g_.kept_in[g_.kept - 1]; }
  char* partial(int64_t output, int64_t segment) { return partial_ + (output * segments_ + segment) * r_.acc_bytes; }

  // Neighbouring outputs of one row.
  void deliver(int64_t output, int64_t segment, const char* acc, int columns) {
    if (segments_ == 1) {
      const Walk out(g_.kept, g_.kept_sizes, g_.kept_out, output);
      r_.finish(r_.r, acc, columns, y_, out.offset(), out.stride());
      return;
    }
    for (int j = 0; j < columns; ++j) std::memcpy(partial(output + j, segment), acc + j * r_.acc_bytes, static_cast<size_t>(r_.acc_bytes));
  }

  void finish(int64_t output, const char* acc) const { r_.finish(r_.r, acc, 1, y_, Walk(g_.kept, g_.kept_sizes, g_.kept_out, output).offset(), 0); }

  void join_segments() {
    for (int64_t output = 0; output < outputs_; ++output) {
      alignas(16) char acc[kLargestAccumulator];
      join_partials(r_, partial(output, 0), segments_, acc);
      finish(output, acc);
    }
  }

  void one_output(const char* x, int64_t begin, int64_t end, char* result) const {
    if (in_a_row() && end - begin <= r_.leaf) {
      r_.reduce(r_.r, at(x, begin), 0, 1, end - begin, result);
      return;
    }
    PairwiseTree tree(r_);
    Walk walk(in_a_row() ? 0 : g_.reduced, g_.reduced_sizes, g_.reduced_in, in_a_row() ? 0 : begin);
    const int64_t leaf = in_a_row() ? r_.leaf : std::min(r_.leaf, kGatheredBytes / r_.in_bytes);
    alignas(64) char gathered[kGatheredBytes];
    alignas(16) char acc[kLargestAccumulator];
    for (int64_t k = begin; k < end; k += leaf) {
      const int64_t n = std::min(leaf, end - k);
      if (!in_a_row()) gather(x, walk, n, gathered);
      r_.reduce(r_.r, in_a_row() ? at(x, k) : gathered, 0, 1, n, acc);
      tree.push(acc);
    }
    tree.result(result);
  }

  // The next n elements side by side.
  void gather(const char* x, Walk& walk, int64_t n, char* to) const {
    for (int64_t i = 0, run; i < n; i += run) {
      run = std::min(n - i, walk.left());
      copy_row(r_.in_bytes, to + i * r_.in_bytes, r_.in_bytes, at(x, walk.offset()), walk.stride() * r_.in_bytes, run);
      walk.advance(run);
    }
  }

  // How many rows are taken for one wider row, where rows are short and follow one another: a power of 2.
  int rows_in_one() const {
    if (g_.reduced != 1 || column_stride() != 1 || g_.reduced_in[0] != width_) return 1;
    int rows = 1;
    while (rows * 2 * width_ <= kColumns && rows * 2 * kRowsAtOnce <= n_) rows *= 2;
    return rows;
  }

  void row_by_row(const char* x, int columns, int64_t begin, int64_t end, char* results) const {
    const int rows = rows_in_one();
    const int64_t joined = (end - begin) / rows * rows;
    Walk walk(g_.reduced, g_.reduced_sizes, g_.reduced_in, begin);
    if (rows == 1) {
      add_up(x, walk, columns, end - begin, results);
      return;
    }
    const int64_t wide_rows = std::max<int64_t>(joined / rows, 1), wide_stride = width_ * rows;
    add_up(at(x, walk.offset()), Walk(1, &wide_rows, &wide_stride, 0), columns * rows, joined / rows, results);
    // What can be loaded singly may be combined in any order.
    for (int half = rows / 2; half > 0; half /= 2) r_.join(r_.r, results + half * columns * r_.acc_bytes, results, half * columns);
    r_.add_rows(r_.r, results, at(x, walk.offset() + joined * width_), width_, end - begin - joined, columns, nullptr);
  }

  // Adds whole rows of `columns` elements; the tree's nodes are rows of accumulators, of which the lower levels lie behind the
  // results.
  void add_up(const char* x, Walk walk, int columns, int64_t n, char* results) const {
    const int64_t row = lines(1, columns * r_.acc_bytes);
    const auto node = [&](int level) { return results + (level + 1) * row; };
    unsigned leaves = 0;
    for (; n > 0; n -= kColumnLeaf) {
      const int level = __builtin_ctz(~leaves);
      char* sums = n <= kColumnLeaf && leaves == 0 ? results : node(level);
      add_leaf(sums, x, walk, std::min(n, kColumnLeaf), columns);
      if (sums == results) return;
      for (int l = 0; l < level; ++l) r_.join(r_.r, node(l), sums, columns);
      ++leaves;
    }
    r_.clear(r_.r, results, columns);
    for (int level = 0; leaves >> level; ++level) {
      if (!(leaves >> level & 1)) continue;
      const bool first = (leaves & ((1u << level) - 1)) == 0;
      if (first) std::memcpy(results, node(level), static_cast<size_t>(columns * r_.acc_bytes));
      else r_.join(r_.r, node(level), results, columns);
    }
  }

  void add_leaf(char* sums, const char* x, Walk& walk, int64_t rows, int columns) const {
    const Walk start = walk;
    int32_t out_of_range = 0;
    add_rows(sums, x, walk, rows, columns, &out_of_range);
    if (!out_of_range) return;
    walk = start;
    add_rows(sums, x, walk, rows, columns, nullptr);
  }

  void add_rows(char* sums, const char* x, Walk& walk, int64_t rows, int columns, int32_t* out_of_range) const {
    r_.clear(r_.r, sums, columns);
    for (int64_t run; rows > 0; rows -= run, walk.advance(run)) {
      run = std::min(rows, walk.left());
      const char* const row = at(x, walk.offset());
      if (column_stride() == 1) r_.add_rows(r_.r, sums, row, walk.stride(), run, columns, out_of_range);
      else add_gathered_rows(sums, row, walk.stride(), run, columns, out_of_range);
    }
  }

  // In groups that the reducer combines first, so that bringing fewer together changes nothing.
  void add_gathered_rows(char* sums, const char* x, int64_t row_stride, int64_t rows, int64_t columns, int32_t* out_of_range) const {
    alignas(64) char gathered[kGroupBytes];
    const int64_t most = std::min(columns, kGroupBytes / (kRowsAtOnce * r_.in_bytes));
    const int64_t height = kGroupBytes / (most * r_.in_bytes) / kRowsAtOnce * kRowsAtOnce;
    for (int64_t first = 0; first < rows; first += height)
      for (int64_t column = 0; column < columns; column += most) {
        const int64_t group = std::min(height, rows - first), width = std::min(most, columns - column);
        copy_side_by_side(at(x, first * row_stride + column * column_stride()), row_stride, column_stride(), group, width, gathered);
        r_.add_rows(r_.r, sums + column * r_.acc_bytes, gathered, width, group, width, out_of_range);
      }
  }

  template <class Unit> void gather_block_of(const char* x, Walk& walk, int64_t n, int block, char* to) const {
    for (int64_t i = 0; i < n; ++i, walk.step())
      for (int j = 0; j < block; ++j)
        std::memcpy(to + (j * kGathered + i) * static_cast<int64_t>(sizeof(Unit)), at(x, walk.offset() + j * column_stride()), sizeof(Unit));
  }
  void gather_block(const char* x, Walk& walk, int64_t n, int block, char* to) const {
    if (r_.in_bytes == 4) gather_block_of<int32_t>(x, walk, n, block, to);
    else if (r_.in_bytes == 8) gather_block_of<int64_t>(x, walk, n, block, to);
    else gather_block_of<char>(x, walk, n, block, to);
  }

  // Brings a leaf of each of a few neighbouring columns side by side at a time.
  void column_by_column(const char* x, int columns, int64_t begin, int64_t end, char* results) const {
    char* const gathered = results + lines(1, columns * r_.acc_bytes);
    alignas(16) char acc[kLargestAccumulator];
    for (int first = 0; first < columns; first += kBlock) {
      const int block = std::min(kBlock, columns - first);
      std::vector<PairwiseTree> trees(static_cast<size_t>(block), PairwiseTree(r_));
      Walk walk(g_.reduced, g_.reduced_sizes, g_.reduced_in, begin);
      for (int64_t k = begin; k < end; k += kGathered) {
        const int64_t n = std::min(kGathered, end - k);
        gather_block(at(x, first * column_stride()), walk, n, block, gathered);
        for (int j = 0; j < block; ++j) {
          r_.reduce(r_.r, gathered + j * kGathered * r_.in_bytes, 0, 1, n, acc);
          trees[static_cast<size_t>(j)].push(acc);
        }
      }
      for (int j = 0; j < block; ++j) trees[static_cast<size_t>(j)].result(results + (first + j) * r_.acc_bytes);
    }
  }

  const ReductionGeometry& g_;
  const char* x_;
  void* y_;
  const Reducer& r_;
  int64_t outputs_, n_;
  int64_t width_ = 1, tile_ = 1, tiles_ = 1, segment_ = 0, segments_ = 1;
  int64_t room_ = 0;  // bytes for a piece
  std::optional<SharedScratch<char>> rooms_;
  char* partial_ = nullptr;
  std::vector<char> many_partials_;
  alignas(16) char few_partials_[kMostPieces * kLargestAccumulator];
};

}  // namespace

void run_reduction(const ReductionGeometry& g, const void* x, void* y, const Reducer& r) { ReductionRun(g, static_cast<const char*>(x), y, r).run(); }

SegmentedReduction::SegmentedReduction(int64_t n, const Reducer& r)
    : r_(r), n_(n), partials_(static_cast<size_t>(segments_of(n, kSegment) * r.acc_bytes)) {}

void SegmentedReduction::reduce(int64_t segment, const void* x) {
  r_.reduce(r_.r, x, 0, 1, std::min(kSegment, n_ - segment * kSegment), partials_.data() + segment * r_.acc_bytes);
}

void SegmentedReduction::finish(void* y) const {
  alignas(16) char acc[kLargestAccumulator];
  join_partials(r_, partials_.data(), segments_of(n_, kSegment), acc);
  r_.finish(r_.r, acc, 1, y, 0, 0);
}

}}}  // namespace torch::xgrad::kernels
