// The tensors of one step, laid out for an update kernel. Internal.
#pragma once

#include <array>
#include <typeinfo>
#include <utility>
#include <vector>

#include <xgrad/autograd/core/type_name.h>
#include <xgrad/autograd/kernels/optimizer/optimizer_step.h>
#include <xgrad/autograd/kernels/scratch.h>
#include <xgrad/autograd/tensor/tensor_memory.h>
#include <xgrad/optim/options.h>

namespace torch { inline namespace xgrad { namespace optim {

/// Where the hyper-parameters of a step come from. A kernel reads them as the step runs: a learning rate that changes, and a count, must
/// not be part of what a launch was given.
struct StepSource {
  const OptimizerOptions* options;
  size_t states = 0;   ///< how many of the list's states belong to these hyper-parameters, after those of the ones before
  bool first = false;  ///< what the algorithm remembers of these parameters begins with this step
};

/// Tensors by dtype, and copies of those that don't lie as their parameter does.
class StepTensors {
 public:
  /// Adds a parameter that has a gradient, with its state tensors of the same shape and dtype; null for one that is left out.
  /// `numbers`: the position of its hyper-parameters.
  void add(const Tensor& parameter, const std::array<Tensor*, 3>& states, size_t numbers);

  std::vector<StepSource> sources;           ///< one for each position of hyper-parameters
  std::vector<OptimizerParamState*> states;  ///< whose numbers advance with the step

  /// Forgets everything but the room it took.
  void clear();

 protected:
  struct Part {
    std::vector<kernels::StepTensor> tensors;
    int64_t elements = 0;
    std::vector<Tensor> read, written;  ///< the same, where somebody observes
  };
  struct PartAsRead {
    const Part& part;
  };
  struct PartAsWritten {
    const Part& part;
  };
  struct Options {
    const std::vector<StepSource>& sources;
    size_t bytes;
  };
  struct States {
    const std::vector<OptimizerParamState*>& all;
  };
  friend void append_memory(kernels::MemoryRanges& ranges, const PartAsRead& read);
  friend void append_memory(kernels::MemoryRanges& ranges, const PartAsWritten& written);
  friend void append_memory(kernels::MemoryRanges& ranges, const Options& options);
  friend void append_memory(kernels::MemoryRanges& ranges, const States& states);

  void write_back();

  Part floats_, doubles_;

 private:
  // Memory in the order of the parameter's elements: the tensor's own, or a copy's.
  void* writable(const Tensor& t, const Tensor& parameter, Part& part);
  const void* gradient_of(const Tensor& parameter, Part& part);

  std::vector<Tensor> copies_;
  std::vector<std::pair<Tensor, Tensor>> updated_copies_;  // to, from
};

/// The same, to be updated by the kernel of one algorithm with hyper-parameters of type Step. It has no members of its own.
template <class Step> class StepList : public StepTensors {
 public:
  using Compute = void (*)(kernels::Constants<StepSource>, kernels::Constants<OptimizerParamState*>, Step*);

  /// Updates what was added by hyper-parameters that compute() writes, from options of type O, and empties the list.
  template <class O> void run(const Operation& operation, Compute compute) {
    const kernels::Scratch<Step> numbers(static_cast<int64_t>(sources.size()));
    const kernels::MemoryRange room{numbers.data(), static_cast<int64_t>(sources.size() * sizeof(Step))};
    if (!sources.empty())
      launch(operation, compute, reads(Options{sources, sizeof(O)}, States{states}), writes(States{states}, room), constants(sources),
             constants(states), numbers.data());
    update<float>(operation, floats_, numbers.data(), room);
    update<double>(operation, doubles_, numbers.data(), room);
    write_back();
    clear();
  }

 private:
  template <class T> void update(const Operation& operation, const Part& part, const Step* numbers, const kernels::MemoryRange& room) {
    if (part.elements == 0) return;
    launch<const Step*, size_t, kernels::Constants<kernels::StepTensor>, int64_t>(operation, kernels::update<T>, reads(PartAsRead{part}, room),
                                                                                  writes(PartAsWritten{part}), numbers, sources.size(),
                                                                                  constants(part.tensors), part.elements);
  }
  template <class T> static kernels::Constants<T> constants(const std::vector<T>& all) { return {all.data(), static_cast<int64_t>(all.size())}; }
};

/// A parameter's state as the class that an optimizer keeps; throws when somebody put in another.
template <class State> State& state_as(OptimizerParamState& state) {
  State* const known = typeid(state) == typeid(State) ? static_cast<State*>(&state) : dynamic_cast<State*>(&state);
  XGRAD_CHECK_AS(TypeError, known, "[step] the state of a parameter must be ", type_name(typeid(State)), ", got ", type_name(typeid(state)));
  return *known;
}

/// Throws unless a state tensor is undefined or of the parameter's shape and dtype.
inline void check_state(const Tensor& parameter, const Tensor& state) {
  const TensorImpl& p = parameter.impl();
  XGRAD_CHECK(!state.defined() || (state.properties().sizes == p.sizes && state.properties().dtype == p.dtype),
              "[step] expected a state like its parameter, got ", state, " for ", parameter);
}

}}}  // namespace torch::xgrad::optim
