// Where the elements of some axes lie, one after the other.
#pragma once

#include <algorithm>
#include <cstdint>

#include <xgrad/autograd/kernels/reduction/reduction.h>

namespace torch { inline namespace xgrad { namespace kernels {

/// Steps through the positions of some axes in row-major order. Offsets are in elements.
class Walk {
 public:
  Walk(int axes, const int64_t* sizes, const int64_t* strides, int64_t start) : axes_(axes), sizes_(sizes), strides_(strides) {
    for (int a = axes - 1; a >= 0; --a) {
      const int64_t rest = start < sizes[a] ? 0 : start / sizes[a];
      index_[a] = start - rest * sizes[a];
      start = rest;
      offset_ += index_[a] * strides[a];
    }
  }
  // Most of the indices are not in use.
  Walk(const Walk& other) : axes_(other.axes_), sizes_(other.sizes_), strides_(other.strides_), offset_(other.offset_) {
    std::copy_n(other.index_, axes_, index_);
  }
  Walk& operator=(const Walk& other) {
    axes_ = other.axes_;
    sizes_ = other.sizes_;
    strides_ = other.strides_;
    offset_ = other.offset_;
    std::copy_n(other.index_, axes_, index_);
    return *this;
  }
  int64_t offset() const { return offset_; }
  /// Positions from here to the end of the innermost axis.
  int64_t left() const { return axes_ == 0 ? 1 : sizes_[axes_ - 1] - index_[axes_ - 1]; }
  int64_t stride() const { return axes_ == 0 ? 0 : strides_[axes_ - 1]; }
  void step() { advance(1); }
  /// n <= left()
  void advance(int64_t n) {
    for (int a = axes_ - 1; a >= 0; --a, n = 1) {
      offset_ += n * strides_[a];
      index_[a] += n;
      if (index_[a] < sizes_[a]) return;
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

}}}  // namespace torch::xgrad::kernels
