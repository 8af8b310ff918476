#include <xgrad/autograd/kernels/strided.h>

#include <algorithm>
#include <cstdlib>

#include <xgrad/autograd/kernels/added_loop.h>
#include <xgrad/autograd/kernels/index/row_copy.h>
#include <xgrad/autograd/kernels/iteration_walk.h>
#include <xgrad/autograd/kernels/order/ordered_tiles.h>
#include <xgrad/autograd/kernels/parallel.h>

namespace torch { inline namespace xgrad { namespace kernels {

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
void run_stretch(const Iteration& it, Loop loop, const void* parameters, int64_t first, int64_t last, int64_t from, int64_t to) {
  const int inner = it.axes - 1;
  int64_t steps[kMaxOperands];
  for (int k = 0; k < it.operands; ++k) steps[k] = it.strides[k][inner];
  IterationWalk walk(it, inner, first);
  for (int k = 0; k < it.operands; ++k) walk.at[k] += from * steps[k];
  for (int64_t r = first; r < last; ++r, walk.step()) loop(walk.at, steps, to - from, parameters);
}

bool stays_on_one_thread(int64_t n, double cost_per_element) {
  return static_cast<double>(n) * cost_per_element < least_shared_nanoseconds() || num_threads() == 1;
}

void run_in_place(const Iteration& it, Loop loop, const void* parameters, bool alone) {
  if (alone) {
    run_serial(it, loop, parameters);
    return;
  }
  const int64_t columns = it.sizes[it.axes - 1], rows = it.numel() / columns;
  if (rows >= 16) {
    parallel_for(rows, 1, [&](int64_t first, int64_t last) { run_stretch(it, loop, parameters, first, last, 0, columns); });
  } else {
    // Few long rows: cut the columns, at multiples of a cache line of any dtype.
    parallel_for(columns, 64, [&](int64_t from, int64_t to) { run_stretch(it, loop, parameters, 0, rows, from, to); });
  }
}

void run_tiles(const OrderedTiles& tiles, Loop loop, const void* parameters, bool alone) {
  if (alone) tiles.run(loop, parameters, 0, tiles.count());
  else parallel_for(tiles.count(), 1, [&](int64_t first, int64_t last) { tiles.run(loop, parameters, first, last); });
}

// Rows [first, last) of the iteration to rows whose elements lie side by side.
void copy_rows_of(const Iteration& it, int64_t first, int64_t last) {
  const int inner = it.axes - 1, down = inner - 1;
  each_stretch(it, first, last, [&](char* const* at, int64_t rows) {
    copy_rows(it.bytes[0], {at[0], it.strides[0][down], at[1], it.strides[1][down], it.strides[1][inner]}, rows, it.sizes[inner]);
  });
}

// As a loop over rows; `bytes` points to the size of an element.
void copy_loop(char* const* p, const int64_t* steps, int64_t n, const void* bytes) {
  copy_row(*static_cast<const int*>(bytes), p[0], steps[0], p[1], steps[1], n);
}

}  // namespace

IterationWalk::IterationWalk(const Iteration& it, int axes, int64_t start) : it_(it), axes_(axes) {
  for (int k = 0; k < it.operands; ++k) at[k] = it.pointers[k];
  for (int a = axes - 1; a >= 0; --a) {
    index[a] = start == 0 ? 0 : start % it.sizes[a];
    if (start != 0) start /= it.sizes[a];
    for (int k = 0; k < it.operands; ++k) at[k] += index[a] * it.strides[k][a];
  }
}

void IterationWalk::step() {
  for (int a = axes_ - 1; a >= 0; --a) {
    for (int k = 0; k < it_.operands; ++k) at[k] += it_.strides[k][a];
    if (++index[a] < it_.sizes[a]) return;
    for (int k = 0; k < it_.operands; ++k) at[k] -= it_.strides[k][a] * it_.sizes[a];
    index[a] = 0;
  }
}

void run_serial(const Iteration& it, Loop loop, const void* parameters) {
  const int64_t columns = it.sizes[it.axes - 1];
  if (it.axes == 1) {
    int64_t steps[kMaxOperands];
    for (int k = 0; k < it.operands; ++k) steps[k] = it.strides[k][0];
    if (columns > 0) loop(it.pointers, steps, columns, parameters);
    return;
  }
  const int64_t n = it.numel();
  if (n > 0) run_stretch(it, loop, parameters, 0, n / columns, 0, columns);
}

void run(const Iteration& it, Loop loop, Parameters parameters, double cost_per_element) {
  const int64_t n = it.numel();
  if (n == 0) return;
  const bool alone = stays_on_one_thread(n, cost_per_element);
  if (const int axis = OrderedTiles::find_axis(it); axis >= 0) run_tiles(OrderedTiles(it, axis), loop, parameters.data, alone);
  else run_in_place(it, loop, parameters.data, alone);
}

void run_on_threads(const OperandRows& rows, Loop loop, Parameters parameters, double cost_per_element) {
  Iteration it;
  it.operands = rows.operands;
  it.axes = 1;
  it.sizes[0] = rows.n;
  for (int k = 0; k < rows.operands; ++k) {
    it.pointers[k] = rows.pointers[k];
    it.strides[k][0] = rows.steps[k];
  }
  run(it, loop, parameters, cost_per_element);
}

void AddedLoop::run(char* const* p, const int64_t* steps, int64_t n, const void* parameters) {
  const auto& f = *static_cast<const AddedLoop*>(parameters);
  constexpr int64_t kChunk = 1024;
  alignas(64) char terms[kChunk * sizeof(double)];
  const int64_t add_steps[] = {steps[0], steps[0], steps[0]};
  char* from[kMaxOperands] = {terms};
  for (int64_t i = 0; i < n; i += kChunk) {
    const int64_t count = n - i < kChunk ? n - i : kChunk;
    char* const sum = p[0] + i * steps[0];
    for (int k = 1; k < f.operands; ++k) from[k] = p[k] + i * steps[k];
    f.loop(from, steps, count, f.parameters.data);
    char* const rows[] = {sum, sum, terms};
    f.add(rows, add_steps, count, f.add_parameters.data);
  }
}

void add_rows(const OperandRows& rows, Loop loop, Parameters parameters, double cost_per_element, Loop add, Parameters add_parameters) {
  const AddedLoop added{loop, parameters, add, add_parameters, rows.operands};
  run_rows(rows, AddedLoop::run, &added, cost_per_element);
}

void keep_argument(Parameters& parameters, Keep& keep) { parameters.data = keep.copy(parameters.data, static_cast<size_t>(parameters.bytes)); }

void keep_argument(OperandRows& rows, Keep&) {
  for (int k = 0; k < rows.operands; ++k)
    if (rows.constants >> k & 1) rows.pointers[k] = rows.numbers[k];
}

void keep_argument(Iteration& it, Keep& keep) {
  for (int k = 0; k < it.operands; ++k)
    if (it.constants >> k & 1) it.pointers[k] = static_cast<char*>(keep.copy(it.pointers[k], sizeof(double)));
}

void copy(const Iteration& it) {
  const int64_t n = it.numel();
  if (n == 0) return;
  const int bytes = it.bytes[0];
  const bool alone = stays_on_one_thread(n, 0.3);
  const bool to_a_row = it.strides[0][it.axes - 1] == bytes;
  if (const int axis = OrderedTiles::find_axis(it); axis >= 0) run_tiles(OrderedTiles(it, axis), to_a_row ? nullptr : copy_loop, &bytes, alone);
  else if (const int64_t rows = n / it.sizes[it.axes - 1]; to_a_row && it.axes > 1 && (alone || rows >= 16))
    parallel_for(rows, alone ? rows : 1, [&](int64_t first, int64_t last) { copy_rows_of(it, first, last); });
  else run_in_place(it, copy_loop, &bytes, alone);
}

}}}  // namespace torch::xgrad::kernels
