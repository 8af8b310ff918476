// What the transforms check and prepare alike. Internal to this folder.
#pragma once

#include <xgrad/autograd/func/function.h>

namespace torch { inline namespace xgrad { namespace func {

/// Functions of one kind as those of another; they refer to `f`.
inline ListMap list_map(const TensorMap& f) {
  return [&f](const variable_list& x) { return variable_list{f(x[0])}; };
}
inline ListMap list_map(const ScalarMap& f) {
  return [&f](const variable_list& x) { return variable_list{f(x)}; };
}
inline ScalarMap scalar_map(const TensorMap& f) {
  return [&f](const variable_list& x) { return f(x[0]); };
}

/// Throws unless they are as many as the tensors, each of the shape of its own; an undefined one stands for zeros.
void check_vectors(const char* operation, const char* what, const variable_list& vectors, const variable_list& tensors);
/// Throws unless `y` is a floating tensor with one element.
void check_scalar(const char* operation, const Tensor& y);
/// Undefined tensors replaced by zeros like those beside them; throws instead if `strict`.
variable_list or_zeros(const char* operation, variable_list tensors, const variable_list& like, bool strict);
/// Without their history, unless it was asked for.
variable_list results(variable_list tensors, const Options& options);

}}}  // namespace torch::xgrad::func
