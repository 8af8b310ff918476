#include <xgrad/optim/lr_scheduler/momentum.h>

#include <string_view>

namespace torch { inline namespace xgrad { namespace optim {

namespace {

using Betas = std::tuple<double, double>;

// Calls visit(option) with the Option<double>* or Option<Betas>* that has the momentum; where both are, betas count, as in Python.
template <class Visit> void visit_momentum(OptimizerOptions& options, const Visit& visit) {
  Option<double>* momentum = nullptr;
  for (const OptionField& field : options.fields()) {
    if (std::string_view(field.name) == "betas")
      if (auto* const* betas = std::get_if<Option<Betas>*>(&field.option)) return visit(*betas);
    if (std::string_view(field.name) == "momentum")
      if (auto* const* found = std::get_if<Option<double>*>(&field.option)) momentum = *found;
  }
  if (momentum) visit(momentum);
}

double& momentum_in(double& momentum) { return momentum; }
double& momentum_in(Betas& betas) { return std::get<0>(betas); }

}  // namespace

std::optional<double> get_momentum(OptimizerOptions& options) {
  std::optional<double> found;
  visit_momentum(options, [&](auto* option) { found = momentum_in(option->value); });
  return found;
}

void set_momentum(OptimizerOptions& options, double momentum) {
  visit_momentum(options, [&](auto* option) {
    auto value = option->value;
    momentum_in(value) = momentum;
    option->state(value);
  });
}

}}}  // namespace torch::xgrad::optim
