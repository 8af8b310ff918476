// What the samples of losses go through.
#pragma once

#include <vector>

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

/// The labels' shape for logits of this shape: without the classes' axis.
inline std::vector<int64_t> labels_shape(std::vector<int64_t> shape) {
  shape.erase(shape.begin() + (shape.size() > 1 ? 1 : 0));
  return shape;
}

}}}  // namespace torch::xgrad::catalogue
