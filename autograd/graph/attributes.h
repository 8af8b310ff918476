// Attributes on their way from an operation to its node.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <xgrad/autograd/core/array_ref.h>
#include <xgrad/autograd/core/attribute.h>
#include <xgrad/autograd/core/dims.h>
#include <xgrad/autograd/core/scalar.h>

namespace torch { inline namespace xgrad {

using detail::Attribute;

namespace detail {

inline Attribute::Value attribute_value(bool v) { return v; }
inline Attribute::Value attribute_value(int64_t v) { return v; }
inline Attribute::Value attribute_value(int v) { return int64_t{v}; }
inline Attribute::Value attribute_value(double v) { return v; }
inline Attribute::Value attribute_value(ScalarType v) { return v; }
inline Attribute::Value attribute_value(const char* v) { return std::string(v); }
Attribute::Value attribute_value(const Scalar& v);
inline Attribute::Value attribute_value(IntArrayRef v) { return v.vec(); }
template <class T> Attribute::Value attribute_value(const std::optional<T>& v) { return v ? attribute_value(*v) : Attribute::Value(); }

/// How a value is kept: a list of numbers as one of its own.
template <class T> struct KeptAttribute { using type = T; };
template <> struct KeptAttribute<IntArrayRef> { using type = Dims; };
template <> struct KeptAttribute<std::vector<int64_t>> { using type = Dims; };
struct KeptOptionalDims : std::optional<Dims> {
  KeptOptionalDims(const OptionalIntArrayRef& v) {
    if (v) emplace(v.value());
  }
};
template <> struct KeptAttribute<OptionalIntArrayRef> { using type = KeptOptionalDims; };

}  // namespace detail

/// Names, and values beside them, as a node keeps them.
template <class... T> class Attributes {
 public:
  explicit Attributes(const std::tuple<const std::pair<const char*, const T&>...>& given)
      : values_(std::apply(
            [](const auto&... pair) {
              return decltype(values_)({pair.first, pair.second}...);
            },
            given)) {}
  std::vector<Attribute> list() const {
    std::vector<Attribute> all;
    all.reserve(sizeof...(T));
    std::apply([&](const auto&... pair) { (all.push_back({pair.first, detail::attribute_value(pair.second)}), ...); }, values_);
    return all;
  }

 private:
  std::tuple<std::pair<const char*, typename detail::KeptAttribute<T>::type>...> values_;
};

/// The same as the operation hands them over: they are copied only if it is recorded.
template <class... T> struct With { std::tuple<const std::pair<const char*, const T&>...> given; };

namespace detail {
template <class Pack, size_t... i> auto with(const Pack& pack, std::index_sequence<i...>) {
  return With<std::decay_t<std::tuple_element_t<2 * i + 1, Pack>>...>{
      {std::pair<const char*, std::tuple_element_t<2 * i + 1, Pack>>(std::get<2 * i>(pack), std::get<2 * i + 1>(pack))...}};
}
}  // namespace detail

/// with("dim", dim, "keepdim", keepdim): for the full expression in which it stands.
template <class... NamesAndValues> auto with(const NamesAndValues&... all) {
  return detail::with(std::tuple<const NamesAndValues&...>(all...), std::make_index_sequence<sizeof...(all) / 2>());
}

}}  // namespace torch::xgrad
