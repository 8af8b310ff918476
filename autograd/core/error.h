// Errors: one hierarchy, named as PyTorch names it, with the text "[operation] what must hold, got what".
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

#include <xgrad/autograd/core/export.h>

namespace torch { inline namespace xgrad {

/// A place in the source.
struct SourceLocation {
  const char* function;
  const char* file;
  uint32_t line;
};

/// What every refused call throws. Also known as c10::Error.
class XGRAD_API Error : public std::runtime_error {
 public:
  explicit Error(const std::string& text) : std::runtime_error(text) {}
  /// The place is not part of the text.
  Error(const SourceLocation&, const std::string& text) : std::runtime_error(text) {}
  /// A backtrace is not kept.
  Error(const std::string& text, const std::string& /*backtrace*/, const void* = nullptr) : std::runtime_error(text) {}
  ~Error() override;
  /// The text alone; what() carries no backtrace either.
  const char* what_without_backtrace() const noexcept { return what(); }
  std::string msg() const { return what(); }
  /// Empty.
  const std::string& backtrace() const { return none(); }

 private:
  static const std::string& none() {
    static const std::string text;
    return text;
  }
};

/// An index or axis outside its range.
class XGRAD_API IndexError : public Error {
 public:
  using Error::Error;
  ~IndexError() override;
};

/// A value an operation or option cannot take.
class XGRAD_API ValueError : public Error {
 public:
  using Error::Error;
  ~ValueError() override;
};

/// A dtype an operation cannot take.
class XGRAD_API TypeError : public Error {
 public:
  using Error::Error;
  ~TypeError() override;
};

/// A matrix that a routine of linear algebra cannot take: singular, not positive-definite, or without convergence.
class XGRAD_API LinAlgError : public Error {
 public:
  using Error::Error;
  ~LinAlgError() override;
};

/// Something PyTorch has that this library declares it has not.
class XGRAD_API NotImplementedError : public Error {
 public:
  using Error::Error;
  ~NotImplementedError() override;
};

namespace detail {

XGRAD_API void append(std::string& text, std::string_view part);
XGRAD_API void append(std::string& text, long long part);
XGRAD_API void append(std::string& text, unsigned long long part);
XGRAD_API void append(std::string& text, double part);
inline void append(std::string& text, const char* part) { append(text, std::string_view(part)); }
inline void append(std::string& text, const std::string& part) { append(text, std::string_view(part)); }
inline void append(std::string& text, char part) { text.push_back(part); }
inline void append(std::string& text, bool part) { append(text, part ? "true" : "false"); }
inline void append(std::string& text, int part) { append(text, static_cast<long long>(part)); }
inline void append(std::string& text, long part) { append(text, static_cast<long long>(part)); }
inline void append(std::string& text, unsigned part) { append(text, static_cast<unsigned long long>(part)); }
inline void append(std::string& text, unsigned long part) { append(text, static_cast<unsigned long long>(part)); }
inline void append(std::string& text, float part) { append(text, static_cast<double>(part)); }

/// The parts written one after the other; a class takes part by an `append` found beside it.
template <class... Parts> std::string concatenate(const Parts&... parts) {
  std::string text;
  (append(text, parts), ...);
  return text;
}

template <class E, class... Parts> [[noreturn, gnu::cold, gnu::noinline]] void raise(const Parts&... parts) { throw E(concatenate(parts...)); }

}  // namespace detail
}}  // namespace torch::xgrad

/// Throws xgrad::Error with the remaining arguments as its text unless `condition` holds.
#define XGRAD_CHECK(condition, ...) XGRAD_CHECK_AS(::xgrad::Error, condition, __VA_ARGS__)

/// The same with a chosen class of error.
#define XGRAD_CHECK_AS(error, condition, ...)                                          \
  do {                                                                                 \
    if (__builtin_expect(!(condition), 0)) ::xgrad::detail::raise<error>(__VA_ARGS__); \
  } while (false)
