// ska::flat_hash_map and flat_hash_set: here the standard library's, which keep references valid besides.
#pragma once

#include <functional>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace ska {

template <class K, class V, class H = std::hash<K>, class E = std::equal_to<K>, class A = std::allocator<std::pair<K, V>>>
class flat_hash_map : public std::unordered_map<K, V, H, E, typename std::allocator_traits<A>::template rebind_alloc<std::pair<const K, V>>> {
 public:
  using Base = std::unordered_map<K, V, H, E, typename std::allocator_traits<A>::template rebind_alloc<std::pair<const K, V>>>;
  using Base::Base;
};

template <class T, class H = std::hash<T>, class E = std::equal_to<T>, class A = std::allocator<T>>
class flat_hash_set : public std::unordered_set<T, H, E, A> {
 public:
  using std::unordered_set<T, H, E, A>::unordered_set;
};

}  // namespace ska
