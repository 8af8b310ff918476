#include <xgrad/autograd/core/type_name.h>

#include <cxxabi.h>

#include <cstdlib>
#include <memory>
#include <string_view>

namespace torch { inline namespace xgrad {

std::string type_name(const std::type_info& type) {
  int status = 0;
  const std::unique_ptr<char, void (*)(void*)> demangled(abi::__cxa_demangle(type.name(), nullptr, nullptr, &status), std::free);
  std::string name = status == 0 ? demangled.get() : type.name();
  const std::string_view ours = "torch::xgrad::", shown = "torch::";
  for (size_t at = name.find(ours); at != std::string::npos; at = name.find(ours, at + shown.size())) name.replace(at, ours.size(), shown);
  return name;
}

}}  // namespace torch::xgrad
