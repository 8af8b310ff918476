// Max pooling against loops that look at every window, of random shapes, with equal elements and NaN.
#include <array>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include <doctest/doctest.h>

#include <xgrad/xgrad.h>

#include "autograd/instruction_sets.h"

using namespace torch;
using namespace xgrad::test;

namespace {

struct Pool {
  std::array<int64_t, 2> in, kernel, stride, padding, dilation;
  bool ceil_mode;

  int64_t out(size_t a) const {
    const int64_t free = in[a] + 2 * padding[a] - dilation[a] * (kernel[a] - 1) - 1;
    const int64_t n = (free + (ceil_mode ? stride[a] - 1 : 0)) / stride[a] + 1;
    return ceil_mode && (n - 1) * stride[a] >= in[a] + padding[a] ? n - 1 : n;  // the last window begins inside or in the left padding
  }
};

Pool any_pool(std::mt19937& random) {
  const auto from = [&](int64_t low, int64_t high) { return low + static_cast<int64_t>(random() % static_cast<uint64_t>(high - low + 1)); };
  Pool p{};
  const bool fours = from(0, 2) == 0;  // of two by two, which have loops of their own
  for (size_t a = 0; a < 2; ++a) {
    p.kernel[a] = fours ? 2 : from(1, 4);
    p.stride[a] = fours ? 2 : from(1, 3);
    p.dilation[a] = from(1, 2);
    p.padding[a] = from(0, p.kernel[a] / 2);
    p.in[a] = std::max<int64_t>(p.dilation[a] * (p.kernel[a] - 1) + 1 - 2 * p.padding[a], 1) + from(0, a == 1 && from(0, 3) == 0 ? 300 : 25);
  }
  p.ceil_mode = from(0, 1) == 1;
  return p;
}

// The first largest element of a window, or its last NaN.
int64_t place_of_largest(const Pool& p, const double* x, int64_t row, int64_t column) {
  int64_t place = -1;
  for (int64_t i = 0; i < p.kernel[0]; ++i)
    for (int64_t k = 0; k < p.kernel[1]; ++k) {
      const int64_t h = row * p.stride[0] - p.padding[0] + i * p.dilation[0], w = column * p.stride[1] - p.padding[1] + k * p.dilation[1];
      if (h < 0 || h >= p.in[0] || w < 0 || w >= p.in[1]) continue;
      const int64_t at = h * p.in[1] + w;
      if (place < 0 || x[at] > x[place] || std::isnan(x[at])) place = at;
    }
  return place;
}

}  // namespace

TEST_CASE("max pooling finds the first of the largest elements of every window, and its derivatives go there") {
  std::mt19937 random(23);
  manual_seed(23);
  for (int trial = 0; trial < 150; ++trial) {
    CAPTURE(trial);
    const Pool p = any_pool(random);
    const int64_t planes = 3, rows = p.out(0), columns = p.out(1);
    Tensor x = randint(-4, 5, {planes, p.in[0], p.in[1]}, kDouble);
    if (trial % 3 == 0) x = x.masked_fill(rand(x.sizes(), kDouble) < 0.05, std::numeric_limits<double>::quiet_NaN());
    if (trial % 5 == 0) x = x.masked_fill(rand(x.sizes(), kDouble) < 0.2, -std::numeric_limits<double>::infinity());
    const Tensor places = empty({planes, rows, columns}, kLong);
    int64_t* place = places.data_ptr<int64_t>();
    for (int64_t c = 0; c < planes; ++c)
      for (int64_t i = 0; i < rows; ++i)
        for (int64_t k = 0; k < columns; ++k) *place++ = place_of_largest(p, x.data_ptr<double>() + c * p.in[0] * p.in[1], i, k);
    const auto at_places = [&](const Tensor& t) { return t.flatten(1).gather(1, places.flatten(1)).view(places.sizes()); };
    const Tensor expected = at_places(x), gy = randint(-3, 4, places.sizes(), kDouble), u = randint(-3, 4, x.sizes(), kDouble);
    const Tensor gx = zeros_like(x).flatten(1).scatter_add(1, places.flatten(1), gy.flatten(1)).view(x.sizes());
    for (const auto set : instruction_sets())
      for (const ScalarType dtype : {kDouble, kFloat}) {
        const InSet in(set);
        const auto [y, indices] = max_pool2d_with_indices(x.to(dtype), p.kernel, p.stride, p.padding, p.dilation, p.ceil_mode);
        CHECK(y.to(kDouble).allclose(expected, 0, 0, /*equal_nan=*/true));
        CHECK(indices.equal(places));
        const Tensor from = x.to(dtype).detach().clone().requires_grad_(), slope = gy.to(dtype).clone().requires_grad_();
        const Tensor pooled = max_pool2d(from, p.kernel, p.stride, p.padding, p.dilation, p.ceil_mode);
        CHECK(pooled.detach().to(kDouble).allclose(expected, 0, 0, true));
        const Tensor found = autograd::grad({pooled}, {from}, {slope}, std::nullopt, /*create_graph=*/true)[0];
        CHECK(found.detach().to(kDouble).equal(gx));
        CHECK(autograd::grad({found}, {slope}, {u.to(dtype)})[0].to(kDouble).equal(at_places(u)));
        const NoGradGuard no_indices;
        CHECK(max_pool2d(x.to(dtype), p.kernel, p.stride, p.padding, p.dilation, p.ceil_mode).to(kDouble).allclose(expected, 0, 0, true));
      }
  }
}
