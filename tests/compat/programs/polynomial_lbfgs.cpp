// Fits polynomials three ways: by LBFGS, by gradient descent on a window of random batches, and by least squares.
#include <torch/torch.h>

#include <cstdint>
#include <cstdio>
#include <sstream>
#include <string>

#define POLY_DEGREE 4

// Builds features i.e. a matrix with columns [x, x^2, x^3, x^4].
torch::Tensor make_features(torch::Tensor x) {
  x = x.unsqueeze(1);
  std::vector<torch::Tensor> xs;
  for (int64_t i = 0; i < POLY_DEGREE; ++i) xs.push_back(x.pow(i + 1));
  return torch::cat(xs, 1);
}

struct Target {
  torch::Tensor weight = torch::tensor({{0.7}, {-1.5}, {0.3}, {0.9}}, torch::kFloat64), bias = torch::full({1}, 0.25, torch::kFloat64);
  torch::Tensor operator()(const torch::Tensor& x) const { return x.mm(weight) + bias.item(); }
};

std::string poly_desc(torch::Tensor W, torch::Tensor b) {
  auto size = W.size(0);
  std::ostringstream stream;
  stream << "y = ";
  stream.precision(2);
  stream << std::fixed;
  for (int64_t i = 0; i < size; ++i) stream << W[i].item<float>() << " x^" << size - i << " ";
  stream << "+ " << b[0].item<float>();
  return stream.str();
}

int main() {
  torch::manual_seed(4);
  Target target;
  auto x = torch::linspace(-1, 1, 40, torch::kDouble);
  auto features = make_features(x), y = target(features);

  auto fc = torch::nn::Linear(features.size(1), 1);
  fc->to(torch::kDouble);
  torch::optim::LBFGS optimizer(fc->parameters(),
                                torch::optim::LBFGSOptions(1).max_iter(20).history_size(10).tolerance_grad(1e-9).line_search_fn("strong_wolfe"));
  int evaluations = 0;
  auto closure = [&]() {
    optimizer.zero_grad();
    auto loss = torch::mse_loss(fc(features), y);
    loss.backward();
    ++evaluations;
    return loss;
  };
  for (int step = 0; step < 3; ++step) {
    auto loss = optimizer.step(closure);
    std::printf("step %d loss before %.4f\n", step, loss.item<double>());
  }
  std::cout << "several evaluations a step: " << (evaluations > 3) << "\n";
  std::cout << "==> Learned function:\t" << poly_desc(fc->weight.view({-1}), fc->bias) << "\n";
  std::cout << "==> Actual function:\t" << poly_desc(target.weight.view({-1}), target.bias) << "\n";

  auto sgd_model = torch::nn::Linear(torch::nn::LinearOptions(POLY_DEGREE, 1));
  float loss = 0;
  size_t batch_idx = 0;
  while (++batch_idx <= 200) {
    auto batch = torch::randn({32});
    auto batch_x = make_features(batch.clamp(-1.5, 1.5));
    auto batch_y = target(batch_x.to(torch::kDouble)).to(torch::kFloat);
    sgd_model->zero_grad();
    auto output = torch::smooth_l1_loss(sgd_model(batch_x), batch_y);
    loss = output.item<float>();
    output.backward();
    for (auto& param : sgd_model->parameters()) param.set_data(param.data().add(-0.1 * param.grad()));
    if (loss < 1e-3f) break;
  }
  std::printf("Loss: %.2f after %zu batches\n", loss, batch_idx);

  auto design = torch::cat({features, torch::ones({features.size(0), 1}, torch::kDouble)}, 1);
  auto [solution, residuals, rank, singular_values] = torch::linalg_lstsq(design, y, c10::nullopt, "gelsd");
  std::printf("least squares:");
  for (int64_t i = 0; i < solution.size(0); ++i) std::printf(" %.4f", solution[i][0].item<double>());
  std::cout << "\nrank " << rank.item<int64_t>() << "\n";
  auto normal = torch::linalg::solve(design.t().mm(design), design.t().mm(y), /*left=*/true);
  std::cout << "normal equations agree: " << torch::allclose(normal, solution, 1e-6, 1e-8) << "\n";
}
