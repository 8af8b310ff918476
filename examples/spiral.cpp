// Three intertwined spirals told apart by a small network, with a map of what it has learnt.
#include <cmath>
#include <cstdio>
#include <cstring>

#include <xgrad/xgrad.h>

namespace nn = xgrad::nn;
using xgrad::Tensor;

constexpr int kArms = 3;

struct Points {
  Tensor x;      // [n, 2]
  Tensor label;  // [n]
};

static Points spirals(int64_t per_arm, double noise) {
  std::vector<Tensor> x, label;
  for (int arm = 0; arm < kArms; ++arm) {
    const Tensor radius = xgrad::linspace(0.05, 1, per_arm);
    const Tensor angle = radius * 4.5 + arm * 2 * M_PI / kArms + noise * xgrad::randn({per_arm});
    x.push_back(xgrad::stack({radius * angle.cos(), radius * angle.sin()}, 1));
    label.push_back(xgrad::full({per_arm}, arm, xgrad::kLong));
  }
  return {xgrad::cat(x), xgrad::cat(label)};
}

static double accuracy(nn::Sequential& net, const Points& points) {
  xgrad::NoGradGuard no_grad;
  return net->forward(points.x).argmax(1).eq(points.label).to(xgrad::kDouble).mean().item<double>();
}

/// The square [-1, 1]^2 with a character for the arm that each place is counted to.
static void draw(nn::Sequential& net, int64_t rows) {
  xgrad::NoGradGuard no_grad;
  const int64_t columns = 2 * rows;
  const Tensor y = xgrad::linspace(1, -1, rows).unsqueeze(1).expand({rows, columns});
  const Tensor x = xgrad::linspace(-1, 1, columns).unsqueeze(0).expand({rows, columns});
  const Tensor arm = net->forward(xgrad::stack({x, y}, -1).view({-1, 2})).argmax(1);
  const auto cell = arm.accessor<int64_t, 1>();
  for (int64_t i = 0; i < rows; ++i) {
    for (int64_t j = 0; j < columns; ++j) std::putchar(".o#"[cell[i * columns + j]]);
    std::putchar('\n');
  }
}

int main(int argc, char** argv) {
  const bool quick = argc > 1 && std::strcmp(argv[1], "--quick") == 0;
  xgrad::manual_seed(0);
  const Points train = spirals(200, 0.1), test = spirals(100, 0.1);

  nn::Sequential net(nn::Linear(2, 64), nn::ReLU(), nn::Linear(64, 64), nn::ReLU(), nn::Linear(64, kArms));
  xgrad::optim::Adam optimizer(net->parameters(), xgrad::optim::AdamOptions(0.005));
  const int epochs = quick ? 30 : 100;
  const int64_t batch = 50, n = train.x.size(0);
  for (int epoch = 1; epoch <= epochs; ++epoch) {
    const Tensor order = xgrad::randperm(n);
    double loss_sum = 0;
    for (int64_t first = 0; first < n; first += batch) {
      const Tensor rows = order.slice(0, first, first + batch);
      optimizer.zero_grad();
      Tensor loss = nn::functional::cross_entropy(net->forward(train.x.index_select(0, rows)), train.label.index_select(0, rows));
      loss.backward();
      optimizer.step();
      loss_sum += loss.item<double>() * static_cast<double>(rows.size(0));
    }
    if (epoch % 10 == 0) std::printf("epoch %3d  loss %.4f  test accuracy %.3f\n", epoch, loss_sum / static_cast<double>(n), accuracy(net, test));
  }
  draw(net, 24);
  const double reached = accuracy(net, test);
  std::printf("test accuracy %.3f\n", reached);
  return reached > (quick ? 0.9 : 0.97) ? 0 : 1;
}
