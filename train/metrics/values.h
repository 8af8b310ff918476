// How metrics read tensors.
#pragma once

#include <limits>
#include <utility>

#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad { namespace train {

/// The score that there is none.
constexpr double kUndefined = std::numeric_limits<double>::quiet_NaN();

/// The elements of a tensor as row-major float64.
class Values {
 public:
  explicit Values(Tensor t) : tensor_(std::move(t)), data_(tensor_.data_ptr<double>()), size_(tensor_.numel()) {}
  const double* begin() const { return data_; }
  const double* end() const { return data_ + size_; }
  int64_t size() const { return size_; }
  double operator[](int64_t i) const { return data_[i]; }

 private:
  Tensor tensor_;
  const double* data_;
  int64_t size_;
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
