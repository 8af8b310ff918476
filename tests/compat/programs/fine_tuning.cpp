// Fine-tuning: frozen layers, groups with rates of their own, casts of options, schedulers, the optimizer's state looked into.
#include <torch/torch.h>

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

struct BackboneImpl : torch::nn::Module {
  BackboneImpl() {
    stem = register_module("stem", torch::nn::Sequential(torch::nn::Linear(6, 10), torch::nn::BatchNorm1d(10), torch::nn::ReLU()));
    head = register_module("head", torch::nn::Linear(10, 4));
    double scale = 0.5;
    torch::NoGradGuard no_grad;
    for (auto& p : named_parameters())
      if (p.key().find("weight") != std::string::npos && p->dim() == 2) p->copy_(torch::linspace(-scale, scale, p->numel()).view_as(*p).cos());
  }
  torch::Tensor forward(torch::Tensor x) { return head(stem->forward(x)); }
  torch::nn::Sequential stem{nullptr};
  torch::nn::Linear head{nullptr};
};
TORCH_MODULE(Backbone);

// Halves the rates every few epochs.
class Halving : public torch::optim::LRScheduler {
 public:
  Halving(torch::optim::Optimizer& optimizer, unsigned every) : LRScheduler(optimizer), every_(every) {}

 private:
  std::vector<double> get_lrs() override {
    auto lrs = get_current_lrs();
    if (++epochs_ % every_ == 0)
      for (double& lr : lrs) lr *= 0.5;
    return lrs;
  }
  unsigned every_, epochs_ = 0;
};

// Lowers every group's rate when a metric has not fallen for some epochs.
class Plateau {
 public:
  Plateau(torch::optim::Optimizer& optimizer, double factor, int patience) : optimizer_(optimizer), factor_(factor), patience_(patience) {}
  void step(float metric) {
    if (metric < best_) {
      best_ = metric;
      bad_ = 0;
    } else if (++bad_ > patience_) {
      for (auto& group : optimizer_.param_groups()) group.options().set_lr(group.options().get_lr() * factor_);
      bad_ = 0;
    }
  }

 private:
  torch::optim::Optimizer& optimizer_;
  double factor_;
  int patience_, bad_ = 0;
  float best_ = std::numeric_limits<float>::infinity();
};

static void print_groups(torch::optim::Optimizer& optimizer) {
  for (size_t i = 0; i < optimizer.param_groups().size(); ++i) {
    auto& group = optimizer.param_groups()[i];
    auto& options = static_cast<torch::optim::SGDOptions&>(group.options());
    std::printf("  group %zu: %zu tensors, lr %.5f, momentum %.2f, decay %.4f, %s\n", i, group.params().size(), options.lr(), options.momentum(),
                options.weight_decay(), options.nesterov() ? "nesterov" : "plain");
  }
}

int main() {
  torch::manual_seed(30);
  Backbone model;
  torch::Tensor x = torch::randn({20, 6}), y = torch::randint(4, {20}, torch::kLong);

  // Stage one: the head alone.
  for (auto& p : model->stem->parameters()) p.set_requires_grad(false);
  std::vector<torch::Tensor> trainable;
  for (const auto& p : model->parameters())
    if (p.requires_grad()) trainable.push_back(p);
  std::cout << trainable.size() << " of " << model->parameters().size() << " tensors train\n";
  torch::optim::SGD head_optimizer(trainable, torch::optim::SGDOptions(0.5));
  Halving step_lr(head_optimizer, /*every=*/2);
  auto stem_before = model->stem->parameters()[0].clone();
  for (int epoch = 0; epoch < 5; ++epoch) {
    head_optimizer.zero_grad();
    auto loss = torch::cross_entropy_loss(model->forward(x), y);
    loss.backward();
    head_optimizer.step();
    step_lr.step();
    std::printf("epoch %d loss %.3f next lr %.4f\n", epoch, loss.item<float>(), head_optimizer.param_groups()[0].options().get_lr());
  }
  std::cout << "stem unchanged: " << torch::equal(stem_before, model->stem->parameters()[0]) << ", gradient "
            << (model->stem->parameters()[0].grad().defined() ? "there" : "none") << "\n";

  // Stage two: everything, in groups.
  for (auto& p : model->stem->parameters()) p.requires_grad_(true);
  std::vector<torch::Tensor> decay, no_decay;
  for (const auto& p : model->stem->named_parameters()) (p.value().dim() > 1 ? decay : no_decay).push_back(p.value());
  auto base = torch::optim::SGDOptions(0.05).momentum(0.9);
  torch::optim::SGD optimizer(
      {torch::optim::OptimizerParamGroup(decay, std::make_unique<torch::optim::SGDOptions>(torch::optim::SGDOptions(base).weight_decay(1e-2))),
       torch::optim::OptimizerParamGroup(no_decay)},
      base);
  torch::optim::OptimizerParamGroup late(model->head->parameters());
  late.set_options(std::make_unique<torch::optim::SGDOptions>(torch::optim::SGDOptions(0.2).momentum(0.5).nesterov(true)));
  optimizer.add_param_group(late);
  print_groups(optimizer);
  Plateau plateau(optimizer, 0.1, /*patience=*/1);
  const float metrics[] = {1.0f, 0.9f, 0.95f, 0.96f, 0.97f, 0.5f};
  for (int epoch = 0; epoch < 6; ++epoch) {
    optimizer.zero_grad();
    auto loss = torch::cross_entropy_loss(model->forward(x), y);
    loss.backward();
    optimizer.step();
    plateau.step(metrics[epoch]);
    std::printf("epoch %d loss %.3f lr %.5f\n", epoch, loss.item<float>(), optimizer.param_groups()[2].options().get_lr());
  }
  print_groups(optimizer);

  std::cout << "states: " << optimizer.state().size() << "\n";
  auto* key = model->head->bias.unsafeGetTensorImpl();
  auto& state = static_cast<torch::optim::SGDParamState&>(*optimizer.state().at(c10::guts::to_string(key)));
  std::cout << "momentum of the head's bias: " << state.momentum_buffer().sizes() << "\n";

  torch::optim::Adam adam(model->parameters(), torch::optim::AdamOptions(1e-3).amsgrad(true));
  for (auto& group : adam.param_groups()) {
    if (group.has_options()) {
      auto& options = static_cast<torch::optim::AdamOptions&>(group.options());
      options.lr(options.lr() * 0.1).betas(std::make_tuple(0.8, 0.9));
      std::printf("Adam %.5f %.2f %.2f %g\n", options.lr(), std::get<0>(options.betas()), std::get<1>(options.betas()), options.eps());
    }
  }
  static_cast<torch::optim::AdamOptions&>(adam.defaults()).eps(1e-6);
  std::printf("defaults %g\n", static_cast<const torch::optim::AdamOptions&>(adam.defaults()).eps());
}
