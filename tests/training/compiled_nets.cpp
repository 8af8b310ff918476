// A thousand random nets with random ways of training: compiled and as written, every bit of every step is the same.
#include <functional>
#include <memory>
#include <random>

#include <doctest/doctest.h>

#include "values.h"
#include <xgrad/autograd/compile/compile.h>
#include <xgrad/xgrad.h>

namespace nn = torch::nn;
namespace optim = torch::optim;
using torch::Tensor;

namespace {

class Dice {
 public:
  explicit Dice(unsigned seed) : bits_(seed) {}
  int below(int n) { return static_cast<int>(bits_() % static_cast<unsigned>(n)); }
  bool flip() { return below(2) == 1; }

 private:
  std::mt19937 bits_;
};

// Its outputs are [batch, 3].
struct Model {
  nn::AnyModule net;
  std::vector<Tensor> parameters;
  std::vector<Tensor> buffers;
  std::function<Tensor(int64_t)> input;  // of a batch size
  nn::Module* module = nullptr;
};

nn::Sequential activation(Dice& dice) {
  switch (dice.below(8)) {
    case 0: return nn::Sequential(nn::ReLU());
    case 1: return nn::Sequential(nn::Tanh());
    case 2: return nn::Sequential(nn::Sigmoid());
    case 3: return nn::Sequential(nn::GELU());
    case 4: return nn::Sequential(nn::SiLU());
    case 5: return nn::Sequential(nn::ReLU(nn::ReLUOptions(true)));
    case 6: return nn::Sequential(nn::LeakyReLU(nn::LeakyReLUOptions().negative_slope(0.1)));
    default: return nn::Sequential(nn::Dropout(0.3));
  }
}

void add_activation(nn::Sequential& net, Dice& dice) {
  nn::Sequential one = activation(dice);
  for (const nn::AnyModule& m : *one) net->push_back(m);
}

nn::Sequential dense(Dice& dice, int64_t in) {
  nn::Sequential net;
  int64_t width = in;
  for (int layers = dice.below(3); layers > 0; --layers) {
    const int64_t next = 1 + dice.below(20);
    net->push_back(nn::Linear(nn::LinearOptions(width, next).bias(dice.flip())));
    if (dice.below(4) == 0) net->push_back(nn::BatchNorm1d(next));
    if (dice.below(4) == 0) net->push_back(nn::LayerNorm(nn::LayerNormOptions({next})));
    add_activation(net, dice);
    width = next;
  }
  net->push_back(nn::Linear(width, 3));
  return net;
}

nn::Sequential images(Dice& dice) {
  const int64_t channels = 1 + dice.below(4);
  nn::Sequential net(nn::Conv2d(nn::Conv2dOptions(2, channels, 3).padding(1).bias(dice.flip())));
  if (dice.flip()) net->push_back(nn::BatchNorm2d(channels));
  add_activation(net, dice);
  if (dice.flip()) net->push_back(nn::MaxPool2d(2));
  else net->push_back(nn::AvgPool2d(2));
  net->push_back(nn::Flatten());
  net->push_back(nn::Linear(channels * 9, 3));
  return net;
}

struct SequenceImpl : nn::Module {
  nn::Embedding words{nullptr};
  nn::LSTM lstm{nullptr};
  nn::GRU gru{nullptr};
  nn::Linear out{nullptr};
  SequenceImpl(bool with_lstm, int64_t layers) {
    words = register_module("words", nn::Embedding(7, 4));
    if (with_lstm) lstm = register_module("lstm", nn::LSTM(nn::LSTMOptions(4, 5).num_layers(layers).dropout(layers > 1 ? 0.2 : 0).batch_first(true)));
    else gru = register_module("gru", nn::GRU(nn::GRUOptions(4, 5).num_layers(layers).batch_first(true)));
    out = register_module("out", nn::Linear(5, 3));
  }
  Tensor forward(const Tensor& x) {
    const Tensor states = lstm ? std::get<0>(lstm(words(x))) : std::get<0>(gru(words(x)));
    return out(states.select(1, -1));
  }
};
TORCH_MODULE(Sequence);

template <class M> Model model_of(M net, std::function<Tensor(int64_t)> input) {
  return {nn::AnyModule(net), net->parameters(), net->buffers(), std::move(input), net.get()};
}

Model random_model(Dice& dice) {
  switch (dice.below(4)) {
    case 0: return model_of(images(dice), [](int64_t n) { return torch::randn({n, 2, 6, 6}); });
    case 1: return model_of(Sequence(dice.flip(), 1 + dice.below(2)), [](int64_t n) { return torch::randint(0, 7, {n, 5}, torch::kLong); });
    default: {
      const int64_t in = 1 + dice.below(10);
      return model_of(dense(dice, in), [in](int64_t n) { return torch::randn({n, in}); });
    }
  }
}

std::unique_ptr<optim::Optimizer> random_optimizer(Dice& dice, const std::vector<Tensor>& p) {
  using namespace torch::optim;
  switch (dice.below(14)) {
    case 0: return std::make_unique<SGD>(p, SGDOptions(0.1));
    case 1: return std::make_unique<SGD>(p, SGDOptions(0.05).momentum(0.9).nesterov(dice.flip()).weight_decay(0.01));
    case 2: return std::make_unique<Adam>(p, AdamOptions(0.01).weight_decay(dice.below(2) * 0.1));
    case 3: return std::make_unique<AdamW>(p, AdamWOptions(0.01).amsgrad(dice.flip()));
    case 4: return std::make_unique<Adagrad>(p, AdagradOptions(0.1));
    case 5: return std::make_unique<RMSprop>(p, RMSpropOptions(0.01).centered(dice.flip()).momentum(dice.below(2) * 0.5));
    case 6: return std::make_unique<Adadelta>(p, AdadeltaOptions());
    case 7: return std::make_unique<Adamax>(p, AdamaxOptions());
    case 8: return std::make_unique<NAdam>(p, NAdamOptions());
    case 9: return std::make_unique<RAdam>(p, RAdamOptions());
    case 10: return std::make_unique<Lion>(p, LionOptions(0.01));
    case 11: return std::make_unique<LAMB>(p, LAMBOptions());
    case 12: return std::make_unique<Adafactor>(p, AdafactorOptions());
    default: return std::make_unique<Rprop>(p, RpropOptions());
  }
}

// One net and one way to train it, all made from a seed.
class DrawnTraining {
 public:
  explicit DrawnTraining(unsigned seed) : dice_(seed) {
    torch::manual_seed(seed);
    model_ = random_model(dice_);
    optimizer_ = random_optimizer(dice_, model_.parameters);
    if (dice_.flip()) schedule_ = std::make_unique<optim::StepLR>(*optimizer_, 1 + dice_.below(3), 0.7);
    loss_ = dice_.below(3);
    resets_ = dice_.below(4);
    clips_ = dice_.below(3) == 0;
    penalised_ = dice_.below(4) == 0;
    for (const int64_t n : {4, 2 + dice_.below(3)}) {
      inputs_.push_back(model_.input(n));
      targets_.push_back(loss_ == 0 ? torch::randint(0, 3, {n}, torch::kLong) : torch::rand({n, 3}));
    }
  }

  // How the k-th step of a program would come.
  template <class Step> Tensor run(int k, Step& step) {
    if (resets_ == 2) optimizer_->zero_grad();
    if (resets_ == 3) optimizer_->zero_grad(true);
    const size_t which = k % 5 == 4 ? 1 : 0;
    const Tensor loss = step(inputs_[which].clone(), targets_[which]);
    if (schedule_ && k % 2 == 1) schedule_->step();
    return loss;
  }
  Tensor step(const Tensor& x, const Tensor& y) {
    if (resets_ == 0) optimizer_->zero_grad();
    if (resets_ == 1) optimizer_->zero_grad(true);
    const Tensor out = model_.net.forward(x);
    Tensor loss = loss_ == 0   ? torch::nn::functional::cross_entropy(out, y)
                  : loss_ == 1 ? torch::nn::functional::mse_loss(out, y)
                               : torch::nn::functional::binary_cross_entropy_with_logits(out, y);
    if (penalised_)
      for (const Tensor& p : model_.parameters) loss = loss + 1e-3 * p.pow(2).sum();
    loss.backward();
    if (clips_) nn::utils::clip_grad_norm_(model_.parameters, 0.5);
    optimizer_->step();
    return loss;
  }
  std::vector<Tensor> state() const {
    std::vector<Tensor> all{torch::detail::getDefaultCPUGenerator().get_state()};
    for (const Tensor& p : model_.parameters) {
      all.push_back(p.detach().clone());
      all.push_back(p.grad().defined() ? p.grad().clone() : Tensor());
    }
    for (const Tensor& b : model_.buffers) all.push_back(b.clone());
    return all;
  }

 private:
  Dice dice_;
  Model model_;
  std::unique_ptr<optim::Optimizer> optimizer_;
  std::unique_ptr<optim::StepLR> schedule_;
  int loss_, resets_;
  bool clips_, penalised_;
  std::vector<Tensor> inputs_, targets_;
};

}  // namespace

TEST_CASE("random nets, compiled, train as they do as written") {
  constexpr int kNets = 1000, kSteps = 14;
  int64_t replays = 0, refused = 0;
  for (unsigned seed = 0; seed < kNets; ++seed) {
    CAPTURE(seed);
    DrawnTraining eager(seed), replayed(seed);
    const auto as_written = [&](const Tensor& x, const Tensor& y) { return eager.step(x, y); };
    auto compiled = torch::compile([&](const Tensor& x, const Tensor& y) { return replayed.step(x, y); });
    Tensor generator = torch::detail::getDefaultCPUGenerator().get_state();
    bool same = true;
    for (int k = 0; k < kSteps && same; ++k) {
      torch::Generator(torch::detail::getDefaultCPUGenerator()).set_state(generator);
      const Tensor loss = eager.run(k, as_written);
      const std::vector<Tensor> expected = eager.state();
      torch::Generator(torch::detail::getDefaultCPUGenerator()).set_state(generator);
      same = same_bits(replayed.run(k, compiled), loss);
      const std::vector<Tensor> state = replayed.state();
      for (size_t i = 0; i < state.size(); ++i) same = same && same_bits(state[i], expected[i]);
      generator = state[0];
    }
    CHECK(same);
    replays += compiled.statistics().replays;
    if (!compiled.why_not().empty()) {
      ++refused;
      MESSAGE(compiled.why_not());
    }
  }
  MESSAGE(replays << " replays in " << kNets * kSteps << " steps");
  CHECK(refused == 0);
  CHECK(replays > kNets * kSteps / 3);
}
