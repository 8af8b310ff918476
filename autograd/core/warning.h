// Warnings: sentences that a program's code, not this library, gives to a handler that may be replaced. The library itself warns of masks of uint8,
// of symeig, of random_ beyond the whole numbers that a dtype holds, and of undefined parameters that are to require a gradient, alone.
#pragma once

#include <iosfwd>
#include <string>

#include <xgrad/autograd/core/error.h>

namespace torch { inline namespace xgrad {

/// "function at file:line".
XGRAD_API std::ostream& operator<<(std::ostream& stream, const SourceLocation& location);

/// What becomes of a warning.
class XGRAD_API WarningHandler {
 public:
  virtual ~WarningHandler();
  /// Writes "[W file:line] Warning: text (function ...)" to the standard error. `verbatim`: the text needs no context.
  virtual void process(const SourceLocation& location, const std::string& text, bool verbatim);
};

namespace Warning {

/// Gives the warning to the handler.
XGRAD_API void warn(const SourceLocation& location, const std::string& text, bool verbatim);
/// The handler for all threads, which must live until another takes its place; nullptr is the first one again.
XGRAD_API void set_warning_handler(WarningHandler* handler) noexcept;
XGRAD_API WarningHandler* get_warning_handler() noexcept;
/// Whether TORCH_WARN_ONCE warns each time. False until set.
XGRAD_API void set_warnAlways(bool always) noexcept;
XGRAD_API bool get_warnAlways() noexcept;

/// Another handler for a scope.
class WarningHandlerGuard {
 public:
  explicit WarningHandlerGuard(WarningHandler* handler) : before_(get_warning_handler()) { set_warning_handler(handler); }
  ~WarningHandlerGuard() { set_warning_handler(before_); }
  WarningHandlerGuard(const WarningHandlerGuard&) = delete;
  WarningHandlerGuard& operator=(const WarningHandlerGuard&) = delete;

 private:
  WarningHandler* before_;
};

/// set_warnAlways() for a scope.
class WarnAlways {
 public:
  explicit WarnAlways(bool always = true) : before_(get_warnAlways()) { set_warnAlways(always); }
  ~WarnAlways() { set_warnAlways(before_); }
  WarnAlways(const WarnAlways&) = delete;
  WarnAlways& operator=(const WarnAlways&) = delete;

 private:
  bool before_;
};

}  // namespace Warning
}}  // namespace torch::xgrad
