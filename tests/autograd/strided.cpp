#include <doctest/doctest.h>

#include <cstring>
#include <string>
#include <vector>

#include <xgrad/xgrad.h>

#include "autograd/instruction_sets.h"

using namespace xgrad;
using namespace xgrad::test;

namespace {

// The same elements side by side, copied one by one.
Tensor in_order(const Tensor& t) {
  Tensor y = empty(t.sizes(), t.options());
  const auto bytes = static_cast<int64_t>(t.element_size());
  auto* out = static_cast<char*>(y.data_ptr());
  for (int64_t i = 0; i < t.numel(); ++i) {
    int64_t rest = i, offset = 0;
    for (int64_t a = t.dim() - 1; a >= 0; --a) {
      offset += rest % t.size(a) * t.stride(a);
      rest /= t.size(a);
    }
    std::memcpy(out + i * bytes, static_cast<const char*>(t.data_ptr()) + offset * bytes, static_cast<size_t>(bytes));
  }
  return y;
}

Tensor upwards(const std::vector<int64_t>& shape, ScalarType dtype) {
  int64_t n = 1;
  for (const int64_t size : shape) n *= size;
  return (arange(n) * 7 % 101).to(dtype).reshape(shape);
}

struct View {
  std::string name;
  Tensor t;
};

std::vector<View> views(ScalarType dtype) {
  std::vector<View> all;
  const std::vector<std::pair<int64_t, int64_t>> sizes = {{4, 4}, {5, 7}, {33, 70}, {64, 64}, {200, 131}, {3, 300}, {257, 6}, {70, 530}};
  for (const auto& [rows, columns] : sizes) {
    const std::string size = std::to_string(rows) + " x " + std::to_string(columns);
    const Tensor x = upwards({rows, columns}, dtype), wide = upwards({rows, 3 * columns}, dtype);
    all.push_back({"transposed " + size, x.t()});
    all.push_back({"every other column of " + size, wide.slice(1, 1, 2 * columns, 2)});
    all.push_back({"every third column of " + size, wide.slice(1, 0, 3 * columns, 3)});
    all.push_back({"transposed every other of " + size, wide.slice(1, 1, 2 * columns, 2).t()});
    all.push_back({"some columns of " + size, wide.slice(1, 2, columns)});
    all.push_back({"a row expanded, " + size, x.slice(0, 2, 3).expand({9, columns})});
    all.push_back({"a column expanded, " + size, x.slice(1, 1, 2).expand({rows, 40})});
    all.push_back({"an element expanded, " + size, x.slice(0, 0, 1).slice(1, 0, 1).expand({20, 30})});
  }
  const Tensor cube = upwards({9, 11, 38}, dtype), four = upwards({5, 4, 6, 7}, dtype);
  for (const auto& order : std::vector<std::vector<int64_t>>{{0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}})
    all.push_back({"a permuted cube", cube.permute(order)});
  for (const auto& order : std::vector<std::vector<int64_t>>{{3, 2, 1, 0}, {0, 2, 1, 3}, {2, 3, 0, 1}, {1, 3, 0, 2}})
    all.push_back({"four axes permuted", four.permute(order)});
  return all;
}

bool equal_elements(const Tensor& a, const Tensor& b) { return a.sizes() == b.sizes() && equal(a, b); }

void check_copies_and_operations(ScalarType dtype, kernels::InstructionSet set) {
  const InSet in_set(set);
  for (const View& v : views(dtype)) {
    INFO(v.name << " of " << toString(dtype) << " in " << name(set));
    const Tensor x = in_order(v.t);
    CHECK(equal_elements(v.t.clone(MemoryFormat::Contiguous), x));
    CHECK(equal_elements(v.t.to(kDouble), x.to(kDouble)));
    CHECK(equal_elements(v.t + 1, x + 1));
    CHECK(equal_elements(v.t == x, ones(x.sizes(), kBool)));
    CHECK(equal_elements(v.t * v.t, x * x));
    CHECK(equal_elements(where(x != 3, v.t, x), x));
    if (dtype != kBool) CHECK(equal_elements(addcmul(v.t, v.t, v.t), addcmul(x, x, x)));
  }
}

}  // namespace

TEST_CASE("copies and operations see every view's elements in order, whatever the dtype and the instruction set") {
  for (const auto set : instruction_sets())
    for (const ScalarType dtype : {kFloat, kDouble, kLong, kInt, kByte, kBool}) check_copies_and_operations(dtype, set);
}

TEST_CASE("sums and extremes see every view's elements") {
  for (const ScalarType dtype : {kFloat, kLong, kByte})
    for (const View& v : views(dtype)) {
      INFO(v.name << " of " << toString(dtype));
      const Tensor x = in_order(v.t);
      CHECK(equal_elements(v.t.sum(), x.sum()));
      for (int64_t axis = 0; axis < x.dim(); ++axis) {
        CHECK(equal_elements(v.t.sum(axis), x.sum(axis)));
        CHECK(equal_elements(amax(v.t, axis), amax(x, axis)));
      }
    }
}

TEST_CASE("operands that begin at one element and step differently are not taken for the same view") {
  for (const int64_t n : {6, 64, 300}) {
    const Tensor x = upwards({2 * n, 2 * n}, kFloat), a = x.slice(0, 0, n).slice(1, 0, n), b = x.slice(0, 0, n).slice(1, 0, 2 * n, 2);
    CHECK(equal_elements(a.t() * a, in_order(a.t()) * in_order(a)));
    CHECK(equal_elements(b * a, in_order(b) * in_order(a)));
    CHECK(equal_elements(b.t() * a.t(), in_order(b.t()) * in_order(a.t())));
    CHECK(equal_elements(addcmul(b.t(), a.t(), b.t()), addcmul(in_order(b.t()), in_order(a.t()), in_order(b.t()))));
    const Tensor line = x.reshape({-1}), even = line.slice(0, 0, 2 * n, 2), third = line.slice(0, 0, 3 * n, 3);
    CHECK(equal_elements(even * third, in_order(even) * in_order(third)));
    CHECK(equal_elements(exp(even * even), exp(in_order(even) * in_order(even))));
  }
}

TEST_CASE("several inputs that are transposed in different ways, and mixed dtypes") {
  for (const int64_t n : {20, 64, 129, 400}) {
    const Tensor x = upwards({n, n}, kFloat), y = upwards({n, 2 * n}, kFloat).slice(1, 1, 2 * n, 2) - 40, z = upwards({1, n}, kFloat);
    const Tensor xt = in_order(x.t()), yt = in_order(y.t()), column = in_order(z.t().expand({n, n}));
    CHECK(equal_elements(addcmul(x.t(), y.t(), z.t()), addcmul(xt, yt, column)));
    CHECK(equal_elements(addcmul(x, y.t(), x.t()), addcmul(x, yt, xt)));
    CHECK(equal_elements(where(y.t() > 0, x.t(), y), where(yt > 0, xt, in_order(y))));
    CHECK(equal_elements(x.t().to(kDouble) * y.t(), xt.to(kDouble) * yt.to(kDouble)));
    CHECK(equal_elements(x.t() * z.t(), xt * column));
  }
}

TEST_CASE("in-place operations between views in different orders") {
  for (const int64_t n : {5, 40, 150}) {
    const Tensor x = upwards({n, n}, kFloat), y = upwards({n, n}, kFloat) + 0.5, both = in_order(x.t()) * y;
    CHECK(equal_elements(y.clone().mul_(x.t()), both));
    Tensor z = x.clone();
    z.t().mul_(y);
    CHECK(equal_elements(z.t(), both));
    Tensor whole = zeros({n, 2 * n});
    whole.slice(1, 0, 2 * n, 2).copy_(x.t());
    CHECK(equal_elements(whole.slice(1, 0, 2 * n, 2), x.t()));
    CHECK(whole.slice(1, 1, 2 * n, 2).abs().sum().item<float>() == 0);
    CHECK(equal_elements(y.clone().addcmul_(x.t(), x.t()), addcmul(y, in_order(x.t()), in_order(x.t()))));
    Tensor turned = y.clone();
    turned.t().mul_(turned);
    CHECK(equal_elements(turned, y * in_order(y.t())));
    Tensor square = x.clone();
    square.add_(square.t());
    CHECK(equal_elements(square, x + in_order(x.t())));
  }
}

TEST_CASE("operations on views give the same bits with any number of threads") {
  manual_seed(4);
  const Tensor x = rand({700, 900}), y = rand({900, 700}), cube = rand({60, 70, 80});
  const auto compute = [&] {
    return std::vector<Tensor>{x.t() + y,
                               exp(x.t()),
                               x.t().clone(MemoryFormat::Contiguous),
                               tanh(cube.permute({2, 0, 1})),
                               cube.permute({1, 0, 2}) * 2,
                               x.slice(1, 0, 900, 2).sum(),
                               x.slice(1, 0, 900, 2).sum(0),
                               x.slice(0, 3, 4).expand({700, 900}).sum(1)};
  };
  const int before = get_num_threads();
  set_num_threads(1);
  const std::vector<Tensor> alone = compute();
  for (const int threads : {2, 3, 8}) {
    set_num_threads(threads);
    const std::vector<Tensor> together = compute();
    for (size_t i = 0; i < alone.size(); ++i) CHECK(equal_elements(alone[i], together[i]));
  }
  set_num_threads(before);
}
