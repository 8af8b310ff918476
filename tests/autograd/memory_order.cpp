// Which strides copies and tensors made alike have. The expected ones are PyTorch 1.13.1's.
#include <doctest/doctest.h>

#include <string>

#include <xgrad/autograd/ops.h>

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

TEST_CASE("gradients of leaves are row-major") {
  const Tensor x = ones({2, 3}).requires_grad_(), w = arange(6., kFloat).view({3, 2});
  (x * w.t()).sum().backward();
  CHECK(x.grad().is_contiguous());
  CHECK(equal(x.grad(), w.t()));
}
