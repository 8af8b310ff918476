#include <xgrad/autograd/kernels/order/runs.h>

#include <algorithm>
#include <bit>
#include <numeric>

#include <xgrad/autograd/kernels/order/sort_items.h>
#include <xgrad/autograd/kernels/scratch.h>

namespace torch { inline namespace xgrad { namespace kernels {
namespace {

template <class T> bool comes_first(T a, T b) { return a < b || (b != b && a == a); }

// begin(i) is called for the first row of each run, add(i) for every row.
template <class Begin, class Add> void walk_runs(ScalarType dtype, const Rows& rows, Begin begin, Add add) {
  dispatch_all(dtype, "unique", [&](auto t) {
    using T = decltype(t);
    const T *const x = static_cast<const T*>(rows.elements), *before = nullptr;
    for (int64_t i = 0; i < rows.count; ++i) {
      const int64_t at = rows.order ? rows.order[i] : i;
      const T* const row = x + at * rows.width;
      if (!before || !std::equal(row, row + rows.width, before)) begin(at);
      add(at);
      before = row;
    }
  });
}

// Numbers keys in the order in which they come, by a table in which a key is at the place it is scattered to or behind that.
class Numbering {
 public:
  explicit Numbering(int64_t most) : most_(most), bits_(std::bit_width(static_cast<uint64_t>(most)) + 2), places_(int64_t{1} << bits_), keys_(most) {
    std::fill_n(places_.data(), int64_t{1} << bits_, 0);
  }
  /// -1 for a new key beyond the most.
  int64_t number(uint64_t key) {
    uint64_t place = key * 0x9e3779b97f4a7c15 >> (64 - bits_);
    const uint64_t last = (uint64_t{1} << bits_) - 1;
    while (true) {
      int32_t& at = places_.data()[place];
      if (at == 0) return count_ == most_ ? -1 : (keys_.data()[count_] = key, at = static_cast<int32_t>(++count_)) - 1;
      if (keys_.data()[at - 1] == key) return at - 1;
      place = (place + 1) & last;
    }
  }
  int64_t count() const { return count_; }
  uint64_t key(int64_t number) const { return keys_.data()[number]; }

 private:
  int64_t most_, count_ = 0;
  int bits_;
  Scratch<int32_t> places_;  // numbers from 1 on; 0: free
  Scratch<uint64_t> keys_;
};

// Brings the first `count` elements to where `order` wants them.
void arrange(int64_t* elements, const Wide* order, int64_t count, int64_t* room) {
  for (int64_t r = 0; r < count; ++r) room[r] = elements[order[r].position()];
  std::copy_n(room, count, elements);
}

// False if there are too many or a NaN.
template <class T> bool count_each(const T* x, int64_t n, Numbering& numbering, int64_t* firsts, int64_t* lengths, int64_t* runs) {
  for (int64_t i = 0; i < n; ++i) {
    const int64_t run = x[i] == x[i] ? numbering.number(ascending_key(x[i])) : -1;
    if (run < 0) return false;
    if (lengths[run]++ == 0) firsts[run] = i;
    if (runs) runs[i] = run;
  }
  return true;
}

}  // namespace

void find_few_runs(ScalarType dtype, const void* x, int64_t n, int64_t most, int64_t* firsts, int64_t* lengths, int64_t* runs, int64_t* count) {
  std::fill_n(firsts, most, 0);
  std::fill_n(lengths, most, 0);
  Numbering numbering(most);
  bool few = false;
  dispatch_all(dtype, "unique", [&](auto t) { few = count_each(static_cast<const decltype(t)*>(x), n, numbering, firsts, lengths, runs); });
  *count = few ? numbering.count() : -1;
  if (!few) {
    std::fill_n(firsts, most, 0);
    std::fill_n(lengths, most, 0);
    if (runs) std::fill_n(runs, n, 0);
    return;
  }
  const Scratch<Wide> order(*count);
  const Scratch<int64_t> ranks(*count);
  for (int64_t r = 0; r < *count; ++r) order.data()[r] = Wide(numbering.key(r), r);
  std::sort(order.data(), order.data() + *count);
  arrange(firsts, order.data(), *count, ranks.data());
  arrange(lengths, order.data(), *count, ranks.data());
  for (int64_t r = 0; r < *count; ++r) ranks.data()[order.data()[r].position()] = r;
  for (int64_t i = 0; runs && i < n; ++i) runs[i] = ranks.data()[runs[i]];
}

void sort_rows(ScalarType dtype, const void* x, int64_t count, int64_t width, int64_t* order) {
  std::iota(order, order + count, 0);
  dispatch_all(dtype, "unique", [&](auto t) {
    using T = decltype(t);
    const auto row = [=](int64_t i) { return static_cast<const T*>(x) + i * width; };
    std::stable_sort(order, order + count, [&](int64_t i, int64_t j) {
      return std::lexicographical_compare(row(i), row(i) + width, row(j), row(j) + width, comes_first<T>);
    });
  });
}

int64_t count_runs(ScalarType dtype, const Rows& rows) {
  int64_t count = 0;
  walk_runs(
      dtype, rows, [&](int64_t) { ++count; }, [](int64_t) {});
  return count;
}

void find_runs(ScalarType dtype, const Rows& rows, int64_t* firsts, int64_t* lengths, int64_t* runs) {
  int64_t run = -1;
  walk_runs(
      dtype, rows,
      [&](int64_t at) {
        ++run;
        if (firsts) firsts[run] = at;
        if (lengths) lengths[run] = 0;
      },
      [&](int64_t at) {
        if (lengths) ++lengths[run];
        if (runs) runs[at] = run;
      });
}

}}}  // namespace torch::xgrad::kernels
