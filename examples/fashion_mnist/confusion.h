// Which classes a network takes for which.
#pragma once

#include <cstdint>

#include <xgrad/xgrad.h>

constexpr int kClasses = 10;

class Confusion {
 public:
  /// label, predicted: [n] class numbers.
  Confusion(const xgrad::Tensor& label, const xgrad::Tensor& predicted);
  double accuracy() const;
  /// The matrix, and the pair of classes most often taken for one another.
  void print() const;

 private:
  int64_t count_[kClasses][kClasses] = {};  // [true class][predicted class]
  int64_t total_ = 0;
};
