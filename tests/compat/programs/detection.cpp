// Boxes of a detector: anchors, overlaps, targets, decoding and suppression of doubles; a small head trained on them.
#include <torch/torch.h>

#include <iomanip>
#include <iostream>
#include <vector>

using torch::indexing::None;
using torch::indexing::Slice;

struct Box {
  float x1, y1, x2, y2;
};

torch::Tensor boxes_tensor(std::vector<Box>& boxes) {
  return torch::from_blob(boxes.data(), {static_cast<int64_t>(boxes.size()), 4}, torch::kFloat32).clone();
}

torch::Tensor area(const torch::Tensor& b) {
  return (b.index({"...", 2}) - b.index({"...", 0})).clamp_min(0) * (b.index({"...", 3}) - b.index({"...", 1})).clamp_min(0);
}

torch::Tensor overlap(const torch::Tensor& a, const torch::Tensor& b) {
  auto top_left = torch::max(a.index({Slice(), None, Slice(None, 2)}), b.index({None, Slice(), Slice(None, 2)}));
  auto bottom_right = torch::min(a.index({Slice(), None, Slice(2)}), b.index({None, Slice(), Slice(2)}));
  auto side = (bottom_right - top_left).clamp(0);
  auto shared = side.select(2, 0) * side.select(2, 1);
  return shared / (area(a).unsqueeze(1) + area(b).unsqueeze(0) - shared);
}

std::vector<int64_t> suppress(const torch::Tensor& boxes, const torch::Tensor& scores, double limit) {
  auto order = scores.argsort(0, true);
  std::vector<int64_t> kept;
  while (order.numel() > 0) {
    const auto best = order[0].item<int64_t>();
    kept.push_back(best);
    if (order.numel() == 1) break;
    auto rest = order.slice(0, 1);
    auto iou = overlap(boxes.index_select(0, order.slice(0, 0, 1)), boxes.index_select(0, rest)).squeeze(0);
    order = rest.masked_select(iou.le(limit));
  }
  return kept;
}

torch::Tensor anchors_of(int64_t height, int64_t width, int64_t stride, std::vector<double> sizes) {
  auto grid = torch::meshgrid({torch::arange(height, torch::kFloat32), torch::arange(width, torch::kFloat32)}, "ij");
  auto centers = torch::stack({grid[1], grid[0], grid[1], grid[0]}, -1).mul(stride).add(stride / 2.0).view({-1, 1, 4});
  auto half = torch::tensor(sizes, torch::kFloat32).div(2).view({1, -1, 1});
  return (centers + torch::cat({-half, -half, half, half}, 2)).view({-1, 4});
}

torch::Tensor encode(const torch::Tensor& boxes, const torch::Tensor& anchors) {
  auto size = anchors.slice(1, 2) - anchors.slice(1, 0, 2), center = anchors.slice(1, 0, 2) + 0.5 * size;
  auto box_size = boxes.slice(1, 2) - boxes.slice(1, 0, 2), box_center = boxes.slice(1, 0, 2) + 0.5 * box_size;
  return torch::cat({(box_center - center) / size, torch::log(box_size / size)}, 1);
}

torch::Tensor decode(const torch::Tensor& deltas, const torch::Tensor& anchors) {
  auto size = anchors.slice(1, 2) - anchors.slice(1, 0, 2), center = anchors.slice(1, 0, 2) + 0.5 * size;
  auto parts = deltas.chunk(2, 1);
  auto new_center = center + parts[0] * size, new_size = size * parts[1].exp();
  return torch::cat({new_center - new_size / 2, new_center + new_size / 2}, 1);
}

struct HeadImpl : torch::nn::Module {
  HeadImpl(int64_t channels, int64_t anchors)
      : trunk(register_module("trunk", torch::nn::Sequential())),
        score(register_module("score", torch::nn::Conv2d(channels, anchors, 1))),
        shape(register_module("shape", torch::nn::Conv2d(channels, 4 * anchors, 1))) {
    trunk->push_back(torch::nn::Conv2d(torch::nn::Conv2dOptions(1, channels, 3).padding(1)));
    trunk->push_back(torch::nn::ReLU());
    trunk->push_back(torch::nn::Conv2d(torch::nn::Conv2dOptions(channels, channels, 2).stride(2)));
    trunk->push_back(torch::nn::LeakyReLU(torch::nn::LeakyReLUOptions().negative_slope(0.1)));
    trunk->push_back(torch::nn::Conv2d(torch::nn::Conv2dOptions(channels, channels, 2).stride(2)));
    torch::nn::init::constant_(score->bias, -2);
  }
  std::pair<torch::Tensor, torch::Tensor> forward(torch::Tensor x) {
    auto y = torch::relu(trunk->forward(x));
    const auto n = x.size(0);
    return {score(y).permute({0, 2, 3, 1}).reshape({n, -1}), shape(y).permute({0, 2, 3, 1}).reshape({n, -1, 4})};
  }
  torch::nn::Sequential trunk;
  torch::nn::Conv2d score, shape;
};
TORCH_MODULE(Head);

int main() {
  torch::manual_seed(11);
  std::cout << std::fixed << std::setprecision(4);
  std::vector<Box> list = {{0, 0, 10, 10}, {1, 1, 11, 11}, {20, 20, 30, 32}, {21, 19, 31, 30}, {0, 0, 4, 4}, {40, 40, 44, 50}};
  auto boxes = boxes_tensor(list);
  std::cout << area(boxes) << "\n" << overlap(boxes, boxes) << "\n";
  auto scores = torch::tensor({0.9, 0.8, 0.7, 0.75, 0.6, 0.1});
  for (double limit : {0.1, 0.5, 0.9}) std::cout << suppress(boxes, scores, limit) << "\n";

  auto anchors = anchors_of(4, 4, 4, {4, 8});
  std::cout << anchors.sizes() << " " << anchors.slice(0, 0, 3) << "\n";
  auto truth = torch::tensor({{1.0f, 2.0f, 6.0f, 8.0f}, {9.0f, 7.0f, 15.0f, 12.0f}});
  auto [best, which] = overlap(anchors, truth).max(1);
  auto positive = best > 0.35;
  std::cout << positive.sum().item<int64_t>() << " " << which.masked_select(positive) << "\n";
  auto targets = encode(truth.index_select(0, which), anchors);
  std::cout << torch::allclose(decode(targets, anchors), truth.index_select(0, which), 1e-4, 1e-4) << "\n";

  auto image = torch::zeros({1, 1, 16, 16});
  image.index_put_({0, 0, Slice(2, 8), Slice(1, 6)}, 1);
  image.index_put_({0, 0, Slice(7, 12), Slice(9, 15)}, 1);
  Head head(8, 2);
  torch::optim::Adam optimizer(head->parameters(), torch::optim::AdamOptions(0.01));
  for (int step = 0; step <= 60; ++step) {
    optimizer.zero_grad();
    auto [logits, deltas] = head->forward(image);
    auto loss_score = torch::nn::functional::binary_cross_entropy_with_logits(
        logits[0], positive.to(torch::kFloat32), torch::nn::functional::BinaryCrossEntropyWithLogitsFuncOptions().pos_weight(torch::tensor({3.0f})));
    auto loss_shape = torch::nn::functional::smooth_l1_loss(deltas[0].index({positive}), targets.index({positive}));
    auto loss = loss_score + loss_shape;
    loss.backward();
    torch::nn::utils::clip_grad_norm_(head->parameters(), 5.0);
    optimizer.step();
    if (step % 20 == 0) std::cout << step << " " << std::setprecision(2) << loss.item<float>() << std::setprecision(4) << "\n";
  }
  torch::NoGradGuard no_grad;
  auto [logits, deltas] = head->forward(image);
  auto found = decode(deltas[0], anchors);
  auto kept = suppress(found, logits[0].sigmoid(), 0.3);
  std::cout << overlap(found.index({torch::tensor(kept)}).slice(0, 0, 2), truth).amax(0).gt(0.6) << "\n";
}
