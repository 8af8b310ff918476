// What libtorch's torch::save writes, for tests/io/pickle.cpp, with PyTorch 1.13. Run in tests/data/pickles; to be linked with -ltorch
// -ltorch_cpu -lc10.
#include <torch/torch.h>

int main() {
  torch::manual_seed(0);
  torch::nn::Linear first(2, 3), last(3, 1);
  torch::nn::Sequential net(first, torch::nn::BatchNorm1d(3), last);
  torch::save(net, "libtorch_module.pt");
  torch::save(std::vector<torch::Tensor>{torch::ones({2}), torch::zeros({1})}, "libtorch_list.pt");
}
