// Whether operations are recorded, per thread.
#pragma once

#include <cstdint>

#include <xgrad/autograd/core/export.h>

namespace torch { inline namespace xgrad {

struct GradMode {
  /// True iff the calling thread records operations on tensors that require gradients. True in a new thread.
  static bool is_enabled();
  static void set_enabled(bool enabled);
};

namespace detail {
constexpr int8_t kRecords = 1, kTraces = -128;
/// What becomes of an operation: kRecords or not, and, where somebody traces (graph/trace.h), kTraces. 0: nothing.
extern XGRAD_API __thread int8_t operation_mode;
extern XGRAD_API __thread bool inference_mode_enabled;

/// Puts another mode in place for a scope.
class OperationMode {
 public:
  explicit OperationMode(int8_t mode) : previous_(operation_mode) { operation_mode = mode; }
  ~OperationMode() { operation_mode = previous_; }
  OperationMode(const OperationMode&) = delete;
  OperationMode& operator=(const OperationMode&) = delete;

 private:
  int8_t previous_;
};
inline int8_t mode_with(bool records) { return static_cast<int8_t>((operation_mode & kTraces) | static_cast<int8_t>(records)); }
}  // namespace detail
inline bool GradMode::is_enabled() { return (detail::operation_mode & detail::kRecords) != 0; }
inline void GradMode::set_enabled(bool enabled) { detail::operation_mode = detail::mode_with(enabled); }

/// Sets the mode for a scope and puts the former one back, also when an exception passes.
class AutoGradMode {
 public:
  explicit AutoGradMode(bool enabled) : mode_(detail::mode_with(enabled)) {}

 private:
  detail::OperationMode mode_;
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
