// Options of linear layers and of layers that change shapes.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include <xgrad/autograd/core/namespace.h>
#include <xgrad/nn/arg.h>

namespace torch { inline namespace xgrad { namespace nn {

struct LinearOptions {
  LinearOptions(int64_t in_features, int64_t out_features) : in_features_(in_features), out_features_(out_features) {}
  XGRAD_ARG(int64_t, in_features);
  XGRAD_ARG(int64_t, out_features);
  XGRAD_ARG(bool, bias) = true;
};
struct BilinearOptions {
  BilinearOptions(int64_t in1_features, int64_t in2_features, int64_t out_features)
      : in1_features_(in1_features), in2_features_(in2_features), out_features_(out_features) {}
  XGRAD_ARG(int64_t, in1_features);
  XGRAD_ARG(int64_t, in2_features);
  XGRAD_ARG(int64_t, out_features);
  XGRAD_ARG(bool, bias) = true;
};
struct FlattenOptions {
  XGRAD_ARG(int64_t, start_dim) = 1;
  XGRAD_ARG(int64_t, end_dim) = -1;
};
struct UnflattenOptions {
  UnflattenOptions(int64_t dim, std::vector<int64_t> sizes) : dim_(dim), sizes_(std::move(sizes)) {}
  XGRAD_ARG(int64_t, dim);
  XGRAD_ARG(std::vector<int64_t>, sizes);
};

}}}  // namespace torch::xgrad::nn
