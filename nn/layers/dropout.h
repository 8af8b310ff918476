// Dropout.
#pragma once

#include <xgrad/nn/cloneable.h>
#include <xgrad/nn/options/dropout.h>

namespace torch { inline namespace xgrad { namespace nn {

/// In training each element becomes 0 with probability p and else is divided by 1 - p; in evaluation the input passes.
/// Throws unless 0 <= p <= 1.
class XGRAD_API DropoutImpl : public Cloneable<DropoutImpl> {
 public:
  DropoutImpl(double p);
  explicit DropoutImpl(const DropoutOptions& options_ = {});

  void reset() override;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(Tensor input);

  DropoutOptions options;
};
TORCH_MODULE(Dropout);

}}}  // namespace torch::xgrad::nn
