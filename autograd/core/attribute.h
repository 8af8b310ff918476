// What an operation was asked for besides tensors, as those who read a graph see it: axes, factors, flags.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include <xgrad/autograd/core/dtype.h>

namespace torch { inline namespace xgrad { namespace detail {

/// One of them; std::monostate where an optional one was left out.
struct Attribute {
  using Value = std::variant<std::monostate, bool, int64_t, double, ScalarType, std::vector<int64_t>, std::string>;
  const char* name;  ///< PyTorch's name of the argument
  Value value;
};

/// Adds "(dim=[0, 1], keepdim=true)", or nothing where there are none.
XGRAD_API void append(std::string& text, const std::vector<Attribute>& attributes);

}}}  // namespace torch::xgrad::detail
