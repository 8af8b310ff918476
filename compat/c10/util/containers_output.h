// Standard containers written to streams, their elements with blanks between them; after a hundred of them dots. libtorch's headers define
// that in std too: only there a program's own namespaces find it. Not a header of libtorch.
#pragma once

#include <array>
#include <cstddef>
#include <map>
#include <ostream>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace std {

template <class A, class B> ostream& operator<<(ostream& stream, const pair<A, B>& value);

#define XGRAD_TORCH_WRITES(Container)                                                         \
  template <class... T> ostream& operator<<(ostream& stream, const Container<T...>& values) { \
    size_t written = 0;                                                                       \
    for (const auto& value : values) {                                                        \
      if (written) stream << ' ';                                                             \
      if (written++ == 100) return stream << "...";                                           \
      stream << value;                                                                        \
    }                                                                                         \
    return stream;                                                                            \
  }
XGRAD_TORCH_WRITES(vector)
XGRAD_TORCH_WRITES(set)
XGRAD_TORCH_WRITES(map)
XGRAD_TORCH_WRITES(unordered_set)
XGRAD_TORCH_WRITES(unordered_map)
#undef XGRAD_TORCH_WRITES

template <class A, class B> ostream& operator<<(ostream& stream, const pair<A, B>& value) {
  return stream << '(' << value.first << ", " << value.second << ')';
}

}  // namespace std
