// Initial weights from a seed, parameter groups, weight decay and clipping.
#include <torch/torch.h>

static void show(const char* name, const torch::Tensor& t) { std::cout << name << "\n" << t << "\n"; }

int main() {
  torch::manual_seed(42);
  show("rand", torch::rand({2, 4}));
  show("randn", torch::randn({3}));
  show("randn of 20", torch::randn({20}));
  show("randint", torch::randint(0, 100, {6}));
  show("randperm", torch::randperm(8));
  show("bernoulli", torch::empty({10}).bernoulli_(0.3));
  torch::nn::Linear linear(3, 4);
  show("Linear", linear->weight);
  show("bias", linear->bias);
  auto w = torch::empty({4, 4});
  show("xavier_uniform", torch::nn::init::xavier_uniform_(w));
  show("xavier_normal", torch::nn::init::xavier_normal_(w, 0.5));
  show("kaiming_uniform", torch::nn::init::kaiming_uniform_(w, std::sqrt(5.0)));
  show("kaiming_normal", torch::nn::init::kaiming_normal_(w, 0, torch::kFanOut, torch::kReLU));
  show("orthogonal gram", torch::mm(torch::nn::init::orthogonal_(w), w.t()).round().abs());
  show("constant", torch::nn::init::constant_(w, 0.125));

  torch::nn::Linear body(2, 2), head(2, 1);
  for (auto& layer : {body, head}) {
    torch::nn::init::ones_(layer->weight);
    torch::nn::init::zeros_(layer->bias);
  }
  std::vector<torch::optim::OptimizerParamGroup> groups;
  groups.emplace_back(body->parameters());
  groups.emplace_back(head->parameters(), std::make_unique<torch::optim::AdamWOptions>(torch::optim::AdamWOptions(0.1).weight_decay(0.5)));
  torch::optim::AdamW optimizer(groups, torch::optim::AdamWOptions(0.01));
  auto x = torch::tensor({{1.0, 2.0}, {3.0, -1.0}});
  for (int step = 0; step < 5; ++step) {
    optimizer.zero_grad();
    auto loss = head(torch::tanh(body(x))).pow(2).mean();
    loss.backward();
    const double norm = torch::nn::utils::clip_grad_norm_(head->parameters(), 0.5);
    optimizer.step();
    std::printf("loss %.4f norm %.4f lr %.4f %.4f\n", loss.item<double>(), norm,
                static_cast<torch::optim::AdamWOptions&>(optimizer.param_groups()[0].options()).lr(),
                static_cast<torch::optim::AdamWOptions&>(optimizer.param_groups()[1].options()).lr());
  }
  show("body", body->weight);
  show("head", head->weight);
  show("as one vector", torch::nn::utils::parameters_to_vector(head->parameters()));
}
