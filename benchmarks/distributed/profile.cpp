#include <algorithm>
#include <chrono>

#include "measurements.h"

#include <xgrad/autograd/graph/node.h>

double now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

double median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2), values.end());
  return values[values.size() / 2];
}

namespace {

/// Notes when the rows of a gradient are complete, in stretches of about 64 kB.
class ArrivalClock final : public xgrad::GradientReceiver {
 public:
  struct Arrival {
    double at;
    int64_t rows;
  };
  explicit ArrivalClock(const xgrad::Tensor& parameter)
      : rows_(xgrad::detail::rows_of(parameter)), step_(std::max<int64_t>(1, rows_ * 65536 / std::max<int64_t>(1, parameter.numel() * 4))) {}

  bool prepare(xgrad::Tensor& grad) override { return grad.defined() && xgrad::is_private(grad); }
  int64_t stretch_end(int64_t first) const override { return first + step_; }
  void complete(int64_t last) override { arrivals.push_back({now(), last}); }
  /// The hook behind the accumulation: what did not come in stretches is there now.
  void complete_all() {
    if (arrivals.empty() || arrivals.back().rows < rows_) arrivals.push_back({now(), rows_});
  }

  std::vector<Arrival> arrivals;

 private:
  int64_t rows_, step_;
};

}  // namespace

StepProfile profile_of(Workload& workload) {
  constexpr int kSteps = 15;
  const auto copy = std::dynamic_pointer_cast<xgrad::nn::SequentialImpl>(workload.net->clone());
  const std::vector<xgrad::Tensor> parameters = copy->parameters();
  std::vector<std::shared_ptr<ArrivalClock>> clocks;
  for (const xgrad::Tensor& p : parameters) {
    clocks.push_back(std::make_shared<ArrivalClock>(p));
    xgrad::detail::gradient_edge(p).function->hooks().set_receiver(clocks.back());
    p.register_post_accumulate_grad_hook([clock = clocks.back().get()](const xgrad::Tensor&) { clock->complete_all(); });
  }
  xgrad::optim::SGD optimizer(parameters, 0.01);
  std::vector<double> forward, backward, rest;
  std::vector<std::vector<std::vector<double>>> ready(parameters.size());  // by parameter and stretch
  for (int step = -3; step < kSteps; ++step) {
    for (const auto& clock : clocks) clock->arrivals.clear();
    const double start = now();
    const xgrad::Tensor loss = xgrad::nn::functional::cross_entropy(copy->forward(workload.x), workload.label);
    const double began = now();
    loss.backward();
    const double ended = now();
    optimizer.step();
    optimizer.zero_grad();
    if (step < 0) continue;
    forward.push_back(began - start);
    backward.push_back(ended - began);
    rest.push_back(now() - ended);
    for (size_t i = 0; i < clocks.size(); ++i) {
      ready[i].resize(clocks[i]->arrivals.size());
      for (size_t k = 0; k < ready[i].size(); ++k) ready[i][k].push_back(clocks[i]->arrivals[k].at - began);
    }
  }
  StepProfile profile{median(forward), median(backward), median(rest), {}};
  for (size_t i = 0; i < parameters.size(); ++i) {
    const double rows = static_cast<double>(xgrad::detail::rows_of(parameters[i])), bytes = static_cast<double>(parameters[i].numel() * 4);
    double before = 0;
    for (size_t k = 0; k < ready[i].size(); ++k) {
      const auto until = static_cast<double>(clocks[i]->arrivals[k].rows);
      profile.gradients.push_back({median(ready[i][k]), bytes * (until - before) / rows});
      before = until;
    }
  }
  std::stable_sort(profile.gradients.begin(), profile.gradients.end(), [](const auto& a, const auto& b) { return a.ready < b.ready; });
  return profile;
}
