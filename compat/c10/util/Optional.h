// The standard library's types under c10's names.
#pragma once

#include <optional>
#include <string_view>
#include <utility>

#include <torch/namespaces.h>
#include <xgrad/autograd/core/array_ref.h>

namespace torch { inline namespace xgrad {
using std::in_place;
using std::make_optional;
using std::nullopt;
using std::nullopt_t;
using std::optional;
using std::string_view;
template <class T> using basic_string_view = std::basic_string_view<T>;
}}  // namespace torch::xgrad
