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

// Of a sequence that ascends. A step takes the upper half or not, without a branch, which would be foretold wrongly half of the time.
template <class T, class P> void search_ascending(const T* sequence, int64_t n, bool right, const T* values, int64_t count, P* positions) {
  for (int64_t i = 0; i < count; ++i) {
    const T value = values[i];
    const auto is_behind = [=](T element) {  // true for NaN
      const bool greater = element > value, equal = element == value;
      return !(greater | (equal & !right));
    };
    const T* at = sequence;
    for (int64_t left = n; left > 0;) {
      const int64_t half = (left + 1) / 2;
      at += half & -static_cast<int64_t>(is_behind(at[half - 1]));
      left -= half;
    }
    positions[i] = static_cast<P>(at - sequence);
  }
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

template <class T, class P> void search(const Sequences& s, const T* values, bool right, P* positions) {
  const T* const all = static_cast<const T*>(s.elements);
  parallel_for(s.count * s.values_each, kValuesPerThread, [=](int64_t first, int64_t last) {
    for (int64_t i = first; i < last;) {
      const int64_t number = i / s.values_each, start = number * s.n, end = std::min(last, (number + 1) * s.values_each);
      const int64_t* const sorter = s.sorter ? s.sorter + start : nullptr;
      if (!sorter && end - i >= s.n / 8 && ascends(all + start, s.n)) search_ascending(all + start, s.n, right, values + i, end - i, positions + i);
      else
        for (int64_t k = i; k < end; ++k) positions[k] = static_cast<P>(search_any(all + start, sorter, s.n, right, values[k]));
      i = end;
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
    if (narrow) search(sequences, static_cast<const T*>(values), right, static_cast<int32_t*>(positions));
    else search(sequences, static_cast<const T*>(values), right, static_cast<int64_t*>(positions));
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
