#include <xgrad/autograd/kernels/pooling/resampling.h>

#include <algorithm>
#include <vector>

#include <xgrad/autograd/kernels/instruction_set.h>
#include <xgrad/autograd/kernels/pooling/plane_rows.h>
#include <xgrad/autograd/kernels/scratch.h>

namespace torch { inline namespace xgrad { namespace kernels {

namespace {

/// The last axis, of one line: `in` has a 0 behind its end. From `begin` to `end` taps move on by `step` from each position to the next,
/// with the same weights.
template <class T> struct LineTaps {
  const int32_t* source;
  const T* weight;
  int64_t out, taps, begin, end, step;
};

template <int step, int taps, bool first, class T>
void add_moving_taps(const T* in, const int32_t* source, const T* weight, int64_t out, int64_t n, T* y) {
  const T* from[taps];
  T factor[taps];
  for (int k = 0; k < taps; ++k) from[k] = in + source[k * out], factor[k] = weight[k * out];
  XGRAD_INDEPENDENT_ITERATIONS
  for (int64_t i = 0; i < n; ++i) {
    T sum = first ? factor[0] * from[0][i * step] : y[i] + factor[0] * from[0][i * step];
    for (int k = 1; k < taps; ++k) sum += factor[k] * from[k][i * step];
    y[i] = sum;
  }
}

template <int step, bool first, class T>
void add_some_taps(int64_t taps, const T* in, const int32_t* source, const T* weight, int64_t out, int64_t n, T* y) {
  if (taps == 1) add_moving_taps<step, 1, first>(in, source, weight, out, n, y);
  else if (taps == 2) add_moving_taps<step, 2, first>(in, source, weight, out, n, y);
  else add_moving_taps<step, 3, first>(in, source, weight, out, n, y);
}

template <int step, class T> void add_all_taps(const LineTaps<T>& l, const T* in, T* y) {
  const int64_t n = l.end - l.begin;
  add_some_taps<step, true>(std::min<int64_t>(l.taps, 3), in, l.source + l.begin, l.weight + l.begin, l.out, n, y + l.begin);
  for (int64_t k = 3; k < l.taps; k += 3)
    add_some_taps<step, false>(std::min<int64_t>(l.taps - k, 3), in, l.source + k * l.out + l.begin, l.weight + k * l.out + l.begin, l.out, n,
                               y + l.begin);
}

template <class T> void add_listed_taps(const LineTaps<T>& l, const T* in, int64_t begin, int64_t end, T* y) {
  XGRAD_INDEPENDENT_ITERATIONS
  for (int64_t o = begin; o < end; ++o) y[o] = l.weight[o] * in[l.source[o]];
  for (int64_t k = 1; k < l.taps; ++k) {
    const int32_t* source = l.source + k * l.out;
    const T* weight = l.weight + k * l.out;
    XGRAD_INDEPENDENT_ITERATIONS
    for (int64_t o = begin; o < end; ++o) y[o] += weight[o] * in[source[o]];
  }
}

template <class T> struct Line {
  static void run(const LineTaps<T>& l, const T* in, T* y) {
    add_listed_taps(l, in, 0, l.begin, y);
    if (l.step == 1) add_all_taps<1>(l, in, y);
    else if (l.step == 2) add_all_taps<2>(l, in, y);
    add_listed_taps(l, in, l.end, l.out, y);
  }
};

/// sum = weighted rows, the first of which overwrites.
template <class T> struct RowSum {
  static void run(const T* const* rows, const T* weight, int64_t count, int64_t n, T* sum) {
    const T *a = rows[0], *b = rows[count > 1 ? 1 : 0];
    const T u = weight[0], v = weight[count > 1 ? 1 : 0];
    if (count == 1) {
      XGRAD_INDEPENDENT_ITERATIONS
      for (int64_t i = 0; i < n; ++i) sum[i] = u * a[i];
    } else {
      XGRAD_INDEPENDENT_ITERATIONS
      for (int64_t i = 0; i < n; ++i) sum[i] = u * a[i] + v * b[i];
    }
    for (int64_t k = 2; k < count; ++k) {
      const T *c = rows[k], w = weight[k];
      XGRAD_INDEPENDENT_ITERATIONS
      for (int64_t i = 0; i < n; ++i) sum[i] += w * c[i];
    }
  }
};

template <class T> struct Quotients {
  static void run(const T* x, const T* divisor, T factor, int64_t n, T* y) {
    XGRAD_INDEPENDENT_ITERATIONS
    for (int64_t i = 0; i < n; ++i) y[i] = x[i] / (factor * divisor[i]);
  }
};

template <class T> std::vector<T> weights_of(const AxisTaps& axis) {
  if (axis.weight.size == 0) return std::vector<T>(static_cast<size_t>(axis.taps * axis.out), T(1));
  std::vector<T> weight(static_cast<size_t>(axis.weight.size));
  for (size_t i = 0; i < weight.size(); ++i) weight[i] = static_cast<T>(axis.weight.data[i]);
  return weight;
}

template <class T> struct Map {
  const Resampling& r;
  const T* x;
  T* y;
  std::vector<T> weight[3] = {weights_of<T>(r.axes[0]), weights_of<T>(r.axes[1]), weights_of<T>(r.axes[2])};
  std::vector<T> divisor = divisors();
  LineTaps<T> line = moving_part();
  int64_t in_rows = r.axes[0].in * r.axes[1].in, out_rows = r.axes[0].out * r.axes[1].out;
  // Along the last axis first, where that are fewer rows.
  bool lines_first = r.divides_input || out_rows > in_rows;
  void (*run_line)(const LineTaps<T>&, const T*, T*) = variant_for<Line<T>, T, const LineTaps<T>&, const T*, T*>();
  void (*add_rows)(const T* const*, const T*, int64_t, int64_t, T*) = variant_for<RowSum<T>, T, const T* const*, const T*, int64_t, int64_t, T*>();
  void (*divide)(const T*, const T*, T, int64_t, T*) = variant_for<Quotients<T>, T, const T*, const T*, T, int64_t, T*>();

  const AxisTaps& axis(int i) const { return r.axes[i]; }
  bool divides() const { return !divisor.empty(); }

  std::vector<T> divisors() const {
    if (r.axes[0].divisor.size + r.axes[1].divisor.size + r.axes[2].divisor.size == 0) return {};
    std::vector<T> all(static_cast<size_t>(r.divides_input ? axis(2).in : axis(2).out), T(1));
    for (int64_t i = 0; i < axis(2).divisor.size; ++i) all[static_cast<size_t>(i)] = static_cast<T>(axis(2).divisor.data[i]);
    return all;
  }
  T divisor_of_row(int64_t d, int64_t h) const {
    return static_cast<T>((axis(0).divisor.size > 0 ? axis(0).divisor.data[d] : 1) * (axis(1).divisor.size > 0 ? axis(1).divisor.data[h] : 1));
  }

  // Widest around the middle.
  LineTaps<T> moving_part() const {
    const AxisTaps& a = axis(2);
    const int32_t* source = a.source.data;
    LineTaps<T> l{source, weight[2].data(), a.out, a.taps, 0, 0, 0};
    const int64_t middle = a.out / 2, step = middle + 1 < a.out ? source[middle + 1] - source[middle] : 0;
    if (step != 1 && step != 2) return l;
    const auto moves_behind = [&](int64_t o) {
      for (int64_t at = o; at < a.taps * a.out; at += a.out)
        if (source[at + 1] - source[at] != step || l.weight[at + 1] != l.weight[at]) return false;
      return true;
    };
    l.begin = l.end = middle;
    while (l.begin > 0 && moves_behind(l.begin - 1)) --l.begin;
    while (l.end + 1 < a.out && moves_behind(l.end)) ++l.end;
    if (l.end++ == l.begin) l.end = l.begin;
    l.step = step;
    return l;
  }
};

// What a thread computes rows with.
template <class T> class RowMaker {
 public:
  explicit RowMaker(const Map<T>& map)
      : m_(map),
        line_(map.axis(2).in + 1),
        made_(map.lines_first ? map.in_rows * map.axis(2).out : 0),
        is_made_(map.lines_first ? static_cast<size_t>(map.in_rows) : 0) {
    line_.data()[map.axis(2).in] = T(0);
  }

  void operator()(int64_t plane, int64_t begin, int64_t end) {
    std::fill(is_made_.begin(), is_made_.end(), false);
    for (int64_t row = begin; row < end; ++row) make(plane, row);
  }

 private:
  void make(int64_t plane, int64_t row) {
    const AxisTaps &depth = m_.axis(0), &height = m_.axis(1), &width = m_.axis(2);
    const int64_t d = row / height.out, h = row % height.out;
    rows_.clear();
    weights_.clear();
    for (int64_t at_d = d; at_d < depth.taps * depth.out; at_d += depth.out)
      for (int64_t at_h = h; at_h < height.taps * height.out; at_h += height.out) {
        const int64_t z = depth.source.data[at_d], y = height.source.data[at_h];
        if (z == depth.in || y == height.in) continue;
        rows_.push_back(input(plane, z, y));
        weights_.push_back(m_.weight[0][static_cast<size_t>(at_d)] * m_.weight[1][static_cast<size_t>(at_h)]);
      }
    T* const to = m_.y + (plane * m_.out_rows + row) * width.out;
    T* const sum = m_.lines_first ? to : line_.data();
    const int64_t n = m_.lines_first ? width.out : width.in;
    if (rows_.empty()) std::fill(sum, sum + n, T(0));
    else m_.add_rows(rows_.data(), weights_.data(), static_cast<int64_t>(rows_.size()), n, sum);
    if (!m_.lines_first) m_.run_line(m_.line, line_.data(), to);
    if (m_.divides() && !m_.r.divides_input) m_.divide(to, m_.divisor.data(), m_.divisor_of_row(d, h), width.out, to);
  }

  // A row of x, brought to the length of y's if that comes first.
  const T* input(int64_t plane, int64_t z, int64_t y) {
    const AxisTaps& width = m_.axis(2);
    const int64_t row = z * m_.axis(1).in + y;
    const T* const x = m_.x + (plane * m_.in_rows + row) * width.in;
    if (!m_.lines_first) return x;
    T* const made = made_.data() + row * width.out;
    if (is_made_[static_cast<size_t>(row)]) return made;
    is_made_[static_cast<size_t>(row)] = true;
    if (m_.divides() && m_.r.divides_input) m_.divide(x, m_.divisor.data(), m_.divisor_of_row(z, y), width.in, line_.data());
    else std::copy(x, x + width.in, line_.data());
    m_.run_line(m_.line, line_.data(), made);
    return made;
  }

  const Map<T>& m_;
  Scratch<T> line_, made_;
  std::vector<char> is_made_;
  std::vector<const T*> rows_;
  std::vector<T> weights_;
};

}  // namespace

template <class T> void resample(const Resampling& r, const T* x, T* y) {
  const Map<T> map{r, x, y};
  const AxisTaps &depth = r.axes[0], &height = r.axes[1], &width = r.axes[2];
  const double per_row = 10 + 0.1 * static_cast<double>(width.taps * width.out + depth.taps * height.taps * width.in);
  for_rows_of_planes<RowMaker<T>>(r.planes, map.out_rows, per_row, map);
}

template void resample(const Resampling&, const float*, float*);
template void resample(const Resampling&, const double*, double*);
template void resample(const Resampling&, const uint64_t*, uint64_t*);

}}}  // namespace torch::xgrad::kernels
