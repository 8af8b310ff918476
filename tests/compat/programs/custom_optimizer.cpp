// An optimizer of a program's own, in the form of libtorch's: options and states that save themselves by its macros, signs of a momentum as steps,
// with a trust ratio for each layer; interrupted, saved, and resumed by another one.
#include <torch/csrc/api/include/torch/optim/optimizer.h>
#include <torch/csrc/autograd/variable.h>
#include <torch/csrc/utils/memory.h>
#include <torch/nn/pimpl.h>
#include <torch/optim/serialize.h>
#include <torch/torch.h>

#include <iostream>
#include <sstream>

using torch::optim::deque_to_list;
using torch::optim::list_to_deque;

struct LayerwiseOptions : public torch::optim::OptimizerCloneableOptions<LayerwiseOptions> {
  using betas_t = std::tuple<double, double>;
  explicit LayerwiseOptions(double lr = 1e-2) : lr_(lr) {}
  TORCH_ARG(double, lr);
  TORCH_ARG(betas_t, betas) = std::make_tuple(0.9, 0.95);
  TORCH_ARG(double, weight_decay) = 0;
  TORCH_ARG(int64_t, warm_up) = 3;
  TORCH_ARG(bool, trust) = true;
  TORCH_ARG(c10::optional<double>, most) = c10::nullopt;

 public:
  void serialize(torch::serialize::OutputArchive& archive) const override {
    _TORCH_OPTIM_SERIALIZE_TORCH_ARG(lr);
    _TORCH_OPTIM_SERIALIZE_TORCH_ARG(betas);
    _TORCH_OPTIM_SERIALIZE_TORCH_ARG(weight_decay);
    _TORCH_OPTIM_SERIALIZE_TORCH_ARG(warm_up);
    _TORCH_OPTIM_SERIALIZE_TORCH_ARG(trust);
    _TORCH_OPTIM_SERIALIZE_TORCH_ARG(most);
  }
  void serialize(torch::serialize::InputArchive& archive) override {
    _TORCH_OPTIM_DESERIALIZE_TORCH_ARG(double, lr);
    _TORCH_OPTIM_DESERIALIZE_TORCH_ARG(betas_t, betas);
    _TORCH_OPTIM_DESERIALIZE_TORCH_ARG(double, weight_decay);
    _TORCH_OPTIM_DESERIALIZE_TORCH_ARG(int64_t, warm_up);
    _TORCH_OPTIM_DESERIALIZE_TORCH_ARG(bool, trust);
    _TORCH_OPTIM_DESERIALIZE_TORCH_ARG_OPTIONAL(double, most);
  }
  double get_lr() const override { return lr(); }
  void set_lr(const double lr) override { this->lr(lr); }
};

struct LayerwiseParamState : public torch::optim::OptimizerCloneableParamState<LayerwiseParamState> {
  TORCH_ARG(int64_t, step) = 0;
  TORCH_ARG(torch::Tensor, momentum);
  TORCH_ARG(torch::Tensor, never_there);
  TORCH_ARG(std::deque<torch::Tensor>, norms);

 public:
  void serialize(torch::serialize::OutputArchive& archive) const override {
    _TORCH_OPTIM_SERIALIZE_TORCH_ARG(step);
    _TORCH_OPTIM_SERIALIZE_TORCH_ARG(momentum);
    _TORCH_OPTIM_SERIALIZE_TORCH_ARG(never_there);
    _TORCH_OPTIM_SERIALIZE_TORCH_ARG_DEQUE(norms);
  }
  void serialize(torch::serialize::InputArchive& archive) override {
    _TORCH_OPTIM_DESERIALIZE_TORCH_ARG(int64_t, step);
    _TORCH_OPTIM_DESERIALIZE_TORCH_ARG(torch::Tensor, momentum);
    _TORCH_OPTIM_DESERIALIZE_TORCH_ARG(torch::Tensor, never_there);
    _TORCH_OPTIM_DESERIALIZE_TORCH_ARG_DEQUE(std::deque<torch::Tensor>, norms);
  }
};

class Layerwise : public torch::optim::Optimizer {
 public:
  explicit Layerwise(std::vector<torch::optim::OptimizerParamGroup> groups, LayerwiseOptions defaults = LayerwiseOptions())
      : Optimizer(std::move(groups), std::make_unique<LayerwiseOptions>(defaults)) {
    TORCH_CHECK(defaults.lr() >= 0, "Invalid learning rate: ", defaults.lr());
  }
  explicit Layerwise(std::vector<torch::Tensor> params, LayerwiseOptions defaults = LayerwiseOptions())
      : Layerwise({torch::optim::OptimizerParamGroup(std::move(params))}, defaults) {}

  torch::Tensor step(LossClosure closure = nullptr) override {
    torch::NoGradGuard no_grad;
    torch::Tensor loss;
    if (closure != nullptr) {
      at::AutoGradMode enable_grad(true);
      loss = closure();
    }
    for (auto& group : param_groups_) {
      auto& options = static_cast<LayerwiseOptions&>(group.options());
      for (auto& p : group.params()) {
        if (!p.grad().defined()) continue;
        auto& slot = state_[c10::guts::to_string(p.unsafeGetTensorImpl())];
        if (!slot) {
          auto fresh = torch::make_unique<LayerwiseParamState>();
          fresh->momentum(torch::zeros_like(p, torch::MemoryFormat::Preserve));
          slot = std::move(fresh);
        }
        auto& state = static_cast<LayerwiseParamState&>(*slot);
        state.step(state.step() + 1);
        const double beta1 = std::get<0>(options.betas()), beta2 = std::get<1>(options.betas());
        auto grad = p.grad();
        auto direction = (state.momentum() * beta1 + grad * (1 - beta1)).sign_();
        state.momentum().mul_(beta2).add_(grad, 1 - beta2);
        if (options.weight_decay() != 0) direction.add_(p, options.weight_decay());
        double rate = options.lr() * std::min(1.0, static_cast<double>(state.step()) / options.warm_up());
        const auto norm = p.norm(2);
        state.norms().push_back(norm);
        if (state.norms().size() > 4) state.norms().pop_front();
        if (options.trust()) rate *= (norm / (direction.norm(2) + 1e-9)).item<double>();
        p.add_(direction, -std::min(rate, options.most().value_or(1e9)));
      }
    }
    return loss;
  }

  void save(torch::serialize::OutputArchive& archive) const override { serialize(*this, archive); }
  void load(torch::serialize::InputArchive& archive) override {
    torch::IValue version;
    TORCH_CHECK(archive.try_read("pytorch_version", version), "not an optimizer");
    serialize(*this, archive);
  }

 private:
  template <typename Self, typename Archive> static void serialize(Self& self, Archive& archive) {
    _TORCH_OPTIM_SERIALIZE_WITH_TEMPLATE_ARG(Layerwise);
  }
};

int main() {
  torch::manual_seed(3);
  torch::nn::Linear hidden(4, 16), last(16, 3);
  torch::nn::Sequential net(hidden, torch::nn::Tanh(), last);
  const auto x = torch::randn({32, 4});
  const auto y = (x.select(1, 0) > 0).to(torch::kLong) + (x.select(1, 1) > 0.3).to(torch::kLong);
  auto train = [&](torch::optim::Optimizer& optimizer, int steps) {
    for (int i = 0; i < steps; ++i) {
      const auto loss = optimizer.step([&] {
        optimizer.zero_grad();
        auto l = torch::nn::functional::cross_entropy(net->forward(x), y);
        l.backward();
        return l;
      });
      std::cout << "loss " << loss.item<double>() << '\n';
    }
  };
  Layerwise first(net->parameters(), LayerwiseOptions(0.2).betas({0.8, 0.9}).weight_decay(1e-3).most(0.05));
  train(first, 6);
  std::stringstream file;
  torch::save(first, file);

  Layerwise second(net->parameters(), LayerwiseOptions(0.2).betas({0.8, 0.9}).weight_decay(1e-3).most(0.05));
  torch::load(second, file);
  const auto& options = static_cast<LayerwiseOptions&>(second.param_groups()[0].options());
  std::cout << options.lr() << ' ' << std::get<0>(options.betas()) << ' ' << options.weight_decay() << ' ' << options.most().value() << '\n';
  const auto& state = static_cast<LayerwiseParamState&>(*second.state()[c10::guts::to_string(net->parameters()[0].unsafeGetTensorImpl())]);
  std::cout << state.step() << ' ' << state.norms().size() << ' ' << state.never_there().defined() << ' ' << state.norms().back() << '\n';
  train(second, 6);

  // Buffers of a program's own.
  torch::serialize::OutputArchive out;
  torch::optim::serialize(out, "buffers", std::vector<torch::Tensor>{torch::ones({2}), torch::arange(3.)});
  std::stringstream bytes;
  out.save_to(bytes);
  torch::serialize::InputArchive in;
  in.load_from(bytes);
  std::vector<torch::Tensor> buffers(5);
  torch::optim::serialize(in, "buffers", buffers);
  std::cout << buffers.size() << ' ' << buffers[1] << std::endl;
}
