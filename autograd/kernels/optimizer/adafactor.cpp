#include <xgrad/autograd/kernels/optimizer/adafactor.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <functional>

#include <xgrad/autograd/kernels/instruction_set.h>
#include <xgrad/autograd/kernels/optimizer/lanes.h>
#include <xgrad/autograd/kernels/optimizer/update.h>
#include <xgrad/autograd/kernels/scratch.h>

namespace torch { inline namespace xgrad { namespace kernels {

namespace {

// Three passes: the means and the parameter's size; the changes' size, which the means decide; the changes. Each goes over pieces of
// some rows, whose sums are joined in their order.
constexpr int64_t kPiece = 16384;    // elements of rows together, at least one row
constexpr int64_t kMostPieces = 16;  // of a matrix: each has sums of all columns
constexpr int64_t kRun = 4096;       // elements that a row's lanes take at once

template <class T> struct Work {
  AdafactorStep step;
  AdafactorTensor<T> tensor;
  int64_t pieces, height;      // pieces of a matrix, rows of a piece
  T* columns;                  // [count * pieces, columns] sums of squares
  T* inverses;                 // [count, columns] of the roots of their means
  double *parameter, *change;  // [count * pieces] sums of squares
  double* scale;               // [count] 1 / mean of row means
  double factor;               // of the gradient over the root of its second moment

  bool is_matrix() const { return tensor.column_means != nullptr; }

  // body(matrix, first row, last row) of a piece.
  template <class Body> void rows_of(int64_t piece, Body body) const {
    const int64_t matrix = piece / pieces, begin = piece % pieces * height;
    body(matrix, begin, std::min(begin + height, tensor.rows));
  }
};

template <class T> struct Means {
  static void run(Work<T>* work, int64_t first, int64_t last) {
    for (int64_t piece = first; piece < last; ++piece)
      work->rows_of(piece, [&](int64_t matrix, int64_t begin, int64_t end) {
        work->parameter[piece] = work->is_matrix() ? of_rows(*work, piece, matrix, begin, end) : of_elements(work->tensor, *work, begin, end);
      });
  }

  // Both move the means and return the parameter's sum of squares.
  static double of_rows(Work<T>& work, int64_t piece, int64_t matrix, int64_t begin, int64_t end) {
    const AdafactorTensor<T>& t = work.tensor;
    const T share = static_cast<T>(work.step.share);
    T* const columns = work.columns + piece * t.columns;
    std::memset(columns, 0, static_cast<size_t>(t.columns) * sizeof(T));
    LongSum<T> size;
    for (int64_t row = begin; row < end; ++row) {
      const int64_t at = (matrix * t.rows + row) * t.columns;
      double squares = 0;
      for (int64_t from = 0; from < t.columns; from += kRun) {
        const T *const g = t.gradient + at + from, *const w = t.parameter + at + from;
        T* const c = columns + from;
        const auto to_column = [=](int64_t i) {
          const T square = g[i] * g[i];
          c[i] += square;
          return square;
        };
        const int64_t n = std::min(kRun, t.columns - from);
        Lanes<T> of_gradient;
        // Side by side, for memory would wait where one array ends and the next one begins.
        of_gradient.add(n, to_column, size.lanes, [w](int64_t i) { return w[i] * w[i]; });
        squares += of_gradient.total();
        size.note(n);
      }
      T& mean = t.row_means[matrix * t.rows + row];
      mean += share * (static_cast<T>(squares / static_cast<double>(t.columns)) - mean);
    }
    return size.total();
  }

  static double of_elements(const AdafactorTensor<T>& t, const Work<T>& work, int64_t begin, int64_t end) {
    const T share = static_cast<T>(work.step.share);
    LongSum<T> size;
    for (int64_t from = begin * t.columns; from < end * t.columns; from += kRun) {
      const int64_t n = std::min(kRun, end * t.columns - from);
      const T *const g = t.gradient + from, *const w = t.parameter + from;
      T* const v = t.row_means + from;
      size.lanes.add(n, [w](int64_t i) { return w[i] * w[i]; });
      size.note(n);
      each(n, [=](int64_t i) { v[i] += share * (g[i] * g[i] - v[i]); });
    }
    return size.total();
  }
};

// body(n, w, g, u) for runs of a piece's elements; u(i) is 1 over the root of the second moment, at most 1 / eps1.
template <class T, class Body> void each_run(const Work<T>& work, int64_t piece, Body body) {
  const AdafactorTensor<T>& t = work.tensor;
  const T most = static_cast<T>(1 / work.step.eps1);
  work.rows_of(piece, [&](int64_t matrix, int64_t begin, int64_t end) {
    for (int64_t row = begin; row < end; ++row) {
      const int64_t at = (matrix * t.rows + row) * t.columns;
      for (int64_t from = 0; from < t.columns; from += kRun) {
        const int64_t n = std::min(kRun, t.columns - from);
        T* const w = t.parameter + at + from;
        const T* const g = t.gradient + at + from;
        if (!work.is_matrix()) {
          const T* const v = t.row_means + at + from;
          body(n, w, g, [=](int64_t i) { return std::min(1 / std::sqrt(v[i]), most); });
        } else {
          const T r = static_cast<T>(1 / std::sqrt(static_cast<double>(t.row_means[matrix * t.rows + row]) * work.scale[matrix]));
          const T* const c = work.inverses + matrix * t.columns + from;
          body(n, w, g, [=](int64_t i) { return std::min(r * c[i], most); });
        }
      }
    }
  });
}

template <class T> struct Size {
  static void run(Work<T>* work, int64_t first, int64_t last) {
    for (int64_t piece = first; piece < last; ++piece) {
      LongSum<T> size;
      each_run(*work, piece, [&](int64_t n, T*, const T* g, auto u) {
        size.lanes.add(n, [=](int64_t i) { return g[i] * u(i) * (g[i] * u(i)); });
        size.note(n);
      });
      work->change[piece] = size.total();
    }
  }
};

template <class T> struct Move {
  static void run(Work<T>* work, int64_t first, int64_t last) {
    const T shrink = static_cast<T>(work->step.shrink), factor = static_cast<T>(work->factor);
    for (int64_t piece = first; piece < last; ++piece)
      each_run(*work, piece,
               [=](int64_t n, T* w, const T* g, auto u) { each(n, [=](int64_t i) { w[i] = w[i] * shrink - factor * (g[i] * u(i)); }); });
  }
};

// The columns' means, and what the rows' are to be multiplied by.
template <class T> void join(Work<T>& work) {
  const AdafactorTensor<T>& t = work.tensor;
  const T share = static_cast<T>(work.step.share), rows = static_cast<T>(t.rows);
  for (int64_t matrix = 0; matrix < t.count; ++matrix) {
    T* const sums = work.columns + matrix * work.pieces * t.columns;
    for (int64_t piece = 1; piece < work.pieces; ++piece)
      for (int64_t j = 0; j < t.columns; ++j) sums[j] += sums[piece * t.columns + j];
    T* const means = t.column_means + matrix * t.columns;
    T* const inverses = work.inverses + matrix * t.columns;
    for (int64_t j = 0; j < t.columns; ++j) {
      means[j] += share * (sums[j] / rows - means[j]);
      inverses[j] = 1 / std::sqrt(means[j]);
    }
    double mean = 0;
    for (int64_t i = 0; i < t.rows; ++i) mean += static_cast<double>(t.row_means[matrix * t.rows + i]);
    work.scale[matrix] = 1 / std::max(mean / static_cast<double>(t.rows), work.step.eps1);
  }
}

double root_mean_square(const double* sums, int64_t count, double n) {
  double sum = 0;
  for (int64_t i = 0; i < count; ++i) sum += sums[i];
  return std::sqrt(sum / n);
}

}  // namespace

template <class T> void adafactor(const AdafactorStep* step, AdafactorTensor<T> tensor) {
  const int64_t elements = tensor.count * tensor.rows * tensor.columns;
  if (elements == 0) return;
  // A piece's rows follow from the shape alone.
  int64_t height = std::max<int64_t>(1, kPiece / tensor.columns);
  height = std::max(height, (tensor.rows + kMostPieces - 1) / kMostPieces);
  const int64_t pieces = (tensor.rows + height - 1) / height, all = tensor.count * pieces;
  const bool matrix = tensor.column_means != nullptr;
  const Scratch<T> columns(matrix ? (all + tensor.count) * tensor.columns : 1);
  const Scratch<double> sums(2 * all + tensor.count);
  Work<T> work{
      *step, tensor, pieces, height, columns.data(), columns.data() + all * tensor.columns, sums.data(), sums.data() + all, sums.data() + 2 * all, 0};
  const auto run = [&](void (*pass)(Work<T>*, int64_t, int64_t)) {
    run_in_pieces(static_cast<double>(elements) * 0.5, all, 1, [&](int64_t first, int64_t last) { pass(&work, first, last); });
  };
  run(Variants<Means<T>, Work<T>*, int64_t, int64_t>::active());
  if (matrix) join(work);
  run(Variants<Size<T>, Work<T>*, int64_t, int64_t>::active());
  const double n = static_cast<double>(elements), size = std::max(step->eps2, root_mean_square(work.parameter, all, n));
  work.factor = step->sign * step->rate * size / std::max(1., root_mean_square(work.change, all, n) / step->d);
  run(Variants<Move<T>, Work<T>*, int64_t, int64_t>::active());
}

template void adafactor<float>(const AdafactorStep*, AdafactorTensor<float>);
template void adafactor<double>(const AdafactorStep*, AdafactorTensor<double>);

}}}  // namespace torch::xgrad::kernels
