#include <torch/torch.h>

#include <iostream>

namespace F = torch::nn::functional;

// A net of the commonest kind, with a skip connection.
struct NetImpl : torch::nn::Module {
  NetImpl() {
    register_module("conv1", conv1);
    register_module("conv2", conv2);
    register_module("skip", skip);
    register_module("up", up);
    register_module("head", head);
  }
  torch::Tensor forward(torch::Tensor x) {
    x = torch::relu(conv1(x));
    x = torch::relu(conv2(x) + skip(x));
    x = torch::tanh(up(x));
    return head(x.flatten(1));
  }
  torch::nn::Conv2d conv1{torch::nn::Conv2dOptions(1, 4, 3).padding(1).bias(false)};
  torch::nn::Conv2d conv2{torch::nn::Conv2dOptions(4, 6, {3, 2}).stride({2, 1}).padding({1, 1}).dilation({1, 2}).groups(2)};
  torch::nn::Conv2d skip{torch::nn::Conv2dOptions(4, 6, 1).stride({2, 1}).padding({0, 0})};
  torch::nn::ConvTranspose2d up{torch::nn::ConvTranspose2dOptions(6, 2, 3).stride(2).output_padding(1)};
  torch::nn::Linear head{2 * 12 * 22, 3};
};
TORCH_MODULE(Net);

template <class M> void show(const char* name, M module, const torch::Tensor& x) {
  const auto y = module->forward(x);
  y.square().sum().backward();
  std::cout << name << ' ' << y.sizes() << ' ' << y.sum().template item<double>() << ' ' << y.flatten()[0].template item<double>();
  for (const auto& p : module->named_parameters())
    std::cout << ' ' << p.key() << ' ' << p.value().sizes() << ' ' << p.value().grad().abs().sum().template item<double>();
  std::cout << '\n' << module << '\n';
}

int main() {
  torch::manual_seed(0);
  std::cout.precision(5);
  const auto image = torch::randn({2, 4, 7, 6}, torch::kDouble), signal = torch::randn({2, 4, 9}, torch::kDouble);
  const auto volume = torch::randn({1, 2, 4, 3, 5}, torch::kDouble);
  const auto module = [](auto m) {
    m->to(torch::kDouble);
    return m;
  };
  using namespace torch::nn;
  show("signal", module(Conv1d(4, 3, 3)), signal);
  show("same", module(Conv1d(Conv1dOptions(4, 3, 4).padding(torch::kSame).dilation(2))), signal);
  show("valid", module(Conv2d(Conv2dOptions(4, 3, {2, 3}).padding(torch::kValid))), image);
  show("depthwise", module(Conv2d(Conv2dOptions(4, 8, 3).groups(4).padding(1))), image);
  show("strided", module(Conv2d(Conv2dOptions(4, 3, 3).stride(2).padding({2, 1}).dilation({2, 1}).bias(false))), image);
  show("volume", module(Conv3d(Conv3dOptions(2, 3, {2, 2, 3}).padding({1, 0, 1}))), volume);
  show("transposed signal", module(ConvTranspose1d(ConvTranspose1dOptions(4, 2, 3).stride(2).padding(1).output_padding(1))), signal);
  show("transposed image", module(ConvTranspose2d(ConvTranspose2dOptions(4, 2, {3, 4}).stride({2, 3}).groups(2).dilation({2, 1}))), image);
  show("transposed volume", module(ConvTranspose3d(ConvTranspose3dOptions(2, 3, 2).stride({1, 2, 1}))), volume);
  std::cout << module(ConvTranspose2d(ConvTranspose2dOptions(4, 2, 3).stride(2)))->forward(image, std::vector<int64_t>{16, 14}).sizes() << '\n';

  const auto w = torch::randn({2, 4, 3, 3}, torch::kDouble);
  std::cout << F::conv2d(image, w, F::Conv2dFuncOptions().stride(2).padding(1)).sum().item<double>() << ' '
            << F::conv_transpose2d(image, w.transpose(0, 1), F::ConvTranspose2dFuncOptions().padding(1)).sum().item<double>() << ' '
            << torch::conv2d(image, w, {}, 1, {1, 0}).sizes() << ' ' << torch::conv2d(image[0], w).sizes() << '\n';

  Net net;
  torch::optim::SGD optimizer(net->parameters(), torch::optim::SGDOptions(0.02).momentum(0.9));
  const auto x = torch::randn({8, 1, 10, 10});
  const auto y = torch::arange(8).remainder(3);
  for (int step = 0; step < 20; ++step) {
    optimizer.zero_grad();
    const auto loss = F::cross_entropy(net->forward(x), y);
    loss.backward();
    optimizer.step();
    if (step % 5 == 0) std::cout << "loss " << loss.item<float>() << '\n';
  }
  std::cout << net << '\n';
  const auto attempt = [](auto f) {
    try {
      f();
      std::cout << "nothing thrown\n";
    } catch (const c10::Error&) {
      std::cout << "refused\n";
    }
  };
  attempt([] { Conv2d(Conv2dOptions(3, 4, 3).groups(2)); });
  attempt([] { Conv2d(Conv2dOptions(4, 4, 3).stride(2).padding(torch::kSame)); });
  attempt([&] { Conv2d(3, 4, 3)->forward(image); });
}
