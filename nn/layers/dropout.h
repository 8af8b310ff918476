// Dropout: its options, as a function and as a module.
#pragma once

#include <xgrad/io/fields.h>
#include <xgrad/nn/cloneable.h>

namespace torch { inline namespace xgrad { namespace nn {

/// p: the probability of an element to be dropped, in [0, 1].
struct DropoutOptions {
  DropoutOptions(double p = 0.5) : p_(p) {}
  XGRAD_FIELDS((double, p, ), (bool, inplace, false))
};

namespace functional {

struct DropoutFuncOptions {
  XGRAD_FIELDS((double, p, 0.5), (bool, training, true), (bool, inplace, false))
};

/// In training each element becomes 0 with probability p and else is divided by 1 - p; otherwise the input itself.
/// Throws unless 0 <= p <= 1.
XGRAD_API Tensor dropout(Tensor input, const DropoutFuncOptions& options = {});

}  // namespace functional

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
