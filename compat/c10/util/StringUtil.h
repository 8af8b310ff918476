// Strings of parts that are written with operator<<.
#pragma once

#include <sstream>
#include <string>

#include <torch/namespaces.h>
#include <xgrad/autograd/core/warning.h>

namespace torch { inline namespace xgrad {

/// Everything written to a stream, one part after the other.
template <class... Parts> std::string str(const Parts&... parts) {
  std::ostringstream text;
  static_cast<void>((text << ... << parts));
  return text.str();
}

/// The elements with the delimiter between them.
template <class Container> std::string Join(const std::string& delimiter, const Container& elements) {
  std::ostringstream text;
  const char* between = "";
  for (const auto& element : elements) {
    text << between << element;
    between = delimiter.c_str();
  }
  return text.str();
}

namespace guts {
using std::to_string;
}

}}  // namespace torch::xgrad
