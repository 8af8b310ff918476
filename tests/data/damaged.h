// Every small damage a file can take.
#pragma once

#include <string>

/// Calls f with every copy of `golden` in which one byte is missing, doubled, 0, 255 or preceded by a zero byte, in which a
/// stretch in the middle is missing, and with two copies after one another.
template <class F> void for_each_damage(const std::string& golden, F f) {
  for (size_t i = 0; i < golden.size(); ++i) {
    const std::string before = golden.substr(0, i), after = golden.substr(i + 1);
    for (const std::string& middle :
         {std::string(), std::string(2, golden[i]), std::string(1, '\0'), std::string(1, '\377'), '\0' + golden.substr(i, 1)})
      if (middle != golden.substr(i, 1)) f(before + middle + after);
    for (const size_t gap : {size_t{2}, size_t{8}})
      if (i + gap < golden.size()) f(before + golden.substr(i + gap));
  }
  f(golden + golden);
}
