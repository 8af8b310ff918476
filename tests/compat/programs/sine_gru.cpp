// Forecasts a time series with a GRU: sliding windows, normalisation, early stopping, a bidirectional encoder.
#include <torch/torch.h>

#include <cstdio>
#include <limits>
#include <vector>

class Scaler {
 public:
  void fit(const torch::Tensor& x) {
    mean_ = x.mean();
    std_ = x.std();
  }
  torch::Tensor transform(const torch::Tensor& x) const { return (x - mean_) / std_; }
  torch::Tensor inverse(const torch::Tensor& x) const { return x * std_ + mean_; }

 private:
  torch::Tensor mean_, std_;
};

class GRUNet : public torch::nn::Module {
 public:
  GRUNet(int64_t input, int64_t hidden, int64_t layers, bool bidirectional)
      : gru(torch::nn::GRUOptions(input, hidden).num_layers(layers).batch_first(true).bidirectional(bidirectional)),
        fc(bidirectional ? 2 * hidden : hidden, 1) {
    gru = register_module("gru", gru);
    fc = register_module("fc", fc);
  }
  torch::Tensor forward(const torch::Tensor& x) {
    torch::Tensor out, hidden;
    std::tie(out, hidden) = gru->forward(x);
    last_hidden = hidden.detach();
    return fc(out.slice(1, -1).squeeze(1)).squeeze(-1);
  }
  torch::Tensor last_hidden;

 private:
  torch::nn::GRU gru;
  torch::nn::Linear fc;
};

struct EarlyStopping {
  explicit EarlyStopping(int patience) : patience(patience) {}
  bool operator()(double loss) {
    if (loss < best) {
      best = loss;
      waited = 0;
    } else ++waited;
    return waited >= patience;
  }
  double best = std::numeric_limits<double>::infinity();
  int patience, waited = 0;
};

static void run(bool bidirectional) {
  torch::manual_seed(3);
  auto t = torch::arange(0, 120, torch::kFloat32);
  auto series = torch::sin(t * 0.3) + 0.5 * torch::cos(t * 0.7) + 0.01 * t;
  Scaler scaler;
  scaler.fit(series.slice(0, 0, 90));
  auto windows = scaler.transform(series).unfold(0, /*size=*/13, /*step=*/1);
  auto x = windows.slice(1, 0, 12).unsqueeze(-1), y = windows.select(1, 12);
  std::cout << x.sizes() << " " << y.sizes() << " " << x.is_contiguous() << "\n";
  auto x_train = x.slice(0, 0, 78), y_train = y.slice(0, 0, 78);
  auto x_test = x.slice(0, 78), y_test = y.slice(0, 78);

  GRUNet net(1, 10, 2, bidirectional);
  torch::optim::RMSprop optimizer(net.parameters(), torch::optim::RMSpropOptions(5e-3).alpha(0.95).centered(false));
  EarlyStopping stop(3);
  int64_t count = 0;
  for (const auto& p : net.parameters()) count += p.numel();
  std::cout << "parameters: " << count << "\n";
  for (int epoch = 1; epoch <= 6; ++epoch) {
    net.train();
    for (const auto& index : torch::arange(78).view({6, 13}).unbind(0)) {
      optimizer.zero_grad();
      auto loss = torch::mse_loss(net.forward(x_train.index_select(0, index)), y_train.index({index}));
      loss.backward();
      torch::nn::utils::clip_grad_value_(net.parameters(), 1.0);
      optimizer.step();
    }
    net.eval();
    torch::NoGradGuard guard;
    const double test = torch::mse_loss(net.forward(x_test), y_test).item<double>();
    std::printf("epoch %d test %.3f\n", epoch, test);
    if (stop(test)) {
      std::cout << "stopped\n";
      break;
    }
  }
  std::cout << net.last_hidden.sizes() << "\n";
  torch::NoGradGuard guard;
  auto forecast = scaler.inverse(net.forward(x_test));
  std::printf("mean absolute error %.2f\n", (forecast - series.slice(0, 90)).abs().mean().item<double>());
}

int main() {
  run(false);
  run(true);
}
