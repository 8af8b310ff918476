// What a step launches and leaves behind, noted while it runs.
#pragma once

#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include <xgrad/autograd/core/step_observer.h>
#include <xgrad/autograd/kernels/launch_list.h>
#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad { namespace compiled {

/// A gradient as a step found it: undefined, or which tensor it was.
using FoundGradient = const TensorImpl*;

/// Notes whose gradients the calling thread uses while it lives, in the order of their first use, and what else keeps a step from being
/// its launches.
class GradientWatch : public detail::StepObserver {
 public:
  GradientWatch();
  ~GradientWatch();

  struct Use {
    Tensor leaf;
    FoundGradient found;
    bool is_used;  ///< or the step only looked at it, or gave another
  };
  std::vector<Use> uses;
  std::vector<std::pair<const bool*, bool>> flags;  ///< that modules are in training or not
  std::string left_by;                              ///< what looked at values; empty if nothing did

 private:
  void leaves_launches(const char* by) override;
  void reads_flag(const bool& flag) override;
  void uses_gradient(TensorImpl& leaf) override;
  void looks_at_gradient(TensorImpl& leaf) override;
  Use& use_of(TensorImpl& leaf);

  detail::StepObserver* before_;
};

/// What launches met.
struct MetMemory {
  struct Meeting {
    uint32_t version;            ///< of the storage, before the first launch
    int64_t life;                ///< 0: older than the recording; else how many storages there had been in its place
    bool read_first;             ///< by that launch
    const Operation* operation;  ///< of that launch
    bool written = false;
  };
  std::unordered_map<StorageImpl*, Meeting> storages;  ///< the last one in each place
  std::string fault;                                   ///< why the launches can't run again; empty if they can
};

/// Records the calling thread's launches while it lives.
class StepRecorder final : public kernels::LaunchRecorder {
 public:
  StepRecorder(kernels::LaunchList& list, MetMemory& met) : LaunchRecorder(list, memory::Withhold::kAgain), freed_(list.freed()), met_(met) {}
  void observe(const kernels::Launch& launch) override;

 private:
  void meet(const Operation& operation, const kernels::MemoryRange& range, bool writes);

  const memory::Withheld& freed_;
  MetMemory& met_;
};

/// Why launches that read this storage, older than the recording and gone now, can't run again.
std::string reads_what_it_drops(const Operation& operation);

}}}  // namespace torch::xgrad::compiled
