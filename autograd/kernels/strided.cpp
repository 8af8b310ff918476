#include <xgrad/autograd/kernels/strided.h>

#include <algorithm>
#include <cstdlib>

#include <xgrad/autograd/kernels/ordered_tiles.h>
#include <xgrad/autograd/kernels/parallel.h>

namespace xgrad::kernels {

int64_t Iteration::numel() const {
  int64_t n = 1;
  for (int a = 0; a < axes; ++a) n *= sizes[a];
  return n;
}

void Iteration::simplify() {
  const auto copy_axis = [this](int to, int from) {
    sizes[to] = sizes[from];
    for (int k = 0; k < operands; ++k) strides[k][to] = strides[k][from];
  };
  int kept = 0;
  for (int a = 0; a < axes; ++a)
    if (sizes[a] != 1) copy_axis(kept++, a);
  axes = kept;
  // A stable insertion sort by the output's stride, largest first: most outputs are in order already.
  for (int a = 1; a < axes; ++a)
    for (int b = a; b > 0 && std::abs(strides[0][b - 1]) < std::abs(strides[0][b]); --b) {
      std::swap(sizes[b - 1], sizes[b]);
      for (int k = 0; k < operands; ++k) std::swap(strides[k][b - 1], strides[k][b]);
    }
  int last = 0;
  for (int a = 1; a < axes; ++a) {
    bool merges = true;
    for (int k = 0; k < operands; ++k) merges = merges && strides[k][last] == strides[k][a] * sizes[a];
    if (merges) {
      sizes[last] *= sizes[a];
      for (int k = 0; k < operands; ++k) strides[k][last] = strides[k][a];
    } else {
      copy_axis(++last, a);
    }
  }
  if (axes == 0) {
    sizes[0] = 1;
    for (int k = 0; k < operands; ++k) strides[k][0] = 0;
    axes = 1;
  } else {
    axes = last + 1;
  }
}

namespace {

// Rows [first, last) of the iteration, a row being its innermost axis, each from column `from` to `to`.
void run_rows(const Iteration& it, Loop loop, const void* parameters, int64_t first, int64_t last, int64_t from, int64_t to) {
  const int inner = it.axes - 1;
  char* row[kMaxOperands];
  int64_t steps[kMaxOperands];
  int64_t index[kMaxAxes];
  for (int k = 0; k < it.operands; ++k) {
    steps[k] = it.strides[k][inner];
    row[k] = it.pointers[k] + from * steps[k];
  }
  int64_t rest = first;
  for (int a = inner - 1; a >= 0; --a) {
    index[a] = rest % it.sizes[a];
    rest /= it.sizes[a];
    for (int k = 0; k < it.operands; ++k) row[k] += index[a] * it.strides[k][a];
  }
  for (int64_t r = first; r < last; ++r) {
    loop(row, steps, to - from, parameters);
    for (int a = inner - 1; a >= 0; --a) {
      for (int k = 0; k < it.operands; ++k) row[k] += it.strides[k][a];
      if (++index[a] < it.sizes[a]) break;
      for (int k = 0; k < it.operands; ++k) row[k] -= it.strides[k][a] * it.sizes[a];
      index[a] = 0;
    }
  }
}

}  // namespace

void run_serial(const Iteration& it, Loop loop, const void* parameters) {
  const int64_t columns = it.sizes[it.axes - 1];
  if (it.axes == 1) {
    int64_t steps[kMaxOperands];
    for (int k = 0; k < it.operands; ++k) steps[k] = it.strides[k][0];
    if (columns > 0) loop(it.pointers, steps, columns, parameters);
    return;
  }
  const int64_t n = it.numel();
  if (n > 0) run_rows(it, loop, parameters, 0, n / columns, 0, columns);
}

void run(const Iteration& it, Loop loop, const void* parameters, double cost_per_element) {
  const int64_t n = it.numel();
  const bool alone = static_cast<double>(n) * cost_per_element < kParallelNanoseconds || num_threads() == 1;
  if (const int axis = n > 0 ? OrderedTiles::find_axis(it) : -1; axis >= 0) {
    const OrderedTiles tiles(it, axis);
    if (alone) tiles.run(loop, parameters, 0, tiles.count());
    else parallel_for(tiles.count(), 1, [&](int64_t first, int64_t last) { tiles.run(loop, parameters, first, last); });
    return;
  }
  if (alone) {
    run_serial(it, loop, parameters);
    return;
  }
  const int64_t columns = it.sizes[it.axes - 1], rows = n / columns;
  if (rows >= 16) {
    parallel_for(rows, 1, [&](int64_t first, int64_t last) { run_rows(it, loop, parameters, first, last, 0, columns); });
  } else {
    // Few long rows: cut the columns, at multiples of a cache line of any dtype.
    parallel_for(columns, 64, [&](int64_t from, int64_t to) { run_rows(it, loop, parameters, 0, rows, from, to); });
  }
}

}  // namespace xgrad::kernels
