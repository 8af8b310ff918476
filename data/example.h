// One element of a dataset.
#pragma once

#include <utility>

#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad { namespace data {

/// What a dataset has at an index, or a batch of it: data and what it is to be mapped to.
template <class Data = Tensor, class Target = Tensor> struct Example {
  using DataType = Data;
  using TargetType = Target;

  Example() = default;
  Example(Data d, Target t) : data(std::move(d)), target(std::move(t)) {}

  Data data;
  Target target;
};

namespace example {
using NoTarget = void;
}  // namespace example

/// Data alone; converts to it.
template <class Data> struct Example<Data, example::NoTarget> {
  using DataType = Data;
  using TargetType = example::NoTarget;

  Example() = default;
  Example(Data d) : data(std::move(d)) {}
  operator Data&() { return data; }
  operator const Data&() const { return data; }

  Data data;
};

using TensorExample = Example<Tensor, example::NoTarget>;

}}}  // namespace torch::xgrad::data
