// Layers that change the shape or nothing at all.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include <xgrad/nn/layers/layer.h>

namespace torch { inline namespace xgrad { namespace nn {

/// Returns its input.
XGRAD_PLAIN_LAYER(Identity, const Tensor& input);

struct FlattenOptions {
  XGRAD_FIELDS((int64_t, start_dim, 1), (int64_t, end_dim, -1))
};
/// Makes axes start_dim (by default 1, which keeps the batch) to end_dim one.
XGRAD_LAYER(Flatten, const Tensor& input);

struct UnflattenOptions {
  UnflattenOptions(int64_t dim, std::vector<int64_t> sizes) : dim_(dim), sizes_(std::move(sizes)) {}
  XGRAD_FIELDS((int64_t, dim, ), (std::vector<int64_t>, sizes, ))
};
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
