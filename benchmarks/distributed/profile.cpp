#include <algorithm>
#include <chrono>

#include "measurements.h"

#include <xgrad/autograd/graph/node.h>

double now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

double median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2), values.end());
  return values[values.size() / 2];
}

StepProfile profile_of(Workload& workload) {
  constexpr int kSteps = 15;
  const std::vector<xgrad::Tensor> parameters = workload.net->parameters();
  std::vector<std::vector<double>> ready(parameters.size());
  double began = 0;
  // Hooks can't be taken away: these die with the net's copy.
  const auto copy = std::dynamic_pointer_cast<xgrad::nn::SequentialImpl>(workload.net->clone());
  const std::vector<xgrad::Tensor> copied = copy->parameters();
  for (size_t i = 0; i < copied.size(); ++i) {
    xgrad::detail::gradient_edge(copied[i]).function->add_post_hook([&, i](const auto& gx, const auto&) {
      ready[i].push_back(now() - began);
      return gx;
    });
  }
  xgrad::optim::SGD optimizer(copied, 0.01);
  std::vector<double> forward, backward, rest;
  for (int step = -3; step < kSteps; ++step) {
    const double start = now();
    const xgrad::Tensor loss = xgrad::nn::functional::cross_entropy(copy->forward(workload.x), workload.label);
    began = now();
    loss.backward();
    const double ended = now();
    optimizer.step();
    optimizer.zero_grad();
    if (step < 0) {
      for (std::vector<double>& r : ready) r.clear();
      continue;
    }
    forward.push_back(began - start);
    backward.push_back(ended - began);
    rest.push_back(now() - ended);
  }
  StepProfile profile{median(forward), median(backward), median(rest), {}};
  for (size_t i = parameters.size(); i-- > 0;) profile.gradients.push_back({median(ready[i]), static_cast<double>(parameters[i].numel() * 4)});
  return profile;
}
