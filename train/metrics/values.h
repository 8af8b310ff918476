// How metrics read tensors.
#pragma once

#include <vector>

#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad { namespace train {

/// The elements of a tensor as row-major float64.
struct Values {
  Tensor tensor;
  const double* begin() const { return tensor.data_ptr<double>(); }
  const double* end() const { return begin() + size(); }
  int64_t size() const { return tensor.numel(); }
  double operator[](int64_t i) const { return begin()[i]; }
  std::vector<double> vector() const { return {begin(), end()}; }
};

/// Of any dtype. `what` names the tensor in errors.
Values values_of(const char* metric, const char* what, const Tensor& t);

/// Throws unless both have one shape.
void check_same_shape(const char* metric, const Tensor& predictions, const Tensor& targets);
/// Throws unless all are 0 or 1.
void check_binary(const char* metric, const Values& targets);
/// Throws when one is NaN.
void check_ordered(const char* metric, const Values& scores);

}}}  // namespace torch::xgrad::train
