// Hashes of tuples and containers: c10::hash, get_hash(), hash_combine().
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include <torch/namespaces.h>
#include <xgrad/autograd/core/array_ref.h>

namespace torch { inline namespace xgrad {

inline size_t hash_combine(size_t seed, size_t value) { return seed ^ (value + 0x9e3779b9 + (seed << 6U) + (seed >> 2U)); }

template <class T> struct hash;
template <class... T> size_t get_hash(const T&... values);

namespace detail {
template <class T> size_t hash_each(const T& values) {
  size_t seed = values.size();
  for (const auto& value : values) seed = hash_combine(seed, get_hash(value));
  return seed;
}
template <class T, class = void> struct has_own_hash : std::false_type {};
template <class T> struct has_own_hash<T, std::void_t<decltype(T::hash(std::declval<const T&>()))>> : std::true_type {};
}  // namespace detail

/// By T::hash(value) where there is one, else std::hash.
template <class T> struct hash {
  size_t operator()(const T& value) const {
    if constexpr (detail::has_own_hash<T>::value) return T::hash(value);
    else return std::hash<T>()(value);
  }
};
template <class T> struct hash<std::vector<T>> {
  size_t operator()(const std::vector<T>& values) const { return detail::hash_each(values); }
};
template <class T> struct hash<ArrayRef<T>> {
  size_t operator()(ArrayRef<T> values) const { return detail::hash_each(values); }
};
template <class A, class B> struct hash<std::pair<A, B>> {
  size_t operator()(const std::pair<A, B>& value) const { return get_hash(value.first, value.second); }
};
template <class... T> struct hash<std::tuple<T...>> {
  size_t operator()(const std::tuple<T...>& value) const {
    return std::apply([](const auto&... parts) { return get_hash(parts...); }, value);
  }
};

/// Of several values together.
template <class... T> size_t get_hash(const T&... values) {
  size_t seed = 0;
  ((seed = hash_combine(seed, hash<T>()(values))), ...);
  return seed;
}

}}  // namespace torch::xgrad
