// What << writes.
#pragma once

#include <sstream>
#include <string>

#include <xgrad/autograd/core/array_ref.h>

/// The value's text, with true and false in words.
template <class T> std::string printed(const T& value) {
  using xgrad::operator<<;  // of std::vector, in whose namespace it is not looked for
  std::ostringstream stream;
  stream << std::boolalpha << value;
  return stream.str();
}
