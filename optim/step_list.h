// The tensors of one step, laid out for an update kernel. Internal.
#pragma once

#include <initializer_list>
#include <typeinfo>
#include <utility>
#include <vector>

#include <xgrad/autograd/core/type_name.h>
#include <xgrad/autograd/kernels/optimizer/optimizer_step.h>
#include <xgrad/autograd/tensor/tensor.h>
#include <xgrad/optim/options.h>

namespace torch { inline namespace xgrad { namespace optim {

/// Tensors by dtype, and copies of those that don't lie as their parameter does.
class StepTensors {
 public:
  /// Adds a parameter that has a gradient, with its state tensors of the same shape and dtype, at most three; null for
  /// one that is left out. Counts the in-place edit. `numbers`: the position of its hyper-parameters.
  void add(const Tensor& parameter, std::initializer_list<const Tensor*> states, size_t numbers);

 protected:
  struct Part {
    std::vector<kernels::StepTensor> tensors;
    int64_t elements = 0;
  };

  /// Forgets everything but the room it took.
  void clear();
  void write_back();

  Part floats_, doubles_;

 private:
  // Memory in the order of the parameter's elements: the tensor's own, or a copy's.
  void* writable(const Tensor& t, const Tensor& parameter);
  const void* gradient_of(const Tensor& parameter);

  std::vector<Tensor> copies_;
  std::vector<std::pair<Tensor, Tensor>> updated_copies_;  // to, from
};

/// The same with the hyper-parameters of one algorithm. Kept from step to step, it allocates in the first one only.
template <class Step>
class StepList : public StepTensors {
 public:
  std::vector<Step> numbers;

  /// Updates what was added and empties the list.
  void run() {
    if (floats_.elements) kernels::update<float>(numbers.data(), numbers.size(), floats_.tensors.data(), floats_.elements);
    if (doubles_.elements) kernels::update<double>(numbers.data(), numbers.size(), doubles_.tensors.data(), doubles_.elements);
    write_back();
    clear();
  }
  void clear() {
    numbers.clear();
    StepTensors::clear();
  }
};

/// A parameter's state as the class that an optimizer keeps; throws when somebody put in another.
template <class State>
State& state_as(OptimizerParamState& state) {
  State* const known = typeid(state) == typeid(State) ? static_cast<State*>(&state) : dynamic_cast<State*>(&state);
  XGRAD_CHECK_AS(TypeError, known, "[step] the state of a parameter must be ", type_name(typeid(State)), ", got ", type_name(typeid(state)));
  return *known;
}

/// Throws unless a state tensor is undefined or of the parameter's shape and dtype.
inline void check_state(const Tensor& parameter, const Tensor& state) {
  const TensorImpl& p = parameter.impl();
  XGRAD_CHECK(!state.defined() || (state.impl().sizes == p.sizes && state.impl().dtype == p.dtype),
              "[step] expected a state like its parameter, got ", state, " for ", parameter);
}

}}}  // namespace torch::xgrad::optim
