// A residual net in the shape of torchvision's, tiny: blocks as template parameters, an optional downsample, running statistics.
#include <torch/torch.h>

#include <cstdio>
#include <vector>

namespace {

torch::nn::Conv2dOptions conv_options(int64_t in_planes, int64_t out_planes, int64_t kernel_size, int64_t stride = 1, int64_t padding = 0,
                                      bool with_bias = false) {
  torch::nn::Conv2dOptions conv_options = torch::nn::Conv2dOptions(in_planes, out_planes, kernel_size);
  conv_options.stride(stride);
  conv_options.padding(padding);
  conv_options.bias(with_bias);
  return conv_options;
}

struct BasicBlock : torch::nn::Module {
  static const int expansion;
  int64_t stride;
  torch::nn::Conv2d conv1;
  torch::nn::BatchNorm2d bn1;
  torch::nn::Conv2d conv2;
  torch::nn::BatchNorm2d bn2;
  torch::nn::Sequential downsample;

  BasicBlock(int64_t inplanes, int64_t planes, int64_t stride_ = 1, torch::nn::Sequential downsample_ = torch::nn::Sequential())
      : stride(stride_),
        conv1(conv_options(inplanes, planes, 3, stride_, 1)),
        bn1(planes),
        conv2(conv_options(planes, planes, 3, 1, 1)),
        bn2(planes),
        downsample(downsample_) {
    register_module("conv1", conv1);
    register_module("bn1", bn1);
    register_module("conv2", conv2);
    register_module("bn2", bn2);
    if (!downsample->is_empty()) register_module("downsample", downsample);
  }
  torch::Tensor forward(torch::Tensor x) {
    at::Tensor residual(x.clone());
    x = conv1->forward(x);
    x = bn1->forward(x);
    x = torch::relu(x);
    x = conv2->forward(x);
    x = bn2->forward(x);
    if (!downsample->is_empty()) residual = downsample->forward(residual);
    x += residual;
    x = torch::relu_(x);
    return x;
  }
};
const int BasicBlock::expansion = 1;

template <class Block> struct ResNet : torch::nn::Module {
  int64_t inplanes = 8;
  torch::nn::Conv2d conv1;
  torch::nn::BatchNorm2d bn1;
  torch::nn::Sequential layer1, layer2;
  torch::nn::AdaptiveAvgPool2d pool{torch::nn::AdaptiveAvgPool2dOptions(1)};
  torch::nn::Linear fc;

  ResNet(torch::IntList layers, int64_t num_classes)
      : conv1(conv_options(3, 8, 3, 1, 1)),
        bn1(torch::nn::BatchNorm2dOptions(8).momentum(0.2)),
        layer1(_make_layer(8, layers[0])),
        layer2(_make_layer(16, layers[1], 2)),
        fc(16 * Block::expansion, num_classes) {
    register_module("conv1", conv1);
    register_module("bn1", bn1);
    register_module("layer1", layer1);
    register_module("layer2", layer2);
    register_module("pool", pool);
    register_module("fc", fc);
    for (auto& m : this->modules(false)) {
      if (m->name() == "torch::nn::Conv2dImpl") {
        for (auto& p : m->parameters()) torch::nn::init::kaiming_normal_(p, 0, torch::kFanOut, torch::kReLU);
      } else if (m->name() == "torch::nn::BatchNorm2dImpl") {
        for (auto& p : m->named_parameters()) {
          if (p.key() == "weight") torch::nn::init::constant_(p.value(), 1);
          else if (p.key() == "bias") torch::nn::init::constant_(p.value(), 0);
        }
      }
    }
  }
  torch::Tensor forward(torch::Tensor x) {
    x = torch::relu(bn1->forward(conv1->forward(x)));
    x = layer2->forward(layer1->forward(x));
    x = pool(x).view({x.size(0), -1});
    return fc->forward(x);
  }

 private:
  torch::nn::Sequential _make_layer(int64_t planes, int64_t blocks, int64_t stride = 1) {
    torch::nn::Sequential downsample;
    if (stride != 1 || inplanes != planes * Block::expansion) {
      downsample->push_back(torch::nn::Conv2d(conv_options(inplanes, planes * Block::expansion, 1, stride)));
      downsample->push_back(torch::nn::BatchNorm2d(planes * Block::expansion));
    }
    torch::nn::Sequential layers;
    layers->push_back(Block(inplanes, planes, stride, downsample));
    inplanes = planes * Block::expansion;
    for (int64_t i = 0; i < blocks - 1; i++) layers->push_back(Block(inplanes, planes));
    return layers;
  }
};

}  // namespace

int main() {
  torch::manual_seed(9);
  torch::Device device("cpu");
  if (torch::cuda::is_available()) device = torch::Device("cuda:0");
  torch::Tensor t = torch::rand({4, 3, 8, 8}).to(device);
  ResNet<BasicBlock> resnet({1, 2}, 5);
  resnet.to(device);
  for (const auto& p : resnet.named_parameters()) std::cout << p.key() << " " << p.value().sizes() << "\n";
  for (const auto& b : resnet.named_buffers()) std::cout << b.key() << " " << b.value().dim() << "\n";

  torch::optim::SGD optimizer(resnet.parameters(), torch::optim::SGDOptions(0.01).momentum(0.9).dampening(0).weight_decay(1e-4));
  auto target = torch::tensor({0, 3, 1, 4});
  resnet.train();
  for (int step = 0; step < 3; ++step) {
    optimizer.zero_grad();
    auto loss = torch::cross_entropy_loss(resnet.forward(t), target);
    loss.backward();
    optimizer.step();
    std::printf("step %d: %.3f\n", step, loss.item<float>());
  }
  auto buffers = resnet.named_buffers();
  std::cout << "batches " << buffers["bn1.num_batches_tracked"].item<int64_t>() << "\n";
  for (int64_t i = 0; i < 4; ++i)
    std::printf("%.3f %.3f\n", buffers["bn1.running_mean"][i].item<float>(), buffers["layer2.0.downsample.1.running_var"][i].item<float>());
  resnet.eval();
  auto a = resnet.forward(t), b = resnet.forward(t.slice(0, 0, 1));
  std::cout << a.sizes() << " alone or in a batch: " << torch::allclose(a[0], b[0], 1e-4, 1e-5) << "\n";
  std::cout << "statistics unchanged: " << buffers["bn1.num_batches_tracked"].item<int64_t>() << "\n";
  int64_t trainable = 0;
  for (const auto& p : resnet.parameters()) trainable += p.requires_grad() ? p.numel() : 0;
  std::cout << trainable << " parameters\n";
}
