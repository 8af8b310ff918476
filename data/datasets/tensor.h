// A tensor as a dataset.
#pragma once

#include <vector>

#include <xgrad/data/datasets/base.h>

namespace torch { inline namespace xgrad { namespace data::datasets {

/// The examples are the tensor's parts along its first axis, as views of it.
struct XGRAD_API TensorDataset : public Dataset<TensorDataset, TensorExample> {
  explicit TensorDataset(const std::vector<Tensor>& tensors);
  explicit TensorDataset(Tensor tensor);

  TensorExample get(size_t index) override;
  std::optional<size_t> size() const override;

  Tensor tensor;
};

}}}  // namespace torch::xgrad::data::datasets
