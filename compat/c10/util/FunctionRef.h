// A reference to something that can be called, for parameters: it must outlive the call.
#pragma once

#include <cstdint>
#include <memory>
#include <type_traits>
#include <utility>

#include <torch/namespaces.h>

namespace torch { inline namespace xgrad {

template <class> class function_ref;
template <class R, class... Arguments> class function_ref<R(Arguments...)> {
 public:
  function_ref() = default;
  function_ref(std::nullptr_t) {}
  template <class F, class = std::enable_if_t<!std::is_same_v<std::decay_t<F>, function_ref> && std::is_invocable_r_v<R, F&, Arguments...>>>
  function_ref(F&& f) : called_(reinterpret_cast<intptr_t>(std::addressof(f))), call_(&call<std::remove_reference_t<F>>) {}
  R operator()(Arguments... arguments) const { return call_(called_, std::forward<Arguments>(arguments)...); }
  explicit operator bool() const { return call_ != nullptr; }

 private:
  template <class F> static R call(intptr_t called, Arguments... arguments) {
    return (*reinterpret_cast<F*>(called))(std::forward<Arguments>(arguments)...);
  }
  intptr_t called_ = 0;
  R (*call_)(intptr_t, Arguments...) = nullptr;
};

}}  // namespace torch::xgrad
