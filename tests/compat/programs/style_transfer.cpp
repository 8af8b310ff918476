// Optimises an image rather than a net: Gram matrices of frozen features, total variation, Adam on pixels.
#include <torch/torch.h>

#include <cstdio>
#include <string>
#include <unordered_map>
#include <vector>

class FeatureNetImpl : public torch::nn::Module {
 public:
  explicit FeatureNetImpl(std::vector<int64_t> scratch) {
    int64_t in = 3, i = 0;
    for (int64_t width : scratch) {
      if (width == -1) layers_->push_back(torch::nn::AvgPool2d(2));
      else {
        layers_->push_back(torch::nn::Conv2d(torch::nn::Conv2dOptions(in, width, 3).padding(1)));
        layers_->push_back(torch::nn::ReLU(torch::nn::ReLUOptions(/*inplace=*/true)));
        selected_.push_back(layers_->size() - 1);
        in = width;
      }
      ++i;
    }
    register_module("layers", layers_);
    torch::NoGradGuard no_grad;
    for (auto& p : parameters()) p.uniform_(-0.3, 0.4);
  }
  std::vector<torch::Tensor> forward(torch::Tensor x) {
    std::vector<torch::Tensor> out;
    size_t i = 0, next = 0;
    for (auto m = layers_->begin(); m != layers_->end(); ++m, ++i) {
      x = m->any_forward(x).get<torch::Tensor>();
      if (next < selected_.size() && selected_[next] == i) out.push_back(x), ++next;
    }
    return out;
  }
  void set_selected_layer_idxs(std::vector<size_t> indices) { selected_ = std::move(indices); }

 private:
  torch::nn::Sequential layers_;
  std::vector<size_t> selected_;
};
TORCH_MODULE(FeatureNet);

static torch::Tensor gram(const torch::Tensor& f) {
  auto m = f.flatten(2).squeeze(0);
  return m.matmul(m.transpose(0, 1)).div_(static_cast<double>(m.numel()));
}

static torch::Tensor total_variation(const torch::Tensor& x) { return torch::diff(x, 1, 2).abs().mean() + torch::diff(x, 1, -1).abs().mean(); }

int main() {
  torch::manual_seed(70);
  FeatureNet net(std::vector<int64_t>{4, 6, -1, 8});
  net->eval();
  for (auto& p : net->parameters()) p.requires_grad_(false);
  std::cout << net << "\n";
  auto axis = torch::linspace(0, 1, 12);
  auto content = torch::stack({axis.unsqueeze(0).repeat({12, 1}), axis.unsqueeze(1).expand({12, 12}), axis.outer(axis)}).unsqueeze(0);
  auto style = ((torch::arange(12).view({12, 1}) + torch::arange(12)).remainder(3).to(torch::kFloat) / 2).expand({1, 3, 12, 12}).clone();
  const auto mean = torch::tensor({0.485f, 0.456f, 0.406f}).view({1, -1, 1, 1}), std = torch::tensor({0.229f, 0.224f, 0.225f}).reshape({1, 3, 1, 1});
  auto normalize = [&](const torch::Tensor& x) { return x.sub(mean).div(std); };

  std::vector<torch::Tensor> content_features, style_grams;
  {
    torch::NoGradGuard no_grad;
    content_features = net(normalize(content));
    for (auto& f : net(normalize(style))) style_grams.push_back(gram(f));
  }
  auto target = content.clone().set_requires_grad(true);
  torch::optim::Adam optimizer(std::vector<torch::Tensor>{target}, torch::optim::AdamOptions(0.02).betas(std::make_tuple(0.5, 0.999)));
  for (int step = 1; step <= 12; ++step) {
    auto features = net(normalize(target));
    auto style_loss = torch::zeros(1, torch::requires_grad(false)), content_loss = torch::zeros({1});
    for (size_t i = 0; i < features.size(); ++i) {
      content_loss += torch::nn::functional::mse_loss(features[i], content_features[i]);
      style_loss += torch::nn::MSELoss(torch::nn::MSELossOptions(torch::kMean))(gram(features[i]), style_grams[i]);
    }
    auto loss = content_loss + 10 * style_loss + 0.1 * total_variation(target);
    optimizer.zero_grad();
    loss.backward();
    optimizer.step();
    {
      torch::NoGradGuard no_grad;
      target.clamp_(0, 1);
    }
    if (step % 4 == 0)
      std::printf("Step [%d/12], Content Loss: %.3f, Style Loss: %.3f\n", step, content_loss.item<float>(), style_loss.item<float>());
  }
  auto pixels = target.detach().squeeze(0).permute({1, 2, 0}).mul(255).round().clamp(0, 255).to(torch::kU8).contiguous();
  std::cout << pixels.sizes() << " " << pixels.dtype() << " " << pixels.is_contiguous()
            << " in range: " << (pixels.max().item<int>() <= 255 && pixels.min().item<uint8_t>() >= 0) << "\n";
  net->set_selected_layer_idxs({0});
  std::cout << net(content).size() << " " << net(content)[0].sizes() << "\n";
}
