#include <cmath>
#include <cstring>
#include <limits>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include "values.h"
#include <xgrad/autograd/core/grad_mode.h>
#include <xgrad/autograd/core/warning.h>
#include <xgrad/autograd/graph/node.h>
#include <xgrad/autograd/kernels/parallel.h>
#include <xgrad/autograd/ops/creation/creation.h>
#include <xgrad/autograd/ops/creation/tensor_literal.h>
#include <xgrad/autograd/ops/random/random.h>
#include <xgrad/autograd/tensor/operators.h>

using namespace xgrad;

namespace {

}  // namespace

TEST_CASE("a generator's state has PyTorch's bytes and brings the stream back") {
  auto g = make_generator<CPUGeneratorImpl>((uint64_t{1} << 40) + 12345);
  CHECK(g.current_seed() == (uint64_t{1} << 40) + 12345);
  CHECK(g.get_state().sizes() == IntArrayRef({5056}));
  CHECK(hash_of(g.get_state()) == 11961665510894590071u);
  randn({5}, g, kDouble);  // odd: one number stays in the cache
  const Tensor state = g.get_state();
  CHECK(hash_of(state) == 4733524443830859072u);
  rand({1000}, g);
  CHECK(hash_of(g.get_state()) == 7238148257811893620u);
  CHECK(rand({1}, g).item<float>() == 0.33039963245391846f);

  Generator copy = xgrad::detail::createCPUGenerator();
  copy.set_state(state);
  g.set_state(state);
  Generator twin = g.clone();
  CHECK(twin != g);
  const Tensor next = randn({7}, g, kDouble);
  CHECK(same_bits(next, randn({7}, copy, kDouble)));
  CHECK(same_bits(next, randn({7}, twin, kDouble)));
}

TEST_CASE("the default generator is one, and generators of one's own leave it alone") {
  CHECK(xgrad::detail::createCPUGenerator().current_seed() == 67280421310721u);
  manual_seed(3);
  CHECK(xgrad::detail::getDefaultCPUGenerator().current_seed() == 3);
  const Tensor expected = rand({4});
  manual_seed(3);
  auto g = xgrad::detail::createCPUGenerator(99);
  rand({4}, g);
  randperm(10, g);
  CHECK(same_bits(rand({4}), expected));
  // An undefined handle stands for the default one.
  manual_seed(3);
  CHECK(same_bits(rand({4}, Generator()), expected));
  CHECK_THROWS_AS(Generator().current_seed(), Error);
  const uint64_t seed = g.seed();
  CHECK(g.current_seed() == seed);
  CHECK(seed < uint64_t{1} << 53);
}

TEST_CASE("a state that is none is refused and changes nothing") {
  auto g = xgrad::detail::createCPUGenerator(1);
  const Tensor before = g.get_state();
  CHECK_THROWS_WITH_AS(g.set_state(zeros({5056}, kByte)), doctest::Contains("Invalid mt19937 state"), Error);
  CHECK_THROWS_WITH_AS(g.set_state(zeros({506}, kByte)), doctest::Contains("size"), Error);
  CHECK_THROWS_WITH_AS(g.set_state(zeros({5056})), doctest::Contains("RNG state must be a torch.ByteTensor"), TypeError);
  CHECK_THROWS_AS(g.set_state(Tensor()), TypeError);
  Tensor beyond = before.clone();
  const int64_t next = 625;
  std::memcpy(beyond.data_ptr<uint8_t>() + 16, &next, sizeof next);
  CHECK_THROWS_AS(g.set_state(beyond), Error);
  CHECK(same_bits(g.get_state(), before));
}

TEST_CASE("a refused call draws nothing and changes nothing") {
  manual_seed(5);
  const Tensor state = xgrad::detail::getDefaultCPUGenerator().get_state();
  const Tensor x = zeros({4}), n = zeros({4}, kLong), bytes = zeros({4}, kByte);
  const double inf = std::numeric_limits<double>::infinity(), nan = std::numeric_limits<double>::quiet_NaN();
  CHECK_THROWS_WITH_AS(x.uniform_(2, 1), doctest::Contains("expects to return a [from, to) range"), Error);
  CHECK_THROWS_WITH_AS(x.uniform_(-3e38, 3e38), doctest::Contains("exceed the limit"), Error);
  CHECK_THROWS_WITH_AS(x.uniform_(-1e39, 0), doctest::Contains("from is out of bounds"), Error);
  CHECK_THROWS_WITH_AS(x.uniform_(0, nan), doctest::Contains("to is out of bounds"), Error);
  CHECK_THROWS_WITH_AS(n.uniform_(), doctest::Contains("not implemented for 'Long'"), NotImplementedError);
  CHECK_THROWS_WITH_AS(x.normal_(0, -1), doctest::Contains("normal expects std >= 0.0, but found std -1"), Error);
  CHECK_THROWS_AS(x.normal_(0, nan), Error);
  CHECK_THROWS_WITH_AS(n.normal_(), doctest::Contains("not implemented for 'Long'"), NotImplementedError);
  CHECK_THROWS_WITH_AS(x.exponential_(-1), doctest::Contains("expects lambda >= 0.0"), Error);
  CHECK_THROWS_WITH_AS(x.bernoulli_(1.5), doctest::Contains("expects p to be in [0, 1], but got p=1.5"), Error);
  CHECK_THROWS_WITH_AS(x.bernoulli_(full({4}, nan)), doctest::Contains("Expected p_in >= 0 && p_in <= 1"), Error);
  CHECK_THROWS_WITH_AS(x.bernoulli_(full({2}, 0.5)), doctest::Contains("must match the existing size"), Error);
  CHECK_THROWS_AS(x.bernoulli_(ones({4}, kLong)), NotImplementedError);
  CHECK_THROWS_WITH_AS(x.random_(5, 5), doctest::Contains("expects 'from' to be less than 'to'"), Error);
  CHECK_THROWS_WITH_AS(bytes.random_(0, 300), doctest::Contains("to - 1 is out of bounds"), Error);
  CHECK_THROWS_WITH_AS(bytes.random_(-1, 3), doctest::Contains("from is out of bounds"), Error);
  CHECK_THROWS_AS(bytes.random_(INT64_MIN, std::optional<int64_t>()), Error);
  CHECK_THROWS_WITH_AS(randperm(-1), doctest::Contains("n must be non-negative"), Error);
  CHECK_THROWS_WITH_AS(randperm(20000000, kFloat), doctest::Contains("n cannot be greater than 2^24+1 for Float type"), Error);
  CHECK_THROWS_AS(randperm(300, kByte), Error);
  CHECK_THROWS_AS(randperm(3, kBool), NotImplementedError);
  CHECK_THROWS_AS(rand({2, -1}), Error);
  CHECK_THROWS_AS(normal(zeros({2}), full({2}, -1)), Error);
  CHECK_THROWS_AS(normal(zeros({2}), ones({3})), Error);
  CHECK_THROWS_AS(normal(zeros({2}), -inf), Error);
  CHECK_THROWS_WITH_AS(dropout(x, 1.5, true), doctest::Contains("has to be between 0 and 1, but got 1.5"), Error);
  CHECK_THROWS_AS(dropout(x, nan, false), Error);
  CHECK_THROWS_AS(x.requires_grad_().uniform_(), Error);
  CHECK_THROWS_AS(x.detach().expand({3, 4}).normal_(), Error);
  CHECK(same_bits(xgrad::detail::getDefaultCPUGenerator().get_state(), state));
  CHECK(same_bits(x.detach(), zeros({4})));
  CHECK(same_bits(n, zeros({4}, kLong)));
}

TEST_CASE("integers of a floating dtype stay below their bound after rounding") {
  const Tensor x = empty({1000}, kFloat).random_((int64_t{1} << 25) - 2, (int64_t{1} << 25) + 1);
  for (int64_t i = 0; i < x.numel(); ++i) CHECK(static_cast<double>(x.data_ptr<float>()[i]) < 0x1p25 + 1);
  const Tensor y = empty({1000}, kFloat).random_(0, INT64_MAX);
  for (int64_t i = 0; i < y.numel(); ++i) CHECK(y.data_ptr<float>()[i] < 0x1p63f);
}

TEST_CASE("random tensors don't depend on the number of threads") {
  const int threads = get_num_threads();
  manual_seed(1);
  set_num_threads(1);
  const Tensor a = randn({100000});
  manual_seed(1);
  set_num_threads(4);
  CHECK(same_bits(randn({100000}), a));
  set_num_threads(threads);
}

TEST_CASE("options of random factories") {
  CHECK((rand({2, 3}).dtype() == kFloat));
  CHECK((rand({2}, kDouble).dtype() == kDouble));
  CHECK(randn({2}, requires_grad()).requires_grad());
  CHECK((randint(5, {3}).dtype() == kLong));
  CHECK(randint(5, {3}, TensorOptions(kFloat).requires_grad(true)).requires_grad());
  CHECK(randperm(0).numel() == 0);
  CHECK(rand({0, 3}).sizes() == IntArrayRef({0, 3}));
  CHECK(rand({}).dim() == 0);
  CHECK((randn_like(rand({2, 3}), kDouble).dtype() == kDouble));
  CHECK((randint_like(rand({2, 3}), 4).dtype() == kFloat));
}

TEST_CASE("binomial numbers of NaN and of infinitely many trials") {
  const double inf = std::numeric_limits<double>::infinity(), nan = std::numeric_limits<double>::quiet_NaN();
  const Tensor y = binomial(tensor({nan, inf, nan}, kDouble), tensor({0.5, 0.5, 0.0}, kDouble));
  CHECK(std::isnan(y[0].item<double>()));
  CHECK(y[1].item<double>() == inf);
  CHECK(y[2].item<double>() == 0);
}

TEST_CASE("drawing into an interior tensor cuts its gradient") {
  const Tensor x = ones({3}, requires_grad());
  Tensor y = x * x;
  const int64_t version = y._version();
  y.normal_();
  CHECK(y._version() == version + 1);
  CHECK(y.grad_fn()->name() == "NormalBackward0");
  y.backward(ones({3}));
  CHECK(same_bits(x.grad(), zeros({3})));
}

TEST_CASE("dropout scales what it keeps, and is the identity otherwise") {
  manual_seed(0);
  const Tensor x = full({20000}, 3, kDouble).requires_grad_();
  const Tensor y = dropout(x, 0.25, true);
  y.backward(ones({20000}, kDouble));
  int64_t kept = 0;
  for (int64_t i = 0; i < y.numel(); ++i) {
    const double v = y.data_ptr<double>()[i];
    CHECK((v == 0 || v == 3 / 0.75));
    CHECK(x.grad().data_ptr<double>()[i] == v / 3);
    kept += v != 0;
  }
  CHECK(std::abs(static_cast<double>(kept) - 15000) < 5 * std::sqrt(20000 * 0.25 * 0.75));
  CHECK(dropout(x, 0.25, false).is_same(x));
  CHECK(dropout(x, 0, true).is_same(x));
}

TEST_CASE("dropout draws in row-major order, whatever the order of its input's axes") {
  const Tensor x = arange(1, 25, kDouble).view({4, 6}).t();
  const auto draws_alike = [&](const auto& drop) {
    manual_seed(5);
    const Tensor strided = drop(x.clone());
    manual_seed(5);
    return same_bits(strided, drop(x.contiguous()));
  };
  REQUIRE(x.clone().stride(0) == 1);
  CHECK(draws_alike([](const Tensor& t) { return dropout(t, 0.5, true); }));
  CHECK(draws_alike([](const Tensor& t) { return alpha_dropout(t, 0.5, true); }));
  CHECK(draws_alike([](Tensor t) { return dropout_(t, 0.5, true); }));
  CHECK(draws_alike([](Tensor t) { return alpha_dropout_(t, 0.5, true); }));
  CHECK(dropout(x, 0.5, true).stride(0) == 1);
}

TEST_CASE("dropout with p = 1 gives 0 even for infinities") {
  const double inf = std::numeric_limits<double>::infinity();
  const Tensor x = full({2}, inf).requires_grad_();
  const Tensor y = dropout(x, 1, true);
  CHECK(same_bits(y.detach(), zeros({2})));
  y.backward(full({2}, inf));
  CHECK(same_bits(x.grad(), zeros({2})));
}

TEST_CASE("random_ stays within the whole numbers that narrow floats hold, and draws PyTorch's") {
  struct Listener : WarningHandler {
    void process(const SourceLocation&, const std::string& text, bool) override { texts.push_back(text); }
    std::vector<std::string> texts;
  } listener;
  const Warning::WarningHandlerGuard guard(&listener);
  struct Drawn {
    ScalarType dtype;
    int64_t from;
    std::optional<int64_t> to;
    double least, most, sum;  // of PyTorch's 40 numbers
    size_t warnings;
  };
  const Drawn all[] = {{kHalf, 0, 65504, 2316, 63616, 1332768, 1},
                       {kHalf, 0, std::nullopt, 63, 2020, 38001, 0},
                       {kHalf, 5, 2049, 15, 2014, 43339, 0},
                       {kHalf, -2049, 2050, -1868, 1987, 7683, 2},
                       {kBFloat16, 0, 257, 2, 241, 4591, 0},
                       {kBFloat16, 0, 300, 1, 296, 5895, 1},
                       {kBFloat16, -300, std::nullopt, -298, 246, -635, 1},
                       {kBFloat16, 0, 16777217, 188416, 16318464, 343492608, 1},
                       {kFloat, 0, 16777219, 188296, 16344969, 343460787, 1}};
  for (const Drawn& d : all) {
    CAPTURE(d.dtype);
    CAPTURE(d.from);
    manual_seed(1);
    listener.texts.clear();
    const Tensor x = empty({40}, d.dtype).random_(d.from, d.to).to(kDouble);
    CHECK(x.min().item<double>() == d.least);
    CHECK(x.max().item<double>() == d.most);
    CHECK(x.sum().item<double>() == d.sum);
    CHECK(listener.texts.size() == d.warnings);
  }
  CHECK_THROWS_WITH_AS(empty({2}, kHalf).random_(0, 65520), doctest::Contains("to - 1 is out of bounds for"), Error);
}
