#include <xgrad/autograd/kernels/order/search.h>

#include <algorithm>
#include <vector>

#include <xgrad/autograd/kernels/parallel.h>

namespace torch { inline namespace xgrad { namespace kernels {
namespace {

constexpr int64_t kValuesPerThread = 1000;

// True iff no element is larger than the next one or NaN.
template <class T> bool ascends(const T* elements, int64_t n) {
  bool good = true;
  for (int64_t i = 0; i + 1 < n; ++i) good &= elements[i] <= elements[i + 1];
  return good && (n == 0 || elements[n - 1] == elements[n - 1]);
}

// Whether a value lies behind an element, as all do behind NaN. Two comparisons whose results are numbers: a branch would be foretold wrongly
// half of the time.
template <class T> bool is_behind(T element, T value, bool right) {
  const bool greater = element > value, not_less = element >= value;
  return !(greater | (not_less & !right));
}

constexpr int64_t kFew = 16, kAtOnce = 16;

// Of few elements that ascend: how many of them kAtOnce values lie behind. The counts have the elements' type, so that vectors hold as many
// of one as of the other.
template <class T, class F> void count_before(const T* sequence, int64_t n, const T* values, T* counts, F lies_behind) {
  std::fill_n(counts, kAtOnce, T(0));
  for (int64_t e = 0; e < n; ++e)
    for (int64_t k = 0; k < kAtOnce; ++k) counts[k] += lies_behind(sequence[e], values[k]) ? T(1) : T(0);
}
template <class T> void count_before(const T* sequence, int64_t n, bool right, const T* values, T* counts) {
  if (right) count_before(sequence, n, values, counts, [](T element, T value) { return !(element > value); });
  else count_before(sequence, n, values, counts, [](T element, T value) { return !(element >= value); });
}

// Of more, which ascend: each step takes the upper half or not.
template <class T> int64_t halve(const T* sequence, int64_t n, bool right, T value) {
  const T* at = sequence;
  for (int64_t left = n; left > 0;) {
    const int64_t half = (left + 1) / 2;
    at += half & -static_cast<int64_t>(is_behind(at[half - 1], value, right));
    left -= half;
  }
  return at - sequence;
}

// Of any sequence, in the order of `sorter` unless that is null.
template <class T> int64_t search_any(const T* sequence, const int64_t* sorter, int64_t n, bool right, T value) {
  int64_t low = 0, high = n;
  while (low < high) {
    const int64_t middle = low + (high - low) / 2;
    const T element = sequence[sorter ? sorter[middle] : middle];
    if (right ? element > value : element >= value) high = middle;
    else low = middle + 1;
  }
  return low;
}

// Positions as they are wanted.
struct Positions {
  void* memory;
  bool narrow;
  void set(int64_t i, int64_t position) const {
    if (narrow) static_cast<int32_t*>(memory)[i] = static_cast<int32_t>(position);
    else static_cast<int64_t*>(memory)[i] = position;
  }
};

template <class T>
void search_ascending(const T* sequence, int64_t n, bool right, const T* values, int64_t first, int64_t last, Positions positions) {
  int64_t i = first;
  for (; n <= kFew && i + kAtOnce <= last; i += kAtOnce) {
    T counts[kAtOnce];
    count_before(sequence, n, right, values + i, counts);
    for (int64_t k = 0; k < kAtOnce; ++k) positions.set(i + k, static_cast<int64_t>(counts[k]));
  }
  for (; i < last; ++i) positions.set(i, halve(sequence, n, right, values[i]));
}

template <class T> void search(const Sequences& s, const T* values, bool right, Positions positions) {
  const T* const all = static_cast<const T*>(s.elements);
  parallel_for(s.count * s.values_each, kValuesPerThread, [=](int64_t first, int64_t last) {
    for (int64_t i = first, end; i < last; i = end) {
      const int64_t number = i / s.values_each, start = number * s.n;
      const int64_t* const sorter = s.sorter ? s.sorter + start : nullptr;
      end = std::min(last, (number + 1) * s.values_each);
      if (!sorter && end - i >= s.n / 8 && ascends(all + start, s.n)) search_ascending(all + start, s.n, right, values, i, end, positions);
      else
        for (int64_t k = i; k < end; ++k) positions.set(k, search_any(all + start, sorter, s.n, right, values[k]));
    }
  });
}

template <class T> class Intervals {
 public:
  Intervals(Interval how, const T* edges, int64_t count) : how_(how), edges_(edges), count_(count) {}
  /// -1 outside, and for NaN.
  int64_t find(T x) const {
    const T low = edges_[0], high = edges_[count_ - 1];
    if (!(x >= low && x <= high)) return -1;
    int64_t at =
        how_ == Interval::BySearch ? last_edge_below(x, 0, count_) : static_cast<int64_t>((x - low) * static_cast<T>(count_ - 1) / (high - low));
    if (how_ == Interval::ByNeighbours) at = last_edge_below(x, std::max<int64_t>(at - 1, 0), std::min(at + 2, count_));
    return at == count_ - 1 ? at - 1 : at;
  }

 private:
  int64_t last_edge_below(T x, int64_t first, int64_t last) const { return std::upper_bound(edges_ + first, edges_ + last, x) - edges_ - 1; }
  Interval how_;
  const T* edges_;
  int64_t count_;
};

}  // namespace

void search_sequences(ScalarType dtype, const Sequences& sequences, const void* values, bool right, bool narrow, void* positions) {
  dispatch_all(dtype, "searchsorted_out_cpu", [&](auto t) {
    using T = decltype(t);
    search(sequences, static_cast<const T*>(values), right, Positions{positions, narrow});
  });
}

void count_between(ScalarType dtype, Interval how, const void* edges, int64_t edge_count, const void* x, const void* weights, int64_t n,
                   void* counts) {
  dispatch_floating(dtype, "histogram_cpu", [&](auto t) {
    using T = decltype(t);
    const Intervals<T> intervals(how, static_cast<const T*>(edges), edge_count);
    const T *const elements = static_cast<const T*>(x), *const weight = static_cast<const T*>(weights);
    std::vector<double> sums(static_cast<size_t>(edge_count - 1));  // exact for counts, and the same for any number of threads
    for (int64_t i = 0; i < n && edge_count > 1; ++i)
      if (const int64_t at = intervals.find(elements[i]); at >= 0) sums[static_cast<size_t>(at)] += weight ? static_cast<double>(weight[i]) : 1;
    std::transform(sums.begin(), sums.end(), static_cast<T*>(counts), [](double sum) { return static_cast<T>(sum); });
  });
}

}}}  // namespace torch::xgrad::kernels
