// Whether operations are recorded, per thread.
#pragma once

#include <xgrad/autograd/core/export.h>

namespace torch { inline namespace xgrad {

struct GradMode {
  /// True iff the calling thread records operations on tensors that require gradients. True in a new thread.
  static bool is_enabled();
  static void set_enabled(bool enabled);
};

namespace detail {
extern XGRAD_API __thread bool grad_mode_enabled;
extern XGRAD_API __thread bool inference_mode_enabled;
}
inline bool GradMode::is_enabled() { return detail::grad_mode_enabled; }
inline void GradMode::set_enabled(bool enabled) { detail::grad_mode_enabled = enabled; }

/// Sets the mode for a scope and puts the former one back, also when an exception passes.
class AutoGradMode {
 public:
  explicit AutoGradMode(bool enabled) : previous_(GradMode::is_enabled()) { GradMode::set_enabled(enabled); }
  ~AutoGradMode() { GradMode::set_enabled(previous_); }
  AutoGradMode(const AutoGradMode&) = delete;
  AutoGradMode& operator=(const AutoGradMode&) = delete;

 private:
  bool previous_;
};

struct NoGradGuard : AutoGradMode {
  NoGradGuard() : AutoGradMode(false) {}
};
struct EnableGradGuard : AutoGradMode {
  EnableGradGuard() : AutoGradMode(true) {}
};
/// Nothing is recorded, as under NoGradGuard. Tensors made here may still be used in recorded operations later. One that is not enabled
/// turns recording on for its scope, whatever surrounds it.
struct InferenceMode : AutoGradMode {
  explicit InferenceMode(bool enabled = true) : AutoGradMode(!enabled), outer_(is_enabled()) { detail::inference_mode_enabled = enabled; }
  ~InferenceMode() { detail::inference_mode_enabled = outer_; }
  /// True iff the innermost one on the calling thread is enabled.
  static bool is_enabled() { return detail::inference_mode_enabled; }

 private:
  bool outer_;
};

}}  // namespace torch::xgrad
