// Options of activation functions and modules.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <xgrad/autograd/core/dtype.h>
#include <xgrad/nn/arg.h>

namespace torch { inline namespace xgrad { namespace nn {

/// inplace: overwrite the input, which is then also the result.
struct ELUOptions {
  XGRAD_ARG(double, alpha) = 1.0;
  XGRAD_ARG(bool, inplace) = false;
};
struct SELUOptions {
  SELUOptions(bool inplace = false) : inplace_(inplace) {}
  XGRAD_ARG(bool, inplace);
};
struct CELUOptions {
  XGRAD_ARG(double, alpha) = 1.0;
  XGRAD_ARG(bool, inplace) = false;
};
/// dim: the axis that is halved.
struct GLUOptions {
  GLUOptions(int64_t dim = -1) : dim_(dim) {}
  XGRAD_ARG(int64_t, dim);
};
/// approximate: "none" or "tanh".
struct GELUOptions {
  XGRAD_ARG(std::string, approximate) = "none";
};
struct HardshrinkOptions {
  HardshrinkOptions(double lambda = 0.5) : lambda_(lambda) {}
  XGRAD_ARG(double, lambda);
};
struct SoftshrinkOptions {
  SoftshrinkOptions(double lambda = 0.5) : lambda_(lambda) {}
  XGRAD_ARG(double, lambda);
};
struct HardtanhOptions {
  XGRAD_ARG(double, min_val) = -1.0;
  XGRAD_ARG(double, max_val) = 1.0;
  XGRAD_ARG(bool, inplace) = false;
};
struct LeakyReLUOptions {
  XGRAD_ARG(double, negative_slope) = 1e-2;
  XGRAD_ARG(bool, inplace) = false;
};
struct ReLUOptions {
  ReLUOptions(bool inplace = false) : inplace_(inplace) {}
  XGRAD_ARG(bool, inplace);
};
struct ReLU6Options {
  ReLU6Options(bool inplace = false) : inplace_(inplace) {}
  XGRAD_ARG(bool, inplace);
};
/// num_parameters: 1, or the number of channels (the size of axis 1). init: the slopes at first.
struct PReLUOptions {
  XGRAD_ARG(int64_t, num_parameters) = 1;
  XGRAD_ARG(double, init) = 0.25;
};
struct SoftplusOptions {
  XGRAD_ARG(double, beta) = 1.0;
  XGRAD_ARG(double, threshold) = 20.0;
};
struct ThresholdOptions {
  ThresholdOptions(double threshold, double value) : threshold_(threshold), value_(value) {}
  XGRAD_ARG(double, threshold);
  XGRAD_ARG(double, value);
  XGRAD_ARG(bool, inplace) = false;
};
struct SoftmaxOptions {
  SoftmaxOptions(int64_t dim) : dim_(dim) {}
  XGRAD_ARG(int64_t, dim);
};
struct SoftminOptions {
  SoftminOptions(int64_t dim) : dim_(dim) {}
  XGRAD_ARG(int64_t, dim);
};
struct LogSoftmaxOptions {
  LogSoftmaxOptions(int64_t dim) : dim_(dim) {}
  XGRAD_ARG(int64_t, dim);
};

namespace functional {

using ELUFuncOptions = ELUOptions;
using SELUFuncOptions = SELUOptions;
using CELUFuncOptions = CELUOptions;
using GLUFuncOptions = GLUOptions;
using GELUFuncOptions = GELUOptions;
using HardshrinkFuncOptions = HardshrinkOptions;
using SoftshrinkFuncOptions = SoftshrinkOptions;
using HardtanhFuncOptions = HardtanhOptions;
using LeakyReLUFuncOptions = LeakyReLUOptions;
using ReLUFuncOptions = ReLUOptions;
using ReLU6FuncOptions = ReLU6Options;
using SoftplusFuncOptions = SoftplusOptions;
using ThresholdFuncOptions = ThresholdOptions;

/// dtype: convert the input first.
struct SoftmaxFuncOptions {
  SoftmaxFuncOptions(int64_t dim) : dim_(dim) {}
  XGRAD_ARG(int64_t, dim);
  XGRAD_ARG(std::optional<Dtype>, dtype);
};
struct SoftminFuncOptions {
  SoftminFuncOptions(int64_t dim) : dim_(dim) {}
  XGRAD_ARG(int64_t, dim);
  XGRAD_ARG(std::optional<Dtype>, dtype);
};
struct LogSoftmaxFuncOptions {
  LogSoftmaxFuncOptions(int64_t dim) : dim_(dim) {}
  XGRAD_ARG(int64_t, dim);
  XGRAD_ARG(std::optional<Dtype>, dtype);
};

}  // namespace functional
}}}  // namespace torch::xgrad::nn
