// Operations by name, for sources: C++20.
#pragma once

#include <cstddef>
#include <string_view>

#include <xgrad/autograd/core/operation.h>

namespace torch { inline namespace xgrad {

using detail::Operation;  // here, and not in the public header: programs have operations of their own

namespace detail {

/// A text as a parameter of a template.
template <size_t n> struct Text {
  char characters[n] = {};
  constexpr Text() = default;
  constexpr Text(const char (&text)[n]) {
    for (size_t i = 0; i < n; ++i) characters[i] = text[i];
  }
};

/// "log_softmax", 0 -> "LogSoftmaxBackward0"; "log1p" -> "Log1PBackward0"
template <size_t n> constexpr auto node_name(const Text<n>& operation, int overload) {
  Text<n + sizeof("Backward0")> node;
  size_t length = 0;
  bool begins_word = true;
  for (size_t i = 0; i + 1 < n; ++i) {
    const char c = operation.characters[i];
    if (c != '_') node.characters[length++] = begins_word && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    begins_word = c == '_' || (c >= '0' && c <= '9');
  }
  for (char c : std::string_view("Backward")) node.characters[length++] = c;
  node.characters[length] = static_cast<char>('0' + overload);
  return node;
}

template <Text name, int overload> inline constexpr auto derived_node = node_name(name, overload);
template <Text text> inline constexpr auto stored = text;

}  // namespace detail

/// The operation of this name, whose node follows from it: operation<"mul", 1> records MulBackward1.
template <detail::Text name, int overload = 0>
inline constexpr Operation operation{detail::stored<name>.characters, detail::derived_node<name, overload>.characters};

/// An operation whose node PyTorch calls otherwise.
template <detail::Text name, detail::Text node>
inline constexpr Operation operation_recorded_as{detail::stored<name>.characters, detail::stored<node>.characters};

}}  // namespace torch::xgrad
