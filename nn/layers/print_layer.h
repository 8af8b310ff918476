// How a layer is printed.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <iosfwd>
#include <type_traits>
#include <variant>

#include <xgrad/autograd/core/namespace.h>

namespace torch { inline namespace xgrad { namespace nn {

/// An option as it is printed: "alpha=1", or the value alone when the name is empty.
struct PrintedOption {
  const char* name;
  std::variant<double, int64_t, bool> value;
};

/// "torch::nn::Name(first=1, second=true)"; ", inplace=true" is added if it is set.
void print_layer(std::ostream& stream, const char* name, std::initializer_list<PrintedOption> options = {}, bool inplace = false);

}}}  // namespace torch::xgrad::nn
