// Names of C++ types for texts.
#pragma once

#include <string>
#include <typeinfo>

#include <xgrad/autograd/core/export.h>

namespace torch { inline namespace xgrad {

/// The type's name as source code spells it; types of this library are spelled as PyTorch's: "torch::nn::LinearImpl".
XGRAD_API std::string type_name(const std::type_info& type);

}}  // namespace torch::xgrad
