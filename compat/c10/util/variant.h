#pragma once

#include <variant>

#include <torch/namespaces.h>

namespace torch { inline namespace xgrad {
using std::get;
using std::get_if;
using std::holds_alternative;
using std::monostate;
using std::variant;
using std::visit;
}}  // namespace torch::xgrad
