// What the samples of losses go through.
#pragma once

#include <xgrad/autograd/catalogue/catalogue.h>
#include <xgrad/autograd/ops/loss/loss.h>

namespace torch { inline namespace xgrad { namespace catalogue {

/// A reduction, and how a call in Python asks for it.
struct NamedReduction {
  int64_t value;
  const char* text;
};
constexpr NamedReduction kReductions[] = {
    {Reduction::None, ", reduction='none'"}, {Reduction::Mean, ", reduction='mean'"}, {Reduction::Sum, ", reduction='sum'"}};

}}}  // namespace torch::xgrad::catalogue
