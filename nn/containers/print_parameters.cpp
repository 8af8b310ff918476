#include <xgrad/nn/containers/print_parameters.h>

#include <ostream>

namespace torch { inline namespace xgrad { namespace nn {

void print_parameters(std::ostream& stream, const char* name, const OrderedDict<std::string, Tensor>& parameters) {
  stream << "torch::nn::" << name << "(\n";
  for (const auto& item : parameters)
    stream << '(' << item.key() << "): Parameter containing: [" << item->scalar_type() << " of size " << item->sizes() << "]\n";
  stream << ')';
}

}}}  // namespace torch::xgrad::nn
