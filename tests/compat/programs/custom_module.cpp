// A module of one's own: TORCH_MODULE, registered parts, named parameters, printing, cloning, apply.
#include <torch/torch.h>

struct ScaleOptions {
  ScaleOptions(int64_t size) : size_(size) {}
  TORCH_ARG(int64_t, size);
  TORCH_ARG(double, factor) = 2.5;
  TORCH_ARG(std::vector<double>, weights) = {};
};

struct BlockImpl : torch::nn::Cloneable<BlockImpl> {
  BlockImpl(int64_t in, int64_t out, double p = 0.25) : in(in), out(out), p(p) { reset(); }
  void reset() override {
    linear = register_module("linear", torch::nn::Linear(torch::nn::LinearOptions(in, out).bias(false)));
    activation = register_module("activation", torch::nn::ReLU());
    drop = register_module("drop", torch::nn::Dropout(p));
    scale = register_parameter("scale", torch::ones({out}));
    calls = register_buffer("calls", torch::zeros({}, torch::kLong));
  }
  torch::Tensor forward(const torch::Tensor& x) {
    calls += 1;
    return drop(activation(linear(x))) * scale;
  }
  int64_t in, out;
  double p;
  torch::nn::Linear linear{nullptr};
  torch::nn::ReLU activation{nullptr};
  torch::nn::Dropout drop{nullptr};
  torch::Tensor scale, calls;
};
TORCH_MODULE(Block);

int main() {
  std::cout << std::boolalpha;
  torch::manual_seed(3);
  Block last(3, 2, 0.5), first(4, 3);
  torch::nn::Sequential net(first, last, torch::nn::Flatten(), torch::nn::LogSoftmax(torch::nn::LogSoftmaxOptions(1)));
  std::cout << net << "\n";
  for (const auto& item : net->named_parameters()) std::cout << item.key() << " " << item.value().sizes() << "\n";
  for (const auto& item : net->named_buffers()) std::cout << item.key() << " " << item.value().scalar_type() << "\n";
  for (const auto& item : net->named_modules("net")) std::cout << item.key() << ": " << item.value()->name() << "\n";
  std::cout << net->size() << " parts, " << net->parameters().size() << " parameters, " << net->children().size() << " children\n";

  net->eval();
  torch::nn::init::eye_(net->parameters()[3]);
  auto x = torch::linspace(-1, 2, 8).view({2, 4});
  auto before = net->forward(x);
  std::cout << before << "\n" << net->is_training() << " " << net->named_buffers()["0.calls"].item<int64_t>() << "\n";

  auto copy = std::dynamic_pointer_cast<torch::nn::SequentialImpl>(net->clone());
  net->apply([](torch::nn::Module& module) {
    if (auto* linear = module.as<torch::nn::Linear>()) {
      torch::NoGradGuard no_grad;
      linear->weight.fill_(0.5);
    }
  });
  std::cout << net->forward(x) << "\n" << torch::equal(copy->forward(x), before) << "\n";

  torch::nn::ModuleList list(torch::nn::Linear(1, 2), torch::nn::Tanh());
  list->push_back(torch::nn::Dropout(0.1));
  std::cout << *list << "\n" << Block(2, 2) << "\n";
  net->to(torch::kFloat64);
  std::cout << net->parameters()[0].scalar_type() << "\n";
  net->zero_grad();

  auto options = ScaleOptions(3).factor(4).weights({1, 2});
  options.size() += 1;
  std::cout << options.size() << " " << options.factor() << " " << options.weights().size() << " " << ScaleOptions(1).factor() << "\n";
}
