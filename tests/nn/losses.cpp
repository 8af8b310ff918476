// Losses: PyTorch's values, options, errors.
#include <doctest/doctest.h>

#include <cmath>
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

Tensor input() { return tensor({0.5, -1., 2., 1., 0., -0.25}, kDouble).view({2, 3}); }
Tensor target() { return tensor({0., 1., 2.5, -2., 0., 0.75}, kDouble).view({2, 3}); }
Tensor labels() { return tensor({2, 0}, kLong); }
Tensor class_weights() { return tensor({0.2, 0.3, 0.5}, kDouble); }

}  // namespace

TEST_CASE("losses between tensors of one shape") {
  check_close(MSELoss()(input(), target()), {2.41666666667});
  check_close(L1Loss()(input(), target()), {1.16666666667});
  check_close(SmoothL1Loss()(input(), target()), {0.791666666667});
  check_close(SmoothL1Loss(SmoothL1LossOptions().beta(0.5))(input(), target()), {0.958333333333});
  check_close(HuberLoss(HuberLossOptions().delta(0.5))(input(), target()), {0.479166666667});
}

TEST_CASE("a reduction alone stands for the options") {
  check_close(F::mse_loss(input(), target(), kSum), {14.5});
  check_close(F::mse_loss(input(), target(), kNone), {0.25, 4, 0.25, 9, 0, 1});
  check_close(F::l1_loss(input(), target(), kSum), {7});
  check_close(MSELoss(kSum)(input(), target()), {14.5});
  check_close(L1Loss(L1LossOptions(kNone))(input(), target()), {0.5, 2, 0.5, 3, 0, 1});
  check_close(F::smooth_l1_loss(input(), target(), kSum), {4.75});
  check_close(F::smooth_l1_loss(input(), target(), SmoothL1LossOptions().beta(0.5)), {0.958333333333});
  check_close(F::smooth_l1_loss(input(), target(), kMean, 0.5), {0.958333333333});
  check_close(F::huber_loss(input(), target(), HuberLossOptions(kSum).delta(0.5)), {6 * 0.479166666667});
  const enumtype::reduction_t chosen = kSum;
  check_close(F::l1_loss(input(), target(), L1LossOptions().reduction(chosen)), {7});
}

TEST_CASE("losses of classes") {
  check_close(NLLLoss(NLLLossOptions().weight(class_weights()))(input(), labels()), {-1.71428571429});
  check_close(CrossEntropyLoss()(input(), labels()), {0.372370087321});
  check_close(CrossEntropyLoss(CrossEntropyLossOptions().weight(class_weights()).label_smoothing(0.1))(input(), labels()), {0.421236124792});
  check_close(CrossEntropyLoss(CrossEntropyLossOptions().ignore_index(2).reduction(kSum))(input(), labels()), {0.503428877985});
  check_close(F::cross_entropy(input(), labels()), {0.372370087321});
  check_close(F::cross_entropy(input(), labels(), F::CrossEntropyFuncOptions().reduction(kNone)).sum() / 2, {0.372370087321});
  check_close(F::nll_loss(input().log_softmax(1), labels()), {0.372370087321});
  CHECK_THROWS_AS(CrossEntropyLoss()(input(), tensor({3, 0}, kLong)), Error);
}

TEST_CASE("losses of a sign") {
  const Tensor sign = tensor({1., -1., 1., -1., -1., 1.}, kDouble).view({2, 3}), odd = tensor({1., -1., 0., 2., -1., 1.}, kDouble).view({2, 3});
  const Tensor x = input().requires_grad_();
  const Tensor y = SoftMarginLoss()(x, sign);
  check_close(y, {0.62443582845});
  y.backward();
  check_close(x.grad(), {-0.0629234447997, 0.0448235702283, -0.0198671536704, 0.121843096438, 0.0833333333333, -0.093696083481});
  check_close(F::soft_margin_loss(input(), odd, kNone),
              {0.47407698418, 0.313261687518, 0.69314718056, 0.126928011043, 0.69314718056, 0.825939419879});
  check_close(F::soft_margin_loss(input(), sign.to(kLong), kSum), {3.7466149707});
  CHECK(F::soft_margin_loss(input() * 1000, sign, kSum).item<double>() == std::numeric_limits<double>::infinity());
  CHECK_THROWS_AS(SoftMarginLoss()(ones({2}, kLong), ones({2}, kLong)), Error);

  x.mutable_grad().reset();
  const Tensor z = HingeEmbeddingLoss()(x, sign);
  check_close(z, {0.875});
  z.backward();
  check_close(x.grad() * 6, {1, -1, 1, -1, -1, 1});
  check_close(HingeEmbeddingLoss(HingeEmbeddingLossOptions().margin(0.3).reduction(kNone))(input(), sign), {0.5, 1.3, 2, 0, 0.3, -0.25});
  check_close(F::hinge_embedding_loss(input(), odd, F::HingeEmbeddingLossFuncOptions().reduction(kNone)), {0.5, 2, 2, 1, 1, -0.25});
}

TEST_CASE("losses of margins between classes") {
  const Tensor truth = (target() > 0).to(kDouble), lists = tensor({0, 2, -1, 1, -1, 0}, kLong).view({2, 3}), first = tensor({0, 1}, kLong);
  check_close(MultiLabelMarginLoss()(input(), lists), {0.458333333333});
  check_close(MultiMarginLoss()(input(), first), {0.875});
  check_close(MultiMarginLoss(MultiMarginLossOptions().p(2).margin(0.5).weight(class_weights()).reduction(kSum))(input(), first), {0.497916666667});
  check_close(MultiLabelSoftMarginLoss(MultiLabelSoftMarginLossOptions().weight(class_weights()))(input(), truth), {0.255970685037});
  check_close(F::multilabel_soft_margin_loss(input(), truth, F::MultilabelSoftMarginLossFuncOptions().reduction(kNone)),
              {0.804755560914, 0.944116095986});
}

TEST_CASE("a NaN exceeds no margin between classes") {
  const Tensor x = tensor({std::nan(""), 1.0, 0.5}, kDouble).view({1, 3}).requires_grad_();
  const auto check = [&](const Tensor& loss, std::vector<double> value, std::vector<double> slope) {
    check_close(loss, std::move(value));
    check_close(autograd::grad({loss}, {x})[0], std::move(slope));
  };
  check(F::multi_margin_loss(x, tensor({1})), {0.5 / 3}, {0, -1. / 3, 1. / 3});
  check(F::multi_margin_loss(x, tensor({0})), {0}, {0, 0, 0});
  check(F::multilabel_margin_loss(x, tensor({1, -1, 0}).view({1, 3})), {0.5 / 3}, {0, -1. / 3, 1. / 3});
}

TEST_CASE("losses of margins between vectors") {
  const Tensor sign = tensor({1., -1.}, kDouble), all = tensor({1., -1., 1., -1., -1., 1.}, kDouble).view({2, 3});
  const Tensor other = tensor({.25, .5, -1., 1.5, -.5, .125}, kDouble).view({2, 3});
  check_close(MarginRankingLoss(MarginRankingLossOptions().margin(0.25))(input(), target(), all), {0.916666666667});
  check_close(CosineEmbeddingLoss(CosineEmbeddingLossOptions().margin(0.1))(input(), target(), sign), {0.175823640611});
  check_close(F::cosine_embedding_loss(input(), target(), sign, F::CosineEmbeddingLossFuncOptions().reduction(kNone)), {0.351647281222, 0});
  check_close(TripletMarginLoss()(input(), target(), other), {1.68094411573});
  check_close(F::triplet_margin_loss(input(), target(), other, F::TripletMarginLossFuncOptions().margin(2).p(1).swap(true).reduction(kNone)),
              {0.749998, 4.625002});
  check_close(TripletMarginWithDistanceLoss()(input(), target(), other), {1.68094411573});
  const auto distance = [](const Tensor& a, const Tensor& b) { return (a - b).abs().sum(1); };
  check_close(TripletMarginWithDistanceLoss(TripletMarginWithDistanceLossOptions().distance_function(distance).swap(true).margin(0.5))(
                  input(), target(), other),
              {1.5625});
  CHECK(contains(message_of([] { MarginRankingLoss()(ones({2}), ones({2, 1}), ones({2})); }), "All input tensors should have same dimension"));
}

TEST_CASE("losses of counts") {
  check_close(PoissonNLLLoss()(input(), target().abs()), {1.34837323706});
  check_close(PoissonNLLLoss(PoissonNLLLossOptions().log_input(false).full(true).reduction(kNone))(input().abs(), target().abs() * 2),
              {0.5, 1.6518064646, 3.30511112379, 4.15726311824, 0.0, 2.5593102311});
}

TEST_CASE("the loss of sequences") {
  const Tensor x = arange(1, 25, kDouble).mul(0.7).sin().view({4, 2, 3}).requires_grad_(), logp = x.log_softmax(2);
  const Tensor targets = tensor({1, 2, 2, 2}, kLong).view({2, 2}), times = tensor({4, 3}, kLong), lengths = tensor({2, 1}, kLong);
  check_close(CTCLoss()(logp, targets, times, lengths), {1.13852958209});
  check_close(F::ctc_loss(logp, tensor({1, 2, 2}, kLong), times, lengths, F::CTCLossFuncOptions().reduction(kNone)), {1.90771865132, 1.32319983853});
  check_close(F::ctc_loss(logp, tensor({1, 1, 2, 2}, kLong).view({2, 2}), tensor({2, 3}, kLong), tensor({2, 2}, kLong),
                          F::CTCLossFuncOptions().zero_infinity(true).reduction(kNone)),
              {0, 3.71355880915});
  CTCLoss(CTCLossOptions().reduction(kSum))(logp, targets, times, lengths).backward();
  check_close(x.grad()[0], {0.0460870105823, -0.386993689401, 0.340906678819, -0.259931358496, 0.279380161605, -0.019448803109});
}

TEST_CASE("losses of probabilities") {
  const Tensor truth = (target() > 0).to(kDouble);
  check_close(BCELoss(BCELossOptions().weight(class_weights()))(input().sigmoid(), truth), {0.255970685037});
  check_close(BCEWithLogitsLoss(BCEWithLogitsLossOptions().weight(class_weights()).pos_weight(tensor({1., 2., 3.}, kDouble)))(input(), truth),
              {0.4804450079});
  check_close(BCEWithLogitsLoss(BCEWithLogitsLossOptions().reduction(kSum))(input(), truth), {5.2466149707});
  const Tensor p = input().log_softmax(1), q = target().softmax(1);
  check_close(KLDivLoss(kNone)(p, q), {-0.0644658233499, 0.252145674326, -0.0191972970752, -0.111350664007, 0.0996378159086, 0.861850159617});
  check_close(KLDivLoss(kBatchMean)(p, q), {0.50930993271});
  check_close(KLDivLoss(kSum)(p, q), {1.01861986542});
  check_close(KLDivLoss()(p, q), {0.16976997757});
  check_close(F::kl_div(p, q.log(), KLDivLossOptions(kSum).log_target(true)), {1.01861986542});
}

TEST_CASE("weights of a loss are its buffers, and converting it leaves the options alone") {
  const Tensor weight = ones({3});
  CrossEntropyLoss loss(CrossEntropyLossOptions().weight(weight));
  CHECK(loss->named_buffers().keys() == std::vector<std::string>{"weight"});
  CHECK(loss->parameters().empty());
  CHECK(CrossEntropyLoss()->buffers().empty());
  loss->to(kDouble);
  CHECK((weight.dtype() == kFloat));
  check_close(loss(input(), labels()), {0.372370087321});
  CHECK(BCEWithLogitsLoss(BCEWithLogitsLossOptions().pos_weight(weight))->named_buffers().keys() == std::vector<std::string>{"pos_weight"});
}

TEST_CASE("errors of losses") {
  CHECK(contains(message_of([] { NLLLoss()(ones({3}), zeros({1}, kLong)); }), "Expected 2 or more dimensions (got 1)"));
  CHECK(contains(message_of([] { NLLLoss()(ones({3, 2}), zeros({1}, kLong)); }), "Expected input batch_size (3) to match target batch_size (1)."));
  CHECK(contains(message_of([] { BCELoss()(ones({3, 2}), zeros({1})); }), "Using a target size ([1]) that is different to the input size ([3, 2])"));
  CHECK(contains(message_of([] { BCEWithLogitsLoss()(ones({3, 2}), zeros({1})); }), "Target size ([1]) must be the same as input size ([3, 2])"));
  CHECK(contains(message_of([] { MSELoss()(ones({3, 2}), zeros({4})); }), "must match the size of tensor b (4) at non-singleton dimension 1"));
}
