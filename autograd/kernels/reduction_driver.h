// How a reduction walks its elements: leaves of fixed size, combined by a fixed tree.
#pragma once

#include <algorithm>
#include <cstdint>
#include <type_traits>
#include <vector>

#include <xgrad/autograd/kernels/parallel.h>
#include <xgrad/autograd/kernels/reduction.h>

// Note: the tree
//
// The elements of an output, in the order of simplify(), are cut into leaves, leaves are joined pairwise as a binary
// counter carries, and every kSegment elements make a partial result of their own; partial results are joined pairwise
// again. All cuts follow from the shape alone. Threads take whole (output, segment) pieces.
//
// A reduction R states
//   In, Acc, Out           element, accumulator and output types
//   Acc identity()         of no element
//   Acc leaf(x, n)         of n <= kLeaf elements in a row
//   Acc combine(a, b)      of both
//   Out finish(a)
// and, where one element at a time is as good as a leaf,
//   Acc add(a, x)          which lets neighbouring outputs be accumulated row by row.

namespace xgrad::kernels {

constexpr int kLeaf = 128;
constexpr int64_t kSegment = int64_t{1} << 15;
constexpr int kColumns = 128;   ///< neighbouring outputs accumulated together
constexpr int kColumnLeaf = 32; ///< rows in a leaf of the row-by-row accumulation
constexpr int64_t kColumnSegment = int64_t{1} << 11;
constexpr int64_t kElementsPerThread = 40000;

template <class R, class = void>
constexpr bool adds_single_elements = false;
template <class R>
constexpr bool adds_single_elements<R, std::void_t<decltype(&R::add)>> = true;

/// A leaf from add(): 16 accumulators that a compiler can keep in vector registers.
template <class R>
typename R::Acc leaf_of_sums(const R& r, const typename R::In* x, int n) {
  constexpr int kLanes = 16;
  typename R::Acc lanes[kLanes];
  for (auto& lane : lanes) lane = r.identity();
  int i = 0;
  for (; i + kLanes <= n; i += kLanes)
    for (int j = 0; j < kLanes; ++j) lanes[j] = r.add(lanes[j], x[i + j]);
  for (int j = 0; i + j < n; ++j) lanes[j] = r.add(lanes[j], x[i + j]);
  for (int half = kLanes / 2; half > 0; half /= 2)
    for (int j = 0; j < half; ++j) lanes[j] = r.combine(lanes[j], lanes[j + half]);
  return lanes[0];
}

/// Joins results pairwise in the order they come, as a binary counter carries.
template <class R>
class PairwiseTree {
 public:
  using Acc = typename R::Acc;
  explicit PairwiseTree(const R& r) : r_(r) {}
  void push(Acc a) {
    int level = 0;
    for (uint64_t c = count_++; c & 1; c >>= 1) a = r_.combine(levels_[level++], a);
    levels_[level] = a;
  }
  Acc result() const {
    bool first = true;
    Acc a = r_.identity();
    for (int level = 0; count_ >> level; ++level) {
      if (!(count_ >> level & 1)) continue;
      a = first ? levels_[level] : r_.combine(levels_[level], a);
      first = false;
    }
    return a;
  }

 private:
  const R& r_;
  uint64_t count_ = 0;
  Acc levels_[48];
};

/// Steps through the positions of some axes in row-major order.
class Walk {
 public:
  Walk(int axes, const int64_t* sizes, const int64_t* strides, int64_t start) : axes_(axes), sizes_(sizes), strides_(strides) {
    for (int a = axes - 1; a >= 0; --a) {
      index_[a] = start % sizes[a];
      start /= sizes[a];
      offset_ += index_[a] * strides[a];
    }
  }
  int64_t offset() const { return offset_; }
  void step() {
    for (int a = axes_ - 1; a >= 0; --a) {
      offset_ += strides_[a];
      if (++index_[a] < sizes_[a]) return;
      offset_ -= strides_[a] * sizes_[a];
      index_[a] = 0;
    }
  }

 private:
  int axes_;
  const int64_t *sizes_, *strides_;
  int64_t offset_ = 0;
  int64_t index_[ReductionGeometry::kMaxAxes];
};

template <class R>
class ReductionRun {
  using In = typename R::In;
  using Acc = typename R::Acc;
  using Out = typename R::Out;

 public:
  ReductionRun(const ReductionGeometry& g, const In* x, Out* y, const R& r)
      : g_(g), x_(x), y_(y), r_(r), outputs_(g.outputs()), n_(g.elements_per_output()) {}

  void run() {
    if (outputs_ == 0) return;
    if (n_ == 0) {
      for (int64_t output = 0; output < outputs_; ++output) *place(output) = r_.finish(r_.identity());
      return;
    }
    const bool outputs_adjoin = g_.kept > 0 && (g_.reduced == 0 || g_.kept_in[g_.kept - 1] < g_.reduced_in[g_.reduced - 1]);
    width_ = outputs_adjoin ? g_.kept_sizes[g_.kept - 1] : 1;
    tile_ = outputs_adjoin ? kColumns : 1;
    tiles_ = (width_ + tile_ - 1) / tile_;
    segment_ = outputs_adjoin ? kColumnSegment : kSegment;
    segments_ = std::max<int64_t>((n_ + segment_ - 1) / segment_, 1);
    if (segments_ > 1) partial_.resize(static_cast<size_t>(outputs_ * segments_));
    const int64_t pieces = outputs_ / width_ * tiles_ * segments_;
    const int64_t per_piece = std::max<int64_t>(outputs_ * n_ / pieces, 1);
    parallel_for(pieces, kElementsPerThread / per_piece, [&](int64_t first, int64_t last) {
      for (int64_t piece = first; piece < last; ++piece) run_piece(piece / segments_, piece % segments_);
    });
    if (segments_ > 1) join_segments();
  }

 private:
  // One segment of the outputs of one tile.
  void run_piece(int64_t tile, int64_t segment) {
    const int64_t row = tile / tiles_, column = tile % tiles_ * tile_;
    const int outer = tile_ > 1 ? g_.kept - 1 : g_.kept;
    const In* x = x_ + Walk(outer, g_.kept_sizes, g_.kept_in, row).offset();
    const int64_t begin = segment * segment_, end = std::min(n_, begin + segment_);
    const int columns = static_cast<int>(std::min<int64_t>(tile_, width_ - column));
    Acc results[kColumns];
    if (tile_ == 1) results[0] = one_output(x, begin, end);
    else adjoining_outputs(x + column * g_.kept_in[g_.kept - 1], columns, begin, end, results);
    for (int j = 0; j < columns; ++j) deliver(row * width_ + column + j, segment, results[j]);
  }

  void deliver(int64_t output, int64_t segment, const Acc& a) {
    if (segments_ > 1) partial_[static_cast<size_t>(output * segments_ + segment)] = a;
    else *place(output) = r_.finish(a);
  }

  Out* place(int64_t output) const { return y_ + Walk(g_.kept, g_.kept_sizes, g_.kept_out, output).offset(); }

  void join_segments() {
    for (int64_t output = 0; output < outputs_; ++output) {
      PairwiseTree<R> tree(r_);
      for (int64_t s = 0; s < segments_; ++s) tree.push(partial_[static_cast<size_t>(output * segments_ + s)]);
      *place(output) = r_.finish(tree.result());
    }
  }

  Acc one_output(const In* x, int64_t begin, int64_t end) const {
    const bool in_a_row = g_.reduced == 1 && g_.reduced_in[0] == 1;
    if (in_a_row && end - begin <= kLeaf) return r_.leaf(x + begin, static_cast<int>(end - begin));
    PairwiseTree<R> tree(r_);
    Walk walk(in_a_row ? 0 : g_.reduced, g_.reduced_sizes, g_.reduced_in, in_a_row ? 0 : begin);
    In gathered[kLeaf];
    for (int64_t k = begin; k < end; k += kLeaf) {
      const int n = static_cast<int>(std::min<int64_t>(kLeaf, end - k));
      if (!in_a_row)
        for (int i = 0; i < n; ++i, walk.step()) gathered[i] = x[walk.offset()];
      tree.push(r_.leaf(in_a_row ? x + k : gathered, n));
    }
    return tree.result();
  }

  void adjoining_outputs(const In* x, int columns, int64_t begin, int64_t end, Acc* results) const {
    if constexpr (adds_single_elements<R>) row_by_row(x, columns, begin, end, results);
    else transposed(x, columns, begin, end, results);
  }

  // Adds whole rows of `columns` elements; the tree's nodes are rows of accumulators.
  void row_by_row(const In* x, int columns, int64_t begin, int64_t end, Acc* results) const {
    constexpr int kLevels = 8;
    static_assert(kColumnSegment / kColumnLeaf < 1 << kLevels);
    Acc levels[kLevels][kColumns];
    const int64_t stride = g_.kept_in[g_.kept - 1];
    Walk walk(g_.reduced, g_.reduced_sizes, g_.reduced_in, begin);
    unsigned leaves = 0;
    for (int64_t k = begin; k < end; k += kColumnLeaf) {
      int level = __builtin_ctz(~leaves);
      Acc* sums = levels[level];
      std::fill_n(sums, columns, r_.identity());
      for (int64_t row = k; row < std::min(end, k + kColumnLeaf); ++row, walk.step()) add_row(sums, x + walk.offset(), stride, columns);
      for (int l = 0; l < level; ++l)
        for (int j = 0; j < columns; ++j) sums[j] = r_.combine(levels[l][j], sums[j]);
      ++leaves;
    }
    std::fill_n(results, columns, r_.identity());
    for (int level = 0; leaves >> level; ++level) {
      if (!(leaves >> level & 1)) continue;
      const bool first = (leaves & ((1u << level) - 1)) == 0;
      for (int j = 0; j < columns; ++j) results[j] = first ? levels[level][j] : r_.combine(levels[level][j], results[j]);
    }
  }

  void add_row(Acc* sums, const In* row, int64_t stride, int columns) const {
    if (stride == 1)
      for (int j = 0; j < columns; ++j) sums[j] = r_.add(sums[j], row[j]);
    else
      for (int j = 0; j < columns; ++j) sums[j] = r_.add(sums[j], row[j * stride]);
  }

  // Gathers a leaf of each of a few columns at a time.
  void transposed(const In* x, int columns, int64_t begin, int64_t end, Acc* results) const {
    constexpr int kBlock = 16;
    In gathered[kBlock][kLeaf];
    const int64_t stride = g_.kept_in[g_.kept - 1];
    for (int first = 0; first < columns; first += kBlock) {
      const int block = std::min(kBlock, columns - first);
      std::vector<PairwiseTree<R>> trees(static_cast<size_t>(block), PairwiseTree<R>(r_));
      Walk walk(g_.reduced, g_.reduced_sizes, g_.reduced_in, begin);
      for (int64_t k = begin; k < end; k += kLeaf) {
        const int n = static_cast<int>(std::min<int64_t>(kLeaf, end - k));
        for (int i = 0; i < n; ++i, walk.step())
          for (int j = 0; j < block; ++j) gathered[j][i] = x[walk.offset() + (first + j) * stride];
        for (int j = 0; j < block; ++j) trees[static_cast<size_t>(j)].push(r_.leaf(gathered[j], n));
      }
      for (int j = 0; j < block; ++j) results[first + j] = trees[static_cast<size_t>(j)].result();
    }
  }

  const ReductionGeometry& g_;
  const In* x_;
  Out* y_;
  const R& r_;
  int64_t outputs_, n_;
  int64_t width_ = 1, tile_ = 1, tiles_ = 1, segment_ = 0, segments_ = 1;
  std::vector<Acc> partial_;
};

template <class R>
void run_reduction(const ReductionGeometry& g, const void* x, void* y, const R& r = R()) {
  ReductionRun<R>(g, static_cast<const typename R::In*>(x), static_cast<typename R::Out*>(y), r).run();
}

}  // namespace xgrad::kernels
