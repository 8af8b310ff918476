// Chooses a program's steps and their arguments, from the seed and from dtypes and shapes alone: never from elements.
#pragma once

#include <vector>

#include "program.h"
#include "random.h"

namespace graphs {

using Sizes = std::vector<int64_t>;

class Chooser {
 public:
  Chooser(uint64_t seed, Program& program);
  /// Writes the whole program, running each step as it is written.
  void write();

  /// Executes the step; the place of its first result.
  int run(const Step& step);

  Random random;

  const Tensor& value(int place) const { return program_.value(place); }
  int64_t dim(int place) const { return value(place).dim(); }
  int64_t size(int place, int64_t axis) const { return value(place).size(axis); }
  Sizes sizes(int place) const { return value(place).sizes().vec(); }

  /// A new leaf; it requires a gradient, if it can, more often than not.
  int leaf(const Sizes& sizes, torch::ScalarType dtype, Fill fill);
  /// Of the graph's dtype and with elements of any kind.
  int leaf(const Sizes& sizes);
  int index_leaf(const Sizes& sizes, int64_t bound);
  /// The floating dtype of this program.
  torch::ScalarType floating_dtype() const { return dtype_; }
  /// The place of the same value, detached.
  int still(int place);
  int mask_leaf(const Sizes& sizes) { return leaf(sizes, torch::kBool, kMask); }

  /// A value that suits, newer ones more likely; -1 when none is met.
  template <class Suits> int find(Suits suits) {
    const int places = program_.places();
    for (int attempt = 0; places > 0 && attempt < 12; ++attempt) {
      const int64_t back = random.chance(50) ? random.below(std::min(places, 4 * kResults)) : random.below(places);
      const int place = places - 1 - static_cast<int>(back);
      if (value(place).defined() && value(place).numel() <= kLargest && suits(value(place))) return place;
    }
    return -1;
  }
  /// Any value, one of a floating dtype, one with so many axes; made when none is met. The first one of an operation that
  /// edits is no leaf that requires a gradient, mostly.
  int any(int64_t least = 0, int64_t most = 4);
  int floating(int64_t least = 0, int64_t most = 4);
  /// A value of any shape whose gradient can be asked for, as far as the steps tell; -1 when none is met.
  int differentiable();
  /// True iff the operation edits its x.
  bool edits() const { return edits_; }
  /// Of these sizes and x's dtype (now and then another).
  int of_sizes(const Sizes& sizes, int x);
  int same_shape(int x) { return of_sizes(sizes(x), x); }
  /// Broadcasts with x; if `into`, to the sizes of x.
  int partner(int x, bool into = false);
  /// The same with other elements where the operation has a domain.
  int filled_as(int x, Fill fill);

  int64_t axis(int x);
  Sizes some_axes(int x);
  Sizes random_sizes(int64_t least = 0, int64_t most = 4);
  /// Inputs whose gradient y may have.
  std::vector<int> sources(int y);

 private:
  static constexpr int64_t kLargest = 200;  // elements

  bool step();
  int editable(int64_t least, int64_t most, bool floating);
  void sweeps();
  void numbers(Step& step);
  torch::ScalarType dtype();

  Program& program_;
  std::vector<bool> differentiable_;  // by step
  torch::ScalarType dtype_ = torch::kDouble;
  bool mixed_ = false, running_ = true, edits_ = false, edited_chosen_ = false;
};

}  // namespace graphs
