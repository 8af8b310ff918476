#include <xgrad/autograd/kernels/pooling/max_pooling.h>

#include <algorithm>
#include <limits>
#include <vector>

#include <xgrad/autograd/kernels/instruction_set.h>
#include <xgrad/autograd/kernels/pooling/plane_rows.h>

namespace torch { inline namespace xgrad { namespace kernels {

namespace {

constexpr int64_t kBlock = 128;  // positions at once

// Up to kBlock windows that move on by `stride`, all of `taps` elements a row: the largest of each, and how far its place lies behind that of the
// first element of its window.
template <class T> struct MovingWindows {
  const T* x;             // where the first one begins
  const int64_t* rows;    // of the windows, from there
  const int64_t* places;  // of those rows, from the first one's
  int64_t row_count, taps, step, place_step, stride, n;
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
    const auto compare_tap = [&](int k) {
      const T v = x[i * move + k];
      const bool take = v > best || v != v;
      best = take ? v : best;
      if constexpr (kIndices) place = take ? offset + k * step : place;
    };
    compare_tap(0);
    if constexpr (kTaps > 1) compare_tap(1);
    if constexpr (kTaps > 2) compare_tap(2);
    largest[i] = best;
    if constexpr (kIndices) at[i] = place;
  }
}

template <int kStride, bool kIndices, class T>
void compare_row(const MovingWindows<T>& w, const T* x, int64_t n, int32_t offset, T* largest, int32_t* at) {
  const auto step = static_cast<int32_t>(w.place_step);
  int64_t k = 0;
  if (w.step == 1) {
    for (; w.taps - k >= 3; k += 3) compare<kStride, 3, kIndices>(x + k, w.stride, n, offset + static_cast<int32_t>(k), 1, largest, at);
    if (w.taps - k == 2) compare<kStride, 2, kIndices>(x + k, w.stride, n, offset + static_cast<int32_t>(k), 1, largest, at), k += 2;
  }
  for (; k < w.taps; ++k) compare<kStride, 1, kIndices>(x + k * w.step, w.stride, n, offset + static_cast<int32_t>(k) * step, 1, largest, at);
}

template <class T, bool kIndices> struct LargestOf {
  static void run(const MovingWindows<T>& w) {
    std::fill(w.largest, w.largest + w.n, -std::numeric_limits<T>::infinity());
    if constexpr (kIndices) std::fill(w.at, w.at + w.n, 0);
    for (int64_t r = 0; r < w.row_count; ++r) {
      const T* x = w.x + w.rows[r];
      const auto place = static_cast<int32_t>(w.places[r]);
      if (w.stride == 1) compare_row<1, kIndices>(w, x, w.n, place, w.largest, w.at);
      else if (w.stride == 2) compare_row<2, kIndices>(w, x, w.n, place, w.largest, w.at);
      else compare_row<0, kIndices>(w, x, w.n, place, w.largest, w.at);
    }
  }
};

// Rows of windows of two by two elements, two elements apart: the largest of each, and the number of its tap, 0 to 3, further on by `base`.
template <class T> struct Fours {
  const T* x;              // a plane
  const int64_t* starts;   // of each row of windows, in it
  int64_t rows, n, under;  // windows in a row; from one element to the one below
  T* y;                    // of the first row's first window
  uint8_t* taps;           // or null
  int64_t y_row;
  int base;
};

template <int n, bool kTaps, class T> void compare_fours(const T* above, const T* below, int32_t base, T* y, uint8_t* taps) {
  int32_t at[n];
  XGRAD_INDEPENDENT_ITERATIONS
#pragma GCC unroll 1
  for (int i = 0; i < n; ++i) {
    T best = above[2 * i];
    int32_t tap = base;
    const auto compare = [&](T v, int32_t number) {
      const bool take = v > best || v != v;
      best = take ? v : best;
      tap = take ? base + number : tap;
    };
    compare(above[2 * i + 1], 1);
    compare(below[2 * i], 2);
    compare(below[2 * i + 1], 3);
    y[i] = best;
    at[i] = tap;
  }
  if constexpr (kTaps)
#pragma GCC unroll 1
    for (int i = 0; i < n; ++i) taps[i] = static_cast<uint8_t>(at[i]);
}

template <class T, bool kTaps> struct LargestOfFours {
  static void run(const Fours<T>& f) {
    for (int64_t r = 0; r < f.rows; ++r) {
      const T *const above = f.x + f.starts[r], *const below = above + f.under;
      T* const y = f.y + r * f.y_row;
      uint8_t* const taps = kTaps ? f.taps + r * f.y_row : nullptr;
      in_pieces(f.n, [=](int64_t i, auto n) { compare_fours<n(), kTaps>(above + 2 * i, below + 2 * i, f.base, y + i, taps + i); });
    }
  }
};

// The windows of a plane: those along the last axis from `begin` to `end` move on by `stride`, with as many elements each.
struct PlaneWindows {
  explicit PlaneWindows(const PoolAxis (&a)[3]) : axes{a[0], a[1], a[2]} {
    const int64_t *first = a[2].begin.data, *count = a[2].count.data, out = a[2].alike.out, middle = out / 2;
    begin = end = middle;
    if (middle + 1 >= out || a[0].alike.in * a[1].alike.in * a[2].alike.in > std::numeric_limits<int32_t>::max()) return;
    stride = first[middle + 1] - first[middle];
    if (stride <= 0) return;
    const auto moves_behind = [&](int64_t o) { return first[o + 1] - first[o] == stride && count[o + 1] == count[middle]; };
    while (begin > 0 && first[begin] - first[begin - 1] == stride && count[begin - 1] == count[middle]) --begin;
    while (end + 1 < out && moves_behind(end)) ++end;
    if (end++ == begin) end = begin;
  }

  const PoolAxis axes[3];
  int64_t stride = 0, begin, end;
};

// What is to be noted of each largest element, if anything: its position in a plane, or its tap of windows that are alike.
struct Places {
  int64_t* positions;
  uint8_t* taps;
};

// Makes rows of results.
template <class T> class RowPooler {
 public:
  RowPooler(const PlaneWindows& w, const T* x, T* y, const Places& places)
      : w_(w),
        x_(x),
        y_(y),
        places_(places),
        by_tap_(places.taps != nullptr),
        asked_(places.positions || places.taps),
        largest_(asked_ ? variant_for<LargestOf<T, true>, T, const MovingWindows<T>&>()
                        : variant_for<LargestOf<T, false>, T, const MovingWindows<T>&>()),
        fours_(asked_ ? variant_for<LargestOfFours<T, true>, T, const Fours<T>&>() : variant_for<LargestOfFours<T, false>, T, const Fours<T>&>()) {}

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
    const int64_t out = height.alike.out, h = row % out;
    const int64_t most = std::min({end - row, out - h, are_fours(row) ? kBlock : kBlock / std::max<int64_t>(segment(), 1)});
    int64_t rows = 1;
    while (rows < most && height.count.data[h + rows] == height.count.data[h]) ++rows;
    return rows;
  }

  // True iff the windows of this row that move on are of two by two neighbours, and are not asked for positions.
  bool are_fours(int64_t row) const {
    const PoolAxis &depth = w_.axes[0], &height = w_.axes[1], &width = w_.axes[2];
    const bool whole = by_tap_ ? height.alike.taps == 2 && width.alike.taps == 2 : !asked_;
    return whole && w_.begin < w_.end && w_.stride == 2 && width.count.data[w_.begin] == 2 && width.alike.step == 1 && height.alike.step == 1 &&
           height.count.data[row % height.alike.out] == 2 && depth.count.data[row / height.alike.out] == 1;
  }

  // Windows that a row of results takes of a block where several lie in one: those that reach into the next row's are nobody's.
  int64_t segment() const {
    if (w_.begin == w_.end) return kBlock;
    const int64_t reach = (w_.axes[2].count.data[w_.begin] - 1) * w_.axes[2].alike.step + 1;
    return w_.end - w_.begin + std::max<int64_t>(reach - 1, 0) / std::max<int64_t>(w_.stride, 1);
  }

  void pool(int64_t plane, int64_t row, int64_t rows) {
    const PoolAxis &depth = w_.axes[0], &height = w_.axes[1], &width = w_.axes[2];
    const WindowAxis &deep = depth.alike, &high = height.alike, &wide = width.alike;
    const int64_t d = row / high.out, h = row % high.out, at = (plane * deep.out * high.out + row) * wide.out;
    const T* const x = x_ + plane * deep.in * high.in * wide.in;
    for (int64_t r = 0; r < rows; ++r) {
      starts_[r] = (depth.begin.data[d] * high.in + height.begin.data[h + r]) * wide.in;
      bases_[r] = by_tap_ ? (cut(depth, d) * high.taps + cut(height, h + r)) * wide.taps : starts_[r];
    }
    rows_.clear();
    row_places_.clear();
    for (int64_t i = 0; i < depth.count.data[d]; ++i)
      for (int64_t k = 0; k < height.count.data[h]; ++k) {
        rows_.push_back((i * deep.step * high.in + k * high.step) * wide.in);
        row_places_.push_back(by_tap_ ? (i * high.taps + k) * wide.taps : rows_.back());
      }
    const int64_t moving = rows_.empty() ? w_.begin : w_.end;
    for (int64_t r = 0; r < rows; ++r)
      for (int64_t o = 0; o < wide.out; ++o)
        if (o == w_.begin && o < moving) o = moving - 1;
        else pool_one(x, o, r, at + r * wide.out + o);
    if (w_.begin == moving) return;
    if (are_fours(row)) pool_fours(x, rows, at + w_.begin);
    else if (rows > 1) pool_together(x, rows, at + w_.begin);
    else pool_row(x, at + w_.begin);
  }

  // Taps of window o before its first element.
  static int64_t cut(const PoolAxis& axis, int64_t o) {
    return (axis.begin.data[o] - (o * axis.alike.stride - axis.alike.padding)) / axis.alike.step;
  }

  // The place of the first element of window o in row r.
  int64_t base(int64_t r, int64_t o) const {
    const PoolAxis& width = w_.axes[2];
    return bases_[r] + (by_tap_ ? cut(width, o) : width.begin.data[o]);
  }

  // These three make the windows of rows that move on; the first result is number `to`.

  void pool_fours(const T* x, int64_t rows, int64_t to) {
    const WindowAxis& wide = w_.axes[2].alike;
    // No row of these windows is cut, so the first one's base is that of all.
    const int base_of_all = by_tap_ ? static_cast<int>(base(0, w_.begin)) : 0;
    fours_({x + w_.axes[2].begin.data[w_.begin], starts_, rows, w_.end - w_.begin, wide.in, y_ + to, by_tap_ ? places_.taps + to : nullptr, wide.out,
            base_of_all});
  }

  void pool_row(const T* x, int64_t to) {
    const int64_t first = starts_[0] + w_.axes[2].begin.data[w_.begin], windows = w_.end - w_.begin;
    for (int64_t i = 0; i < windows; i += kBlock) {
      const int64_t n = std::min(kBlock, windows - i);
      find(x + first + i * w_.stride, rows_.data(), n, y_ + to + i);
      put_places(base(0, w_.begin + i), n, at_, to + i);
    }
  }

  // Rows of results are too short for vectors: what they read is copied side by side.
  void pool_together(const T* x, int64_t rows, int64_t to) {
    const PoolAxis& width = w_.axes[2];
    const int64_t each = segment(), n = rows * each, piece = each * w_.stride;
    const int64_t line = n * w_.stride + width.count.data[w_.begin] * width.alike.step;
    const int64_t first = width.begin.data[w_.begin], copied = std::min(piece, width.alike.in - first);
    copies_.resize(rows_.size() * static_cast<size_t>(line));
    lines_.clear();
    for (const int64_t row : rows_) {
      T* copy = copies_.data() + static_cast<int64_t>(lines_.size()) * line;
      lines_.push_back(copy - copies_.data());
      for (int64_t r = 0; r < rows; ++r, copy += piece) std::copy_n(x + starts_[r] + row + first, copied, copy);
    }
    T largest[kBlock];
    find(copies_.data(), lines_.data(), n, largest);
    for (int64_t r = 0; r < rows; ++r, to += width.alike.out) {
      std::copy_n(largest + r * each, w_.end - w_.begin, y_ + to);
      put_places(base(r, w_.begin), w_.end - w_.begin, at_ + r * each, to);
    }
  }

  void find(const T* x, const int64_t* rows, int64_t n, T* largest) {
    const PoolAxis& width = w_.axes[2];
    largest_({x, rows, row_places_.data(), static_cast<int64_t>(rows_.size()), width.count.data[w_.begin], width.alike.step,
              by_tap_ ? 1 : width.alike.step, w_.stride, n, largest, asked_ ? at_ : nullptr});
  }

  void put_places(int64_t base, int64_t n, const int32_t* at, int64_t to) const {
    if (by_tap_)
      for (int64_t k = 0; k < n; ++k) places_.taps[to + k] = static_cast<uint8_t>(base + at[k]);
    else if (asked_)
      for (int64_t k = 0; k < n; ++k) places_.positions[to + k] = base + k * w_.stride + at[k];
  }

  // Window o of row r.
  void pool_one(const T* x, int64_t o, int64_t r, int64_t to) const {
    const PoolAxis& width = w_.axes[2];
    const int64_t step = width.alike.step, first = starts_[r] + width.begin.data[o], place_step = by_tap_ ? 1 : step;
    T largest = -std::numeric_limits<T>::infinity();
    int64_t place = 0;
    for (size_t row = 0; row < rows_.size(); ++row)
      for (int64_t k = 0; k < width.count.data[o]; ++k) {
        const T v = x[first + rows_[row] + k * step];
        if (v > largest || v != v) largest = v, place = row_places_[row] + k * place_step;
      }
    y_[to] = largest;
    if (by_tap_) places_.taps[to] = static_cast<uint8_t>(base(r, o) + place);
    else if (asked_) places_.positions[to] = base(r, o) + place;
  }

  const PlaneWindows& w_;
  const T* x_;
  T* y_;
  const Places places_;
  const bool by_tap_, asked_;
  void (*largest_)(const MovingWindows<T>&);
  void (*fours_)(const Fours<T>&);
  int64_t starts_[kBlock], bases_[kBlock];          // of the windows of each row of results: in the plane, and the place of its first element
  std::vector<int64_t> rows_, lines_, row_places_;  // of a window: in the plane, in the copies, and their places
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

}  // namespace

template <class T> void max_pool(const Pooling& p, const T* x, T* y, int64_t* indices, uint8_t* taps) {
  const PlaneWindows windows(p.axes);
  const auto most = [](const PoolAxis& a) { return *std::max_element(a.count.data, a.count.data + a.alike.out); };
  const double elements = static_cast<double>(most(p.axes[0]) * most(p.axes[1]) * most(p.axes[2]));
  for_rows_of_planes<RowPooler<T>>(p.planes, p.axes[0].alike.out * p.axes[1].alike.out,
                                   10 + (0.3 + 0.1 * elements) * static_cast<double>(p.axes[2].alike.out), windows, x, y, Places{indices, taps});
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
      axes[i] = {{p.in[i], p.out[i]}, {begin[i].data(), p.out[i]}, {count[i].data(), p.out[i]}};
    }
    const PlaneWindows windows(axes);
    RowPooler<T>(windows, x + plane * in, y + plane * out, {indices + plane * out, nullptr})(0, 0, p.out[0] * p.out[1]);
  });
}

#define XGRAD_INSTANTIATE(T)                                                \
  template void max_pool(const Pooling&, const T*, T*, int64_t*, uint8_t*); \
  template void fractional_max_pool(const FractionalPooling&, const T*, const T*, T*, int64_t*);
XGRAD_INSTANTIATE(float)
XGRAD_INSTANTIATE(double)
#undef XGRAD_INSTANTIATE

}}}  // namespace torch::xgrad::kernels
