// Normalisation: PyTorch's values, running statistics, errors.
#include <doctest/doctest.h>

#include "message.h"
#include "nn/close.h"
#include <xgrad/autograd/ops/ops.h>
#include <xgrad/nn/nn.h>

using namespace xgrad;
using namespace xgrad::nn;
namespace F = xgrad::nn::functional;

namespace {

Tensor two_samples() { return tensor({0.5, -1., 2., 1., 0., -.25, 3., .125, -2., .75, 1.5, -.5}, kDouble).view({2, 3, 2}); }
template <class M> M in_double(M module) {
  module->to(kDouble);
  return module;
}

}  // namespace

TEST_CASE("batch normalisation follows the batches in training and uses what it followed in evaluation") {
  BatchNorm1d m = in_double(BatchNorm1d(3));
  check_close(m(two_samples()), {-0.106916466214, -1.13331454187, 1.05362198446, 0.379303914405, -0.240963808784, -0.562248887163, 1.60374699321,
                                 -0.363515985128, -1.64365029576, 0.210724396892, 1.68674666149, -0.883533965542});
  check_close(m->running_mean, {0.065625, 0.04375, 0.01875});
  check_close(m->running_var, {1.184765625, 1.19322916667, 0.980729166667});
  m(two_samples() * 2 + 1);
  check_close(m->running_mean, {0.2903125, 0.226875, 0.154375});
  check_close(m->running_var, {2.2053515625, 2.24682291667, 1.20557291667});
  CHECK(m->num_batches_tracked.item<int64_t>() == 2);
  m->eval();
  check_close(m(two_samples()), {0.141199331761, -0.868870403637, 1.18291615852, 0.515779798409, -0.140597768539, -0.368286462528, 1.82464889076,
                                 -0.111318102089, -1.48562928192, 0.348995708382, 1.2255343954, -0.595975156518});
  CHECK(m->num_batches_tracked.item<int64_t>() == 2);
  CHECK(m->named_parameters().keys() == std::vector<std::string>{"weight", "bias"});
  CHECK(m->named_buffers().keys() == std::vector<std::string>{"running_mean", "running_var", "num_batches_tracked"});
  m->reset_running_stats();
  check_close(m->running_var, {1, 1, 1});
}

TEST_CASE("without a momentum all batches weigh the same") {
  BatchNorm1d m = in_double(BatchNorm1d(BatchNorm1dOptions(3).momentum(std::nullopt)));
  m(two_samples());
  m(two_samples() * 2 + 1);
  check_close(m->running_mean, {1.484375, 1.15625, 0.78125});
  check_close(m->running_var, {7.119140625, 7.33072916667, 2.01822916667});
}

TEST_CASE("batch normalisation without parameters and without running statistics") {
  BatchNorm2d m(BatchNorm2dOptions(3).affine(false).track_running_stats(false));
  CHECK(m->parameters().empty());
  CHECK(m->buffers().empty());
  const Tensor x = two_samples().view({2, 3, 2, 1});
  const Tensor y = m(x);
  m->eval();
  CHECK(equal(m(x), y));
  CHECK(equal(F::batch_norm(x, {}, {}, F::BatchNormFuncOptions().training(true)), y));
}

TEST_CASE("instance normalisation") {
  const std::vector<double> expected = {0.99999111123,  -0.99999111123,  0.9999800006,    -0.9999800006,  0.999680153518, -0.999680153518,
                                        0.999997580349, -0.999997580349, -0.999997355382, 0.999997355382, 0.999995000037, -0.999995000037};
  check_close(InstanceNorm1d(3)(two_samples()), expected);
  check_close(F::instance_norm(two_samples()), expected);
  check_close(InstanceNorm1d(3)(two_samples()[0]), {expected.begin(), expected.begin() + 6});
  CHECK(InstanceNorm2d(3)(ones({3, 2, 2})).sizes() == IntArrayRef({3, 2, 2}));
  CHECK(InstanceNorm3d(3)(ones({1, 3, 2, 2, 2})).sizes() == IntArrayRef({1, 3, 2, 2, 2}));
  InstanceNorm1d m = in_double(InstanceNorm1d(InstanceNorm1dOptions(3).affine(true).track_running_stats(true)));
  m(two_samples());
  check_close(m->running_mean, {0.065625, 0.04375, 0.01875});
  check_close(m->running_var, {1.162890625, 1.1140625, 1.0015625});
  m->eval();
  check_close(m(two_samples()), {0.402803763818, -0.988173262315, 1.85339346686, 0.905971886358, -0.0187352751763, -0.268538944194, 2.72109880737,
                                 0.0550595072844, -1.93629285516, 0.669116491232, 1.48008673893, -0.518342613211});
}

TEST_CASE("normalisation of layers and groups") {
  const std::vector<double> layers = {0.130930015899, -1.44023017489,  1.70209020669,  0.654650079495, -0.392790047697, -0.654650079495,
                                      1.61046952444,  -0.226264313351, -1.58385019345, 0.173025651386, 0.652173609069,  -0.625554278087};
  check_close(in_double(LayerNorm(LayerNormOptions({3, 2})))(two_samples()), layers);
  check_close(F::layer_norm(two_samples(), F::LayerNormFuncOptions({3, 2}).weight(full({3, 2}, 2, kDouble))) / 2, layers);
  const std::vector<double> groups = {0.124289950362, -1.36718945399,  1.61576935471,  0.621449751812, -0.372869851087, -0.621449751812,
                                      1.5785801988,   -0.221783994873, -1.55248796411, 0.169599525491, 0.639259749929,  -0.613167515238};
  check_close(in_double(GroupNorm(GroupNormOptions(1, 3).eps(0.1)))(two_samples()), groups);
  check_close(F::group_norm(two_samples(), F::GroupNormFuncOptions(1).eps(0.1)), groups);
  CHECK(LayerNorm(LayerNormOptions({2}).elementwise_affine(false))->parameters().empty());
  CHECK(GroupNorm(GroupNormOptions(1, 3).affine(false))->parameters().empty());
  CHECK(GroupNorm(1, 3)->weight.sizes() == IntArrayRef({3}));
}

TEST_CASE("normalisation by neighbouring channels") {
  check_close(LocalResponseNorm(LocalResponseNormOptions(2).alpha(0.5).k(2))(two_samples()),
              {0.290518997203, -0.544331053952, 0.86391879545, 0.502973371873, 0.0, -0.135378278585, 1.01351354507, 0.074216755258, -0.576647638864,
               0.423215903399, 0.578462358959, -0.276497144377});
  const Tensor image = two_samples().view({2, 3, 2, 1});
  check_close(F::local_response_norm(image, F::LocalResponseNormFuncOptions(3).alpha(0.5)),
              {0.334611253658, -0.805927448868, 1.33844501463, 0.801237269101, 0.0, -0.221225202261, 1.26377421983, 0.116666685411, -0.774683369149,
               0.680688798626, 0.87821859884, -0.454572915254});
  check_close(CrossMapLRN2d(CrossMapLRN2dOptions(3).alpha(0.5).k(2))(image),
              {0.236833655401, -0.529684678724, 0.947334621606, 0.52791808041, 0.0, -0.131979520102, 1.02867855469, 0.0717482844091, -0.642863181839,
               0.424182076551, 0.482147386379, -0.282788051034});
}

TEST_CASE("vectors made as long as one") {
  const std::vector<double> expected = {0.242535625036,  -0.696310623823, 0.970142500145, 0.696310623823,  0.0,
                                        -0.174077655956, 0.768221279597,  0.137360563949, -0.512147519732, 0.824163383692,
                                        0.384110639799,  -0.549442255795};
  check_close(F::normalize(two_samples()), expected);
  Tensor out = empty({0}, kDouble);
  CHECK(F::normalize(two_samples(), F::NormalizeFuncOptions().out(out)).is_same(out));
  check_close(out, expected);
  check_close(F::normalize(two_samples(), F::NormalizeFuncOptions().p(1).dim(2)),
              {0.333333333333, -0.666666666667, 0.666666666667, 0.333333333333, 0, -1, 0.96, 0.04, -0.727272727273, 0.272727272727, 0.75, -0.25});
}

TEST_CASE("a large mean costs no digits") {
  const Tensor noise = arange(2048, kDouble).mul(0.7).sin().view({8, 8, 32}), x = (noise * 0.01 + 1e4).to(kFloat), exact = x.to(kDouble);
  const auto off = [](const Tensor& a, const Tensor& b) { return (a.to(kDouble) - b).abs().max().item<double>(); };
  CHECK(off(batch_norm(x, {}, {}, {}, {}, true, 0.1, 1e-5), batch_norm(exact, {}, {}, {}, {}, true, 0.1, 1e-5)) < 1e-5);
  CHECK(off(layer_norm(x, {32}), layer_norm(exact, {32})) < 1e-5);
  CHECK(off(group_norm(x, 2), group_norm(exact, 2)) < 1e-5);
}

TEST_CASE("what has no elements is normalised by nothing") {
  for (const Dims& sizes : {Dims({0, 3, 2}), Dims({2, 3, 0})})
    CHECK(batch_norm(zeros(sizes), {}, {}, {}, {}, false, 0.1, 1e-5, false).sizes() == sizes);
  CHECK(contains(message_of([] {
                   batch_norm(zeros({1, 3}), {}, {}, {}, {}, false, 0.1, 1e-5, false);
                 }),
                 "running_mean must be defined in evaluation mode"));
}

TEST_CASE("errors of normalisation") {
  CHECK(contains(message_of([] { BatchNorm1d(3)(ones({2, 3, 4, 5})); }), "expected 2D or 3D input (got 4D input)"));
  CHECK(contains(message_of([] { BatchNorm2d(3)(ones({2, 3})); }), "expected 4D input (got 2D input)"));
  CHECK(contains(message_of([] { BatchNorm3d(3)(ones({2, 3})); }), "expected 5D input (got 2D input)"));
  CHECK(contains(message_of([] { InstanceNorm2d(3)(ones({2, 3})); }), "expected 3D or 4D input (got 2D input)"));
  CHECK(contains(message_of([] { BatchNorm1d(3)(ones({1, 3})); }), "Expected more than 1 value per channel when training, got input size [1, 3]"));
  CHECK(contains(message_of([] { LocalResponseNorm(2)(ones({2, 3})); }), "Expected 3D or higher dimensionality input (got 2 dimensions)"));
  CHECK(contains(message_of([] { CrossMapLRN2d(3)(ones({2, 3, 4})); }), "Expected input to be 4D, got 3D instead"));
}
