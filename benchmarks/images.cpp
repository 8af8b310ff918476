// Convolution, pooling and normalisation, alone and in nets of images. Compiled against libtorch and against xgrad.
#include <torch/torch.h>

#include "stepped.h"

namespace benchmarks { namespace {

namespace nn = torch::nn;
namespace F = torch::nn::functional;

// One layer, forward and backward for its input and its parameters.
class Layer : public Workload {
 public:
  Layer(std::vector<int64_t> input, std::function<nn::AnyModule()> make) {
    torch::manual_seed(7);
    input_ = torch::randn(input).set_requires_grad(true);
    layer_ = make();
    weights_ = torch::randn(layer_.forward(input_).sizes());
  }

  void run(int64_t repetitions) override {
    for (int64_t r = 0; r < repetitions; ++r) {
      input_.mutable_grad() = torch::Tensor();
      layer_.ptr()->zero_grad();
      layer_.forward(input_).backward(weights_);
    }
  }

  std::vector<double> outcome() override {
    std::vector<double> out;
    const auto add = [&](const torch::Tensor& t) { digest(t.detach().contiguous().data_ptr<float>(), t.numel(), out); };
    add(layer_.forward(input_));
    run(1);
    add(input_.grad());
    for (const torch::Tensor& p : layer_.ptr()->parameters()) add(p.grad());
    return out;
  }

 private:
  torch::Tensor input_, weights_;
  nn::AnyModule layer_;
};

// A layer in evaluation, forward alone.
class Forward : public Workload {
 public:
  Forward(std::vector<int64_t> input, std::function<nn::AnyModule()> make) {
    torch::manual_seed(7);
    input_ = torch::randn(input);
    layer_ = make();
    layer_.ptr()->eval();
  }
  void run(int64_t repetitions) override {
    torch::NoGradGuard guard;
    for (int64_t r = 0; r < repetitions; ++r) layer_.forward(input_);
  }
  std::vector<double> outcome() override {
    torch::NoGradGuard guard;
    std::vector<double> out;
    const torch::Tensor y = layer_.forward(input_).contiguous();
    digest(y.data_ptr<float>(), y.numel(), out);
    return out;
  }

 private:
  torch::Tensor input_;
  nn::AnyModule layer_;
};

// Steps of training a classifier of ten classes.
class Classifier : public Stepped {
 public:
  Classifier(std::vector<int64_t> input, bool sgd, std::function<nn::Sequential()> make) {
    torch::manual_seed(7);
    input_ = torch::randn(input);
    classes_ = (torch::arange(input[0]) * 7 + 3).remainder(10);
    net_ = make();
    if (sgd) optimizer_ = std::make_unique<torch::optim::SGD>(net_->parameters(), torch::optim::SGDOptions(0.01).momentum(0.9));
    else optimizer_ = std::make_unique<torch::optim::Adam>(net_->parameters(), torch::optim::AdamOptions(1e-3));
  }

  std::vector<double> outcome() override {
    // Of the last layer alone: where two elements of a window are as good as equal, rounding chooses which gets a gradient before it.
    std::vector<double> out{step().item<double>()};
    const torch::Tensor last = net_->parameters().back().grad();
    digest(last.contiguous().data_ptr<float>(), last.numel(), out);
    return out;
  }

 protected:
  torch::Tensor step() override {
    optimizer_->zero_grad();
    torch::Tensor loss = F::cross_entropy(net_->forward(input_), classes_);
    loss.backward();
    optimizer_->step();
    return loss;
  }

 private:
  torch::Tensor input_, classes_;
  nn::Sequential net_{nullptr};
  std::unique_ptr<torch::optim::Optimizer> optimizer_;
};

nn::Conv2d conv3x3(int64_t in, int64_t out, int64_t stride = 1) {
  return nn::Conv2d(nn::Conv2dOptions(in, out, 3).stride(stride).padding(1).bias(false));
}

struct ResidualImpl : nn::Module {
  ResidualImpl(int64_t in, int64_t out, int64_t stride) : first(conv3x3(in, out, stride)), second(conv3x3(out, out)), norm1(out), norm2(out) {
    register_module("first", first);
    register_module("norm1", norm1);
    register_module("second", second);
    register_module("norm2", norm2);
    if (stride == 1 && in == out) return;
    shortcut = nn::Conv2d(nn::Conv2dOptions(in, out, 1).stride(stride).bias(false));
    register_module("shortcut", shortcut);
  }
  torch::Tensor forward(const torch::Tensor& x) {
    const torch::Tensor y = norm2(second(torch::relu(norm1(first(x)))));
    return torch::relu(y + (shortcut ? shortcut(x) : x));
  }
  nn::Conv2d first, second, shortcut{nullptr};
  nn::BatchNorm2d norm1, norm2;
};
TORCH_MODULE(Residual);

nn::Sequential cnn() {
  return nn::Sequential(nn::Conv2d(1, 32, 3), nn::ReLU(), nn::Conv2d(32, 64, 3), nn::ReLU(), nn::MaxPool2d(2), nn::Flatten(), nn::Linear(9216, 128),
                        nn::ReLU(), nn::Linear(128, 10));
}

nn::Sequential lenet() {
  return nn::Sequential(nn::Conv2d(nn::Conv2dOptions(1, 6, 5).padding(2)), nn::ReLU(), nn::MaxPool2d(2), nn::Conv2d(6, 16, 5), nn::ReLU(),
                        nn::MaxPool2d(2), nn::Flatten(), nn::Linear(400, 120), nn::ReLU(), nn::Linear(120, 84), nn::ReLU(), nn::Linear(84, 10));
}

nn::Sequential residual_net() {
  return nn::Sequential(conv3x3(3, 16), nn::BatchNorm2d(16), nn::ReLU(), Residual(16, 16, 1), Residual(16, 32, 2), Residual(32, 64, 2),
                        nn::AdaptiveAvgPool2d(1), nn::Flatten(), nn::Linear(64, 10));
}

template <class W> void add(const char* name, std::vector<int64_t> input, std::function<nn::AnyModule()> make) {
  workloads()[name] = [=] { return std::make_unique<W>(input, make); };
}
void add_net(const char* name, std::vector<int64_t> input, bool sgd, nn::Sequential (*make)()) { add_step<Classifier>(name, input, sgd, make); }

const bool added = [] {
  const auto conv2d = [] { return nn::AnyModule(nn::Conv2d(nn::Conv2dOptions(64, 64, 3).padding(1))); };
  add<Layer>("conv2d", {8, 64, 32, 32}, conv2d);
  add<Forward>("conv2d_forward", {8, 64, 32, 32}, conv2d);
  add<Layer>("depthwise", {8, 64, 32, 32}, [] { return nn::AnyModule(nn::Conv2d(nn::Conv2dOptions(64, 64, 3).padding(1).groups(64))); });
  add<Layer>("conv1d", {16, 32, 256}, [] { return nn::AnyModule(nn::Conv1d(nn::Conv1dOptions(32, 64, 5).padding(2))); });
  add<Layer>("conv_transpose2d", {8, 32, 16, 16},
             [] { return nn::AnyModule(nn::ConvTranspose2d(nn::ConvTranspose2dOptions(32, 16, 4).stride(2).padding(1))); });
  add<Layer>("max_pool2d", {64, 64, 32, 32}, [] { return nn::AnyModule(nn::MaxPool2d(2)); });
  add<Layer>("avg_pool2d", {64, 64, 32, 32}, [] { return nn::AnyModule(nn::AvgPool2d(2)); });
  add<Layer>("batch_norm2d", {8, 64, 32, 32}, [] { return nn::AnyModule(nn::BatchNorm2d(64)); });
  add<Layer>("layer_norm", {512, 256}, [] { return nn::AnyModule(nn::LayerNorm(std::vector<int64_t>{256})); });
  add<Layer>("group_norm", {8, 64, 32, 32}, [] { return nn::AnyModule(nn::GroupNorm(8, 64)); });
  add_net("cnn", {64, 1, 28, 28}, false, cnn);
  add_net("lenet_64", {64, 1, 28, 28}, true, lenet);
  add_net("lenet_1", {1, 1, 28, 28}, true, lenet);
  add_net("residual_net", {16, 3, 32, 32}, true, residual_net);
  return true;
}();

}  // namespace
}  // namespace benchmarks
