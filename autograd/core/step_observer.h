// What a step of a program depends on and does besides the kernels that it launches, told to whoever wants to run those launches again.
#pragma once

#include <cstdint>

#include <xgrad/autograd/core/export.h>
#include <xgrad/autograd/core/namespace.h>

namespace torch { inline namespace xgrad {

class TensorImpl;

namespace detail {

class StepObserver {
 public:
  virtual ~StepObserver() = default;
  /// What follows may depend on values of tensors, or on counts that are kept elsewhere. `by`: what looked at them.
  virtual void leaves_launches(const char* by) = 0;
  /// What follows depends on whether a module is in training, which it keeps in `flag`.
  virtual void reads_flag(const bool& flag) = 0;
  /// The gradient of a leaf is about to be given, added to or used.
  virtual void uses_gradient(TensorImpl& leaf) = 0;
  /// What follows may depend on whether a leaf has a gradient, or replace it.
  virtual void looks_at_gradient(TensorImpl& leaf) = 0;
};

/// The calling thread's, or null.
extern XGRAD_API __thread StepObserver* step_observer;

inline void note_leaving_launches(const char* by) {
  if (__builtin_expect(step_observer != nullptr, 0)) step_observer->leaves_launches(by);
}
inline void note_gradient_of(TensorImpl& leaf) {
  if (__builtin_expect(step_observer != nullptr, 0)) step_observer->uses_gradient(leaf);
}
inline void note_look_at_gradient_of(TensorImpl& leaf) {
  if (__builtin_expect(step_observer != nullptr, 0)) step_observer->looks_at_gradient(leaf);
}

/// Grows when memory that launches name other than as a tensor's goes away or is replaced (an optimizer's options, a module's flag), and
/// when a tensor that kept launches work on changes other than by its elements. Launches kept before are then not to be run.
XGRAD_API uint64_t kept_launches_epoch() noexcept;
XGRAD_API void outdate_kept_launches() noexcept;

}  // namespace detail
}}  // namespace torch::xgrad
