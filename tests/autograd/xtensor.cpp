#include <doctest/doctest.h>

#include <numeric>

#include <xgrad/autograd/core/memory/memory.h>
#include <xgrad/autograd/ops/ops.h>
#include <xgrad/autograd/tensor/operators.h>
#include <xgrad/xtensor.h>

using namespace xgrad;

namespace {

template <class Array> void fill_upwards(Array& a) { std::iota(a.begin(), a.end(), typename Array::value_type(0)); }

template <class T> std::vector<T> row_major_elements(const Tensor& t) {
  const Tensor c = t.contiguous();
  return std::vector<T>(c.data_ptr<T>(), c.data_ptr<T>() + c.numel());
}

}  // namespace

TEST_CASE("a moved array becomes a tensor on its buffer") {
  xt::xarray<float> a = xt::zeros<float>({2, 3});
  fill_upwards(a);
  const float* buffer = a.data();
  Tensor t = from_xtensor(std::move(a));
  CHECK(t.data_ptr<float>() == buffer);
  CHECK(t.sizes() == IntArrayRef({2, 3}));
  CHECK(t.is_contiguous());
  CHECK(row_major_elements<float>(t.t()) == std::vector<float>{0, 3, 1, 4, 2, 5});
  Tensor kept = t.select(0, 1);
  t.reset();
  CHECK(row_major_elements<float>(kept) == std::vector<float>{3, 4, 5});
}

TEST_CASE("layouts and element types") {
  auto c = xt::xarray<double, xt::layout_type::column_major>::from_shape({2, 3});
  for (size_t i = 0; i < 2; ++i)
    for (size_t j = 0; j < 3; ++j) c(i, j) = static_cast<double>(10 * i + j);
  Tensor t = from_xtensor(std::move(c));
  CHECK(t.strides() == IntArrayRef({1, 2}));
  CHECK(row_major_elements<double>(t) == std::vector<double>{0, 1, 2, 10, 11, 12});

  xt::xarray<int, xt::layout_type::dynamic> d({3, 1}, xt::layout_type::column_major);
  fill_upwards(d);
  CHECK(row_major_elements<int>(from_xtensor(std::move(d))) == std::vector<int>{0, 1, 2});

  xt::xtensor<bool, 2> b({1, 2}, true);
  Tensor tb = from_xtensor(std::move(b));
  CHECK((tb.dtype() == kBool));
  CHECK(tb.is_contiguous());

  CHECK(from_xtensor(xt::xarray<int64_t>(7)).item<int64_t>() == 7);
  CHECK(from_xtensor(xt::xtensor<uint8_t, 3>({2, 0, 4})).sizes() == IntArrayRef({2, 0, 4}));
}

TEST_CASE("an array that is kept is copied, and an expression is computed") {
  const xt::xarray<float> a{{1, 2}, {3, 4}};
  Tensor copy = from_xtensor(a);
  CHECK(copy.data_ptr<float>() != a.data());
  Tensor sum = from_xtensor(a + 2.0f * xt::transpose(a));
  CHECK(row_major_elements<float>(sum) == std::vector<float>{3, 8, 7, 12});
  xt::xarray<float> mine{1.0f};
  from_xtensor(mine);
  CHECK(mine(0) == 1.0f);
}

TEST_CASE("a view shows the tensor's memory, whatever its strides") {
  xt::xarray<float> a = xt::zeros<float>({3, 4});
  fill_upwards(a);
  Tensor t = from_xtensor(std::move(a));
  auto v = as_xtensor<float>(t);
  CHECK(v.data() == t.data_ptr<float>());
  CHECK(v.shape()[1] == 4);
  v(1, 2) = -6;
  CHECK(t.accessor<float, 2>()[1][2] == -6);

  auto columns = as_xtensor<float>(t.t().slice(0, 1, 4, 2));
  CHECK(columns(1, 2) == t.accessor<float, 2>()[2][3]);
  columns = columns * 2.0f;
  CHECK(t.accessor<float, 2>()[2][3] == 22);
  CHECK(t.accessor<float, 2>()[2][2] == 10);

  auto transposed = as_xtensor<float>(t.t());
  const xt::xarray<float> before = transposed;
  transposed = before + 1.0f;
  CHECK(transposed(3, 0) == before(3, 0) + 1);
  CHECK(t.accessor<float, 2>()[0][3] == before(3, 0) + 1);
  transposed -= 1.0f;

  auto fixed = as_xtensor<float, 2>(t);
  CHECK(fixed(2, 3) == 22);
  CHECK(xt::xarray<float>(xt::sum(as_xtensor<float>(t), {1}))(0) == 10);

  auto row = as_xtensor<float>(t.slice(0, 0, 1));  // one row, to be repeated
  const xt::xarray<float> wide = row + as_xtensor<float>(t);
  CHECK(wide(2, 3) == 28);
}

TEST_CASE("a view keeps its tensor alive") {
  auto v = as_xtensor<double>(from_xtensor(xt::xarray<double>({1.0, 2.0, 3.0})));
  auto copy = v;
  CHECK(copy(2) == 3);
  const MemoryStats before = memory_stats();
  {
    auto temporary = as_xtensor<double>(from_xtensor(xt::xarray<double>({4.0, 5.0})));
    CHECK(temporary(1) == 5);
  }
  CHECK(memory_stats().live_tensors == before.live_tensors);
}

TEST_CASE("the round trip shares memory") {
  xt::xtensor<double, 2> a({2, 2}, 1.5);
  const double* buffer = a.data();
  auto back = as_xtensor<double, 2>(from_xtensor(std::move(a)));
  CHECK(back.data() == buffer);
  CHECK(as_xtensor<double>(from_xtensor(xt::xarray<double>::from_shape({0, 3}))).size() == 0);
}

TEST_CASE("what a view refuses") {
  Tensor t = from_xtensor(xt::xarray<float>({1.0f, 2.0f}));
  CHECK_THROWS_WITH_AS(as_xtensor<double>(t), doctest::Contains("Double"), Error);
  const auto two_axes = [&] { return as_xtensor<float, 2>(t); };
  CHECK_THROWS_WITH_AS(two_axes(), doctest::Contains("expected a tensor with 2 axes"), Error);
  auto v = as_xtensor<float>(t);
  const xt::xarray<float> longer{1.0f, 2.0f, 3.0f};
  CHECK_THROWS(v = longer);
  CHECK(v(1) == 2);
  t.requires_grad_();
  CHECK_THROWS_WITH_AS(as_xtensor<float>(t), doctest::Contains("detach()"), Error);
  CHECK(as_xtensor<float>(t.detach())(1) == 2);
}
