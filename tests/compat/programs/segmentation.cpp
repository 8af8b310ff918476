// Finds discs in noisy images with a small U-shaped net: skip connections, transposed convolutions, Dice loss, intersection over union.
#include <torch/torch.h>

#include <cstdio>
#include <vector>

using namespace torch::indexing;
namespace F = torch::nn::functional;

class DoubleConvImpl : public torch::nn::SequentialImpl {
 public:
  DoubleConvImpl(int64_t in, int64_t out, int64_t groups = 2)
      : SequentialImpl(torch::nn::Conv2d(options(in, out)), torch::nn::GroupNorm(groups, out), torch::nn::SiLU()) {
    push_back(torch::nn::Conv2d(options(out, out)));
    push_back(torch::nn::GroupNorm(torch::nn::GroupNormOptions(groups, out).eps(1e-4)));
    push_back(torch::nn::SiLU());
  }
  torch::Tensor forward(torch::Tensor x) { return SequentialImpl::forward(x); }

 private:
  static torch::nn::Conv2dOptions options(int64_t in, int64_t out) {
    return torch::nn::Conv2dOptions(in, out, 3).padding(torch::kSame).bias(false).padding_mode(torch::kReplicate);
  }
};
TORCH_MODULE(DoubleConv);

class UNetImpl : public torch::nn::Module {
 public:
  explicit UNetImpl(int64_t width) {
    down1 = register_module("down1", DoubleConv(1, width));
    down2 = register_module("down2", DoubleConv(width, 2 * width));
    bottom = register_module("bottom", DoubleConv(2 * width, 4 * width));
    up2 = register_module("up2", torch::nn::ConvTranspose2d(torch::nn::ConvTranspose2dOptions(4 * width, 2 * width, 2).stride(2)));
    conv2 = register_module("conv2", DoubleConv(4 * width, 2 * width));
    up1 = register_module(
        "up1", torch::nn::Upsample(torch::nn::UpsampleOptions().scale_factor(std::vector<double>{2, 2}).mode(torch::kBilinear).align_corners(false)));
    conv1 = register_module("conv1", DoubleConv(3 * width, width));
    out = register_module("out", torch::nn::Conv2d(width, 1, 1));
  }
  torch::Tensor forward(const torch::Tensor& x) {
    auto a = down1(x), b = down2(F::max_pool2d(a, F::MaxPool2dFuncOptions(2)));
    auto c = bottom(F::avg_pool2d(b, F::AvgPool2dFuncOptions({2, 2})));
    auto d = conv2(torch::cat({up2(c), b}, 1));
    return out(conv1(torch::cat({up1(d), a}, 1))).squeeze(1);
  }

 private:
  DoubleConv down1{nullptr}, down2{nullptr}, bottom{nullptr}, conv2{nullptr}, conv1{nullptr};
  torch::nn::ConvTranspose2d up2{nullptr};
  torch::nn::Upsample up1{nullptr};
  torch::nn::Conv2d out{nullptr};
};
TORCH_MODULE(UNet);

static torch::Tensor dice_loss(const torch::Tensor& logits, const torch::Tensor& target, double smooth = 1) {
  auto p = logits.sigmoid().flatten(1), t = target.flatten(1);
  return 1 - ((2 * (p * t).sum(1) + smooth) / (p.sum(1) + t.sum(1) + smooth)).mean();
}

static std::pair<torch::Tensor, torch::Tensor> discs(int64_t n, int64_t size) {
  auto axis = torch::arange(size, torch::kFloat);
  auto centre = torch::rand({n, 2}) * (size / 2) + size / 4;
  auto radius = torch::rand({n, 1, 1}) * 2 + 2;
  auto dy = axis.view({1, size, 1}) - centre.index({Slice(), 0, None, None}), dx = axis.view({1, 1, size}) - centre.index({"...", 1}).view({n, 1, 1});
  auto mask = ((dx * dx + dy * dy).sqrt() < radius).to(torch::kFloat);
  return {(mask + 0.3 * torch::randn({n, size, size})).unsqueeze(1), mask};
}

int main() {
  torch::manual_seed(40);
  auto [images, masks] = discs(8, 16);
  std::cout << images.sizes() << " " << masks.sum({1, 2}).to(torch::kInt) << "\n";
  UNet net(4);
  for (auto& p : net->parameters())
    if (p.dim() == 4) torch::nn::init::kaiming_uniform_(p, std::sqrt(5.0));
  for (const auto& child : net->named_children())
    std::cout << child.key() << " " << child.value()->name() << " " << child.value()->parameters().size() << "\n";
  torch::optim::AdamW optimizer(net->parameters(), torch::optim::AdamWOptions(5e-3));
  for (int epoch = 1; epoch <= 4; ++epoch) {
    for (int64_t i = 0; i < images.size(0); i += 4) {
      auto x = images.narrow(0, i, 4), y = masks.narrow(0, i, 4);
      if (epoch % 2 == 0) x = x.flip({3}), y = y.flip({2});
      auto logits = net(x);
      auto loss = F::binary_cross_entropy_with_logits(logits, y, F::BinaryCrossEntropyWithLogitsFuncOptions().pos_weight(torch::tensor(2.0))) +
                  dice_loss(logits, y);
      optimizer.zero_grad();
      loss.backward();
      optimizer.step();
      if (i == 4) std::printf("epoch %d loss %.3f\n", epoch, loss.item<float>());
    }
  }
  torch::NoGradGuard no_grad;
  auto predicted = net(images) > 0, truth = masks > 0.5;
  auto intersection = (predicted & truth).sum({1, 2}), together = (predicted | truth).sum({1, 2});
  auto iou = intersection.to(torch::kFloat) / together.clamp(1);
  std::cout << iou.sizes() << " better than nothing: " << (iou.mean().item<float>() > 0.3) << "\n";
  auto large =
      F::interpolate(images.slice(0, 0, 1), F::InterpolateFuncOptions().size(std::vector<int64_t>{32, 24}).mode(torch::kBicubic).align_corners(true));
  std::printf("%.3f\n", large.mean().item<float>());
  std::cout << net(large).sizes() << "\n";
}
