// Single operations and chains of them. Compiled against libtorch and against xgrad.
#include <dlfcn.h>
#include <torch/torch.h>

#include "stepped.h"

namespace benchmarks {

void set_threads(int n) { torch::set_num_threads(n); }

std::string library() {
  const auto core = reinterpret_cast<char* (*)()>(dlsym(RTLD_DEFAULT, "openblas_get_corename"));
  return BENCHMARKS_LIBRARY + std::string(", OpenBLAS core ") + (core ? core() : "unknown");
}

namespace {

torch::Tensor filled(at::IntArrayRef shape, uint32_t seed, float scale = 1) {
  torch::Tensor t = torch::empty(shape);
  Numbers numbers(seed);
  float* data = t.data_ptr<float>();
  for (int64_t i = 0; i < t.numel(); ++i) data[i] = numbers.next(scale);
  return t;
}

void digest_of(const torch::Tensor& t, std::vector<double>& out) {
  const torch::Tensor values = t.detach().contiguous();
  digest(values.data_ptr<float>(), values.numel(), out);
}

// y = y * a + a, 50 times: 100 operations a repetition.
struct ChainWithoutGrad : Workload {
  torch::Tensor x = filled({8}, 1), a = filled({8}, 2, 0.9f);
  torch::Tensor chain() {
    torch::NoGradGuard guard;
    torch::Tensor y = x;
    for (int i = 0; i < 50; ++i) y = y * a + a;
    return y;
  }
  void run(int64_t repetitions) override {
    for (int64_t r = 0; r < repetitions; ++r) chain();
  }
  std::vector<double> outcome() override {
    std::vector<double> out;
    digest_of(chain(), out);
    return out;
  }
};

// A loss that is computed and swept again and again.
struct Swept : Stepped {
  std::vector<torch::Tensor> leaves;
  virtual torch::Tensor loss() = 0;
  torch::Tensor step() override {
    for (torch::Tensor& leaf : leaves) leaf.mutable_grad().reset();
    torch::Tensor l = loss();
    l.backward();
    return l;
  }
  std::vector<double> outcome() override {
    std::vector<double> out{step().item<double>()};
    for (const torch::Tensor& leaf : leaves) digest_of(leaf.grad(), out);
    return out;
  }
};

struct ChainWithGrad : Swept {
  torch::Tensor x = filled({8}, 1).requires_grad_(), a = filled({8}, 2, 0.9f).requires_grad_();
  ChainWithGrad() { leaves = {x, a}; }
  torch::Tensor loss() override {
    torch::Tensor y = x;
    for (int i = 0; i < 50; ++i) y = y * a + a;
    return y.sum();
  }
};

struct TanhProducts : Swept {
  torch::Tensor x = filled({16, 16}, 1), w = filled({16, 16}, 2, 0.4f).requires_grad_();
  TanhProducts() { leaves = {w}; }
  torch::Tensor loss() override {
    torch::Tensor h = x;
    for (int i = 0; i < 50; ++i) h = torch::tanh(torch::matmul(h, w));
    return h.sum();
  }
};

struct Elementwise : Swept {
  torch::Tensor x = filled({1000000}, 1, 2).requires_grad_();
  Elementwise() { leaves = {x}; }
  torch::Tensor loss() override { return torch::exp(torch::tanh(x) * x + torch::sigmoid(x)).mean(); }
};

struct CrossEntropy : Swept {
  torch::Tensor x = filled({4096, 1000}, 1, 3).requires_grad_(), classes = torch::arange(4096).remainder(1000);
  CrossEntropy() { leaves = {x}; }
  torch::Tensor loss() override { return torch::nn::functional::cross_entropy(x, classes); }
};

template <class W> Make maker() {
  return [] { return std::make_unique<W>(); };
}

const Entry entries[] = {
    {"chain", maker<ChainWithoutGrad>()},
    {"chain_backward", maker<ChainWithGrad>()},
    {"tanh_products", maker<TanhProducts>()},
};

// One step of a controller: the net alone, a single input.
struct Controller : Stepped {
  torch::nn::Sequential net;
  torch::Tensor x;
  Controller() {
    torch::manual_seed(7);
    net = torch::nn::Sequential(torch::nn::Linear(4, 32), torch::nn::Tanh(), torch::nn::Linear(32, 16), torch::nn::Tanh(), torch::nn::Linear(16, 4));
    x = torch::randn({1, 4});
  }
  torch::Tensor step() override {
    torch::NoGradGuard no_grad;
    return net->forward(x);
  }
  std::vector<double> outcome() override {
    std::vector<double> out;
    digest_of(step(), out);
    return out;
  }
};

const bool stepped = [] {
  add_step<Elementwise>("elementwise_1m");
  add_step<CrossEntropy>("cross_entropy");
  add_step<Controller>("controller");
  return true;
}();

}  // namespace
}  // namespace benchmarks
