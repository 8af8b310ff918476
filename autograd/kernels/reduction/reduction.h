// Reductions: many elements to one, over any subset of the axes.
#pragma once

#include <cstdint>
#include <memory>

#include <xgrad/autograd/core/dtype.h>

namespace torch { inline namespace xgrad { namespace kernels {

/// Which elements each output combines. Strides are in elements; the output is written at its own strides.
struct ReductionGeometry {
  static constexpr int kMaxAxes = 64;

  int kept = 0, reduced = 0;
  int64_t kept_sizes[kMaxAxes], kept_in[kMaxAxes], kept_out[kMaxAxes];
  int64_t reduced_sizes[kMaxAxes], reduced_in[kMaxAxes];

  void keep(int64_t size, int64_t in, int64_t out);
  void reduce(int64_t size, int64_t in);
  /// Puts axes with large input strides first and merges those that lie in one piece. The reduced elements of one
  /// output may then be combined in another order.
  void simplify();
  int64_t outputs() const;
  int64_t elements_per_output() const;
  /// After simplify(): how often an output combines the same elements, because they are expanded along its last reduced axis.
  int64_t repeats() const;
};

// Every function below reads elements of `in` at x and writes one output for each kept position at y. Elements are
// combined over fixed leaves by a fixed tree, so results don't depend on the number of threads. An empty reduction
// gives the operation's neutral element.

/// Sum divided by `divisor` (floating inputs only divide); float32 is accumulated in float64. Integers and bool give int64.
void reduce_sum(const ReductionGeometry& g, ScalarType in, const void* x, void* y, double divisor = 1);

/// reduce_sum() of n floating elements that lie side by side to one, piece by piece, in any order and on any threads: the same bits.
class PiecewiseSum {
 public:
  static constexpr int64_t kPiece = int64_t{1} << 15;  ///< elements of every piece but the last

  PiecewiseSum(int64_t n, ScalarType in, double divisor);
  ~PiecewiseSum();
  /// Takes in a piece, whose first element is at x.
  void add(int64_t piece, const void* x);
  /// Writes the result, after all pieces.
  void finish(void* y) const;

 private:
  struct Reduction;
  std::unique_ptr<Reduction> reduction_;
};

/// Sum of the elements that are not NaN; floating inputs only.
void reduce_nansum(const ReductionGeometry& g, ScalarType in, const void* x, void* y);
/// Product; integers and bool give int64.
void reduce_prod(const ReductionGeometry& g, ScalarType in, const void* x, void* y);
/// The largest or smallest element, NaN if any is; outputs of the input's dtype.
void reduce_max(const ReductionGeometry& g, ScalarType in, const void* x, void* y);
void reduce_min(const ReductionGeometry& g, ScalarType in, const void* x, void* y);

}}}  // namespace torch::xgrad::kernels
