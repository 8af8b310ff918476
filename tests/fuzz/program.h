// A program's steps, executed one after the other, each result printed.
#pragma once

#include <cstdio>
#include <string>
#include <vector>

#include "operation.h"

namespace graphs {

/// What a step's line in a file says: see Step. `read_step` throws for a line that is none.
std::string write_step(const Step& step);
Step read_step(const std::string& line);

/// A leaf, its floating elements moved by about the part `noise` of them: equal elements by the same amount.
Tensor leaf_of(const Step& step, double noise);
/// Executes a step that is no leaf with the values of earlier ones, by place.
Tensors executed(const Step& step, const Tensors& values);

class Program {
 public:
  /// `noise`: of the leaves.
  explicit Program(std::FILE* out, double noise = 0) : out_(out), noise_(noise) {}

  /// Executes the step and prints its results, or what it threw. False once a call that edits or sweeps has thrown: how
  /// much of it was done is nobody's promise.
  bool run(const Step& step);
  /// Prints earlier results again that edits have changed.
  void finish();

  const std::vector<Step>& steps() const { return steps_; }
  /// Those that threw.
  const std::vector<bool>& failed() const { return failed_; }
  /// Undefined where a step had fewer results.
  const Tensor& value(int place) const { return values_[static_cast<size_t>(place)]; }
  int places() const { return static_cast<int>(values_.size()); }

 private:
  void print(int place, const Tensor& value);
  static std::string described(int place, const Tensor& value);

  std::FILE* out_;
  double noise_;
  std::vector<Step> steps_;
  std::vector<bool> failed_;
  Tensors values_;                  // by place
  std::vector<std::string> lines_;  // what was printed of them
  bool edited_ = false;
};

/// A leaf is operation 0: sizes p, dtype i (a place in leaf_dtypes), elements j (a Fill) from seed k, indices below l, requires_grad flag.
enum Fill : int64_t { kUniform, kHalves, kPositive, kProbability, kIndex, kMask, kSmallIntegers, kDistinct, kFillCount };
constexpr torch::ScalarType kLeafDtypes[] = {torch::kDouble, torch::kFloat, torch::kLong, torch::kInt, torch::kByte, torch::kBool};

}  // namespace graphs
