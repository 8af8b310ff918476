// What a sample gives: its values and the gradients of a fixed weighting of them.
#pragma once

#include <string>
#include <vector>

#include <xgrad/autograd/catalogue/catalogue.h>
#include <xgrad/autograd/engine/engine.h>

namespace torch::catalogue {

struct Outcome {
  std::vector<Tensor> values;
  std::vector<Tensor> gradients;  ///< one per input; undefined where none arrives
};

/// The inputs of a sample on their own memory and in their own layout, those with `differentiated` requiring gradients.
std::vector<Tensor> leaves_of(const Sample& sample);
std::vector<bool> differentiated(const Sample& sample);
std::vector<Tensor> values_of_inputs(const Sample& sample);

/// The same tensors as leaves of a new graph; `wanted` says which require a gradient.
std::vector<Tensor> as_leaves(const std::vector<Tensor>& inputs, const std::vector<bool>& wanted);

/// Weights cos(1), cos(2), ... in the shape and dtype of `y`: what outputs are multiplied with before gradients are taken.
Tensor weights_like(const Tensor& y);

/// Calls the sample, the random generator seeded with 0.
std::vector<Tensor> call(const Sample& sample, const std::vector<Tensor>& inputs);
/// The gradients of the weighted outputs with respect to the inputs that require one.
std::vector<Tensor> gradients_of(const std::vector<Tensor>& outputs, const std::vector<Tensor>& inputs, bool retain_graph = false);
Outcome outcome_of(const Sample& sample, const std::vector<Tensor>& inputs);

/// The tensors without history, floating ones converted.
std::vector<Tensor> floating_as(const std::vector<Tensor>& tensors, ScalarType dtype);
/// The elements in row-major order as doubles.
std::vector<double> numbers_of(const Tensor& t);
/// A row-major copy without history, whatever the layout of `t`.
Tensor row_major_copy(const Tensor& t);

/// Empty, or what differs first: definedness, shape, dtype or an element. Elements agree when equal, both NaN, or
/// |a - b| <= atol + rtol * max(|a|, |b|). `exactly` compares bits instead (any two NaN agree).
struct Tolerance {
  double rtol = 0, atol = 0;
};
constexpr Tolerance kExactly{};
std::string difference(const std::string& what, const Tensor& a, const Tensor& b, Tolerance tolerance = kExactly);
std::string difference(const std::string& what, const std::vector<Tensor>& a, const std::vector<Tensor>& b, Tolerance tolerance = kExactly);

}  // namespace torch::catalogue
