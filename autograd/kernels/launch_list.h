// Launches kept to be run again.
#pragma once

#include <vector>

#include <xgrad/autograd/core/memory/memory.h>
#include <xgrad/autograd/kernels/launch.h>

namespace torch { inline namespace xgrad { namespace kernels {

/// What a thread launched while a LaunchRecorder observed it, in order. Holds the memory that was freed meanwhile; what lived on is its
/// owners' to keep.
class XGRAD_API LaunchList {
 public:
  struct Entry {
    const Operation* operation;
    MemoryRanges reads, writes;
    Launch::Call call;
  };

  /// Runs all again, on the calling thread.
  void run() const {
    for (const Entry& e : entries_) e.call();
  }
  const std::vector<Entry>& entries() const { return entries_; }
  const memory::Withheld& freed() const { return freed_; }

 private:
  friend class LaunchRecorder;
  Keep keep_;
  std::vector<Entry> entries_;
  memory::Withheld freed_;
};

/// Adds what the calling thread launches to a list, while it lives.
class XGRAD_API LaunchRecorder : public LaunchObserver {
 public:
  /// `use`: whether what is freed meanwhile serves again meanwhile.
  explicit LaunchRecorder(LaunchList& list, memory::Withhold::Use use = memory::Withhold::kNever);
  /// Notes the launch and runs it.
  void observe(const Launch& launch) override;

 private:
  LaunchList& list_;
  Observe observe_;
  memory::Withhold withhold_;
};

}}}  // namespace torch::xgrad::kernels
