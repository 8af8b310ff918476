// The fields of a struct, said once: its setters and getters, and what it prints, compares and archives, follow from them.
#pragma once

#include <utility>

#include <xgrad/autograd/core/namespace.h>

/// Declares field `name` of type `T` in a struct: setters that chain, and getters. An initial value may follow:
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

namespace torch { inline namespace xgrad {

/// How a layer's text shows a field: as "name=value", so unless it has its default, as the value alone, or not at all.
enum class Shown { always, changed, bare, never };

}}  // namespace torch::xgrad

/// Declares the fields of a struct, each as (type, name, default) or (type, name, default, how it is shown); the default may be
/// empty. A type with a comma needs an alias.
///
///     struct ELUOptions {
///       XGRAD_FIELDS((double, alpha, 1.0), (bool, inplace, false, changed))
///     };
///
/// each_field(options, visit) calls visit(name, value, default, shown) for one after the other; the value can be written to if the
/// options can.
#define XGRAD_FIELDS(...)                                        \
  XGRAD_EACH(XGRAD_DECLARE_FIELD, __VA_ARGS__)                   \
 public:                                                         \
  template <class Self, class Visit>                             \
  static void each_field(Self& self, Visit&& visit) {            \
    XGRAD_EACH(XGRAD_VISIT_FIELD, __VA_ARGS__)                   \
  }

#define XGRAD_DECLARE_FIELD(T, name, initial, shown, ...) XGRAD_ARG(T, name){initial};
#define XGRAD_VISIT_FIELD(T, name, initial, shown, ...) visit(#name, self.name##_, T{initial}, ::xgrad::Shown::shown);

/// macro(type, name, default, shown, ) for each of up to 12 fields.
#define XGRAD_EACH(macro, ...)                                                                                                     \
  XGRAD_THIRTEENTH(__VA_ARGS__, XGRAD_EACH_12, XGRAD_EACH_11, XGRAD_EACH_10, XGRAD_EACH_9, XGRAD_EACH_8, XGRAD_EACH_7, XGRAD_EACH_6, \
                   XGRAD_EACH_5, XGRAD_EACH_4, XGRAD_EACH_3, XGRAD_EACH_2, XGRAD_EACH_1, )(macro, __VA_ARGS__)
#define XGRAD_THIRTEENTH(a, b, c, d, e, f, g, h, i, j, k, l, m, ...) m
#define XGRAD_EACH_1(macro, field) XGRAD_CALL(macro, XGRAD_BARE field, always, )
#define XGRAD_EACH_2(macro, field, ...) XGRAD_EACH_1(macro, field) XGRAD_EACH_1(macro, __VA_ARGS__)
#define XGRAD_EACH_3(macro, field, ...) XGRAD_EACH_1(macro, field) XGRAD_EACH_2(macro, __VA_ARGS__)
#define XGRAD_EACH_4(macro, field, ...) XGRAD_EACH_1(macro, field) XGRAD_EACH_3(macro, __VA_ARGS__)
#define XGRAD_EACH_5(macro, field, ...) XGRAD_EACH_1(macro, field) XGRAD_EACH_4(macro, __VA_ARGS__)
#define XGRAD_EACH_6(macro, field, ...) XGRAD_EACH_1(macro, field) XGRAD_EACH_5(macro, __VA_ARGS__)
#define XGRAD_EACH_7(macro, field, ...) XGRAD_EACH_1(macro, field) XGRAD_EACH_6(macro, __VA_ARGS__)
#define XGRAD_EACH_8(macro, field, ...) XGRAD_EACH_1(macro, field) XGRAD_EACH_7(macro, __VA_ARGS__)
#define XGRAD_EACH_9(macro, field, ...) XGRAD_EACH_1(macro, field) XGRAD_EACH_8(macro, __VA_ARGS__)
#define XGRAD_EACH_10(macro, field, ...) XGRAD_EACH_1(macro, field) XGRAD_EACH_9(macro, __VA_ARGS__)
#define XGRAD_EACH_11(macro, field, ...) XGRAD_EACH_1(macro, field) XGRAD_EACH_10(macro, __VA_ARGS__)
#define XGRAD_EACH_12(macro, field, ...) XGRAD_EACH_1(macro, field) XGRAD_EACH_11(macro, __VA_ARGS__)
#define XGRAD_CALL(macro, ...) macro(__VA_ARGS__)
#define XGRAD_BARE(...) __VA_ARGS__
