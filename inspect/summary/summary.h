// What a model is made of, and what it does with an input.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <xgrad/autograd/ops/creation/creation.h>
#include <xgrad/inspect/table.h>
#include <xgrad/nn/module.h>

namespace torch { inline namespace xgrad { namespace inspect {

/// A module of a model, as one forward pass has found it.
struct LayerSummary {
  std::string path, type;  ///< "encoder.0", "" for the model; "Linear"
  size_t depth = 0;
  int64_t calls = 0;               ///< 0 where only forward() was called, directly; see nn/module_calls.h
  std::vector<int64_t> output;     ///< the shape of its (first) result
  bool has_output = false;         ///< False for what nothing ran in
  int64_t parameters = 0;          ///< elements of its own parameters, not of the modules below it; one that several share counts for the first
  int64_t trained_parameters = 0;  ///< of these, what requires a gradient
  int64_t multiply_adds = 0;       ///< its own: of products, convolutions, recurrent layers and attention, biases not counted
  int64_t bytes = 0;               ///< of the results that its own operations took new memory for
};

/// The layers of a model, and their sums.
struct XGRAD_API ModelSummary {
  std::vector<LayerSummary> layers;  ///< the model itself first, parents before children
  int64_t parameters = 0, trained_parameters = 0, multiply_adds = 0;
  int64_t parameter_bytes = 0, buffer_bytes = 0;
  int64_t result_bytes = 0;  ///< of all layers: about what a training step keeps for its derivative

  /// A row for each module.
  Table table() const;
  /// The table and the sums.
  std::string text() const;
};

/// Runs `forward`, which calls `model`, in evaluation mode and without recording, and says what it did. Modules are in the mode of before afterwards,
/// also when it throws. What an operation does counts for the module whose parameters it uses, otherwise for the innermost that is being
/// called (nn/module_calls.h), and for the model outside of all.
XGRAD_API ModelSummary summary_of(nn::Module& model, const std::function<void()>& forward);

/// The same of a call of the model with the inputs: of a holder, a std::shared_ptr or a module. `summary(net, x)`.
template <class Model, class... Inputs> ModelSummary summary(Model& model, const Inputs&... inputs) {
  if constexpr (nn::internal::is_module_holder<Model>) return summary_of(*model, [&] { model(inputs...); });
  else if constexpr (nn::internal::is_module<Model>) return summary_of(model, [&] { model.forward(inputs...); });
  else return summary_of(*model, [&] { model->forward(inputs...); });
}

/// The same with zeros of a shape: `summary(net, {32, 1, 28, 28})`.
template <class Model> ModelSummary summary(Model& model, std::initializer_list<int64_t> shape) { return summary(model, zeros(IntArrayRef(shape))); }

/// The modules of a model as a tree of lines, each with its name, its class and how many parameters are in it.
XGRAD_API std::string module_tree(const nn::Module& model);

}}}  // namespace torch::xgrad::inspect
