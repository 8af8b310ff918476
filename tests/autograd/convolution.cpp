// Convolutions against loops that do what the definition says, of random shapes, and their third derivatives.
#include <array>
#include <random>
#include <vector>

#include <doctest/doctest.h>

#include <xgrad/xgrad.h>

using namespace torch;

namespace {

struct Geometry {
  int64_t batch, groups, in, out;  // channels of each group
  std::array<int64_t, 2> image, kernel, stride, padding, dilation;
};

Geometry any_geometry(std::mt19937& random) {
  const auto from = [&](int64_t low, int64_t high) { return low + static_cast<int64_t>(random() % static_cast<uint64_t>(high - low + 1)); };
  Geometry g{from(1, 3), from(1, 3), from(1, 5), from(1, 5), {}, {}, {}, {}, {}};
  if (from(0, 3) == 0) g.groups = from(4, 20), g.in = 1, g.out = from(1, 2);  // one channel each
  const bool small_images = from(0, 2) == 0;
  if (small_images) g.batch = from(12, 40), g.groups = from(1, 2), g.in = from(1, 7), g.out = from(4, 14);
  for (size_t a = 0; a < 2; ++a) {
    g.kernel[a] = from(1, 5);
    g.stride[a] = from(1, 3);
    g.dilation[a] = from(1, 2);
    g.padding[a] = from(0, 3);
    const int64_t reach = (g.kernel[a] - 1) * g.dilation[a] + 1;
    g.image[a] = std::max<int64_t>(reach - 2 * g.padding[a], 1) + from(0, small_images ? 6 : 20);
  }
  return g;
}

int64_t outputs(const Geometry& g, size_t a) { return (g.image[a] + 2 * g.padding[a] - (g.kernel[a] - 1) * g.dilation[a] - 1) / g.stride[a] + 1; }

// Calls f(image element, weight element, output element) for each product of the convolution.
template <class F> void for_each_product(const Geometry& g, F f) {
  const int64_t rows = outputs(g, 0), columns = outputs(g, 1), kernel = g.kernel[0] * g.kernel[1], image = g.image[0] * g.image[1];
  for (int64_t n = 0; n < g.batch; ++n)
    for (int64_t o = 0; o < g.groups * g.out; ++o)
      for (int64_t i = 0; i < g.in; ++i)
        for (int64_t y = 0; y < rows; ++y)
          for (int64_t x = 0; x < columns; ++x)
            for (int64_t k = 0; k < kernel; ++k) {
              const int64_t row = y * g.stride[0] - g.padding[0] + k / g.kernel[1] * g.dilation[0];
              const int64_t column = x * g.stride[1] - g.padding[1] + k % g.kernel[1] * g.dilation[1];
              if (row < 0 || row >= g.image[0] || column < 0 || column >= g.image[1]) continue;
              const int64_t channel = o / g.out * g.in + i;
              f(((n * g.groups * g.in) + channel) * image + row * g.image[1] + column, (o * g.in + i) * kernel + k,
                ((n * g.groups * g.out + o) * rows + y) * columns + x);
            }
}

double furthest(const Tensor& found, const Tensor& expected) {
  return found.sizes() == expected.sizes() && found.numel() ? (found.to(kDouble) - expected).abs().max().item<double>() : 0;
}

}  // namespace

TEST_CASE("convolution and its gradients are the sums of products that their definition says") {
  std::mt19937 random(17);
  manual_seed(17);
  for (int trial = 0; trial < 180; ++trial) {
    const Geometry g = any_geometry(random);
    CAPTURE(trial);
    const Tensor x = randn({g.batch, g.groups * g.in, g.image[0], g.image[1]}, kDouble);
    const Tensor w = randn({g.groups * g.out, g.in, g.kernel[0], g.kernel[1]}, kDouble), b = randn({g.groups * g.out}, kDouble);
    Tensor y = b.view({1, -1, 1, 1}).expand({g.batch, g.groups * g.out, outputs(g, 0), outputs(g, 1)}).clone();
    const Tensor gy = randn(y.sizes(), kDouble);
    Tensor gx = zeros_like(x), gw = zeros_like(w);
    const double *const px = x.data_ptr<double>(), *const pw = w.data_ptr<double>(), *const pg = gy.data_ptr<double>();
    double *const py = y.data_ptr<double>(), *const pgx = gx.data_ptr<double>(), *const pgw = gw.data_ptr<double>();
    for_each_product(g, [&](int64_t i, int64_t k, int64_t o) {
      py[o] += px[i] * pw[k];
      pgx[i] += pg[o] * pw[k];
      pgw[k] += px[i] * pg[o];
    });
    for (const ScalarType dtype : {kDouble, kFloat}) {
      CAPTURE(dtype);
      const Tensor xs = x.to(dtype).detach().requires_grad_(), ws = w.to(dtype).detach().requires_grad_(), bs = b.to(dtype).detach().requires_grad_();
      const Tensor found = conv2d(xs, ws, bs, g.stride, g.padding, g.dilation, g.groups);
      found.backward(gy.to(dtype));
      // Of 4000 products at most, of numbers of size 1.
      const double allowed = dtype == kDouble ? 1e-11 : 3e-4;
      CHECK(furthest(found.detach(), y) <= allowed);
      CHECK(furthest(xs.grad(), gx) <= allowed);
      CHECK(furthest(ws.grad(), gw) <= allowed);
      CHECK(furthest(bs.grad(), gy.sum(IntArrayRef{0, 2, 3})) <= allowed);
    }
  }
}

TEST_CASE("third derivatives of convolutions are those of finite differences") {
  manual_seed(3);
  const auto leaf = [](IntArrayRef sizes) { return randn(sizes, TensorOptions(kDouble).requires_grad(true)); };
  const auto slope_of = [](const auto& convolve) {
    return [convolve](const autograd::variable_list& v) {
      return autograd::grad({convolve(v[0], v[1]).pow(3).sum()}, {v[0], v[1]}, {}, std::nullopt, /*create_graph=*/true);
    };
  };
  CHECK(autograd::gradgradcheck(slope_of([](const Tensor& x, const Tensor& w) {
                                  return conv2d(x, w, {}, {2, 1}, {1, 0}, {1, 2}, 2);
                                }),
                                {leaf({2, 4, 4, 4}), leaf({4, 2, 3, 2})}));
  CHECK(autograd::gradgradcheck(slope_of([](const Tensor& x, const Tensor& w) { return conv_transpose2d(x, w, {}, 2, 1, 1); }),
                                {leaf({1, 2, 3, 3}), leaf({2, 2, 3, 3})}));
  CHECK(autograd::gradgradcheck(slope_of([](const Tensor& x, const Tensor& w) { return conv1d(x, w, {}, 1, 1, 1, 4); }),
                                {leaf({2, 4, 6}), leaf({4, 1, 3})}));
  CHECK(autograd::gradgradcheck(slope_of([](const Tensor& x, const Tensor& w) { return conv3d(x, w); }),
                                {leaf({1, 2, 3, 3, 3}), leaf({2, 2, 2, 2, 2})}));
}

TEST_CASE("the weight's gradient of few channels, of a batch that is cut into parts, is what its definition says") {
  manual_seed(21);
  for (const int64_t out : {3, 12}) {  // by lines, and by output channels
    const Geometry g{24, 1, 2, out, {30, 30}, {5, 5}, {1, 1}, {2, 2}, {1, 1}};
    const Tensor x = randn({24, 2, 30, 30}, kDouble), gy = randn({24, out, 30, 30}, kDouble);
    const Tensor gw = zeros({out, 2, 5, 5}, kDouble);
    const double *const px = x.data_ptr<double>(), *const pg = gy.data_ptr<double>();
    double* const pgw = gw.data_ptr<double>();
    for_each_product(g, [&](int64_t i, int64_t k, int64_t o) { pgw[k] += px[i] * pg[o]; });
    for (const ScalarType dtype : {kDouble, kFloat}) {
      const Tensor w = zeros(gw.sizes(), TensorOptions(dtype).requires_grad(true));
      conv2d(x.to(dtype), w, {}, 1, 2).backward(gy.to(dtype));
      CHECK(furthest(w.grad(), gw) <= (dtype == kDouble ? 1e-10 : 3e-3));  // 21,600 products of numbers of size 1
    }
  }
}

TEST_CASE("a convolution gives the same bits for every number of threads") {
  const int before = get_num_threads();
  manual_seed(9);
  struct Layer {
    Tensor x, w;
  };
  for (const Layer& l : {Layer{randn({6, 24, 30, 30}), randn({40, 24, 3, 3})}, Layer{randn({24, 1, 28, 28}), randn({6, 1, 5, 5})},
                         Layer{randn({24, 2, 28, 28}), randn({12, 2, 5, 5})}, Layer{randn({70, 6, 9, 9}), randn({12, 6, 3, 3})},
                         Layer{randn({24, 1, 28, 28}, kDouble), randn({6, 1, 5, 5}, kDouble)}}) {
    const auto run = [&](int threads) {
      set_num_threads(threads);
      const Tensor x = l.x.detach().clone().requires_grad_(), w = l.w.detach().clone().requires_grad_(),
                   b = ones(l.w.size(0), l.w.dtype()).requires_grad_();
      const Tensor y = conv2d(x, w, b, 1, 1);
      y.pow(2).sum().backward();
      return std::vector<Tensor>{y.detach(), x.grad(), w.grad(), b.grad()};
    };
    const std::vector<Tensor> one = run(1);
    for (const int threads : {2, 3, 8}) {
      const std::vector<Tensor> several = run(threads);
      for (size_t i = 0; i < one.size(); ++i) CHECK(one[i].equal(several[i]));
    }
  }
  set_num_threads(before);
}

TEST_CASE("padding to the same size needs an image, as any other does") {
  for (const int64_t kernel : {1, 2, 3})
    CHECK_THROWS_WITH_AS(conv2d(zeros({1, 1, 0, 1}), zeros({2, 1, kernel, kernel}), {}, 1, "same"),
                         doctest::Contains("Kernel size can't be greater than actual input size"), Error);
  CHECK(conv2d(zeros({0, 1, 2, 1}), zeros({2, 1, 3, 3}), {}, 1, "same").sizes() == IntArrayRef({0, 2, 2, 1}));
}
