// Strings of parts that are written with operator<<.
#pragma once

#include <sstream>
#include <string>
#include <type_traits>

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

/// Writes `to` wherever `from` stands in `text`; how often that was.
inline size_t ReplaceAll(std::string& text, const char* from, const char* to) {
  const std::string old = from, replacement = to;
  size_t count = 0;
  for (size_t at = 0; !old.empty() && (at = text.find(old, at)) != std::string::npos; at += replacement.size(), ++count)
    text.replace(at, old.size(), replacement);
  return count;
}

namespace guts {
/// Numbers as std::to_string() writes them, all else by operator<<: addresses, which key an optimizer's states.
template <class T> std::string to_string(const T& value) {
  if constexpr (std::is_arithmetic_v<T>) return std::to_string(value);
  else return str(value);
}
}  // namespace guts

}}  // namespace torch::xgrad

namespace c10 {
using std::stod;
using std::stoi;
using std::stoll;
using std::stoull;
using std::to_string;
}  // namespace c10
