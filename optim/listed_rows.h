// Sparse gradients as the optimizers read them. Internal.
#pragma once

#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad { namespace optim {

/// The rows that a sparse gradient lists, those of one position added up.
struct RowsOnce {
  explicit RowsOnce(const Tensor& gradient) : RowsOnce(gradient.coalesce(), 0) {}

  Tensor positions;  ///< int64 [n], ascending
  Tensor values;     ///< [n, ...]

 private:
  RowsOnce(const Tensor& coalesced, int) : positions(coalesced.indices()[0]), values(coalesced.values()) {}
};

}}}  // namespace torch::xgrad::optim
