// Layers and activations: values, initial weights, in-place forms, errors.
#include <doctest/doctest.h>

#include <limits>

#include "message.h"
#include "nn/close.h"
#include <xgrad/autograd/engine/engine.h>
#include <xgrad/autograd/ops/ops.h>
#include <xgrad/nn/nn.h>

using namespace xgrad;
using namespace xgrad::nn;
namespace F = xgrad::nn::functional;

namespace {

constexpr double kFloatDigits = 1e-6;

Tensor points() { return tensor({-2., -0.5, 0., 0.25, 0.6, 1., 3., 30.}, kDouble).view({2, 4}); }

}  // namespace

TEST_CASE("Linear starts with PyTorch's weights") {
  manual_seed(0);
  Linear small(4, 3);
  check_close(small->weight,
              {-0.00374341011, 0.268221796, -0.411522567, -0.367969513, -0.192577183, 0.134078681, -0.00990658998, 0.396444738, -0.0443720222,
               0.132306278, -0.151106536, -0.0982826948},
              kFloatDigits);
  check_close(small->bias, {-0.477674246, -0.331141055, -0.20611155}, kFloatDigits);
  manual_seed(0);
  Linear wide(20, 2);
  check_close(wide->weight[0].slice(0, 15), {0.00828319415, 0.0883996338, 0.134169176, -0.15159224, -0.0973724499}, kFloatDigits);
  check_close(wide->bias, {0.0117598306, -0.114639513}, kFloatDigits);
  manual_seed(0);
  Linear last(3, 1), first(2, 3);
  Sequential mlp(first, Tanh(), last);
  check_close(mlp->at<LinearImpl>(2).weight, {-0.00432251766, 0.309715837, -0.475185335}, kFloatDigits);
  check_close(mlp->forward(tensor({{1.f, 2.f}})), {-0.027038902}, 1e-5);
  check_close(rand({2}), {0.168858945, 0.29388845}, kFloatDigits);
}

TEST_CASE("Bilinear has PyTorch's weights and values") {
  manual_seed(0);
  Bilinear layer(2, 3, 2);
  check_close(layer->weight,
              {-0.00529398117, 0.379322886, -0.581980765, -0.520387471, -0.272345245, 0.18961589, -0.0140100336, 0.560657501, -0.0627515167,
               0.187109336, -0.213696912, -0.138992712},
              kFloatDigits);
  check_close(layer->bias, {-0.675533414, -0.468304157}, kFloatDigits);
  const Tensor x = arange(4., kFloat).view({2, 2}), y = arange(6., kFloat).view({2, 3});
  check_close(layer(x, y), {-0.568646908, -0.959986508, -8.5999136, 0.34011054}, 1e-5);
  CHECK(layer(x[0], y[0]).dim() == 1);
  CHECK(contains(message_of([&] { layer(ones({2, 5}), y); }), "input1 size does not match weight size: got 5 but expected 2"));
  CHECK(contains(message_of([&] { layer(ones({3, 2}), y); }), "input batch dimensions do not match at dim 0: got 3 and 2"));
}

TEST_CASE("Linear works on the last axis of any shape") {
  Linear layer(3, 2);
  const Tensor x = randn({4, 5, 3});
  const Tensor y = layer(x);
  CHECK(y.size(0) == 4);
  CHECK(y.size(2) == 2);
  check_close(y[1][2] - (layer->weight.mv(x[1][2]) + layer->bias), {0, 0}, 1e-3);
  CHECK(layer(x[0][0]).dim() == 1);
  CHECK(contains(message_of([&] { layer(ones({2, 5})); }), "mat1 and mat2 shapes cannot be multiplied (2x5 and 3x2)"));
  CHECK(contains(message_of([] { Linear(-3, 4); }), "negative dimension -3"));
  Linear empty(0, 2);
  CHECK(empty->weight.numel() == 0);
  check_close(empty(zeros({1, 0})), {0, 0});
}

TEST_CASE("activations have PyTorch's values") {
  const Tensor x = points();
  check_close(ELU(ELUOptions().alpha(0.5))(x), {-0.432332358382, -0.196734670144, 0, 0.25, 0.6, 1, 3, 30});
  check_close(SELU()(x), {-1.5201664686, -0.691758187803, 0, 0.262675246839, 0.630420592413, 1.05070098736, 3.15210296207, 31.5210296207});
  check_close(CELU(CELUOptions().alpha(2))(x), {-1.26424111766, -0.442398433857, 0, 0.25, 0.6, 1, 3, 30});
  check_close(ReLU()(x), {0, 0, 0, 0.25, 0.6, 1, 3, 30});
  check_close(ReLU6()(x), {0, 0, 0, 0.25, 0.6, 1, 3, 6});
  check_close(LeakyReLU(LeakyReLUOptions().negative_slope(0.2))(x), {-0.4, -0.1, 0, 0.25, 0.6, 1, 3, 30});
  check_close(Hardtanh(HardtanhOptions().min_val(-0.4).max_val(0.9))(x), {-0.4, -0.4, 0, 0.25, 0.6, 0.9, 0.9, 0.9});
  check_close(Hardshrink(0.55)(x), {-2, 0, 0, 0, 0.6, 1, 3, 30});
  check_close(Softshrink(0.3)(x), {-1.7, -0.2, 0, 0, 0.3, 0.7, 2.7, 29.7});
  check_close(GELU()(x), {-0.0455002638964, -0.154268769363, 0, 0.149676581421, 0.43544812935, 0.841344746069, 2.99595030591, 30});
  check_close(GELU(GELUOptions().approximate("tanh"))(x),
              {-0.0454023059122, -0.154285990175, 0, 0.149675350702, 0.435415199231, 0.841191990608, 2.99636260792, 30});
  check_close(GLU(1)(x), {-1, -0.281088250443, 0.571544476093, 1});
  check_close(Softplus(SoftplusOptions().beta(2).threshold(10))(x),
              {0.0090749639589, 0.156630843759, 0.34657359028, 0.48703849209, 0.731641233669, 1.06346400552, 3.00123784257, 30});
  check_close(Softmax(0)(x),
              {0.0691384203433, 0.182425523806, 0.0474258731776, 1.20154257318e-13, 0.930861579657, 0.817574476194, 0.952574126822, 1});
  check_close(Softmin(1)(x),
              {0.683123257154, 0.15242540177, 0.0924506794924, 0.0720006615842, 0.567846917774, 0.380639172064, 0.0515139101622, 9.68218786024e-14});
  check_close(LogSoftmax(1)(x), {-3.10720571242, -1.60720571242, -1.10720571242, -0.857205712421, -29.4, -29, -27, -2.30437890991e-12});
  check_close(SiLU()(x), {-0.238405844044, -0.188770334399, 0, 0.140544125221, 0.387393783735, 0.73105857863, 2.85772238047, 30});
  check_close(Mish()(x), {-0.252501482696, -0.220743774652, 0, 0.169572409664, 0.466136485694, 0.865098388267, 2.98653500497, 30});
  check_close(Sigmoid()(x), {0.119202922022, 0.377540668798, 0.5, 0.562176500886, 0.645656306226, 0.73105857863, 0.952574126822, 1});
  check_close(LogSigmoid()(x), {-2.12692801104, -0.97407698418, -0.69314718056, -0.575939419879, -0.437487950486, -0.313261687518, -0.0485873515737,
                                -9.35762296884e-14});
  check_close(Softsign()(x), {-0.666666666667, -0.333333333333, 0, 0.2, 0.375, 0.5, 0.75, 0.967741935484});
  check_close(Tanh()(x), {-0.964027580076, -0.46211715726, 0, 0.244918662404, 0.537049566998, 0.761594155956, 0.995054753687, 1});
  check_close(Tanhshrink()(x), {-1.03597241992, -0.03788284274, 0, 0.00508133759629, 0.062950433002, 0.238405844044, 2.00494524631, 29}, 1e-9);
  check_close(Threshold(0.1, 20)(x), {20, 20, 20, 0.25, 0.6, 1, 3, 30});
  check_close(
      Softmax2d()(arange(8., kDouble).view({1, 2, 2, 2}).pow(1.5)),
      {0.000335350130466, 3.79068851896e-05, 7.00757858501e-06, 1.6346066079e-06, 0.99966464987, 0.999962093115, 0.999992992421, 0.999998365393});
  CHECK_THROWS_AS(Softmax2d()(x), Error);
  CHECK((F::softmax(tensor({1, 2}), F::SoftmaxFuncOptions(0).dtype(kDouble)).dtype() == kDouble));
}

TEST_CASE("PReLU has a slope, or one for each channel") {
  PReLU one(PReLUOptions().init(0.1)), four(PReLUOptions().num_parameters(4));
  one->to(kDouble);
  check_close(one(points()), {-0.2, -0.05, 0, 0.25, 0.6, 1, 3, 30}, kFloatDigits);
  four->to(kDouble);
  {
    NoGradGuard no_grad;
    four->weight.copy_(tensor({0.1, 0.2, 0.3, 0.4}, kDouble));
  }
  const Tensor x = points().requires_grad_();
  const Tensor y = four(x);
  check_close(y, {-0.2, -0.1, 0, 0.25, 0.6, 1, 3, 30});
  y.sum().backward();
  check_close(x.grad(), {0.1, 0.2, 0.3, 1, 1, 1, 1, 1});
  check_close(four->weight.grad(), {-2, -0.5, 0, 0});
  CHECK(contains(message_of([] {
                   PReLU(PReLUOptions().num_parameters(3))(ones({2, 2}));
                 }),
                 "Mismatch of parameter numbers and input channel size. Found parameter numbers = 3 and channel size = 2."));
}

TEST_CASE("softsign has its limits at the infinities") {
  const double inf = std::numeric_limits<double>::infinity();
  for (const auto dtype : {kFloat, kDouble}) {
    const Tensor x = tensor({-inf, -1e30, 1e30, inf, 0.0}, dtype).requires_grad_();
    const Tensor y = F::softsign(x);
    check_close(y, {-1, -1, 1, 1, 0});
    y.sum().backward();
    CHECK(x.grad()[0].item<double>() == 0);
    CHECK(x.grad()[3].item<double>() == 0);
    CHECK(x.grad()[4].item<double>() == 1);
  }
}

TEST_CASE("errors of GLU") {
  CHECK(contains(message_of([] { GLU()(ones({})); }), "because halving size must be even"));
  CHECK(contains(message_of([] { GLU()(ones({3})); }), "Halving dimension must be even, but dimension 0 is size 3"));
}

TEST_CASE("in place, the input becomes the result and the gradient is the same") {
  const auto both = [](auto options, auto f) {
    const Tensor a = points().requires_grad_(), b = points().requires_grad_();
    const Tensor in = a * 1, out = f(in, options.inplace(true));
    CHECK(out.is_same(in));
    CHECK(equal(out, f(b, options.inplace(false))));
    out.sum().backward();
    f(b, options.inplace(false)).sum().backward();
    CHECK(equal(a.grad(), b.grad()));
  };
  both(ELUOptions(), [](Tensor x, ELUOptions o) { return F::elu(x, o); });
  both(SELUOptions(), [](Tensor x, SELUOptions o) { return F::selu(x, o); });
  both(CELUOptions(), [](Tensor x, CELUOptions o) { return F::celu(x, o); });
  both(ReLUOptions(), [](Tensor x, ReLUOptions o) { return F::relu(x, o); });
  both(ReLU6Options(), [](Tensor x, ReLU6Options o) { return F::relu6(x, o); });
  both(LeakyReLUOptions(), [](Tensor x, LeakyReLUOptions o) { return F::leaky_relu(x, o); });
  both(HardtanhOptions(), [](Tensor x, HardtanhOptions o) { return F::hardtanh(x, o); });
  both(ThresholdOptions(0.1, 20), [](Tensor x, ThresholdOptions o) { return F::threshold(x, o); });
}

TEST_CASE("Dropout draws PyTorch's mask in training and passes in evaluation") {
  manual_seed(0);
  Dropout drop(0.3);
  check_close(drop(ones({10})), {0, 0, 1.42857146, 0, 1.42857146, 0, 1.42857146, 1.42857146, 1.42857146, 1.42857146}, kFloatDigits);
  drop->eval();
  const Tensor x = ones({10});
  CHECK(drop(x).is_same(x));
  const Tensor y = ones({10});
  CHECK(Dropout(DropoutOptions(1).inplace(true))(y).is_same(y));
  CHECK(y.sum().item<float>() == 0);
  CHECK(contains(message_of([] { Dropout(1.5); }), "dropout probability has to be between 0 and 1, but got 1.5"));
  CHECK(contains(message_of([] { F::dropout(ones({2}), F::DropoutFuncOptions().p(-1)); }),
                 "dropout probability has to be between 0 and 1, but got -1"));
}

TEST_CASE("dropout of channels and its kin draw PyTorch's numbers") {
  manual_seed(0);
  const Tensor channels = F::dropout2d(ones({2, 3, 2, 2}));
  check_close(channels.index({indexing::Slice(), indexing::Slice(), 0, 0}), {0, 0, 2, 0, 0, 0}, kFloatDigits);
  CHECK(equal(channels.amax({2, 3}), channels.amin({2, 3})));
  const auto kept = std::vector<double>(6, 1.31504464149);
  check_close(AlphaDropout(0.3)(ones({6})), kept, kFloatDigits);
  check_close(FeatureAlphaDropout(0.3)(ones({2, 3, 1})), kept, kFloatDigits);
  check_close(RReLU()(-ones({6})), {-0.263549625874, -0.288515388966, -0.16882635653, -0.265987336636, -0.147861510515, -0.234115019441},
              kFloatDigits);
  check_close(F::gumbel_softmax(zeros({2, 3})), {0.623865604401, 0.195644065738, 0.180490344763, 0.159442171454, 0.133516505361, 0.707041323185},
              kFloatDigits);
  check_close(F::gumbel_softmax(zeros({2, 3}), F::GumbelSoftmaxFuncOptions().hard(true)), {0, 0, 1, 1, 0, 0}, kFloatDigits);
  const Tensor images = zeros({1, 2, 1, 2}).contiguous(MemoryFormat::ChannelsLast);
  CHECK(F::gumbel_softmax(images, F::GumbelSoftmaxFuncOptions().hard(true).dim(0)).strides() == images.strides());
  const double twice = 1.66666662693;
  check_close(Dropout3d(0.4)(ones({4, 2, 1, 1})), {twice, twice, twice, twice, 0, 0, twice, twice}, kFloatDigits);
  Dropout2d evaluated;
  evaluated->eval();
  CHECK(equal(evaluated(ones({2, 3, 2})), ones({2, 3, 2})));
  check_close(F::rrelu(-ones({1})), {-0.5 * (1.0 / 8 + 1.0 / 3)}, kFloatDigits);
  const Tensor x = -ones({3});
  CHECK(RReLU(RReLUOptions().inplace(true))(x).is_same(x));
  CHECK(x.max().item<float>() < 0);
}

TEST_CASE("dropout of channels and its kin in place draw the same numbers and have the same gradients") {
  const auto both = [](auto f, auto in_place) {
    const Tensor x = randn({3, 4, 2}).requires_grad_();
    manual_seed(1);
    const Tensor y = f(x);
    y.sum().backward();
    const Tensor grad = x.grad().clone();
    x.mutable_grad().reset();
    manual_seed(1);
    Tensor z = x * 1;
    CHECK(in_place(z).is_same(z));
    CHECK(equal(y, z));
    z.sum().backward();
    CHECK(equal(x.grad(), grad));
  };
  for (const double p : {0.4, 1.0}) {
    both([p](const Tensor& x) { return feature_dropout(x, p, true); }, [p](Tensor& x) { return feature_dropout_(x, p, true); });
    both([p](const Tensor& x) { return alpha_dropout(x, p, true); }, [p](Tensor& x) { return alpha_dropout_(x, p, true); });
    both([p](const Tensor& x) { return feature_alpha_dropout(x, p, true); }, [p](Tensor& x) { return feature_alpha_dropout_(x, p, true); });
  }
  for (const bool training : {false, true})
    both([training](const Tensor& x) { return rrelu(x, 0.1, 0.3, training); }, [training](Tensor& x) { return rrelu_(x, 0.1, 0.3, training); });
}

TEST_CASE("Flatten, Unflatten and Identity") {
  const Tensor x = randn({2, 3, 4});
  CHECK(Flatten()(x).sizes() == IntArrayRef({2, 12}));
  CHECK(Flatten(FlattenOptions().start_dim(0))(x).sizes() == IntArrayRef({24}));
  CHECK(Unflatten(1, std::vector<int64_t>{3, -1})(Flatten()(x)).sizes() == IntArrayRef({2, 3, 4}));
  CHECK_THROWS_AS(Unflatten(UnflattenOptions(1, {2, 3}))(ones({2, 5})), Error);
  CHECK(Identity()(x).is_same(x));
}
