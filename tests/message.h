// Texts of errors.
#pragma once

#include <string>

#include <xgrad/autograd/core/error.h>

/// The text of the xgrad::Error that f throws.
template <class F> std::string message_of(F f) {
  try {
    f();
  } catch (const xgrad::Error& e) {
    return e.what();
  }
  return "nothing was thrown";
}

inline bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }
