// nn::init against PyTorch's numbers.
#include <doctest/doctest.h>

#include <cmath>

#include "message.h"
#include "nn/close.h"
#include <xgrad/autograd/ops/ops.h>
#include <xgrad/nn/init.h>

using namespace xgrad;
namespace init = xgrad::nn::init;

namespace {

template <class F> Tensor filled(IntArrayRef shape, F fill) {
  manual_seed(0);
  const Tensor t = empty(shape).requires_grad_();
  CHECK(fill(t).is_same(t));
  CHECK(t.is_leaf());
  CHECK(t.requires_grad());
  return t;
}

}  // namespace

TEST_CASE("initial values are PyTorch's for the same seed") {
  const double digits = 2e-6;
  check_close(filled({3, 4}, [](Tensor t) { return init::uniform_(t, -1, 2); }),
              {0.48876977, 1.30466533, -0.734567702, -0.603908539, -0.0777315497, 0.902236044, 0.47028023, 1.68933415, 0.366883934, 0.896918833,
               0.0466803908, 0.205151916},
              digits);
  check_close(filled({3, 4}, [](Tensor t) { return init::normal_(t, 1, 2); }),
              {4.08199215, 0.413142174, -3.35757875, 2.13686252, -1.16904473, -1.79719079, 1.80669367, 2.67605257, -0.438515157, 0.193312943,
               -0.193270728, 1.36407292},
              digits);
  check_close(filled({3, 4}, [](Tensor t) { return init::xavier_uniform_(t, 2); }),
              {-0.0138628976, 0.993300557, -1.52398348, -1.36269426, -0.71316731, 0.49653095, -0.0366868824, 1.46814609, -0.164322048, 0.489967257,
               -0.559589863, -0.363968372},
              digits);
  check_close(filled({3, 4}, [](Tensor t) { return init::xavier_normal_(t); }),
              {0.82369709, -0.156844348, -1.16461194, 0.303839296, -0.579701602, -0.747580707, 0.215597957, 0.447943926, -0.384459347, -0.215596184,
               -0.318915009, 0.0973025933},
              digits);
  check_close(filled({3, 4}, [](Tensor t) { return init::kaiming_uniform_(t, 0, kFanOut, kReLU); }),
              {-0.0105879623, 0.758645773, -1.16396153, -1.04077494, -0.54469049, 0.379231781, -0.0280200671, 1.121315, -0.125503033, 0.374218673,
               -0.427393824, -0.277985424},
              digits);
  check_close(filled({3, 4}, [](Tensor t) { return init::kaiming_normal_(t, 0.1); }),
              {1.08424103, -0.206455857, -1.53299081, 0.399946839, -0.763067245, -0.984048307, 0.283793837, 0.589633286, -0.506067872, -0.283791512,
               -0.419791162, 0.128080428},
              digits);
  check_close(filled({3, 4}, [](Tensor t) { return init::orthogonal_(t, 1.5); }),
              {0.842298746, -0.160386413, -1.19091272, 0.310701013, -0.585897207, -1.15215015, -0.0613016486, 0.75862813, -1.07075787, 0.316512674,
               -0.909453571, -0.419751108},
              1e-5);
  check_close(filled({4, 3}, [](Tensor t) { return init::orthogonal_(t); }),
              {0.886280298, -0.0291698892, 0.258661896, 0.326924562, -0.662902236, -0.441255748, 0.231978774, 0.603456318, -0.762525082, -0.231976867,
               -0.442210674, -0.396160334},
              1e-5);
  check_close(filled({3, 4}, [](Tensor t) { return init::sparse_(t, 0.4, 0.5); }),
              {0, -0.146714449, 0, 0, -0.542261183, 0, 0, 0, 0, 0, -0.298317671, 0.0910182446}, digits);
}

TEST_CASE("constants") {
  check_close(filled({2}, [](Tensor t) { return init::ones_(t); }), {1, 1});
  check_close(filled({2}, [](Tensor t) { return init::zeros_(t); }), {0, 0});
  check_close(filled({2}, [](Tensor t) { return init::constant_(t, 0.5); }), {0.5, 0.5});
  check_close(filled({2, 3}, [](Tensor t) { return init::eye_(t); }), {1, 0, 0, 0, 1, 0});
  check_close(filled({2, 3, 3}, [](Tensor t) { return init::dirac_(t); }), {0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0});
}

TEST_CASE("orthogonal_ gives orthogonal rows or columns, and counts further axes as one") {
  const Tensor q = init::orthogonal_(empty({3, 2, 4}, kDouble), 2).view({3, 8});
  check_close(q.mm(q.t()), {4, 0, 0, 0, 4, 0, 0, 0, 4}, 1e-10);
  CHECK(init::orthogonal_(empty({0, 3})).numel() == 0);
}

TEST_CASE("gains and fans") {
  CHECK(init::calculate_gain(kTanh) == doctest::Approx(5.0 / 3));
  CHECK(init::calculate_gain(kReLU) == doctest::Approx(std::sqrt(2.0)));
  CHECK(init::calculate_gain(kLeakyReLU) == doctest::Approx(1.41414).epsilon(1e-5));
  CHECK(init::calculate_gain(kLeakyReLU, 0.2) == doctest::Approx(1.38675).epsilon(1e-5));
  CHECK(init::calculate_gain(kSigmoid) == 1);
  CHECK(init::calculate_gain(kLinear) == 1);
  CHECK(init::_calculate_fan_in_and_fan_out(empty({3, 4})) == std::tuple<int64_t, int64_t>(4, 3));
  CHECK(init::_calculate_fan_in_and_fan_out(empty({3, 4, 5, 2})) == std::tuple<int64_t, int64_t>(40, 30));
}

TEST_CASE("errors of initial values leave the tensor as it was") {
  const Tensor t = full({3}, 7.0);
  CHECK(contains(message_of([&] { init::kaiming_uniform_(t); }), "Fan in and fan out can not be computed for tensor with fewer than 2 dimensions"));
  CHECK(contains(message_of([&] { init::xavier_normal_(t); }), "Fan in and fan out can not be computed"));
  CHECK(contains(message_of([&] { init::orthogonal_(t); }), "Only tensors with 2 or more dimensions are supported"));
  CHECK(contains(message_of([&] { init::sparse_(t, 0.5); }), "Only tensors with 2 dimensions are supported"));
  CHECK(contains(message_of([&] { init::eye_(t); }), "Only tensors with 2 dimensions are supported"));
  CHECK(contains(message_of([&] { init::dirac_(t); }), "Only tensors with 3, 4, or 5 dimensions are supported"));
  CHECK_THROWS_AS(init::normal_(t, 0, -1), Error);
  CHECK_THROWS_AS(init::sparse_(full({2, 2}, 7.0), 1.5), Error);
  check_close(t, {7, 7, 7});
}
