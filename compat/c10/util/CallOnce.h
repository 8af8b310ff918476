#pragma once

#include <mutex>

#include <torch/namespaces.h>

namespace torch { inline namespace xgrad {
using std::call_once;
using std::once_flag;
}}  // namespace torch::xgrad
