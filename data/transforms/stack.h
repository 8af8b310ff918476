// A batch of examples as one example of larger tensors.
#pragma once

#include <utility>
#include <vector>

#include <xgrad/autograd/ops/shape/joining.h>
#include <xgrad/data/example.h>
#include <xgrad/data/transforms/lambda.h>

namespace torch { inline namespace xgrad { namespace data::transforms {

/// Stacks the data, and the targets, of a batch along a new first axis. Throws when shapes differ.
template <class T = Example<>> struct Stack;

template <> struct Stack<Example<>> : public Collation<Example<>> {
  Example<> apply_batch(std::vector<Example<>> examples) override {
    std::vector<Tensor> data, targets;
    data.reserve(examples.size());
    targets.reserve(examples.size());
    for (Example<>& example : examples) {
      data.push_back(std::move(example.data));
      targets.push_back(std::move(example.target));
    }
    return {stack(data), stack(targets)};
  }
};

template <> struct Stack<TensorExample> : public Collation<TensorExample> {
  TensorExample apply_batch(std::vector<TensorExample> examples) override {
    std::vector<Tensor> data;
    data.reserve(examples.size());
    for (TensorExample& example : examples) data.push_back(std::move(example.data));
    return stack(data);
  }
};

}}}  // namespace torch::xgrad::data::transforms
