// Recurrent networks, trained to predict numbers from sequences. Compiled against libtorch and against xgrad.
#include <torch/torch.h>

#include "stepped.h"

namespace benchmarks { namespace {

namespace nn = torch::nn;
namespace F = torch::nn::functional;

// A layer's states at all steps, and a Linear that makes one number of each.
template <class Layer> struct Predictor : nn::Module {
  Predictor(int64_t features, int64_t hidden)
      : layer(this->register_module("layer", Layer(features, hidden))), head(this->register_module("head", nn::Linear(hidden, 1))) {}
  torch::Tensor forward(const torch::Tensor& x) { return head(std::get<0>(layer(x))); }
  Layer layer;
  nn::Linear head;
};

// The same of single steps in a loop, and of the last state.
struct CellPredictor : nn::Module {
  CellPredictor(int64_t features, int64_t hidden)
      : cell(register_module("cell", nn::LSTMCell(features, hidden))), head(register_module("head", nn::Linear(hidden, 1))) {}
  torch::Tensor forward(const torch::Tensor& x) {
    auto state = cell(x[0]);
    for (int64_t t = 1; t < x.size(0); ++t) state = cell(x[t], state);
    return head(std::get<0>(state));
  }
  nn::LSTMCell cell;
  nn::Linear head;
};

template <class Net> class Training : public Stepped {
 public:
  Training(int64_t steps, int64_t batch, int64_t features, int64_t hidden) {
    torch::manual_seed(7);
    input_ = torch::randn({steps, batch, features});
    net_ = std::make_shared<Net>(features, hidden);
    target_ = torch::randn(net_->forward(input_).sizes());
    optimizer_ = std::make_unique<torch::optim::Adam>(net_->parameters(), torch::optim::AdamOptions(1e-3));
  }

  std::vector<double> outcome() override {
    std::vector<double> out{step().template item<double>()};
    for (const torch::Tensor& p : net_->parameters()) digest(p.grad().contiguous().data_ptr<float>(), p.numel(), out);
    return out;
  }

 protected:
  torch::Tensor step() override {
    optimizer_->zero_grad();
    torch::Tensor loss = F::mse_loss(net_->forward(input_), target_);
    loss.backward();
    optimizer_->step();
    return loss;
  }

 private:
  torch::Tensor input_, target_;
  std::shared_ptr<Net> net_;
  std::unique_ptr<torch::optim::Adam> optimizer_;
};

template <class Net> void add(const char* name, int64_t steps, int64_t batch, int64_t features, int64_t hidden) {
  add_step<Training<Net>>(name, steps, batch, features, hidden);
}

const bool added = [] {
  add<Predictor<nn::LSTM>>("lstm", 50, 32, 64, 128);
  add<Predictor<nn::GRU>>("gru", 30, 16, 16, 32);
  add<CellPredictor>("lstm_cell", 20, 8, 16, 32);
  return true;
}();

}  // namespace
}  // namespace benchmarks
