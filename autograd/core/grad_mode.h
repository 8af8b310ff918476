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
/// Nothing is recorded, as under NoGradGuard. Tensors made here may still be used in recorded operations later.
struct InferenceMode : AutoGradMode {
  explicit InferenceMode(bool enabled = true) : AutoGradMode(enabled ? false : GradMode::is_enabled()) {}
};

}}  // namespace torch::xgrad
