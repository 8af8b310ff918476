// How containers of parameters are printed.
#pragma once

#include <iosfwd>
#include <string>

#include <xgrad/nn/module.h>

namespace torch { inline namespace xgrad { namespace nn {

/// "torch::nn::Name(" and a line for each parameter.
void print_parameters(std::ostream& stream, const char* name, const OrderedDict<std::string, Tensor>& parameters);

}}}  // namespace torch::xgrad::nn
