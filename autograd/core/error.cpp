#include <xgrad/autograd/core/error.h>

#include <cstdio>

namespace torch { inline namespace xgrad {

// Out of line, so that each class has one key for exception matching across shared libraries.
Error::~Error() = default;
IndexError::~IndexError() = default;
ValueError::~ValueError() = default;
TypeError::~TypeError() = default;
LinAlgError::~LinAlgError() = default;
NotImplementedError::~NotImplementedError() = default;

namespace detail {

void append(std::string& text, std::string_view part) { text.append(part); }
void append(std::string& text, long long part) { text.append(std::to_string(part)); }
void append(std::string& text, unsigned long long part) { text.append(std::to_string(part)); }

void append(std::string& text, double part) {
  char digits[32];
  std::snprintf(digits, sizeof digits, "%g", part);
  text.append(digits);
}

}  // namespace detail
}}  // namespace torch::xgrad
