// The properties that every sample of the catalogue must have. A check returns nothing, or what is wrong.
#pragma once

#include <functional>
#include <string>

#include <xgrad/autograd/catalogue/catalogue.h>

namespace torch::catalogue {

using Check = std::function<std::string(const Sample&)>;

/// First and second derivatives agree with finite differences, where they exist and the inputs are away from kinks.
std::string check_derivatives(const Sample& sample);
/// Tangents by forward mode, of the first and the second order, are what the reverse sweep's gradients say.
std::string check_tangents(const Sample& sample);
/// Mapped over a batch, by all inputs and by single ones, it gives what a loop over the examples does.
std::string check_batches(const Sample& sample);
/// Value and first gradient are PyTorch's; where a deviation is declared, they are not.
std::string check_oracle(const Sample& sample);
/// What is part of the graph, and second gradients, are as in PyTorch.
std::string check_graph(const Sample& sample);
/// After an edit of a value or an input a sweep works where it does in PyTorch, or throws, and gives no other gradient.
std::string check_edits(const Sample& sample);
/// A graph that a sweep did not keep can be swept again where PyTorch's can.
std::string check_kept_graph(const Sample& sample);
/// Arguments of other dtypes and shapes give values of PyTorch's dtype and shape, or are refused with it.
std::string check_arguments(const Sample& sample);
/// Inputs of equal elements in other layouts give the same bits.
std::string check_layouts(const Sample& sample);
/// The strides of axes of size 1 in inputs and seeds of gradients don't matter, in two orders of derivatives: with absurd ones
/// there are the same bits as with those of a contiguous copy. Longer axes are narrowed to 1 as well.
std::string check_axes_of_size_one(const Sample& sample);
/// Values have PyTorch's strides where the inputs' axes lie in memory in another order.
std::string check_strides(const Sample& sample);
/// float32 inputs give about the same.
std::string check_float32(const Sample& sample);
/// A tensor passed as two inputs gets the sum of their gradients.
std::string check_shared_input(const Sample& sample);
/// A gradient doesn't depend on which others are asked for.
std::string check_subsets(const Sample& sample);
/// One thread and three give the same bits.
std::string check_threads(const Sample& sample);
/// The inputs keep their elements and versions.
std::string check_inputs_kept(const Sample& sample);
/// Without grad mode the values are the same and there is no graph.
std::string check_grad_mode(const Sample& sample);
/// A retained graph gives the same gradients again, and they add up in the leaves.
std::string check_second_sweep(const Sample& sample);

/// The gradients of single outputs add up to those of all together.
std::string check_single_outputs(const Sample& sample);

/// The entries a run is about: all, or those of what the environment says: XGRAD_OPERATION=name, XGRAD_PART=2/3 for the second of three
/// parts that are about as long.
std::vector<const Entry*> chosen_entries();
/// Applies a check to every sample of the entries; an exception counts as wrong. Returns how many samples it saw.
int for_each_sample(const Check& check, const std::vector<const Entry*>& in = chosen_entries());

}  // namespace torch::catalogue
