// Where the time goes: kernels by operation and by module.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <xgrad/inspect/table.h>

namespace torch { inline namespace xgrad {

namespace nn {
class Module;
}

namespace inspect {

/// What a part of a training did. Without a module, whatever is no derivative is `forward`; with one, what comes between a backward pass and the next
/// call of a module is `update`, as is what writes to parameters.
enum class Phase { forward, backward, update };

/// What was measured while a ProfileGuard lived, or several one after the other.
class XGRAD_API Profile {
 public:
  /// Of the kernels beyond the first `most_events` only sums are kept: a trace holds no more.
  explicit Profile(int64_t most_events = 1000000);
  ~Profile();
  Profile(Profile&&) noexcept;
  Profile& operator=(Profile&&) noexcept;

  /// Kernels of one kind.
  struct Row {
    std::string operation;  ///< its name, as in errors; of a module's row its path
    std::string module;     ///< its path; "" for the root, and where there is no module
    Phase phase = Phase::forward;
    int64_t calls = 0;
    double seconds = 0;                         ///< in kernels
    int64_t bytes_read = 0, bytes_written = 0;  ///< of memory that the operands span
  };
  /// By operation and phase, and by operation, module and phase; the longest first.
  std::vector<Row> by_operation() const;
  std::vector<Row> by_operation_and_module() const;
  /// By module and phase, in the order of the modules.
  std::vector<Row> by_module() const;

  /// While guards lived; in kernels. The difference is checks, allocations, recording, loading of data and whatever else the program does.
  double seconds() const;
  double kernel_seconds() const;
  int64_t kernels() const;
  /// The most bytes of tensors that were alive when a kernel began.
  int64_t peak_bytes() const;

  /// The first `most_rows` rows of by_operation(), and what the others sum up to.
  Table operations(size_t most_rows = 25) const;
  /// A row for each module that ran something.
  Table modules() const;
  /// Both as text, with the totals.
  std::string text() const;

  /// Every kernel with its module, phase and bytes, and the living bytes: for chrome://tracing or ui.perfetto.dev.
  std::string chrome_trace() const;
  void save_chrome_trace(const std::string& path) const;

 private:
  friend class ProfileGuard;
  struct State;
  std::unique_ptr<State> state_;
};

/// Measures the kernels that the calling thread starts while it lives, into a Profile that outlives it. The threads that a kernel spreads
/// over count by the calling thread's clock. It must end on the thread it began on, the last begun first; of two, only the inner one sees
/// kernels. While there is none, nothing is paid for it.
///
///     inspect::Profile profile;
///     {
///       inspect::ProfileGuard guard(profile, *net);
///       train_one_epoch();
///     }
///     std::puts(profile.text().c_str());
///
/// Kernels belong to the module whose parameters they read, otherwise to the innermost that is being called (nn/module_calls.h), and to the
/// root outside of all; a derivative's to the module of the operation that it is of.
class XGRAD_API ProfileGuard {
 public:
  explicit ProfileGuard(Profile& profile);
  /// `module` must outlive this.
  ProfileGuard(Profile& profile, nn::Module& module);
  ~ProfileGuard();
  ProfileGuard(const ProfileGuard&) = delete;
  ProfileGuard& operator=(const ProfileGuard&) = delete;

 private:
  class Observer;
  std::unique_ptr<Observer> observer_;
};

}  // namespace inspect
}}  // namespace torch::xgrad
