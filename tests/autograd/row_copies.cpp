// Rows of every length on their way into wider tensors, out of them, and chosen by an index, against copies one by one.
#include <doctest/doctest.h>

#include <vector>

#include <xgrad/xgrad.h>

#include "autograd/instruction_sets.h"

using namespace xgrad;
using namespace xgrad::test;

namespace {

const std::vector<ScalarType> kTypes = {kFloat, kDouble, kInt, kByte, kBool};

Tensor table_of(int64_t rows, int64_t columns, ScalarType dtype) {
  return (arange(rows * columns) * 7 % 101 - 40).to(dtype).reshape({rows, columns});
}

// Bytes of element (row, column).
std::vector<char> element(const Tensor& t, int64_t row, int64_t column) {
  const auto* p = static_cast<const char*>(t.data_ptr()) + (row * t.stride(0) + column * t.stride(1)) * static_cast<int64_t>(t.element_size());
  return {p, p + t.element_size()};
}

// True iff `t` has source(row, column) at every place.
template <class Source> bool holds(const Tensor& t, Source source) {
  for (int64_t r = 0; r < t.size(0); ++r)
    for (int64_t c = 0; c < t.size(1); ++c)
      if (element(t, r, c) != source(r, c)) return false;
  return true;
}

void check_slices(const Tensor& x) {
  const int64_t n = x.size(1);
  const Tensor wide = zeros({x.size(0), n + 3}, x.options()), nothing = zeros({1, 1}, x.options());
  wide.slice(1, 2, n + 2).copy_(x);
  CHECK(holds(wide, [&](int64_t r, int64_t c) { return c >= 2 && c < n + 2 ? element(x, r, c - 2) : element(nothing, 0, 0); }));
  CHECK(equal(wide.slice(1, 2, n + 2).contiguous(), x));
  CHECK(holds(cat({x, wide}, 1), [&](int64_t r, int64_t c) { return c < n ? element(x, r, c) : element(wide, r, c - n); }));
  CHECK(holds(stack({x, x}, 1).flatten(1), [&](int64_t r, int64_t c) { return element(x, r, c % n); }));
  CHECK(holds(x.roll(1, 1), [&](int64_t r, int64_t c) { return element(x, r, (c + n - 1) % n); }));
  CHECK(holds(x.repeat({2, 3}), [&](int64_t r, int64_t c) { return element(x, r % x.size(0), c % n); }));
}

void check_chosen(const Tensor& x) {
  const Tensor index = arange(50) * 13 % x.size(0);
  const auto chosen = [&](int64_t r, int64_t c) { return element(x, r * 13 % x.size(0), c); };
  CHECK(holds(index_select(x, 0, index), chosen));
  CHECK(holds(x.index({index}), chosen));
  const Tensor columns = arange(x.numel()).reshape({x.size(0), x.size(1)}) * 5 % x.size(1);
  CHECK(holds(gather(x, 1, columns), [&](int64_t r, int64_t c) { return element(x, r, (r * x.size(1) + c) * 5 % x.size(1)); }));
}

}  // namespace

TEST_CASE("rows of any length are copied whole, and nothing beside them") {
  for (const auto set : instruction_sets()) {
    const InSet in(set);
    for (const ScalarType dtype : kTypes)
      for (const int64_t columns : {1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 63, 64, 65, 130}) {
        CAPTURE(toString(dtype));
        CAPTURE(columns);
        const Tensor x = table_of(19, columns, dtype);
        check_slices(x);
        check_chosen(x);
      }
  }
}

TEST_CASE("rows longer than a call of the C library is worth") {
  const Tensor x = table_of(3, 70001, kFloat);
  check_slices(x);
  CHECK(equal(index_select(x, 0, tensor({2, 0})), stack({x[2], x[0]})));
}

TEST_CASE("what is joined may be empty, transposed or of another type") {
  const Tensor x = table_of(40, 3, kFloat), turned = table_of(5, 40, kFloat).t(), whole = table_of(40, 2, kLong);
  const Tensor nothing = zeros({40, 0}), skipped = zeros({0});
  CHECK(equal(cat({skipped, x, nothing, x}, 1), x.repeat({1, 2})));
  CHECK(equal(cat({x, turned}, 1).slice(1, 3), turned));
  CHECK(equal(cat({x, whole}, 1).slice(1, 3), whole.to(kFloat)));
  CHECK(equal(stack({turned, turned}, 1).select(1, 1), turned));
  CHECK(cat({nothing, nothing}, 1).sizes() == std::vector<int64_t>{40, 0});
}

TEST_CASE("threads copy and choose the same rows as one does") {
  const Tensor x = table_of(30011, 9, kFloat), index = arange(60000) * 17 % 30011, cube = x.slice(0, 0, 30000).view({100, 300, 9});
  const auto results = [&] {
    return std::vector<Tensor>{cat({x, x}, 1), x.roll(2, 1), index_select(x, 0, index), cube.slice(1, 3, 290).slice(2, 1, 8).contiguous(),
                               gather(x, 1, index.slice(0, 0, 30011).remainder(9).unsqueeze(1).expand({30011, 4}))};
  };
  const int before = get_num_threads();
  set_num_threads(1);
  const std::vector<Tensor> alone = results();
  set_num_threads(3);
  const std::vector<Tensor> shared = results();
  set_num_threads(before);
  for (size_t i = 0; i < alone.size(); ++i) CHECK(equal(alone[i], shared[i]));
}

TEST_CASE("a position outside is found wherever it stands") {
  const Tensor x = table_of(10, 3, kFloat);
  for (const int64_t wrong : {int64_t{10}, int64_t{-11}, INT64_MAX, INT64_MIN})
    for (const int64_t place : {0, 6, 16}) {
      const Tensor index = zeros({17}, kLong);
      index[place] = wrong;
      CHECK_THROWS_AS(index_select(x, 0, index), IndexError);
      CHECK_THROWS_AS(x.index({index}), IndexError);
    }
  const Tensor negative = tensor({0, -1, 9});
  CHECK_THROWS_AS(index_select(x, 0, negative), IndexError);
  CHECK(equal(x.index({negative}), stack({x[0], x[9], x[9]})));
}
