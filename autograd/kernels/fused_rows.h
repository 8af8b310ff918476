// Elementwise loops over the same elements, and sums of what they compute, run block by block through the nearest cache.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include <xgrad/autograd/kernels/added_loop.h>
#include <xgrad/autograd/kernels/reduction/reduction.h>

namespace torch { inline namespace xgrad { namespace kernels {

/// A launch of run_rows(), add_rows(), or run() over one axis, that was kept.
struct RowLaunch {
  std::optional<OperandRows> rows;  ///< none: it is another
  Loop loop = nullptr;
  Parameters parameters;
  double cost = 0;
  bool adds = false;  ///< to what was there
  Loop add = nullptr;
  Parameters add_parameters;

  explicit RowLaunch(const Launch::Call& call);
};

/// A launch of reduce_sum() that was kept, of floating elements that lie side by side to one.
struct SumLaunch {
  char* x = nullptr;  ///< null: it is none
  void* y = nullptr;
  int64_t n = 0, step = 0;  ///< elements, and the bytes of one
  ScalarType dtype = kFloat;
  double divisor = 1;

  explicit SumLaunch(const Launch::Call& call);
};

/// Loops that run one after the other on each block of n elements, and sums that take in each piece of them behind all loops. They compute
/// what they compute on all elements, with the same bits and for any number of threads, if each operand is walked by all with the same step,
/// or is an element that none of them writes.
class FusedRows {
 public:
  struct Operand {
    char* pointer;
    int64_t step;    ///< bytes from one element to the next; 0: one element for all
    int place = -1;  ///< not in memory at all, but in this place of a block's room
  };

  /// `operands`: of the launch's rows. The launch must outlive this.
  void add(const RowLaunch& launch, const Operand* operands);
  /// `place`: of x.
  void add(const SumLaunch& launch, int place);
  /// To be called after the last one.
  void finish(int places);
  /// Runs all. One run at a time.
  void run() const;

 private:
  struct Row {
    Loop loop;
    const void* parameters;
    int operands;
    Operand all[kMaxOperands];
  };
  struct Total {
    Operand x;
    void* y;
    std::unique_ptr<PiecewiseSum> sum;
  };
  struct Place {
    int64_t bytes = 0;   // of an element
    bool whole = false;  // room for a unit, not only for a block of it
    int64_t offset = 0;  // in the room
  };

  void run_units(int64_t first, int64_t last, char* room) const;
  char* address(const Operand& o, int64_t element, int64_t unit_begin, char* room) const;

  std::vector<Row> rows_;
  std::vector<Total> totals_;
  std::vector<Place> places_;
  std::vector<std::unique_ptr<AddedLoop>> added_;
  std::unique_ptr<std::max_align_t[]> room_;               // of the calling thread
  int64_t n_ = 0, block_ = 0, unit_ = 0, room_bytes_ = 0;  // a unit is what one thread runs at least: a block, or a piece of the sums
  double cost_ = 0;
};

}}}  // namespace torch::xgrad::kernels
