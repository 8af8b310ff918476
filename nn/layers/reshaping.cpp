#include <xgrad/nn/layers/reshaping.h>

#include <xgrad/nn/layers/print_layer.h>

namespace torch { inline namespace xgrad { namespace nn {

XGRAD_DEFINE_PLAIN_LAYER(Identity, input, const Tensor& input)
XGRAD_DEFINE_LAYER(Flatten, input.flatten(options.start_dim(), options.end_dim()), const Tensor& input)

UnflattenImpl::UnflattenImpl(int64_t dim, std::vector<int64_t> sizes) : UnflattenImpl(UnflattenOptions(dim, std::move(sizes))) {}
Tensor UnflattenImpl::forward(const Tensor& input) { return input.unflatten(options.dim(), options.sizes()); }
void UnflattenImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::Unflatten(dim=" << options.dim() << ", unflattened_size=";  // not the field's name, as in PyTorch
  print_value(stream, options.sizes());
  stream << ')';
}

}}}  // namespace torch::xgrad::nn
