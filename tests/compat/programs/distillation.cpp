// A small net learns from a large one and from an average of its own past; groups of parameters, accumulated gradients, checkpoints.
#include <torch/torch.h>

#include <iostream>
#include <sstream>

namespace nn = torch::nn;
namespace F = torch::nn::functional;
using torch::Tensor;

nn::Sequential mlp(std::vector<int64_t> widths, double dropout) {
  nn::Sequential net;
  for (size_t i = 1; i < widths.size(); ++i) {
    net->push_back("linear" + std::to_string(i), nn::Linear(widths[i - 1], widths[i]));
    if (i + 1 == widths.size()) break;
    net->push_back("norm" + std::to_string(i), nn::LayerNorm(nn::LayerNormOptions({widths[i]})));
    net->push_back("act" + std::to_string(i), nn::SiLU());
    if (dropout > 0) net->push_back("drop" + std::to_string(i), nn::Dropout(dropout));
  }
  return net;
}

std::pair<Tensor, Tensor> rings(int64_t n) {
  auto label = torch::arange(n).remainder(3);
  auto angle = torch::rand({n}) * (2 * M_PI);
  auto radius = label.to(torch::kFloat) + 1 + 0.15 * torch::randn({n});
  return {torch::stack({radius * angle.cos(), radius * angle.sin()}, 1), label};
}

double accuracy(nn::Sequential& net, const Tensor& x, const Tensor& label) {
  torch::NoGradGuard no_grad;
  const bool was_training = net->is_training();
  net->eval();
  const double right = net->forward(x).argmax(-1).eq(label).to(torch::kFloat64).mean().item<double>();
  net->train(was_training);
  return right;
}

int main() {
  torch::manual_seed(21);
  auto [x, label] = rings(300);
  auto [test_x, test_label] = rings(150);
  auto teacher = mlp({2, 48, 48, 3}, 0.1), student = mlp({2, 16, 3}, 0);
  std::cout << teacher << "\n" << student->named_parameters().keys() << "\n";

  std::vector<Tensor> decayed, plain;
  for (const auto& p : teacher->named_parameters()) (p.value().dim() > 1 ? decayed : plain).push_back(p.value());
  std::vector<torch::optim::OptimizerParamGroup> groups;
  groups.emplace_back(decayed, std::make_unique<torch::optim::AdamWOptions>(torch::optim::AdamWOptions(0.02).weight_decay(0.05)));
  groups.emplace_back(plain, std::make_unique<torch::optim::AdamWOptions>(torch::optim::AdamWOptions(0.02).weight_decay(0)));
  torch::optim::AdamW optimizer(groups, torch::optim::AdamWOptions(0.02));
  std::cout << optimizer.param_groups().size() << " " << decayed.size() << " " << plain.size() << "\n";
  for (int epoch = 0; epoch < 40; ++epoch) {
    const double rate = 0.02 * 0.5 * (1 + std::cos(M_PI * epoch / 40));
    for (auto& group : optimizer.param_groups()) static_cast<torch::optim::AdamWOptions&>(group.options()).lr(rate);
    optimizer.zero_grad();
    for (const auto& part : torch::randperm(300).split(100)) {
      auto loss = F::cross_entropy(teacher->forward(x.index_select(0, part)), label.index_select(0, part),
                                   F::CrossEntropyFuncOptions().label_smoothing(0.05));
      (loss / 3).backward();
    }
    optimizer.step();
  }
  const double of_teacher = accuracy(teacher, test_x, test_label);
  std::cout << (of_teacher > 0.95) << "\n";

  auto average = mlp({2, 16, 3}, 0);
  {
    torch::NoGradGuard no_grad;
    auto from = student->named_parameters();
    for (auto& p : average->named_parameters()) p.value().copy_(from[p.key()]);
  }
  for (auto& p : average->parameters()) p.set_requires_grad(false);
  teacher->eval();
  torch::optim::SGD descent(student->parameters(), torch::optim::SGDOptions(0.2).momentum(0.9).nesterov(true));
  const double temperature = 2;
  for (int step = 0; step < 250; ++step) {
    Tensor wanted;
    {
      torch::NoGradGuard no_grad;
      wanted = F::softmax(teacher->forward(x) / temperature, 1);
    }
    descent.zero_grad();
    auto output = student->forward(x);
    auto soft = F::kl_div(F::log_softmax(output / temperature, 1), wanted, F::KLDivFuncOptions().reduction(torch::kBatchMean));
    auto loss = soft * temperature * temperature + 0.1 * F::cross_entropy(output, label);
    loss.backward();
    const double norm = nn::utils::clip_grad_norm_(student->parameters(), 1.0);
    if (!std::isfinite(norm)) std::cout << "not finite\n";
    descent.step();
    torch::NoGradGuard no_grad;
    auto now = student->parameters(), mean = average->parameters();
    for (size_t i = 0; i < now.size(); ++i) mean[i].lerp_(now[i], 0.05);
  }
  const double of_student = accuracy(student, test_x, test_label), of_average = accuracy(average, test_x, test_label);
  std::cout << (of_student > 0.9) << (of_average > 0.9) << " " << (student->parameters().size() == average->parameters().size()) << "\n";

  std::stringstream file;
  torch::serialize::OutputArchive archive;
  torch::serialize::OutputArchive inner;
  student->save(inner);
  archive.write("student", inner);
  archive.write("accuracy", c10::IValue(of_student));
  archive.write("labels", test_label);
  archive.save_to(file);
  torch::serialize::InputArchive back, part;
  back.load_from(file);
  c10::IValue stored;
  Tensor labels;
  back.read("accuracy", stored);
  back.read("labels", labels);
  back.read("student", part);
  auto other = mlp({2, 16, 3}, 0);
  other->load(part);
  std::cout << (stored.toDouble() == of_student) << torch::equal(labels, test_label) << (accuracy(other, test_x, test_label) == of_student) << "\n";
}
