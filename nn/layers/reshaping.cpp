#include <xgrad/nn/layers/reshaping.h>

#include <ostream>
#include <utility>

#include <xgrad/nn/layers/print_layer.h>

namespace torch { inline namespace xgrad { namespace nn {

void IdentityImpl::pretty_print(std::ostream& stream) const { print_layer(stream, "Identity"); }
Tensor IdentityImpl::forward(const Tensor& input) { return input; }

void FlattenImpl::pretty_print(std::ostream& stream) const {
  print_layer(stream, "Flatten", {{"start_dim", options.start_dim()}, {"end_dim", options.end_dim()}});
}
Tensor FlattenImpl::forward(const Tensor& input) { return input.flatten(options.start_dim(), options.end_dim()); }

UnflattenImpl::UnflattenImpl(int64_t dim, std::vector<int64_t> sizes) : UnflattenImpl(UnflattenOptions(dim, std::move(sizes))) {}
void UnflattenImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::Unflatten(dim=" << options.dim() << ", unflattened_size={";
  const char* separator = "";
  for (const int64_t size : options.sizes()) {
    stream << separator << size;
    separator = ", ";
  }
  stream << "})";
}
Tensor UnflattenImpl::forward(const Tensor& input) { return input.unflatten(options.dim(), options.sizes()); }

}}}  // namespace torch::xgrad::nn
