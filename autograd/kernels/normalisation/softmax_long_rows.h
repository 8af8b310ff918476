// Rows so long that several threads share one: in pieces of fixed size, so that results don't depend on the threads.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include <xgrad/autograd/kernels/index/axis_layout.h>
#include <xgrad/autograd/kernels/instruction_set.h>
#include <xgrad/autograd/kernels/parallel.h>

namespace torch { inline namespace xgrad { namespace kernels {

constexpr int64_t kRowPiece = int64_t{1} << 14;
inline bool is_long_row(int64_t n) { return n > 2 * kRowPiece; }

namespace detail {

template <class First, class T> struct FirstOfPiece {
  static void run(int64_t n, typename First::Value* first, const T* x) { *first = First::of(n, x); }
};
template <class Row, class... Arrays> struct SumOfPiece {
  static void run(int64_t n, typename Row::First::Value first, double* sum, Arrays... arrays) { *sum = Row::sum(n, first, arrays...); }
};
template <class Row, class... Arrays> struct ApplyToPiece {
  static void run(int64_t n, typename Row::First::Value first, double sum, Arrays... arrays) { Row::apply(n, first, sum, arrays...); }
};

}  // namespace detail

template <class T, class... Rest> const T* first_of(const T* first, Rest...) { return first; }

/// The steps of an operation along rows (see softmax_rows.h), for the instruction set in use.
template <class Row, class T, class... Arrays> struct RowSteps {
  using First = typename Row::First::Value;
  void (*first)(int64_t n, First*, const T*) = Variants<detail::FirstOfPiece<typename Row::First, T>, int64_t, First*, const T*>::active();
  void (*sum)(int64_t n, First, double*, Arrays...) = Variants<detail::SumOfPiece<Row, Arrays...>, int64_t, First, double*, Arrays...>::active();
  void (*apply)(int64_t n, First, double, Arrays...) = Variants<detail::ApplyToPiece<Row, Arrays...>, int64_t, First, double, Arrays...>::active();

  void whole_row(int64_t n, Arrays... arrays) const {
    First f;
    double s;
    first(n, &f, first_of(arrays...));
    sum(n, f, &s, arrays...);
    apply(n, f, s, arrays...);
  }
};

template <class Row, class T, class... Arrays> void run_long_rows(const AxisLayout& layout, Arrays... arrays) {
  using First = typename Row::First::Value;
  const RowSteps<Row, T, Arrays...> steps;
  const int64_t n = layout.n, per_row = (n + kRowPiece - 1) / kRowPiece, pieces = layout.outer * per_row;
  std::vector<First> first(static_cast<size_t>(pieces));
  std::vector<double> sum(static_cast<size_t>(pieces));
  const auto each_piece = [&](auto f) {
    parallel_for(pieces, 1, [&](int64_t begin, int64_t end) {
      for (int64_t piece = begin; piece < end; ++piece) {
        const int64_t row = piece / per_row, start = piece % per_row * kRowPiece, here = std::min(kRowPiece, n - start);
        f(static_cast<size_t>(piece), static_cast<size_t>(row * per_row), here, (arrays + row * n + start)...);
      }
    });
  };
  // What belongs to a row stands at its first piece.
  const auto join_pieces = [&](auto& values, auto join) {
    for (size_t piece = 0; piece < values.size(); ++piece)
      if (const size_t row = piece - piece % static_cast<size_t>(per_row); row != piece) values[row] = join(values[row], values[piece]);
  };
  each_piece([&](size_t piece, size_t, int64_t here, Arrays... at) { steps.first(here, &first[piece], first_of(at...)); });
  join_pieces(first, &Row::First::join);
  each_piece([&](size_t piece, size_t row, int64_t here, Arrays... at) { steps.sum(here, first[row], &sum[piece], at...); });
  join_pieces(sum, [](double a, double b) { return a + b; });
  each_piece([&](size_t, size_t row, int64_t here, Arrays... at) { steps.apply(here, first[row], sum[row], at...); });
}

}}}  // namespace torch::xgrad::kernels
