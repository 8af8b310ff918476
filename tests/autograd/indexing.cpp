#include <doctest/doctest.h>

#include "values.h"
#include <xgrad/autograd/core/warning.h>
#include <xgrad/autograd/graph/node.h>
#include <xgrad/autograd/kernels/parallel.h>
#include <xgrad/autograd/ops/ops.h>

using namespace xgrad;
using namespace xgrad::indexing;

namespace {

}  // namespace

TEST_CASE("assignment to an index writes into the tensor") {
  Tensor x = zeros({2, 3});
  x.index({0, Slice(1, None)}) = tensor({7., 8.});
  x[1] = 5;
  x[1][2] = tensor(6.);
  CHECK(list(x) == Values{0, 7, 8, 5, 5, 6});
  x.index({tensor({0})}) = 9;  // a copy: x stays
  CHECK(list(x) == Values{0, 7, 8, 5, 5, 6});
  x.index_put_({tensor({0})}, 9);
  CHECK(list(x) == Values{9, 9, 9, 5, 5, 6});
  Tensor d = zeros({3}, kDouble);
  d.index_put_({tensor({true, false, true})}, tensor(2.5f));  // a number by a mask: of any dtype, as masked_fill takes it
  CHECK(list(d) == Values{2.5, 0, 2.5});
  CHECK_THROWS_AS(d.index_put_({tensor({0, 1})}, tensor(2.5f)), TypeError);
  x.index_put_({Ellipsis, 1}, tensor({1., 2.}));
  CHECK(list(x) == Values{9, 1, 9, 5, 2, 6});
}

TEST_CASE("masks of uint8 choose as booleans do, with a warning each") {
  struct Listener : WarningHandler {
    void process(const SourceLocation&, const std::string& text, bool) override { texts.push_back(text); }
    std::vector<std::string> texts;
  } listener;
  const Warning::WarningHandlerGuard guard(&listener);
  const Tensor x = tensor({1., 2., 3.}, kDouble), mask = tensor({1, 0, 2}, kByte);
  CHECK(list(x.index({mask})) == Values{1, 3});
  CHECK(list(x.masked_select(mask)) == Values{1, 3});
  CHECK(list(x.masked_fill(mask, 0)) == Values{0, 2, 0});
  CHECK(list(x.masked_scatter(mask, tensor({7., 8.}, kDouble))) == Values{7, 2, 8});
  REQUIRE(listener.texts.size() == 4);
  CHECK(listener.texts[0] == "indexing with dtype torch.uint8 is now deprecated, please use a dtype torch.bool instead.");
  CHECK(listener.texts[1].find("masked_select received a mask with dtype torch.uint8, this behavior is now deprecated") == 0);
  x.index({mask == 1});
  CHECK(listener.texts.size() == 4);
}

TEST_CASE("a position chosen twice gets both gradients, and an edit of the index changes nothing later") {
  const Tensor x = arange(3, TensorOptions(kDouble)).requires_grad_();
  Tensor index = tensor({0, 0, 2});
  const Tensor y = x.index({index});
  CHECK(y.grad_fn()->name() == "IndexBackward0");
  index.fill_(1);
  y.backward(ones({3}, kDouble));
  CHECK(list(x.grad()) == Values{2, 0, 1});
}

TEST_CASE("in-place indexing of an interior tensor passes gradients to the values and not to what they replace") {
  const Tensor x = ones({3}, kDouble).requires_grad_(), v = ones({2}, kDouble).requires_grad_();
  Tensor y = x * 2;
  y.index_put_({tensor({2, 0})}, v);
  CHECK(y.grad_fn()->name() == "IndexPutBackward0");
  y.backward(tensor({10., 20., 30.}, kDouble));
  CHECK(list(x.grad()) == Values{0, 40, 0});
  CHECK(list(v.grad()) == Values{30, 10});
}

TEST_CASE("nothing is written when an index is out of range") {
  const Tensor x = zeros({3});
  CHECK_THROWS_AS(x.index_put_({tensor({0, 3})}, 1), IndexError);
  CHECK_THROWS_AS(x.scatter_(0, tensor({0, -1}), 1), IndexError);
  CHECK_THROWS_AS(x.index_add_(0, tensor({0, 7}), ones({2})), IndexError);
  CHECK(list(x) == Values{0, 0, 0});
}

TEST_CASE("sums at repeated positions have the same bits for every number of threads") {
  const int64_t n = 40000;
  const Tensor x = linspace(-1, 1, n).view({n / 4, 4}), index = (arange(n / 4) * 7919).remainder(13);
  const int before = get_num_threads();
  std::vector<Values> sums;
  for (int threads : {1, 2, 5}) {
    set_num_threads(threads);
    sums.push_back(list(zeros({13, 4}).index_add(0, index, x)));
  }
  set_num_threads(before);
  CHECK(sums[0] == sums[1]);
  CHECK(sums[0] == sums[2]);
}

TEST_CASE("from_blob shares memory and calls its deleter once") {
  float data[] = {1, 2, 3, 4, 5, 6};
  int deleted = 0;
  {
    Tensor x = from_blob(data, {2, 2}, {3, 1}, [&](void*) { ++deleted; });
    CHECK(list(x) == Values{1, 2, 4, 5});
    Tensor part = x[1];
    x.reset();
    CHECK(deleted == 0);
    part.fill_(0);
  }
  CHECK(deleted == 1);
  CHECK(data[3] == 0);
  CHECK_THROWS_WITH_AS(from_blob(nullptr, {2}), doctest::Contains("null"), Error);
}

TEST_CASE("literals: shapes and dtypes") {
  CHECK((tensor({1, 2}).dtype() == kLong));
  CHECK((tensor({1.5f, 2.f}).dtype() == kFloat));
  CHECK((tensor(std::vector<bool>{true}).dtype() == kBool));
  CHECK((tensor(std::vector<double>{1, 2}, kInt).dtype() == kInt));
  CHECK(tensor({{{1}, {2}}}).sizes() == IntArrayRef{1, 2, 1});
  CHECK(tensor({}).sizes() == IntArrayRef{0});
  CHECK(tensor({1., 2.}, requires_grad()).requires_grad());
  CHECK_THROWS_WITH_AS(tensor({{1, 2}, {3}}), doctest::Contains("Expected all sub-lists to have sizes"), Error);
  CHECK_THROWS_WITH_AS(tensor({1., 2.f}), doctest::Contains("same scalar type"), Error);
}
