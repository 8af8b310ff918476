// How a layer is printed: "torch::nn::Name(first=1, second=true)", with its options' fields as XGRAD_FIELDS says. Internal.
#pragma once

#include <cstdint>
#include <optional>
#include <ostream>
#include <string>
#include <variant>
#include <vector>

#include <xgrad/autograd/tensor/tensor.h>
#include <xgrad/io/fields.h>
#include <xgrad/nn/enum.h>
#include <xgrad/nn/expanding_array.h>
#include <xgrad/nn/module.h>

/// Defines pretty_print() and forward() of module `NameImpl`: what forward() returns, and its parameters.
#define XGRAD_DEFINE_LAYER(Name, result, ...)                                                        \
  void Name##Impl::pretty_print(std::ostream& stream) const { print_layer(stream, #Name, options); } \
  Tensor Name##Impl::forward(__VA_ARGS__) {                                                          \
    internal::prepare_forward(*this);                                                                \
    return result;                                                                                   \
  }
/// The same of a module without options.
#define XGRAD_DEFINE_PLAIN_LAYER(Name, result, ...)                                         \
  void Name##Impl::pretty_print(std::ostream& stream) const { print_layer(stream, #Name); } \
  Tensor Name##Impl::forward(__VA_ARGS__) { return result; }

namespace torch { inline namespace xgrad { namespace nn {

void print_value(std::ostream& stream, double value);
void print_value(std::ostream& stream, int64_t value);
void print_value(std::ostream& stream, bool value);
void print_value(std::ostream& stream, const std::string& value);
/// "{2, 3}"
void print_value(std::ostream& stream, const std::vector<int64_t>& sizes);
void print_value(std::ostream& stream, const Tensor& value);
template <size_t D, class T> void print_value(std::ostream& stream, const ExpandingArray<D, T>& value) { stream << value; }
template <class T> void print_value(std::ostream& stream, const std::optional<T>& value) {
  if (value) print_value(stream, *value);
  else stream << "None";
}
template <class... Names> void print_value(std::ostream& stream, const std::variant<Names...>& value) { stream << enumtype::get_enum_name(value); }

/// Sizes, "'same'" or "'valid'".
template <size_t D, class... Names> void print_value(std::ostream& stream, const std::variant<ExpandingArray<D>, Names...>& value) {
  if (const auto* sizes = std::get_if<0>(&value)) return print_value(stream, *sizes);
  const bool same = std::holds_alternative<enumtype::kSame>(value);
  stream << (same ? "'same'" : "'valid'");
}

template <class T> bool is_default(const T& value, const T& initial) { return value == initial; }
inline bool is_default(const Tensor& value, const Tensor&) { return !value.defined(); }
template <size_t D, class T> bool is_default(const ExpandingArray<D, T>& value, const ExpandingArray<D, T>& initial) { return *value == *initial; }
template <size_t D, class... Names>
bool is_default(const std::variant<ExpandingArray<D>, Names...>& value, const std::variant<ExpandingArray<D>, Names...>& initial) {
  return value.index() == initial.index() && (value.index() != 0 || is_default(std::get<0>(value), std::get<0>(initial)));
}
template <class... Names> bool is_default(const std::variant<Names...>& value, const std::variant<Names...>& initial) {
  return value.index() == initial.index();
}

inline void print_layer(std::ostream& stream, const char* name) { stream << "torch::nn::" << name << "()"; }

template <class Options> void print_layer(std::ostream& stream, const char* name, const Options& options) {
  stream << "torch::nn::" << name << '(';
  const char* separator = "";
  Options::each_field(options, [&](const char* field, const auto& value, const auto& initial, Shown shown) {
    if (shown == Shown::never || (shown == Shown::changed && is_default(value, initial))) return;
    stream << separator;
    if (shown != Shown::bare) stream << field << '=';
    print_value(stream, value);
    separator = ", ";
  });
  stream << ')';
}

}}}  // namespace torch::xgrad::nn
