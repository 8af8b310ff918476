// Names of types.
#pragma once

#include <cstdlib>
#include <memory>
#include <string>
#include <typeinfo>

#include <cxxabi.h>

#include <torch/namespaces.h>

namespace torch { inline namespace xgrad {

/// What a compiler's name of a type or symbol means; the name itself if it means nothing.
inline std::string demangle(const char* name) {
  int status = 0;
  const std::unique_ptr<char, void (*)(void*)> text(abi::__cxa_demangle(name, nullptr, nullptr, &status), std::free);
  return text && status == 0 ? text.get() : name;
}
template <class T> const char* demangle_type() {
  static const std::string name = demangle(typeid(T).name());
  return name.c_str();
}

}}  // namespace torch::xgrad
