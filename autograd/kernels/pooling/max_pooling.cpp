#include <xgrad/autograd/kernels/pooling/max_pooling.h>

#include <algorithm>
#include <limits>
#include <vector>

#include <xgrad/autograd/kernels/instruction_set.h>
#include <xgrad/autograd/kernels/pooling/plane_rows.h>

namespace torch { inline namespace xgrad { namespace kernels {

namespace {

constexpr int64_t kBlock = 128;  // positions at once

// Up to kBlock windows that move on by `stride`, all of `taps` elements a row: the largest of each, and how far it lies behind the place in
// the plane where its window begins.
template <class T> struct MovingWindows {
  const T* x;             // where the first one begins
  const int64_t* rows;    // of the windows, from there
  const int32_t* places;  // of those rows in the plane, from the first one's
  int64_t row_count, taps, step, stride, n;
  T* largest;
  int32_t* at;  // or null
};

// A comparison of each of n windows with `taps` neighbouring elements.
template <int kStride, int kTaps, bool kIndices, class T>
void compare(const T* x, int64_t stride, int64_t n, int32_t offset, int32_t step, T* largest, int32_t* at) {
  const int64_t move = kStride > 0 ? kStride : stride;
  XGRAD_INDEPENDENT_ITERATIONS
  for (int64_t i = 0; i < n; ++i) {
    T best = largest[i];
    int32_t place = kIndices ? at[i] : 0;
    for (int k = 0; k < kTaps; ++k) {
      const T v = x[i * move + k];
      const bool take = v > best || v != v;
      best = take ? v : best;
      if constexpr (kIndices) place = take ? offset + k * step : place;
    }
    largest[i] = best;
    if constexpr (kIndices) at[i] = place;
  }
}

template <int kStride, bool kIndices, class T>
void compare_row(const MovingWindows<T>& w, const T* x, int64_t n, int32_t offset, T* largest, int32_t* at) {
  const auto step = static_cast<int32_t>(w.step);
  int64_t k = 0;
  if (step == 1) {
    for (; w.taps - k >= 3; k += 3) compare<kStride, 3, kIndices>(x + k, w.stride, n, offset + static_cast<int32_t>(k), 1, largest, at);
    if (w.taps - k == 2) compare<kStride, 2, kIndices>(x + k, w.stride, n, offset + static_cast<int32_t>(k), 1, largest, at), k += 2;
  }
  for (; k < w.taps; ++k) compare<kStride, 1, kIndices>(x + k * step, w.stride, n, offset + static_cast<int32_t>(k) * step, 1, largest, at);
}

template <class T, bool kIndices> struct LargestOf {
  static void run(const MovingWindows<T>& w) {
    std::fill(w.largest, w.largest + w.n, -std::numeric_limits<T>::infinity());
    if constexpr (kIndices) std::fill(w.at, w.at + w.n, 0);
    for (int64_t r = 0; r < w.row_count; ++r) {
      const T* x = w.x + w.rows[r];
      if (w.stride == 1) compare_row<1, kIndices>(w, x, w.n, w.places[r], w.largest, w.at);
      else if (w.stride == 2) compare_row<2, kIndices>(w, x, w.n, w.places[r], w.largest, w.at);
      else compare_row<0, kIndices>(w, x, w.n, w.places[r], w.largest, w.at);
    }
  }
};

// The windows of a plane: those along the last axis from `begin` to `end` move on by `stride`, with as many elements each.
struct PlaneWindows {
  explicit PlaneWindows(const PoolAxis (&a)[3]) : axes{a[0], a[1], a[2]} {
    const int64_t *first = a[2].begin.data, *count = a[2].count.data, middle = a[2].out / 2;
    begin = end = middle;
    if (middle + 1 >= a[2].out || a[0].in * a[1].in * a[2].in > std::numeric_limits<int32_t>::max()) return;
    stride = first[middle + 1] - first[middle];
    if (stride <= 0) return;
    const auto moves_behind = [&](int64_t o) { return first[o + 1] - first[o] == stride && count[o + 1] == count[middle]; };
    while (begin > 0 && first[begin] - first[begin - 1] == stride && count[begin - 1] == count[middle]) --begin;
    while (end + 1 < a[2].out && moves_behind(end)) ++end;
    if (end++ == begin) end = begin;
  }

  const PoolAxis axes[3];
  int64_t stride = 0, begin, end;
};

template <class T> class RowPooler {
 public:
  RowPooler(const PlaneWindows& w, const T* x, T* y, int64_t* indices)
      : w_(w),
        x_(x),
        y_(y),
        indices_(indices),
        largest_(indices ? variant_for<LargestOf<T, true>, T, const MovingWindows<T>&>()
                         : variant_for<LargestOf<T, false>, T, const MovingWindows<T>&>()) {}

  void operator()(int64_t plane, int64_t begin, int64_t end) {
    for (int64_t row = begin; row < end;) {
      const int64_t rows = alike(row, end);
      pool(plane, row, rows);
      row += rows;
    }
  }

 private:
  // Rows of results from `row` on whose windows have as many rows each, and fit into a block together.
  int64_t alike(int64_t row, int64_t end) const {
    const PoolAxis& height = w_.axes[1];
    const int64_t h = row % height.out, most = std::min({end - row, height.out - h, kBlock / std::max<int64_t>(segment(), 1)});
    int64_t rows = 1;
    while (rows < most && height.count.data[h + rows] == height.count.data[h]) ++rows;
    return rows;
  }

  // Windows that a row of results takes of a block where several lie in one: those that reach into the next row's are nobody's.
  int64_t segment() const {
    if (w_.begin == w_.end) return kBlock;
    const int64_t reach = (w_.axes[2].count.data[w_.begin] - 1) * w_.axes[2].step + 1;
    return w_.end - w_.begin + std::max<int64_t>(reach - 1, 0) / std::max<int64_t>(w_.stride, 1);
  }

  void pool(int64_t plane, int64_t row, int64_t rows) {
    const PoolAxis &depth = w_.axes[0], &height = w_.axes[1], &width = w_.axes[2];
    const int64_t d = row / height.out, h = row % height.out, at = (plane * depth.out * height.out + row) * width.out;
    const T* const x = x_ + plane * depth.in * height.in * width.in;
    T* const y = y_ + at;
    int64_t* const indices = indices_ ? indices_ + at : nullptr;
    for (int64_t r = 0; r < rows; ++r) {
      starts_[r] = (depth.begin.data[d] * height.in + height.begin.data[h + r]) * width.in;
      if (r > 0) continue;
      rows_.clear();
      places_.clear();
      for (int64_t i = 0; i < depth.count.data[d]; ++i)
        for (int64_t k = 0; k < height.count.data[h]; ++k) {
          rows_.push_back((i * depth.step * height.in + k * height.step) * width.in);
          places_.push_back(static_cast<int32_t>(rows_.back()));
        }
    }
    const int64_t moving = rows_.empty() ? w_.begin : w_.end;
    for (int64_t r = 0; r < rows; ++r) {
      for (int64_t o = 0; o < w_.begin; ++o) pool_one(x, o, starts_[r], y + r * width.out, indices ? indices + r * width.out : nullptr);
      for (int64_t o = moving; o < width.out; ++o) pool_one(x, o, starts_[r], y + r * width.out, indices ? indices + r * width.out : nullptr);
    }
    if (w_.begin < moving) rows > 1 ? pool_together(x, rows, y, indices) : pool_row(x, y, indices);
  }

  void pool_row(const T* x, T* y, int64_t* indices) {
    const int64_t first = starts_[0] + w_.axes[2].begin.data[w_.begin];
    for (int64_t i = w_.begin; i < w_.end; i += kBlock) {
      const int64_t n = std::min(kBlock, w_.end - i), place = first + (i - w_.begin) * w_.stride;
      find(x + place, rows_.data(), n, y + i);
      if (indices) put_indices(place, n, at_, indices + i);
    }
  }

  // Rows of results are too short for vectors: what they read is copied side by side.
  void pool_together(const T* x, int64_t rows, T* y, int64_t* indices) {
    const PoolAxis& width = w_.axes[2];
    const int64_t each = segment(), n = rows * each, piece = each * w_.stride, line = n * w_.stride + width.count.data[w_.begin] * width.step;
    const int64_t first = width.begin.data[w_.begin], copied = std::min(piece, width.in - first);
    copies_.resize(rows_.size() * static_cast<size_t>(line));
    lines_.clear();
    for (const int64_t row : rows_) {
      T* to = copies_.data() + static_cast<int64_t>(lines_.size()) * line;
      lines_.push_back(to - copies_.data());
      for (int64_t r = 0; r < rows; ++r, to += piece) std::copy_n(x + starts_[r] + row + first, copied, to);
    }
    T largest[kBlock];
    find(copies_.data(), lines_.data(), n, largest);
    for (int64_t r = 0; r < rows; ++r) {
      const int64_t to = r * width.out + w_.begin;
      std::copy_n(largest + r * each, w_.end - w_.begin, y + to);
      if (indices) put_indices(starts_[r] + first, w_.end - w_.begin, at_ + r * each, indices + to);
    }
  }

  void find(const T* x, const int64_t* rows, int64_t n, T* largest) {
    const PoolAxis& width = w_.axes[2];
    largest_({x, rows, places_.data(), static_cast<int64_t>(rows_.size()), width.count.data[w_.begin], width.step, w_.stride, n, largest,
              indices_ ? at_ : nullptr});
  }

  void put_indices(int64_t place, int64_t n, const int32_t* at, int64_t* indices) const {
    for (int64_t k = 0; k < n; ++k) indices[k] = place + k * w_.stride + at[k];
  }

  void pool_one(const T* x, int64_t o, int64_t start, T* y, int64_t* indices) const {
    const PoolAxis& width = w_.axes[2];
    const int64_t first = width.begin.data[o], end = first + width.count.data[o] * width.step;
    T largest = -std::numeric_limits<T>::infinity();
    int64_t place = start + first;
    for (const int64_t row : rows_)
      for (int64_t i = start + row + first; i < start + row + end; i += width.step)
        if (x[i] > largest || x[i] != x[i]) largest = x[i], place = i;
    y[o] = largest;
    if (indices) indices[o] = place;
  }

  const PlaneWindows& w_;
  const T* x_;
  T* y_;
  int64_t* indices_;
  void (*largest_)(const MovingWindows<T>&);
  int64_t starts_[kBlock];             // of the windows of each row of results, in the plane
  std::vector<int64_t> rows_, lines_;  // of a window: in the plane, in the copies
  std::vector<int32_t> places_;
  std::vector<T> copies_;
  int32_t at_[kBlock];
};

// Where the windows of one axis begin.
template <class T> void spread(int64_t in, int64_t out, int64_t kernel, T sample, int64_t* begin) {
  const T step = out > 1 ? static_cast<T>(in - kernel) / static_cast<T>(out - 1) : T(0);
  for (int64_t o = 0; o + 1 < out; ++o)
    begin[o] = std::clamp<int64_t>(static_cast<int64_t>((static_cast<T>(o) + sample) * step) - static_cast<int64_t>(sample * step), 0, in - kernel);
  if (out > 0) begin[out - 1] = in - kernel;
}

template <class Move> void for_planes(int64_t planes, int64_t elements, Move move) {
  const auto grain = static_cast<int64_t>(least_shared_nanoseconds() / (static_cast<double>(elements) + 10)) + 1;
  parallel_for(planes, grain, [&](int64_t begin, int64_t end) {
    for (int64_t plane = begin; plane < end; ++plane) move(plane);
  });
}

}  // namespace

template <class T> void max_pool(const Pooling& p, const T* x, T* y, int64_t* indices) {
  const PlaneWindows windows(p.axes);
  const auto most = [](const PoolAxis& a) { return *std::max_element(a.count.data, a.count.data + a.out); };
  const double taps = static_cast<double>(most(p.axes[0]) * most(p.axes[1]) * most(p.axes[2]));
  for_rows_of_planes<RowPooler<T>>(p.planes, p.axes[0].out * p.axes[1].out, 10 + (0.3 + 0.1 * taps) * static_cast<double>(p.axes[2].out), windows, x,
                                   y, indices);
}

template <class T> void fractional_max_pool(const FractionalPooling& p, const T* x, const T* samples, T* y, int64_t* indices) {
  const int64_t in = p.in[0] * p.in[1] * p.in[2], out = p.out[0] * p.out[1] * p.out[2];
  for_planes(p.planes, out * p.kernel[0] * p.kernel[1] * p.kernel[2], [&](int64_t plane) {
    std::vector<int64_t> begin[3], count[3];
    PoolAxis axes[3];
    for (int i = 0; i < 3; ++i) {
      begin[i].resize(static_cast<size_t>(p.out[i]));
      count[i].assign(static_cast<size_t>(p.out[i]), p.kernel[i]);
      const int64_t which = p.axes == 3 ? i : 2 - i;
      if (i >= 3 - p.axes) spread(p.in[i], p.out[i], p.kernel[i], samples[plane * p.axes + which], begin[i].data());
      axes[i] = {p.in[i], p.out[i], 1, {begin[i].data(), p.out[i]}, {count[i].data(), p.out[i]}};
    }
    const PlaneWindows windows(axes);
    RowPooler<T>(windows, x + plane * in, y + plane * out, indices + plane * out)(0, 0, p.out[0] * p.out[1]);
  });
}

template <class T> void take_positions(int64_t planes, int64_t in, int64_t out, const T* x, const int64_t* indices, T* y) {
  for_planes(planes, out, [=](int64_t plane) {
    for (int64_t o = plane * out; o < (plane + 1) * out; ++o) y[o] = x[plane * in + indices[o]];
  });
}

template <class T> void add_positions(int64_t planes, int64_t in, int64_t out, const T* y, const int64_t* indices, T* x) {
  for_planes(planes, in + out, [=](int64_t plane) {
    T* const to = x + plane * in;
    std::fill(to, to + in, T(0));
    for (int64_t o = plane * out; o < (plane + 1) * out; ++o) to[indices[o]] += y[o];
  });
}

template <class T> void put_positions(int64_t planes, int64_t in, int64_t out, const T* y, const int64_t* indices, T* x) {
  for_planes(planes, in + out, [=](int64_t plane) {
    T* const to = x + plane * in;
    std::fill(to, to + in, T(0));
    for (int64_t o = plane * out; o < (plane + 1) * out; ++o) to[indices[o]] = y[o];
  });
}

#define XGRAD_INSTANTIATE(T)                                                                     \
  template void max_pool(const Pooling&, const T*, T*, int64_t*);                                \
  template void fractional_max_pool(const FractionalPooling&, const T*, const T*, T*, int64_t*); \
  template void take_positions(int64_t, int64_t, int64_t, const T*, const int64_t*, T*);         \
  template void add_positions(int64_t, int64_t, int64_t, const T*, const int64_t*, T*);          \
  template void put_positions(int64_t, int64_t, int64_t, const T*, const int64_t*, T*);
XGRAD_INSTANTIATE(float)
XGRAD_INSTANTIATE(double)
#undef XGRAD_INSTANTIATE

}}}  // namespace torch::xgrad::kernels
