// Which strides copies and tensors made alike have. The expected ones are PyTorch 1.13.1's.
#include <doctest/doctest.h>

#include <cmath>
#include <string>

#include <xgrad/autograd/ops/ops.h>

using namespace xgrad;

namespace {

struct Case {
  const char* name;
  Tensor x;
  Dims alike;  // of clone, a conversion and the functions that end in _like
};

std::vector<Case> cases() {
  const Tensor x = arange(120., kFloat).reshape({2, 3, 4, 5});
  return {{"row-major", x, {60, 20, 5, 1}},
          {"channels last", x.permute({0, 2, 3, 1}), {60, 5, 1, 20}},
          {"permuted", x.permute({3, 1, 0, 2}), {1, 20, 60, 5}},
          {"transposed", zeros({3, 4}).t(), {1, 4}},
          {"expanded", zeros({3, 1}).expand({3, 4}), {4, 1}},
          {"expanded column", zeros({1, 3}).t().expand({3, 4}), {4, 1}},
          {"every second row", x.slice(2, 0, 4, 2), {30, 10, 5, 1}},
          {"every second element", x.slice(3, 0, 5, 2), {36, 12, 3, 1}},
          {"part of permuted", x.permute({1, 0, 3, 2}).slice(0, 1), {20, 40, 1, 5}},
          {"selected", x.select(1, 0), {20, 5, 1}},
          {"an axis of size 1", zeros({3, 1, 4}).transpose(0, 2), {1, 4, 4}},
          {"a column", zeros({1, 3}).t(), {1, 3}},
          {"empty", zeros({3, 0, 2}).transpose(0, 2), {1, 2, 2}},
          {"a number", zeros({}), {}},
          {"column-major window", zeros({20}).as_strided({2, 3}, {1, 2}), {1, 2}},
          {"overlapping window", zeros({20}).as_strided({2, 3}, {1, 1}), {1, 2}},
          {"a window with an odd stride", zeros({20}).as_strided({2, 1, 3}, {3, 7, 1}), {3, 7, 1}}};
}

}  // namespace

TEST_CASE("copies and tensors made alike keep the order of the axes, as PyTorch's do") {
  for (const Case& c : cases()) {
    CAPTURE(std::string(c.name));
    const IntArrayRef alike = c.alike;
    CHECK(c.x.clone().strides() == alike);
    CHECK(c.x.to(kDouble).strides() == alike);
    CHECK(c.x.to(kFloat, false, true).strides() == alike);
    CHECK(empty_like(c.x).strides() == alike);
    CHECK(zeros_like(c.x, kLong).strides() == alike);
    CHECK(ones_like(c.x).strides() == alike);
    CHECK(full_like(c.x, 3).strides() == alike);
    CHECK(rand_like(c.x).strides() == alike);
    CHECK(equal(c.x.clone(), c.x));
    CHECK(equal(c.x.to(kDouble).to(kFloat), c.x));
    CHECK(equal(full_like(c.x, 3), full(c.x.sizes(), 3, kFloat)));
    CHECK(equal(zeros_like(c.x), zeros(c.x.sizes())));
    CHECK(c.x.clone(MemoryFormat::Contiguous).is_contiguous());
    CHECK(c.x.contiguous().is_contiguous());
    CHECK(empty_like(c.x, TensorOptions(), MemoryFormat::Contiguous).is_contiguous());
    CHECK(c.x.reshape({-1}).is_contiguous());
  }
}

TEST_CASE("the result of an elementwise operation lies as its inputs do") {
  const Tensor x = arange(24., kFloat).view({2, 3, 4}), t = x.transpose(1, 2);
  CHECK(relu(t).transpose(1, 2).view({2, 12}).size(1) == 12);
  CHECK(exp(t).strides() == t.strides());
  CHECK((t + t).strides() == t.strides());
  CHECK((t * 2).strides() == t.strides());
  CHECK((t > 3).strides() == t.strides());
  CHECK((t + 1.5).sub_(1).strides() == t.strides());
  CHECK((t.to(kLong) + t).strides() == t.strides());
  // The first input that says something about two axes decides.
  CHECK((t + x.view({2, 4, 3})).strides() == t.strides());
  CHECK((x.view({2, 4, 3}) + t).is_contiguous());
  CHECK((ones({3}) + t).strides() == t.strides());
  CHECK((ones({4, 3}).t().unsqueeze(-1) + ones({2})).strides() == IntArrayRef({2, 6, 1}));
  CHECK(where(t > 3, 1., t).strides() == t.strides());
  // Axes of size 1 have their say.
  const Tensor column = ones({1, 1, 2}).permute({2, 0, 1});
  CHECK((column + ones({2, 1})).strides() == IntArrayRef({1, 2, 4}));
  CHECK((column.to(kLong) < ones({2, 1})).strides() == IntArrayRef({1, 2, 4}));
  CHECK((column.unsqueeze(0) + ones({2, 1})).strides() == IntArrayRef({4, 1, 2, 4}));
  // What has gaps, or repeats elements, gives no gaps.
  CHECK(neg(t.slice(1, 0, 4, 2)).strides() == IntArrayRef({6, 1, 2}));
  CHECK(neg(ones({3, 1}).expand({3, 4})).is_contiguous());
  // By elements, against loops over positions.
  const Tensor y = exp(t) * t + x.view({2, 4, 3});
  for (int64_t i = 0; i < 2; ++i)
    for (int64_t j = 0; j < 4; ++j)
      for (int64_t k = 0; k < 3; ++k) {
        const double v = x[i][k][j].item<double>();
        CHECK(y[i][j][k].item<double>() == doctest::Approx(std::exp(v) * v + x.view({2, 4, 3})[i][j][k].item<double>()).epsilon(1e-6));
      }
}

TEST_CASE("in-place operations of tensors in another order") {
  const Tensor x = arange(12., kFloat).view({3, 4}), t = x.clone().t(), u = x.clone().t();
  t.mul_(2).add_(u).exp_().log_();
  CHECK(allclose(t, (x * 3).t()));
  t.sub_(u.contiguous());
  CHECK(allclose(t, (x * 2).t()));
  CHECK(t.strides() == IntArrayRef({1, 4}));
}

TEST_CASE("the gradient of a leaf lies as the leaf does, row-major if that has gaps") {
  const Tensor w = arange(6., kFloat).view({3, 2});
  for (const bool create_graph : {false, true})
    for (const Tensor& leaf : {ones({2, 3}), ones({3, 2}).t(), ones({2, 6}).slice(1, 0, 6, 2), ones({2, 1}).expand({2, 3})}) {
      const Tensor x = leaf.detach().requires_grad_();
      const Dims expected = leaf.stride(0) == 1 && leaf.stride(1) == 2 ? Dims{1, 2} : Dims{3, 1};
      for (int times = 1; times <= 2; ++times) {
        (x * w.t()).sum().backward({}, std::nullopt, create_graph);
        CHECK(x.grad().strides() == IntArrayRef(expected));
        CHECK(equal(x.grad(), w.t() * times));
      }
      x.mutable_grad().reset();  // which may hold the graph that holds x
    }
}

TEST_CASE("images whose channels lie side by side are joined so, and row-major with one that lies otherwise") {
  const Tensor a = xgrad::arange(120., kDouble).view({2, 4, 5, 3}).permute({0, 3, 1, 2}), b = a.contiguous();
  CHECK(xgrad::cat({a, a}, 1).strides() == IntArrayRef({120, 1, 30, 6}));
  CHECK(xgrad::cat({a}, 1).strides() == IntArrayRef({60, 1, 15, 3}));
  CHECK(xgrad::cat({a, a}, -2).strides() == IntArrayRef({120, 1, 15, 3}));
  CHECK(xgrad::cat({a, b}, 1).is_contiguous());
  for (const int64_t axis : {0, 1, 2, 3}) CHECK(xgrad::equal(xgrad::cat({a, a}, axis), xgrad::cat({b, b}, axis)));
}

TEST_CASE("convolutions keep channels of a weight innermost, and those of images along two axes, in groups of any size") {
  const auto with_channels_last = [](const Tensor& t) { return t.movedim(1, -1).contiguous().movedim(-1, 1); };
  struct Shape {
    int64_t groups, in, out;
    bool by_image, by_weight;  // a weight with one channel a group has none to lie side by side
  };
  for (const Shape& s : {Shape{1, 4, 2, true, true},
                         {2, 4, 2, true, true},
                         {2, 4, 4, true, true},
                         {4, 4, 4, true, false},
                         {4, 4, 8, true, false},
                         {2, 2, 2, true, false},
                         {1, 1, 4, false, false}})
    for (const int axes : {1, 2})
      for (const bool image_last : {false, true})
        for (const bool weight_last : {false, true}) {
          Tensor x = ones(axes == 1 ? Dims{2, s.in, 4} : Dims{2, s.in, 3, 4}),
                 w = ones(axes == 1 ? Dims{s.out, s.in / s.groups, 2} : Dims{s.out, s.in / s.groups, 2, 2});
          if (image_last) x = with_channels_last(x);
          if (weight_last) w = with_channels_last(w);
          const Tensor y = axes == 1 ? conv1d(x, w, {}, 1, IntArrayRef(0), 1, s.groups) : conv2d(x, w, {}, 1, IntArrayRef(0), 1, s.groups);
          CAPTURE(w.sizes());
          CAPTURE(axes);
          CAPTURE(image_last);
          CAPTURE(weight_last);
          CHECK((y.stride(1) == 1) == ((axes == 2 && image_last && s.by_image) || (weight_last && s.by_weight)));
        }
}

TEST_CASE("prelu keeps channels of images and volumes innermost, and is row-major otherwise") {
  const Tensor image = ones({2, 3, 4, 5}), volume = ones({2, 3, 2, 4, 5}), line = ones({2, 3, 4}), weight = ones({3});
  const auto strides = [&](const Tensor& x) { return Dims(prelu(x, weight).strides()); };
  CHECK(strides(image.contiguous(MemoryFormat::ChannelsLast)) == Dims{60, 1, 15, 3});
  CHECK(strides(volume.contiguous(MemoryFormat::ChannelsLast3d)) == Dims{120, 1, 60, 15, 3});
  CHECK(strides(line.movedim(1, -1).contiguous().movedim(-1, 1)) == Dims{12, 4, 1});
  CHECK(strides(image.transpose(0, 3).contiguous().transpose(0, 3)) == Dims{60, 20, 5, 1});
}
