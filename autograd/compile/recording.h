// One step for one kind of inputs: its launches, and what must hold for them to be that step.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <xgrad/autograd/compile/fusion.h>
#include <xgrad/autograd/compile/memory_image.h>
#include <xgrad/autograd/compile/step_recorder.h>
#include <xgrad/autograd/kernels/launch_list.h>
#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad { namespace compiled {

/// The step as the program wrote it: f(inputs) with its results.
struct Body {
  void (*call)(void* f, const Tensor* inputs, std::vector<Tensor>& results);
  void* f;
  void operator()(const Tensor* inputs, std::vector<Tensor>& results) const { call(f, inputs, results); }
};

/// Calls of a step with inputs of one kind. The first runs as written, and says whose gradients the step uses; the second is recorded; the
/// third runs as written after the launches did, on the same memory, and must have left the same bits; from the fourth on the launches run.
class StepRecording {
 public:
  StepRecording(const Tensor* inputs, size_t n);

  /// True iff the inputs are of this kind, modules are in the same mode and the thread records operations or not as before.
  bool is_for(const Tensor* inputs, size_t n) const;
  /// Calls the step; true iff its launches stood for it. `results` keeps the tensors of a call before, which serve again where nobody else
  /// holds them.
  bool call(const Body& body, const Tensor* inputs, std::vector<Tensor>& results);

  bool is_replayed() const { return stage_ == kReplay; }
  /// Why the step runs as written for these inputs; empty if there is no reason to.
  const std::string& refusal() const { return refusal_; }
  size_t launches() const { return calls_.size(); }

 private:
  enum Stage { kWarmUp, kRecord, kVerify, kReplay, kEager };

  // An input as the launches know it: a copy that each call fills, or the caller's own tensor if that was the same twice.
  struct Input {
    Tensor given;  // the last call's, until the recording
    Tensor tensor;
    ScalarType dtype = kFloat;
    Dims sizes, strides;
    bool defined = false, requires_grad = false, is_leaf = true, bound = true;
    bool is_edited = false;  // its memory or shape, by the step as written
  };
  // What of a tensor changes when it is edited in place.
  struct Look;
  struct Result {
    Tensor tensor;
    bool is_new = false;  // made by the step, and not something that was there before
  };
  // What happens to a leaf's gradient.
  struct Gradient {
    Tensor leaf;          // of an input, its copy
    int input = -1;       // that input
    bool is_used;         // or the step only looks at it, or gives another
    bool is_dropped;      // the step drops what it finds
    FoundGradient found;  // otherwise: what must be there before the step, undefined if null
    const void* data;     // of what was found
    bool in_place;        // the step leaves the tensor that it found
    Tensor result;        // otherwise: what it leaves, in the recording's memory
  };
  struct GradientBefore {
    FoundGradient gradient;
    StorageImpl* memory;  // null if there was none
  };
  struct Version {
    Storage storage;
    uint32_t advance;
  };

  void warm_up(const Body& body, const Tensor* inputs, std::vector<Tensor>& results);
  void record(const Body& body, const Tensor* inputs, std::vector<Tensor>& results);
  void verify(const Body& body, const Tensor* inputs, std::vector<Tensor>& results);
  void replay(const Tensor* inputs, std::vector<Tensor>& results);

  void refuse(std::string reason);
  void start_over(Stage stage);
  void keep_inputs(const Tensor* inputs);
  void fill_inputs(const Tensor* inputs) const;
  // What a recording is made into; a reason if it can't be replayed, else empty.
  std::string return_edits(const Tensor* inputs, const std::vector<Look>& looks) const;
  std::string take_gradients(const GradientWatch& watch, const std::vector<GradientBefore>& before, const MetMemory& met);
  std::string take_memory(const MetMemory& met);
  std::string take_results(const std::vector<Tensor>& results);
  bool leaves_tensors() const;
  bool finds_inputs(const Tensor* inputs);
  bool writes_to_copied_input(const Tensor* inputs) const;
  bool finds_gradients(const Tensor* inputs) const;
  const Tensor& owner(const Gradient& g, const Tensor* inputs) const { return g.input < 0 ? g.leaf : inputs[g.input]; }
  void give_gradients(const Tensor* inputs) const;
  void give_results(std::vector<Tensor>& results) const;

  // An input that would be recorded as a copy, although the step edits it.
  std::optional<size_t> edited_copy(const Tensor* inputs) const;
  // True iff the step may know the i-th input's memory by another name too.
  bool has_other_name(const Tensor* inputs, size_t i) const;

  Stage stage_ = kWarmUp;
  std::string refusal_;
  bool grad_mode_, inference_mode_;
  std::vector<Input> inputs_;
  std::vector<Tensor> leaves_;  // whose gradients the step used when it warmed up
  std::vector<std::pair<const bool*, bool>> flags_;
  uint64_t epoch_ = 0;
  std::unique_ptr<kernels::LaunchList> list_;
  FusedCalls calls_;
  std::vector<Gradient> gradients_;
  std::vector<Result> results_;
  std::vector<Version> versions_;
  std::vector<Storage> held_;
};

}}}  // namespace torch::xgrad::compiled
