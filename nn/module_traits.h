// What templates ask about a type: is it a module, a holder of one, and can it be called?
#pragma once

#include <type_traits>

#include <xgrad/autograd/core/namespace.h>

namespace torch { inline namespace xgrad { namespace nn {

class Module;

namespace internal {

/// Base of every ModuleHolder, to tell them from other types.
struct ModuleHolderIndicator {};

template <class T> inline constexpr bool is_module_holder = std::is_base_of_v<ModuleHolderIndicator, std::decay_t<T>>;

template <class T, class Contained, bool = is_module_holder<T>> inline constexpr bool is_module_holder_of = false;
template <class T, class Contained>
inline constexpr bool is_module_holder_of<T, Contained, true> = std::is_same_v<typename std::decay_t<T>::ContainedType, Contained>;

template <class T> inline constexpr bool is_module = std::is_base_of_v<Module, std::decay_t<T>>;
template <class T> using enable_if_module_t = std::enable_if_t<is_module<T>>;

template <class T, class = void> inline constexpr bool has_forward = false;
/// True iff T has exactly one forward(), which is no template: its argument types can be known.
template <class T> inline constexpr bool has_forward<T, std::void_t<decltype(&T::forward)>> = true;

}  // namespace internal
}}}  // namespace torch::xgrad::nn
