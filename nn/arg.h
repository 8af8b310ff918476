// Options of layers and functions: structs whose fields are set by chained calls.
#pragma once

#include <utility>

/// Declares option `name` of type `T` in an options struct: setters that chain, and getters. An initial value may follow:
/// `XGRAD_ARG(double, alpha) = 1.0;` is used as `ELUOptions().alpha(2)`.
#define XGRAD_ARG(T, name)                              \
 public:                                                \
  auto name(const T& new_##name) -> decltype(*this) {   \
    this->name##_ = new_##name;                         \
    return *this;                                       \
  }                                                     \
  auto name(T&& new_##name) -> decltype(*this) {        \
    this->name##_ = std::move(new_##name);              \
    return *this;                                       \
  }                                                     \
  const T& name() const noexcept { return this->name##_; } \
  T& name() noexcept { return this->name##_; }          \
                                                        \
 private:                                               \
  T name##_
