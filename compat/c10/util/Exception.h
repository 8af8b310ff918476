// libtorch's macros for checks and warnings. Their parts are written with operator<<, as libtorch writes them.
#pragma once
#pragma GCC system_header  // for the commas of macros without further arguments, which pedants warn of before C++20

#include <iostream>

#include <c10/macros/Macros.h>
#include <c10/util/StringUtil.h>
#include <xgrad/autograd/core/error.h>

namespace torch { inline namespace xgrad { namespace detail {

/// Throws E with the parts as its text, or with `otherwise` when there are none.
template <class E, class... Parts> [[noreturn]] void refuse(const char* otherwise, const Parts&... parts) {
  throw E(sizeof...(parts) ? str(parts...) : std::string(otherwise));
}

}}}  // namespace torch::xgrad::detail

namespace torch { inline namespace xgrad {
/// Declared for those who catch it; numbers that are not finite are no error here.
class EnforceFiniteError : public Error {
 public:
  using Error::Error;
};
}}  // namespace torch::xgrad

#define C10_THROW_ERROR(error, text) throw ::c10::error({__func__, __FILE__, static_cast<uint32_t>(__LINE__)}, text)

#define XGRAD_TORCH_CHECK_AS(error, condition, otherwise, ...)                                       \
  do {                                                                                               \
    if (C10_UNLIKELY(!(condition))) ::torch::xgrad::detail::refuse<error>(otherwise, ##__VA_ARGS__); \
  } while (false)
#define XGRAD_TORCH_EXPECTED(condition) "Expected " #condition " to be true, but got false."

#define TORCH_CHECK_WITH(error, condition, ...) XGRAD_TORCH_CHECK_AS(::c10::error, condition, XGRAD_TORCH_EXPECTED(condition), ##__VA_ARGS__)
#define TORCH_CHECK(condition, ...) TORCH_CHECK_WITH(Error, condition, ##__VA_ARGS__)
#define TORCH_CHECK_INDEX(condition, ...) TORCH_CHECK_WITH(IndexError, condition, ##__VA_ARGS__)
#define TORCH_CHECK_VALUE(condition, ...) TORCH_CHECK_WITH(ValueError, condition, ##__VA_ARGS__)
#define TORCH_CHECK_TYPE(condition, ...) TORCH_CHECK_WITH(TypeError, condition, ##__VA_ARGS__)
#define TORCH_CHECK_LINALG(condition, ...) TORCH_CHECK_WITH(LinAlgError, condition, ##__VA_ARGS__)
#define TORCH_CHECK_NOT_IMPLEMENTED(condition, ...) TORCH_CHECK_WITH(NotImplementedError, condition, ##__VA_ARGS__)
#define TORCH_CHECK_ARG(condition, number, ...) TORCH_CHECK(condition, "invalid argument ", number, ": ", ##__VA_ARGS__)
#define TORCH_CHECK_IF_NOT_ON_CUDA(condition, ...) TORCH_CHECK(condition, ##__VA_ARGS__)

#define TORCH_INTERNAL_ASSERT(condition, ...)                                                                                  \
  XGRAD_TORCH_CHECK_AS(::c10::Error, condition, #condition " INTERNAL ASSERT FAILED at " __FILE__ ":" C10_STRINGIZE(__LINE__), \
                       #condition " INTERNAL ASSERT FAILED at " __FILE__ ":" C10_STRINGIZE(__LINE__) ". ", ##__VA_ARGS__)
#ifdef NDEBUG
#define TORCH_INTERNAL_ASSERT_DEBUG_ONLY(...) \
  while (false) TORCH_INTERNAL_ASSERT(__VA_ARGS__)
#else
#define TORCH_INTERNAL_ASSERT_DEBUG_ONLY(...) TORCH_INTERNAL_ASSERT(__VA_ARGS__)
#endif
#define AT_ASSERT(...) TORCH_INTERNAL_ASSERT(__VA_ARGS__)
#define AT_ASSERTM(condition, ...) TORCH_INTERNAL_ASSERT(condition, ##__VA_ARGS__)
#define AT_ERROR(...) ::torch::xgrad::detail::refuse<::c10::Error>("", ##__VA_ARGS__)

#define TORCH_WARN(...) ::c10::Warning::warn({__func__, __FILE__, static_cast<uint32_t>(__LINE__)}, ::c10::str(__VA_ARGS__), false)
#define TORCH_WARN_ONCE(...)                                                       \
  do {                                                                             \
    if (::c10::Warning::get_warnAlways()) {                                        \
      TORCH_WARN(__VA_ARGS__);                                                     \
    } else {                                                                       \
      static const bool warned [[maybe_unused]] = (TORCH_WARN(__VA_ARGS__), true); \
    }                                                                              \
  } while (false)
