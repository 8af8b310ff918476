// Attention, alone and in a transformer's layer. Compiled against libtorch and against xgrad.
#include <torch/torch.h>

#include "workload.h"

namespace benchmarks { namespace {

namespace nn = torch::nn;

// A result of tensors, forward and backward for all of them.
class Differentiated : public Workload {
 public:
  Differentiated(std::vector<torch::Tensor> leaves, std::function<torch::Tensor()> f) : leaves_(std::move(leaves)), f_(std::move(f)) {
    torch::NoGradGuard guard;
    weights_ = torch::randn(f_().sizes());
  }

  void run(int64_t repetitions) override {
    for (int64_t r = 0; r < repetitions; ++r) {
      for (torch::Tensor& leaf : leaves_) leaf.mutable_grad().reset();
      f_().backward(weights_);
    }
  }

  std::vector<double> outcome() override {
    std::vector<double> out;
    const auto add = [&](const torch::Tensor& t) { digest(t.detach().contiguous().data_ptr<float>(), t.numel(), out); };
    add(f_());
    run(1);
    for (const torch::Tensor& leaf : leaves_) add(leaf.grad());
    return out;
  }

 private:
  std::vector<torch::Tensor> leaves_;
  std::function<torch::Tensor()> f_;
  torch::Tensor weights_;
};

template <class M> std::unique_ptr<Workload> of_module(M module, const torch::Tensor& x, std::function<torch::Tensor(M&)> f) {
  std::vector<torch::Tensor> leaves = module->parameters();
  leaves.push_back(x.set_requires_grad(true));
  return std::make_unique<Differentiated>(std::move(leaves), [=]() mutable { return f(module); });
}

// Without dropout, whose numbers would be those of every repetition before.
std::unique_ptr<Workload> encoder_layer() {
  torch::manual_seed(7);
  const torch::Tensor x = torch::randn({64, 8, 128});
  return of_module<nn::TransformerEncoderLayer>(
      nn::TransformerEncoderLayer(nn::TransformerEncoderLayerOptions(128, 4).dim_feedforward(512).dropout(0)), x,
      [x](nn::TransformerEncoderLayer& layer) { return layer(x); });
}

std::unique_ptr<Workload> multihead_attention() {
  torch::manual_seed(7);
  const torch::Tensor x = torch::randn({16, 4, 32});
  return of_module<nn::MultiheadAttention>(nn::MultiheadAttention(32, 4), x,
                                           [x](nn::MultiheadAttention& attention) { return std::get<0>(attention(x, x, x)); });
}

std::unique_ptr<Workload> causal_attention() {
  torch::manual_seed(7);
  std::vector<torch::Tensor> x;
  for (int i = 0; i < 3; ++i) x.push_back(torch::randn({1, 8, 1024, 64}).set_requires_grad(true));
  return std::make_unique<Differentiated>(
      x, [x] { return std::get<0>(torch::_scaled_dot_product_attention(x[0], x[1], x[2], c10::nullopt, 0.0, false, true)); });
}

const Entry entries[] = {{"encoder_layer", encoder_layer}, {"multihead_attention", multihead_attention}, {"causal_attention", causal_attention}};

}}  // namespace benchmarks
