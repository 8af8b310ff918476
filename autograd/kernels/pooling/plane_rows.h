// Many planes, or the rows of their results, shared among threads.
#pragma once

#include <algorithm>
#include <cstdint>
#include <type_traits>

#include <xgrad/autograd/kernels/parallel.h>

namespace torch { inline namespace xgrad { namespace kernels {

/// Calls part(plane, begin, end) for stretches of the rows of each plane, where every thread makes itself a Part(arguments...). The stretches
/// follow from the sizes alone.
template <class Part, class... A> void for_rows_of_planes(int64_t planes, int64_t rows, double nanoseconds_per_row, const A&... arguments) {
  constexpr double kNanosecondsAtOnce = 12000;
  const auto at_once = std::clamp<int64_t>(static_cast<int64_t>(kNanosecondsAtOnce / nanoseconds_per_row) + 1, 1, std::max<int64_t>(rows, 1));
  const int64_t blocks = (rows + at_once - 1) / at_once;
  const auto grain = static_cast<int64_t>(least_shared_nanoseconds() / (nanoseconds_per_row * static_cast<double>(at_once))) + 1;
  parallel_for(planes * blocks, grain, [&](int64_t first, int64_t last) {
    Part part(arguments...);
    for (int64_t task = first; task < last; ++task) {
      const int64_t row = task % blocks * at_once;
      part(task / blocks, row, std::min(row + at_once, rows));
    }
  });
}

/// move(plane) for each of `planes` with as many elements.
template <class Move> void for_planes(int64_t planes, int64_t elements, Move move) {
  const auto grain = static_cast<int64_t>(least_shared_nanoseconds() / (static_cast<double>(elements) + 10)) + 1;
  parallel_for(planes, grain, [&](int64_t begin, int64_t end) {
    for (int64_t plane = begin; plane < end; ++plane) move(plane);
  });
}

/// part(i, n) for pieces of n elements, a constant that vectors are made for, of the elements of a row; some elements come twice.
template <class Part> void in_pieces(int64_t elements, Part part) {
  const auto pieces = [&](auto n) {
    for (int64_t i = 0;; i = std::min(i + n(), elements - n())) {
      part(i, n);
      if (i + n() == elements) return;
    }
  };
  if (elements >= 8) pieces(std::integral_constant<int, 8>());
  else if (elements >= 4) pieces(std::integral_constant<int, 4>());
  else if (elements >= 1) pieces(std::integral_constant<int, 1>());
}

}}}  // namespace torch::xgrad::kernels
