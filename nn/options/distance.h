// Options of distances.
#pragma once

#include <cstdint>

#include <xgrad/autograd/core/namespace.h>
#include <xgrad/nn/arg.h>

namespace torch { inline namespace xgrad { namespace nn {

/// dim: the axis the vectors lie along. eps: what norms below it count as.
struct CosineSimilarityOptions {
  XGRAD_ARG(int64_t, dim) = 1;
  XGRAD_ARG(double, eps) = 1e-8;
};

/// p: of the norm. eps: added to each difference. keepdim: keep the last axis, with size 1.
struct PairwiseDistanceOptions {
  XGRAD_ARG(double, p) = 2.0;
  XGRAD_ARG(double, eps) = 1e-6;
  XGRAD_ARG(bool, keepdim) = false;
};

namespace functional {

using CosineSimilarityFuncOptions = CosineSimilarityOptions;
using PairwiseDistanceFuncOptions = PairwiseDistanceOptions;

}  // namespace functional
}}}  // namespace torch::xgrad::nn
