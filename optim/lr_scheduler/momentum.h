// The hyper-parameter that stands for a momentum, found by its name: "momentum", or the first of "betas".
#pragma once

#include <optional>

#include <xgrad/optim/options.h>

namespace torch { inline namespace xgrad { namespace optim {

/// Nothing for options that have neither.
std::optional<double> get_momentum(OptimizerOptions& options);
/// Does nothing for them.
void set_momentum(OptimizerOptions& options, double momentum);

}}}  // namespace torch::xgrad::optim
