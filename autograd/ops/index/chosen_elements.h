// Elements that several index tensors choose together.
#pragma once

#include <vector>

#include <xgrad/autograd/core/named_operation.h>
#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad {

/// Which elements of a tensor an advanced index chooses, and in what shape. Index tensors broadcast together; the axes
/// of their common shape stand where the indexed axes stood if those are neighbours, else in front (numpy's rule).
class ChosenElements {
 public:
  /// indices[i] indexes axis i, an undefined one leaving it whole; masks take as many axes as they have. Throws
  /// IndexError for positions, masks and dtypes that don't fit.
  ChosenElements(const Operation& operation, IntArrayRef sizes, const std::vector<Tensor>& indices);

  /// Of the tensor indexed.
  const Dims& sizes() const { return sizes_; }
  /// Of what is chosen.
  const Dims& shape() const { return shape_; }

  /// The elements of x, in shape(). No graph.
  Tensor read(const Operation& operation, const Tensor& x) const;
  /// Puts `values`, of shape() and x's dtype, into x, or adds them, in row-major order. No graph.
  void write(const Operation& operation, const Tensor& x, const Tensor& values, bool accumulate) const;

 private:
  Tensor offsets(const Operation& operation, IntArrayRef strides) const;
  /// Room for what read() gives, its axes in PyTorch's order.
  Tensor allocate(const Tensor& x) const;
  // One number for each axis of shape(): that of the axis kept, or `index[i]` for index axis i.
  Dims along_result(const Dims& of_axes, const Dims& of_index) const;

  Dims sizes_, shape_, index_shape_;
  Dims kept_;                        // axes left whole
  int at_ = 0;                       // where the index axes stand in the result
  std::vector<int> axes_;            // indexed
  std::vector<Dims> index_strides_;  // of the indices as they were given, broadcast to index_shape_
  bool row_major_ = true;            // they all were
  std::vector<Tensor> indices_;      // their positions: not negative, of shape index_shape_, and in memory nobody else has
};

}}  // namespace torch::xgrad
