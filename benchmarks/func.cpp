// Derivatives of networks by their inputs: with libtorch by loops of gradients, with xgrad by its transforms. Compiled against both.
#include <torch/torch.h>

#include "stepped.h"

#ifdef XGRAD_API
#include <xgrad/autograd/func/func.h>
#endif

namespace benchmarks { namespace {

namespace nn = torch::nn;
using torch::Tensor;
using torch::autograd::grad;

struct Problem {
  Problem(int64_t batch, int64_t in, int64_t out) {
    for (const auto& [from, to] : {std::pair(in, int64_t{64}), {64, 64}, {64, out}}) {
      if (!net->is_empty()) net->push_back(nn::Tanh());
      net->push_back(nn::Linear(from, to));
    }
    Numbers numbers(7);
    torch::NoGradGuard guard;
    for (const Tensor& p : net->parameters()) {
      p.copy_(tensor(numbers.take(p.numel(), 1 / std::sqrt(static_cast<float>(p.size(-1)))), p.sizes()));
      p.requires_grad_(false);
    }
    points = tensor(numbers.take(batch * in, 1), {batch, in});
    direction = tensor(numbers.take(batch * in, 1), {batch, in});
  }
  static Tensor tensor(const std::vector<float>& values, at::IntArrayRef shape) {
    return torch::from_blob(const_cast<float*>(values.data()), shape, torch::kFloat).clone();
  }
  Tensor loss(const Tensor& x) { return net->forward(x).pow(2).mean(); }

  nn::Sequential net;
  Tensor points, direction;
};

Tensor ten_gradients(Problem& p) {
  const Tensor x = p.points.detach().requires_grad_(), y = p.net->forward(x);
  std::vector<Tensor> rows;
  for (int64_t i = 0; i < y.size(1); ++i) rows.push_back(grad({y.select(1, i).sum()}, {x}, {}, true, false)[0]);
  return torch::stack(rows, 1);
}

Tensor gradient(Problem& p) {
  const Tensor x = p.points.detach().requires_grad_();
  return grad({p.loss(x)}, {x})[0];
}

#ifdef XGRAD_API
Tensor jacobian(Problem& p) {
  return torch::func::batch_jacobian([&](const Tensor& x) { return p.net->forward(x); }, p.points);
}
Tensor laplacian(Problem& p) {
  return torch::func::laplacian([&](const Tensor& x) { return p.net->forward(x); }, p.points).squeeze(1);
}
Tensor hvp(Problem& p) {
  return torch::func::hvp([&](const Tensor& x) { return p.loss(x); }, p.points, p.direction).second;
}
#else
Tensor jacobian(Problem& p) { return ten_gradients(p); }
Tensor laplacian(Problem& p) {
  const Tensor x = p.points.detach().requires_grad_();
  const Tensor g = grad({p.net->forward(x).sum()}, {x}, {}, true, true)[0];
  Tensor sum = torch::zeros({x.size(0)}, torch::kFloat);
  for (int64_t i = 0; i < x.size(1); ++i) sum = sum + grad({g.select(1, i).sum()}, {x}, {}, true, false)[0].select(1, i);
  return sum;
}
Tensor hvp(Problem& p) {
  const Tensor x = p.points.detach().requires_grad_();
  const Tensor g = grad({p.loss(x)}, {x}, {}, true, true)[0];
  return grad({g}, {x}, {p.direction})[0];
}
#endif

class Derivative : public Workload {
 public:
  Derivative(Tensor (*compute)(Problem&), int64_t batch, int64_t in, int64_t out) : problem_(batch, in, out), compute_(compute) {}
  void run(int64_t repetitions) override {
    for (int64_t r = 0; r < repetitions; ++r) compute_(problem_);
  }
  std::vector<double> outcome() override {
    std::vector<double> out;
    const Tensor result = compute_(problem_).contiguous();
    digest(result.data_ptr<float>(), result.numel(), out);
    return out;
  }

 private:
  Problem problem_;
  Tensor (*compute_)(Problem&);
};

// A network that is to solve Burgers' equation u_t + u u_x = u_xx / 100 at given points (t, x).
class EquationSolver : public Stepped {
 public:
  EquationSolver() : points_(Problem::tensor(Numbers(5).take(512, 1), {256, 2}).requires_grad_()) {
    Numbers numbers(7);
    torch::NoGradGuard guard;
    for (const Tensor& p : net_->parameters())
      p.copy_(Problem::tensor(numbers.take(p.numel(), 1 / std::sqrt(static_cast<float>(p.size(-1)))), p.sizes()));
  }
  std::vector<double> outcome() override {
    std::vector<double> out{step().item<double>()};
    for (const Tensor& p : net_->parameters()) digest(p.grad().contiguous().data_ptr<float>(), p.numel(), out);
    run(kCheckedSteps);
    out.push_back(step().item<double>());
    return out;
  }

 protected:
  Tensor step() override {
    optimizer_.zero_grad();
    const Tensor u = net_->forward(points_).squeeze(1);
    const Tensor first = grad({u.sum()}, {points_}, {}, true, true)[0], u_t = first.select(1, 0), u_x = first.select(1, 1);
    const Tensor u_xx = grad({u_x.sum()}, {points_}, {}, true, true)[0].select(1, 1);
    const Tensor loss = (u_t + u * u_x - 0.01 * u_xx).square().mean();
    loss.backward();
    optimizer_.step();
    return loss;
  }

 private:
  nn::Sequential net_{nn::Linear(2, 20), nn::Tanh(), nn::Linear(20, 20), nn::Tanh(), nn::Linear(20, 1)};
  Tensor points_;
  torch::optim::Adam optimizer_{net_->parameters(), torch::optim::AdamOptions(1e-3)};
};

Entry entry(const char* name, Tensor (*compute)(Problem&), int64_t batch, int64_t in, int64_t out) {
  return Entry(name, [=] { return std::make_unique<Derivative>(compute, batch, in, out); });
}

const Entry entries[] = {
    entry("batch_jacobian", jacobian, 256, 10, 10), entry("ten_gradients", ten_gradients, 256, 10, 10),
    entry("laplacian", laplacian, 1024, 3, 1),      entry("hvp", hvp, 1024, 3, 1),
    entry("gradient", gradient, 1024, 3, 1),
};
const bool stepped = [] {
  add_step<EquationSolver>("pinn");
  return true;
}();

}}  // namespace benchmarks
