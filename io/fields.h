// The fields of a struct, said once: its setters and getters, and what it prints, compares and archives, follow from them.
#pragma once

#include <utility>

#include <xgrad/autograd/core/namespace.h>

/// Declares field `name` of type `T` in a struct: setters that chain, and getters. An initial value may follow:
/// `XGRAD_ARG(double, alpha) = 1.0;` is used as `ELUOptions().alpha(2)`.
// clang-format off
#define XGRAD_ARG(T, name)                                 \
 public:                                                   \
  auto name(const T& new_##name) -> decltype(*this) {      \
    this->name##_ = new_##name;                            \
    return *this;                                          \
  }                                                        \
  auto name(T&& new_##name) -> decltype(*this) {           \
    this->name##_ = std::move(new_##name);                 \
    return *this;                                          \
  }                                                        \
  const T& name() const noexcept { return this->name##_; } \
  T& name() noexcept { return this->name##_; }             \
                                                           \
 private:                                                  \
  T name##_
// clang-format on

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
#define XGRAD_FIELDS(...)                      \
  XGRAD_EACH(XGRAD_DECLARE_FIELD, __VA_ARGS__) \
 public:                                       \
  template <class Self, class Visit> static void each_field(Self& self, Visit&& visit) { XGRAD_EACH(XGRAD_VISIT_FIELD, __VA_ARGS__) }

#define XGRAD_DECLARE_FIELD(T, name, initial, shown, ...) XGRAD_ARG(T, name){initial};
#define XGRAD_VISIT_FIELD(T, name, initial, shown, ...) visit(#name, self.name##_, T{initial}, ::xgrad::Shown::shown);

/// M(type, name, default, shown, ) for each of up to 12 fields.
// clang-format off
#define XGRAD_EACH(M, ...)                                                                                                 \
  XGRAD_THIRTEENTH(__VA_ARGS__, XGRAD_EACH_12, XGRAD_EACH_11, XGRAD_EACH_10, XGRAD_EACH_9, XGRAD_EACH_8, XGRAD_EACH_7,     \
                   XGRAD_EACH_6, XGRAD_EACH_5, XGRAD_EACH_4, XGRAD_EACH_3, XGRAD_EACH_2, XGRAD_EACH_1, )(M, __VA_ARGS__)
// clang-format on
#define XGRAD_THIRTEENTH(a, b, c, d, e, f, g, h, i, j, k, l, m, ...) m
#define XGRAD_EACH_1(M, a) XGRAD_ONE(M, a)
#define XGRAD_EACH_2(M, a, b) XGRAD_ONE(M, a) XGRAD_ONE(M, b)
#define XGRAD_EACH_3(M, a, b, c) XGRAD_ONE(M, a) XGRAD_ONE(M, b) XGRAD_ONE(M, c)
#define XGRAD_EACH_4(M, a, b, c, d) XGRAD_ONE(M, a) XGRAD_ONE(M, b) XGRAD_ONE(M, c) XGRAD_ONE(M, d)
#define XGRAD_EACH_5(M, a, b, c, d, e) XGRAD_ONE(M, a) XGRAD_ONE(M, b) XGRAD_ONE(M, c) XGRAD_ONE(M, d) XGRAD_ONE(M, e)
#define XGRAD_EACH_6(M, a, b, c, d, e, f) XGRAD_ONE(M, a) XGRAD_ONE(M, b) XGRAD_ONE(M, c) XGRAD_ONE(M, d) XGRAD_ONE(M, e) XGRAD_ONE(M, f)
#define XGRAD_EACH_7(M, a, b, c, d, e, f, g) XGRAD_EACH_6(M, a, b, c, d, e, f) XGRAD_EACH_1(M, g)
#define XGRAD_EACH_8(M, a, b, c, d, e, f, g, h) XGRAD_EACH_6(M, a, b, c, d, e, f) XGRAD_EACH_2(M, g, h)
#define XGRAD_EACH_9(M, a, b, c, d, e, f, g, h, i) XGRAD_EACH_6(M, a, b, c, d, e, f) XGRAD_EACH_3(M, g, h, i)
#define XGRAD_EACH_10(M, a, b, c, d, e, f, g, h, i, j) XGRAD_EACH_6(M, a, b, c, d, e, f) XGRAD_EACH_4(M, g, h, i, j)
#define XGRAD_EACH_11(M, a, b, c, d, e, f, g, h, i, j, k) XGRAD_EACH_6(M, a, b, c, d, e, f) XGRAD_EACH_5(M, g, h, i, j, k)
#define XGRAD_EACH_12(M, a, b, c, d, e, f, g, h, i, j, k, l) XGRAD_EACH_6(M, a, b, c, d, e, f) XGRAD_EACH_6(M, g, h, i, j, k, l)
#define XGRAD_ONE(M, field) XGRAD_CALL(M, XGRAD_BARE field, always, )
#define XGRAD_CALL(M, ...) M(__VA_ARGS__)
#define XGRAD_BARE(...) __VA_ARGS__
