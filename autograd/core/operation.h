// What an operation is called: said once, and read by errors, nodes of the graph, launches of kernels and what looks at them.
#pragma once

#include <string>

#include <xgrad/autograd/core/error.h>

namespace torch { inline namespace xgrad { namespace detail {

/// One operation, or one overload of it. Every one is a constant that lives as long as the library: see named_operation.h.
class Operation {
 public:
  constexpr Operation(const char* name, const char* node) : name_(name), node_(node) {}
  Operation(const Operation&) = delete;
  Operation& operator=(const Operation&) = delete;

  /// PyTorch's name of the function: "mul".
  constexpr const char* name() const { return name_; }
  /// PyTorch's name of what is recorded: "MulBackward1".
  constexpr const char* node() const { return node_; }

 private:
  const char *name_, *node_;
};

/// Texts of errors begin with it: "[mul] ".
inline void append(std::string& text, const Operation& operation) {
  text += '[';
  text += operation.name();
  text += "] ";
}

}}}  // namespace torch::xgrad::detail
