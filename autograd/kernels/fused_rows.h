// Elementwise loops over the same elements, run block by block through the nearest cache.
#pragma once

#include <memory>
#include <vector>

#include <xgrad/autograd/kernels/added_loop.h>

namespace torch { inline namespace xgrad { namespace kernels {

/// A launch of run_rows() or add_rows() that was kept.
struct RowLaunch {
  const OperandRows* rows = nullptr;  ///< null: it is none
  Loop loop = nullptr;
  Parameters parameters;
  double cost = 0;
  bool adds = false;  ///< to what was there
  Loop add = nullptr;
  Parameters add_parameters;

  explicit RowLaunch(const Launch::Call& call);
};

/// Loops that run one after the other on each block of n elements. They compute what they compute on all elements, with the same bits and
/// for any number of threads, if each operand is walked by all with the same step, or is an element that none of them writes.
class FusedRows {
 public:
  struct Operand {
    char* pointer;
    int64_t step;    ///< bytes from one element to the next; 0: one element for all
    int place = -1;  ///< not in memory at all, but in this place of a block's room
  };

  /// `operands`: of the launch's rows. The launch must outlive this.
  void add(const RowLaunch& launch, const Operand* operands);
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

  void run_blocks(int64_t first, int64_t last, char* room) const;

  std::vector<Row> rows_;
  std::vector<std::unique_ptr<AddedLoop>> added_;
  std::unique_ptr<std::max_align_t[]> room_;  // of the calling thread
  int64_t n_ = 0, block_ = 0, place_bytes_ = 0, room_bytes_ = 0;
  double cost_ = 0;
};

}}}  // namespace torch::xgrad::kernels
