// Layers that change the shape or nothing at all.
#pragma once

#include <vector>

#include <xgrad/nn/layers/stateless.h>
#include <xgrad/nn/options/linear.h>

namespace torch { inline namespace xgrad { namespace nn {

/// Returns its input.
class XGRAD_API IdentityImpl : public StatelessModule<IdentityImpl, void> {
 public:
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input);
};
TORCH_MODULE(Identity);

/// Makes axes start_dim (by default 1, which keeps the batch) to end_dim one.
class XGRAD_API FlattenImpl : public StatelessModule<FlattenImpl, FlattenOptions> {
 public:
  using StatelessModule<FlattenImpl, FlattenOptions>::StatelessModule;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input);
};
TORCH_MODULE(Flatten);

/// Cuts axis `dim` into `sizes`, one of which may be -1.
class XGRAD_API UnflattenImpl : public StatelessModule<UnflattenImpl, UnflattenOptions> {
 public:
  using StatelessModule<UnflattenImpl, UnflattenOptions>::StatelessModule;
  UnflattenImpl(int64_t dim, std::vector<int64_t> sizes);
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input);
};
TORCH_MODULE(Unflatten);

}}}  // namespace torch::xgrad::nn
