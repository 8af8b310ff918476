// Numbers that a seed alone decides, the same with every library (splitmix64).
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>

namespace graphs {

class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed) {}

  uint64_t next() {
    uint64_t z = state_ += 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
  }
  /// Of [0, n); n > 0.
  int64_t below(int64_t n) { return static_cast<int64_t>(next() % static_cast<uint64_t>(n)); }
  /// Of [low, high], both included.
  int64_t between(int64_t low, int64_t high) { return low + below(high - low + 1); }
  bool chance(int percent) { return below(100) < percent; }
  /// Of [0, 1).
  double unit() { return static_cast<double>(next() >> 11) * 0x1p-53; }
  template <class T> T one_of(std::initializer_list<T> choices) { return choices.begin()[below(static_cast<int64_t>(choices.size()))]; }

 private:
  uint64_t state_;
};

}  // namespace graphs
