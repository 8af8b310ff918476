// What a sweep says in anomaly mode.
#pragma once

#include <string>

#include <xgrad/autograd/graph/node.h>

namespace torch { inline namespace xgrad { namespace detail {

/// Throws when a gradient that `node` computed has a NaN, if that is to be checked.
void check_anomaly(const Node& node, const Tensor* gx, uint32_t n);
/// "; the forward operation was ...", or that it was recorded while anomaly mode was off.
std::string describe_forward(const Node& node);

}}}  // namespace torch::xgrad::detail
