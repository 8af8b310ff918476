// Making, printing, indexing, slicing and combining tensors.
#include <torch/torch.h>

using namespace torch::indexing;

static void creation() {
  std::cout << torch::zeros({2, 3}) << "\n" << torch::ones({3}, torch::kInt64) << "\n";
  std::cout << torch::arange(6) << "\n" << torch::arange(0, 1, 0.25) << "\n" << torch::linspace(-1, 1, 5) << "\n";
  std::cout << torch::eye(3, torch::dtype(torch::kFloat64)) << "\n" << torch::full({2, 2}, 7.5) << "\n";
  std::cout << torch::tensor({{1.0, 2.5}, {-3.25, 1e-3}}) << "\n" << torch::tensor({true, false}) << "\n";
  std::cout << torch::tensor({1, 2, 3}).scalar_type() << " " << torch::tensor(2.5) << "\n";
  std::cout << torch::empty({0, 3}) << "\n" << torch::Tensor() << "\n";
  std::cout << torch::tensor({1e10, 1.0, -2.5}) << "\n" << torch::tensor({NAN, INFINITY, -1.0f}) << "\n";
  std::cout << torch::arange(24, torch::kFloat32).view({2, 3, 4}) << "\n";
}

static void indexing() {
  torch::Tensor x = torch::arange(20, torch::kInt32).view({4, 5});
  std::cout << x[1] << "\n" << x[2][3] << "\n" << x.index({Slice(), 1}) << "\n";
  std::cout << x.index({Slice(1, None, 2), Slice(None, -1)}) << "\n" << x.index({"...", 0}) << "\n";
  std::cout << x.index({torch::tensor({3, 0}), torch::tensor({1, 1})}) << "\n";
  std::cout << x.index({x.gt(14)}) << "\n" << x.select(1, 4) << "\n" << x.narrow(0, 1, 2) << "\n";
  x.index_put_({0, Slice(0, 2)}, -1);
  x[3] = 100;
  std::cout << x << "\n" << x.t() << "\n";
  std::cout << x.index({None, Slice(0, 2)}).sizes() << " " << x.unsqueeze(-1).sizes() << " " << x.t().strides() << "\n";
}

static void combining() {
  torch::Tensor a = torch::arange(3, torch::kFloat32).view({3, 1}), b = torch::arange(4, torch::kFloat32) * 10;
  std::cout << a + b << "\n" << (a * b).sum(0) << "\n" << (b - a).mean(1, true) << "\n";
  std::cout << torch::cat({a, a + 1}, 1) << "\n" << torch::stack({b, -b}) << "\n";
  std::cout << (a < b).any(1) << "\n" << torch::where(b > 5, b, torch::zeros_like(b)) << "\n";
  auto [values, indices] = torch::tensor({{3, 1, 2}, {9, 8, 7}}).sort(1);
  std::cout << values << "\n" << indices << "\n" << b.argmax().item<int64_t>() << " " << b.max().item<float>() << "\n";
  std::cout << (torch::ones({2}, torch::kInt32) + 1.5) << "\n" << torch::ones({2}, torch::kInt32) / 2 << "\n";
  for (const auto& part : torch::arange(5).chunk(2)) std::cout << part << "\n";
  std::cout << torch::matmul(a.t(), a) << "\n" << a.transpose(0, 1).contiguous().equal(a.view({1, 3})) << "\n";
}

int main() {
  creation();
  indexing();
  combining();
  try {
    torch::ones({2, 3}) + torch::ones({4});
  } catch (const c10::Error&) {
    std::cout << "shapes refused\n";
  }
}
