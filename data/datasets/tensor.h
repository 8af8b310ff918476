// A tensor as a dataset.
#pragma once

#include <utility>
#include <vector>

#include <xgrad/autograd/ops/joining.h>
#include <xgrad/autograd/ops/view.h>
#include <xgrad/data/datasets/base.h>

namespace xgrad::data::datasets {

/// The examples are the tensor's parts along its first axis, as views of it.
struct TensorDataset : public Dataset<TensorDataset, TensorExample> {
  explicit TensorDataset(const std::vector<Tensor>& tensors) : TensorDataset(stack(tensors)) {}
  explicit TensorDataset(Tensor tensor) : tensor(std::move(tensor)) {}

  TensorExample get(size_t index) override { return select(tensor, 0, static_cast<int64_t>(index)); }
  std::optional<size_t> size() const override { return static_cast<size_t>(tensor.size(0)); }

  Tensor tensor;
};

}  // namespace xgrad::data::datasets
