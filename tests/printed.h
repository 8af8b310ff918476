// What << writes.
#pragma once

#include <sstream>
#include <string>

/// The value's text, with true and false in words.
template <class T> std::string printed(const T& value) {
  std::ostringstream stream;
  stream << std::boolalpha << value;
  return stream.str();
}
