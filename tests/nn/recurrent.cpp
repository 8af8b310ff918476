// Recurrent layers against the same sequences one by one, against their own steps, and against themselves on other threads.
#include <random>

#include <doctest/doctest.h>

#include "autograd/instruction_sets.h"
#include "message.h"
#include <xgrad/xgrad.h>

using namespace xgrad;
namespace nn = xgrad::nn;
namespace rnn = xgrad::nn::utils::rnn;

namespace {

Tensor weighted(const Tensor& t) { return (t * sin(arange(t.numel(), t.options()) * 0.3 + 0.5).view(t.sizes())).sum(); }

// y and the last states, whatever their number.
std::vector<Tensor> tensors_of(const std::tuple<Tensor, Tensor>& r) { return {std::get<0>(r), std::get<1>(r)}; }
std::vector<Tensor> tensors_of(const std::tuple<Tensor, std::tuple<Tensor, Tensor>>& r) {
  return {std::get<0>(r), std::get<0>(std::get<1>(r)), std::get<1>(std::get<1>(r))};
}

std::vector<Tensor> gradients(const std::shared_ptr<nn::Module>& module) {
  std::vector<Tensor> all;
  for (const Tensor& p : module->parameters()) all.push_back(p.grad().clone());
  return all;
}

void check_agree(const std::vector<Tensor>& a, const std::vector<Tensor>& b) {
  REQUIRE(a.size() == b.size());
  for (size_t i = 0; i < a.size(); ++i) CHECK(allclose(a[i], b[i], 1e-10, 1e-12));
}

// Calls f for a module of every kind: one layer, several ones in both directions, a projection.
template <class F> void for_modules(int64_t features, int64_t hidden, F f) {
  f(nn::RNN(nn::RNNOptions(features, hidden).num_layers(2).bidirectional(true)));
  f(nn::RNN(nn::RNNOptions(features, hidden).nonlinearity(kReLU).bias(false)));
  f(nn::GRU(nn::GRUOptions(features, hidden).num_layers(2).bidirectional(true)));
  f(nn::GRU(features, hidden));
  f(nn::LSTM(nn::LSTMOptions(features, hidden).num_layers(2).bidirectional(true)));
  f(nn::LSTM(nn::LSTMOptions(features, hidden).proj_size(2).bias(false)));
}

}  // namespace

TEST_CASE("packed sequences give what each sequence gives alone") {
  std::mt19937 random(5);
  for (int round = 0; round < 4; ++round) {
    std::vector<Tensor> sequences;
    for (int64_t i = 0; i < 20; ++i)  // more than one block of them, some of length 1
      sequences.push_back(randn({round == 0 ? 1 : 1 + static_cast<int64_t>(random() % 7), 3}, kDouble));
    for_modules(3, 5, [&](auto module) {
      module->to(kDouble);
      const auto packed = rnn::pack_sequence(sequences, false);
      const auto result = module->forward_with_packed_input(packed);
      const auto [padded, lengths] = rnn::pad_packed_sequence(std::get<0>(result), true);
      const std::vector<Tensor> together = tensors_of(std::tuple(padded, std::get<1>(result)));
      Tensor loss = zeros({}, kDouble), loss_alone = zeros({}, kDouble);
      std::vector<Tensor> y, h;
      for (size_t i = 0; i < sequences.size(); ++i) {
        const auto at = static_cast<int64_t>(i), length = sequences[i].size(0);
        CHECK(lengths[at].template item<int64_t>() == length);
        const std::vector<Tensor> alone = tensors_of(module(sequences[i]));
        for (size_t k = 0; k < alone.size(); ++k) {
          const Tensor same = k == 0 ? together[0][at].narrow(0, 0, length) : together[k].select(1, at);
          CHECK(same.sizes() == alone[k].sizes());
          CHECK(allclose(same, alone[k], 1e-12, 1e-13));
          loss = loss + weighted(same);
          loss_alone = loss_alone + weighted(alone[k]);
        }
      }
      loss.backward();
      const std::vector<Tensor> by_packed = gradients(module.ptr());
      module->zero_grad();
      loss_alone.backward();
      check_agree(by_packed, gradients(module.ptr()));
    });
  }
}

TEST_CASE("a layer gives what its cell gives step by step") {
  const Tensor x = randn({6, 4, 3}, kDouble);
  const auto same_weights = [](auto& layer, auto& cell) {
    layer->to(kDouble);
    cell->to(kDouble);
    const NoGradGuard guard;
    const std::vector<Tensor> from = layer->parameters(), to = cell->parameters();
    for (size_t i = 0; i < from.size(); ++i) to[i].detach().copy_(from[i]);
  };
  nn::GRU gru(3, 5);
  nn::GRUCell gru_cell(3, 5);
  same_weights(gru, gru_cell);
  Tensor h = gru_cell(x[0]);
  for (int64_t t = 1; t < 6; ++t) h = gru_cell(x[t], h);
  CHECK(allclose(h, std::get<1>(gru(x))[0], 1e-12, 1e-13));

  nn::LSTM lstm(3, 5);
  nn::LSTMCell lstm_cell(3, 5);
  same_weights(lstm, lstm_cell);
  auto state = lstm_cell(x[0]);
  for (int64_t t = 1; t < 6; ++t) state = lstm_cell(x[t], state);
  const auto [hn, cn] = std::get<1>(lstm(x));
  CHECK(allclose(std::get<0>(state), hn[0], 1e-12, 1e-13));
  CHECK(allclose(std::get<1>(state), cn[0], 1e-12, 1e-13));

  nn::RNN layer(nn::RNNOptions(3, 5).nonlinearity(kReLU));
  nn::RNNCell cell(nn::RNNCellOptions(3, 5).nonlinearity(kReLU));
  same_weights(layer, cell);
  h = cell(x[0][0]);  // without a batch
  for (int64_t t = 1; t < 6; ++t) h = cell(x[t][0], h);
  CHECK(allclose(h, std::get<1>(layer(x))[0][0], 1e-12, 1e-13));
}

TEST_CASE("the gradient that is part of a graph is the one that is not") {
  for_modules(3, 5, [](auto module) {
    module->to(kDouble);
    const Tensor x = randn({4, 3, 3}, kDouble).set_requires_grad(true);
    const std::vector<Tensor> results = tensors_of(module(x));
    Tensor loss = zeros({}, kDouble);
    for (const Tensor& r : results) loss = loss + weighted(r);
    std::vector<Tensor> inputs = module->parameters();
    inputs.push_back(x);
    const std::vector<Tensor> plain = autograd::grad({loss}, inputs, {}, true, false), recorded = autograd::grad({loss}, inputs, {}, true, true);
    check_agree(plain, recorded);
    for (const Tensor& g : recorded) CHECK(g.requires_grad());
  });
}

TEST_CASE("results have the same bits for every number of threads") {
  const int threads = get_num_threads();
  for_modules(24, 48, [](auto module) {
    const Tensor x = randn({12, 70, 24});
    std::vector<Tensor> first;
    for (int n : {1, 2, 3, 8}) {
      set_num_threads(n);
      module->zero_grad();
      std::vector<Tensor> now = tensors_of(module(x));
      weighted(now[0]).backward();
      for (const Tensor& g : gradients(module.ptr())) now.push_back(g);
      if (first.empty()) first = now;
      for (size_t i = 0; i < now.size(); ++i) CHECK(equal(now[i], first[i]));
    }
  });
  set_num_threads(threads);
}

TEST_CASE("gates have the same bits in every instruction set that fuses multiply-adds") {
  for_modules(5, 21, [](auto module) {  // 21: whole registers and a rest
    const Tensor x = randn({3, 4, 5});
    std::vector<Tensor> first;
    for (const auto set : xgrad::test::fused_sets()) {
      const xgrad::test::InSet in_set(set);
      module->zero_grad();
      std::vector<Tensor> now = tensors_of(module(x));
      weighted(now[0]).backward();
      for (const Tensor& g : gradients(module.ptr())) now.push_back(g);
      if (first.empty()) first = now;
      for (size_t i = 0; i < now.size(); ++i) CHECK(equal(now[i], first[i]));
    }
  });
}

TEST_CASE("a sequence without a batch is one of a batch of one") {
  const Tensor x = randn({5, 3}, kDouble), h = randn({4, 5}, kDouble), c = randn({4, 5}, kDouble);
  for (bool batch_first : {false, true}) {
    nn::LSTM lstm(nn::LSTMOptions(3, 5).num_layers(2).bidirectional(true).batch_first(batch_first));
    lstm->to(kDouble);
    const int64_t batch_axis = batch_first ? 0 : 1;
    const std::vector<Tensor> alone = tensors_of(lstm(x, std::tuple(h, c))),
                              batch = tensors_of(lstm(x.unsqueeze(batch_axis), std::tuple(h.unsqueeze(1), c.unsqueeze(1))));
    CHECK(equal(alone[0], batch[0].squeeze(batch_axis)));
    for (size_t i = 1; i < 3; ++i) CHECK(equal(alone[i], batch[i].squeeze(1)));
    CHECK(contains(message_of([&] { lstm(x, std::tuple(h.unsqueeze(1), c.unsqueeze(1))); }), "hx should also be 2-D but got 3-D"));
    CHECK(contains(message_of([&] { lstm(x[0]); }), "[LSTM] input must have 3 dimensions, or 2 without a batch, got shape [3]"));
  }
}

TEST_CASE("a batch without sequences gives one without results") {
  nn::GRU gru(3, 5);
  const auto [y, h] = gru(ones({4, 0, 3}));
  CHECK(y.sizes() == IntArrayRef({4, 0, 5}));
  CHECK(h.sizes() == IntArrayRef({1, 0, 5}));
  y.sum().backward();
  for (const Tensor& p : gru->parameters()) CHECK(p.grad().abs().sum().item<float>() == 0);
}

TEST_CASE("what a recurrent layer saved and was edited since is not used") {
  nn::GRU gru(3, 5);
  const Tensor y = std::get<0>(gru(ones({4, 2, 3})));
  const Tensor loss = (y * y).sum();
  {
    const NoGradGuard guard;
    gru->all_weights()[1].mul_(2);
  }
  CHECK(contains(message_of([&] { loss.backward(); }), "modified by an inplace operation"));
}

TEST_CASE("dropout between layers drops in training alone") {
  nn::LSTM lstm(nn::LSTMOptions(3, 16).num_layers(2).dropout(0.5));
  const Tensor x = randn({4, 2, 3});
  const auto run = [&] { return std::get<0>(lstm(x)); };
  CHECK_FALSE(equal(run(), run()));
  manual_seed(1);
  const Tensor y = run();
  manual_seed(1);
  CHECK(equal(run(), y));
  lstm->eval();
  CHECK(equal(run(), run()));
}
