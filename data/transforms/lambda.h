// Functions as transforms.
#pragma once

#include <functional>
#include <utility>

#include <xgrad/data/transforms/base.h>

namespace torch { inline namespace xgrad { namespace data::transforms {

/// Applies a function to each batch.
template <class Input, class Output = Input> class BatchLambda : public BatchTransform<Input, Output> {
 public:
  using FunctionType = std::function<Output(Input)>;
  explicit BatchLambda(FunctionType function) : function_(std::move(function)) {}
  Output apply_batch(Input input_batch) override { return function_(std::move(input_batch)); }

 private:
  FunctionType function_;
};

/// Applies a function to each example.
template <class Input, class Output = Input> class Lambda : public Transform<Input, Output> {
 public:
  using FunctionType = std::function<Output(Input)>;
  explicit Lambda(FunctionType function) : function_(std::move(function)) {}
  Output apply(Input input) override { return function_(std::move(input)); }

 private:
  FunctionType function_;
};

/// A transform of a vector of examples into one.
template <class T, class BatchType = std::vector<T>> using Collation = BatchTransform<BatchType, T>;
template <class T, class BatchType = std::vector<T>> using Collate = BatchLambda<BatchType, T>;

}}}  // namespace torch::xgrad::data::transforms
