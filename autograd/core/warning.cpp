#include <xgrad/autograd/core/warning.h>

#include <atomic>
#include <iostream>
#include <sstream>
#include <string_view>

namespace torch { inline namespace xgrad {

std::ostream& operator<<(std::ostream& stream, const SourceLocation& location) {
  return stream << location.function << " at " << location.file << ":" << location.line;
}

WarningHandler::~WarningHandler() = default;

void WarningHandler::process(const SourceLocation& location, const std::string& text, bool) {
  const std::string_view path = location.file;
  std::ostringstream line;  // written at once, so that threads don't mix theirs
  line << "[W " << path.substr(path.find_last_of('/') + 1) << ":" << location.line << "] Warning: " << text << " (function " << location.function
       << ")\n";
  std::cerr << line.str();
}

namespace Warning {
namespace {

WarningHandler* first_handler() {
  static WarningHandler handler;
  return &handler;
}

std::atomic<WarningHandler*> current{nullptr};
std::atomic<bool> always{false};

}  // namespace

void warn(const SourceLocation& location, const std::string& text, bool verbatim) { get_warning_handler()->process(location, text, verbatim); }
void set_warning_handler(WarningHandler* handler) noexcept { current = handler; }
WarningHandler* get_warning_handler() noexcept {
  WarningHandler* const handler = current;
  return handler ? handler : first_handler();
}
void set_warnAlways(bool value) noexcept { always = value; }
bool get_warnAlways() noexcept { return always; }

}  // namespace Warning
}}  // namespace torch::xgrad
