// Steps of optimizers.
#include <torch/torch.h>

#include <algorithm>
#include <memory>
#include <vector>

#include "workload.h"

namespace benchmarks { namespace {

torch::Tensor numbers(torch::IntArrayRef shape, uint32_t seed) {
  const torch::Tensor t = torch::empty(shape);
  std::vector<float> values = Numbers(seed).take(t.numel(), 1);
  std::copy(values.begin(), values.end(), t.data_ptr<float>());
  return t;
}

// Over tensors whose gradients stand still.
template <class O, class Options> struct Steps : Workload {
  std::vector<torch::Tensor> parameters;
  std::unique_ptr<O> optimizer;
  Steps(torch::IntArrayRef shape, int64_t count, const Options& options) {
    for (int64_t i = 0; i < count; ++i) {
      parameters.push_back(numbers(shape, 1 + static_cast<uint32_t>(i)).requires_grad_());
      parameters.back().mutable_grad() = numbers(shape, 1001 + static_cast<uint32_t>(i));
    }
    optimizer = std::make_unique<O>(parameters, options);
  }
  void run(int64_t repetitions) override {
    for (int64_t r = 0; r < repetitions; ++r) optimizer->step();
  }
  std::vector<double> outcome() override {
    std::vector<double> out;
    run(3);
    for (const torch::Tensor& p : parameters) digest(p.data_ptr<float>(), p.numel(), out);
    return out;
  }
};

template <class O, class Options> Make hundred_small(Options options) {
  return [options] { return std::make_unique<Steps<O, Options>>(torch::IntArrayRef{100}, 100, options); };
}
template <class O, class Options> Make one_large(Options options) {
  return [options] { return std::make_unique<Steps<O, Options>>(torch::IntArrayRef{2500, 4000}, 1, options); };
}

// A step of 20 iterations on Rosenbrock's function of 100 variables, from the same point each time.
struct Rosenbrock : Workload {
  torch::Tensor start = numbers({100}, 1), x = start.clone().requires_grad_();

  double minimize() {
    torch::optim::LBFGS optimizer({x}, torch::optim::LBFGSOptions(1).max_iter(20).max_eval(1000).line_search_fn("strong_wolfe"));
    {
      torch::NoGradGuard no_grad;
      x.copy_(start);
    }
    optimizer.step([&] {
      optimizer.zero_grad();
      const torch::Tensor head = x.slice(0, 0, -1), tail = x.slice(0, 1);
      torch::Tensor loss = (100 * (tail - head * head).pow(2) + (1 - head).pow(2)).sum();
      loss.backward();
      return loss;
    });
    return x.sum().item<double>();
  }
  void run(int64_t repetitions) override {
    for (int64_t r = 0; r < repetitions; ++r) minimize();
  }
  std::vector<double> outcome() override { return {minimize()}; }
};

using namespace torch::optim;

const Entry entries[] = {
    {"adam_100x100", hundred_small<Adam>(AdamOptions(1e-3))},
    {"adam_10m", one_large<Adam>(AdamOptions(1e-3))},
    {"rmsprop_100x100", hundred_small<RMSprop>(RMSpropOptions(1e-3))},
    {"rmsprop_10m", one_large<RMSprop>(RMSpropOptions(1e-3))},
    {"adagrad_100x100", hundred_small<Adagrad>(AdagradOptions(1e-3))},
    {"adagrad_10m", one_large<Adagrad>(AdagradOptions(1e-3))},
    {"sgd_10m", one_large<SGD>(SGDOptions(1e-3).momentum(0.9))},
    {"lbfgs", [] { return std::make_unique<Rosenbrock>(); }},
#ifdef XGRAD_API  // what libtorch has not
    {"adadelta_10m", one_large<Adadelta>(AdadeltaOptions(1e-3))},
    {"adamax_10m", one_large<Adamax>(AdamaxOptions(1e-3))},
    {"nadam_10m", one_large<NAdam>(NAdamOptions(1e-3))},
    {"radam_10m", one_large<RAdam>(RAdamOptions(1e-3))},
    {"asgd_10m", one_large<ASGD>(ASGDOptions(1e-3))},
    {"rprop_10m", one_large<Rprop>(RpropOptions(1e-3))},
    {"lion_10m", one_large<Lion>(LionOptions(1e-3))},
    {"lamb_10m", one_large<LAMB>(LAMBOptions(1e-3))},
    {"adafactor_10m", one_large<Adafactor>(AdafactorOptions(1e-3))},
#endif
};

}  // namespace
}  // namespace benchmarks
