// Runs small operations for callgrind to count: none, or 1000 of a chain y = y * a + a on 8 floats, forward only or with
// gradients. See instructions.sh.
#include <torch/torch.h>

#include <cstdlib>
#include <string>

namespace {

constexpr int kDeep = 50;  // pairs of operations in a chain

torch::Tensor chain(const torch::Tensor& x, const torch::Tensor& a) {
  torch::Tensor y = x;
  for (int i = 0; i < kDeep; ++i) y = y * a + a;
  return y;
}

void forward(const torch::Tensor& x, const torch::Tensor& a, int times) {
  torch::NoGradGuard guard;
  for (int i = 0; i < times; ++i) chain(x, a);
}

void forward_and_backward(torch::Tensor x, torch::Tensor a, int times) {
  x.set_requires_grad(true);
  a.set_requires_grad(true);
  for (int i = 0; i < times; ++i) {
    x.mutable_grad().reset();
    a.mutable_grad().reset();
    chain(x, a).sum().backward();
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  torch::set_num_threads(1);
  const int times = std::atoi(argv[2]);
  const torch::Tensor x = torch::full({8}, 0.5), a = torch::full({8}, 0.25);
  if (std::string(argv[1]) == "forward") forward(x, a, times);
  else forward_and_backward(x, a, times);
}
