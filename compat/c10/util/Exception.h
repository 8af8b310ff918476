// libtorch's checking macros. Their parts are written with operator<<, as libtorch writes them.
#pragma once

#include <iostream>
#include <sstream>

#include <xgrad/autograd/error.h>

namespace xgrad {

/// Everything written to a stream, one part after the other.
template <class... Parts>
std::string str(const Parts&... parts) {
  std::ostringstream text;
  (text << ... << parts);
  return text.str();
}

namespace detail {
/// Throws E with the parts as its text, or with `otherwise` when there are none.
template <class E, class... Parts>
[[noreturn]] void refuse(const char* otherwise, const Parts&... parts) {
  throw E(sizeof...(parts) ? str(parts...) : std::string(otherwise));
}
}  // namespace detail
}  // namespace xgrad

namespace c10 = xgrad;

#define XGRAD_TORCH_CHECK_AS(error, condition, ...) \
  do {                                              \
    if (__builtin_expect(!(condition), 0))          \
      ::xgrad::detail::refuse<error>("Expected " #condition " to be true, but got false.", ##__VA_ARGS__); \
  } while (false)

#define TORCH_CHECK(condition, ...) XGRAD_TORCH_CHECK_AS(::xgrad::Error, condition, ##__VA_ARGS__)
#define TORCH_CHECK_INDEX(condition, ...) XGRAD_TORCH_CHECK_AS(::xgrad::IndexError, condition, ##__VA_ARGS__)
#define TORCH_CHECK_VALUE(condition, ...) XGRAD_TORCH_CHECK_AS(::xgrad::ValueError, condition, ##__VA_ARGS__)
#define TORCH_CHECK_TYPE(condition, ...) XGRAD_TORCH_CHECK_AS(::xgrad::TypeError, condition, ##__VA_ARGS__)
#define TORCH_CHECK_NOT_IMPLEMENTED(condition, ...) XGRAD_TORCH_CHECK_AS(::xgrad::NotImplementedError, condition, ##__VA_ARGS__)
#define TORCH_INTERNAL_ASSERT(condition, ...) TORCH_CHECK(condition, ##__VA_ARGS__)
#define TORCH_INTERNAL_ASSERT_DEBUG_ONLY(condition, ...) TORCH_CHECK(condition, ##__VA_ARGS__)
#define AT_ASSERT(...) TORCH_CHECK(__VA_ARGS__)
#define AT_ASSERTM(condition, ...) TORCH_CHECK(condition, ##__VA_ARGS__)
#define AT_ERROR(...) ::xgrad::detail::refuse<::xgrad::Error>("", ##__VA_ARGS__)
#define TORCH_WARN(...) static_cast<void>(std::cerr << "Warning: " << ::xgrad::str(__VA_ARGS__) << '\n')
#define TORCH_WARN_ONCE(...)                                                                       \
  do {                                                                                             \
    static const bool warned [[maybe_unused]] = (TORCH_WARN(__VA_ARGS__), true);                   \
  } while (false)
