// Orders of memory: channels last, and what keeps it.
#include <torch/torch.h>

static void show(const char* what, const torch::Tensor& t) {
  std::cout << what << ": " << t.sizes() << " " << t.strides() << " " << t.is_contiguous() << t.is_contiguous(at::MemoryFormat::ChannelsLast)
            << t.is_contiguous(at::MemoryFormat::ChannelsLast3d) << t.is_non_overlapping_and_dense() << " " << t.suggest_memory_format() << " "
            << t.suggest_memory_format(true) << "\n";
}

template <class F> static void refused(const char* what, F f) {
  try {
    f();
    std::cout << what << ": done\n";
  } catch (const c10::Error&) {
    std::cout << what << ": refused\n";
  }
}

static void tensors() {
  const auto x = torch::arange(2 * 3 * 4 * 5, torch::kFloat32).view({2, 3, 4, 5});
  const auto last = x.contiguous(torch::MemoryFormat::ChannelsLast);
  show("row-major", x);
  show("channels last", last);
  std::cout << torch::equal(x, last) << " " << last.contiguous(torch::MemoryFormat::ChannelsLast).is_same(last) << " "
            << x.to(torch::MemoryFormat::ChannelsLast).is_same(x) << " " << last.to(torch::MemoryFormat::ChannelsLast).is_same(last) << " "
            << last.to(torch::MemoryFormat::Preserve).is_same(last) << "\n";
  show("clone", last.clone());
  show("clone in order", last.clone(torch::MemoryFormat::Contiguous));
  show("clone of row-major", x.clone(torch::MemoryFormat::ChannelsLast));
  show("to double", last.to(torch::kDouble));
  show("to double in order", last.to(torch::kDouble, false, false, torch::MemoryFormat::Contiguous));
  show("options", x.to(torch::TensorOptions().dtype(torch::kInt).memory_format(torch::MemoryFormat::ChannelsLast)));
  show("seven arguments", x.to(torch::kDouble, torch::kStrided, torch::Device(torch::kCPU), false, false, true, torch::MemoryFormat::ChannelsLast));
  show("seven arguments, most open", x.to(c10::nullopt, c10::nullopt, c10::nullopt, c10::nullopt, false, true, torch::MemoryFormat::ChannelsLast));
  show("empty", torch::empty({2, 3, 4, 5}, torch::TensorOptions().memory_format(torch::MemoryFormat::ChannelsLast)));
  show("empty, argument", torch::empty({2, 0, 4, 5}, torch::kInt, torch::MemoryFormat::ChannelsLast));
  show("zeros_like", torch::zeros_like(x, {}, torch::MemoryFormat::ChannelsLast));
  show("ones_like", torch::ones_like(last));
  show("full_like", torch::full_like(last, 2, {}, torch::MemoryFormat::Contiguous));
  show("rand_like", torch::rand_like(x, torch::TensorOptions().memory_format(torch::MemoryFormat::ChannelsLast)));
  show("volume", torch::ones({2, 3, 4, 5, 6}).contiguous(torch::MemoryFormat::ChannelsLast3d));
  show("one channel", torch::ones({2, 1, 4, 5}));
  show("one channel, last", torch::ones({2, 1, 4, 5}).to(torch::MemoryFormat::ChannelsLast));
  show("pixels", torch::ones({2, 3, 1, 1}).contiguous(torch::MemoryFormat::ChannelsLast));
  show("permuted", torch::ones({2, 4, 5, 3}).permute({0, 3, 1, 2}));
  show("sliced", last.slice(3, 0, 4, 2));
  auto resized = torch::empty({0});
  show("resized", resized.resize_({2, 3, 4, 5}, torch::MemoryFormat::ChannelsLast));
  show("resized as", torch::empty({0}).resize_as_(last, torch::MemoryFormat::Preserve));
  torch::manual_seed(3);
  const auto drawn = torch::rand_like(last);
  std::cout << drawn.flatten().slice(0, 0, 4) << "\n";
  refused("three axes", [] { torch::ones({2, 3, 4}).contiguous(torch::MemoryFormat::ChannelsLast); });
  refused("five axes", [] { torch::ones({1, 2, 3, 4, 5}).clone(torch::MemoryFormat::ChannelsLast); });
  refused("four axes", [] { torch::ones({2, 3, 4, 5}).contiguous(torch::MemoryFormat::ChannelsLast3d); });
  refused("to preserve", [] { torch::ones({2, 3}).t().contiguous(torch::MemoryFormat::Preserve); });
  refused("to preserve what is row-major", [] { torch::ones({2, 3}).contiguous(torch::MemoryFormat::Preserve); });
  refused("twice", [] {
    torch::empty({2, 3, 4, 5}, torch::TensorOptions().memory_format(torch::MemoryFormat::ChannelsLast), torch::MemoryFormat::Contiguous);
  });
}

static void layers() {
  torch::manual_seed(1);
  auto net = torch::nn::Sequential(torch::nn::Conv2d(torch::nn::Conv2dOptions(3, 8, 3).padding(1)), torch::nn::BatchNorm2d(8), torch::nn::ReLU(),
                                   torch::nn::MaxPool2d(2), torch::nn::Conv2d(8, 4, 1), torch::nn::AdaptiveAvgPool2d(2));
  auto x = torch::randn({2, 3, 8, 8}), last = x.contiguous(torch::MemoryFormat::ChannelsLast).requires_grad_();
  x.requires_grad_();
  const auto y = net->forward(x), y_last = net->forward(last);
  std::cout << torch::allclose(y, y_last, 1e-4, 1e-5) << "\n";
  y.square().sum().backward();
  y_last.square().sum().backward();
  std::cout << torch::allclose(x.grad(), last.grad(), 1e-3, 1e-4) << " " << last.grad().strides() << "\n";
  show("added", last.detach() + 1);
  show("relu", torch::relu(last.detach()));
  show("with row-major", last.detach() * x.detach());
  show("cat", torch::cat({last.detach(), last.detach()}, 1));
  show("flat", last.detach().flatten(1));
}

int main() {
  tensors();
  layers();
}
