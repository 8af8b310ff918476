// What is done to examples or batches on their way out of a dataset.
#pragma once

#include <utility>
#include <vector>

#include <xgrad/autograd/core/namespace.h>

namespace torch { inline namespace xgrad { namespace data::transforms {

/// Turns a batch into something else.
template <class InputBatch, class OutputBatch> class BatchTransform {
 public:
  using InputBatchType = InputBatch;
  using OutputBatchType = OutputBatch;

  virtual ~BatchTransform() = default;
  virtual OutputBatch apply_batch(InputBatch input_batch) = 0;
};

/// Turns each example of a batch into something else.
template <class Input, class Output> class Transform : public BatchTransform<std::vector<Input>, std::vector<Output>> {
 public:
  using InputType = Input;
  using OutputType = Output;

  virtual OutputType apply(InputType input) = 0;

  std::vector<Output> apply_batch(std::vector<Input> input_batch) override {
    std::vector<Output> output_batch;
    output_batch.reserve(input_batch.size());
    for (Input& input : input_batch) output_batch.push_back(apply(std::move(input)));
    return output_batch;
  }
};

}}}  // namespace torch::xgrad::data::transforms
