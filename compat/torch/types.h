// Tensors and operations under libtorch's names, with the standard headers that libtorch's own headers bring along.
#pragma once

#include <algorithm>
#include <array>
#include <bitset>
#include <cassert>
#include <cinttypes>
#include <climits>
#include <cmath>
#include <complex>
#include <cstring>
#include <forward_list>
#include <functional>
#include <iomanip>
#include <iostream>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <numeric>
#include <queue>
#include <shared_mutex>
#include <sstream>
#include <stack>
#include <string>
#include <thread>
#include <tuple>
#include <typeindex>
#include <unordered_map>
#include <utility>
#include <vector>

#include <ATen/Dispatch.h>
#include <ATen/WrapDimUtils.h>
#include <c10/macros/Macros.h>
#include <c10/util/Exception.h>
#include <c10/util/CallOnce.h>
#include <c10/util/FunctionRef.h>
#include <c10/util/MaybeOwned.h>
#include <c10/util/Optional.h>
#include <c10/util/SmallVector.h>
#include <c10/util/StringUtil.h>
#include <c10/util/Synchronized.h>
#include <c10/util/Type.h>
#include <c10/util/accumulate.h>
#include <c10/util/containers_output.h>
#include <c10/util/flat_hash_map.h>
#include <c10/util/hash.h>
#include <c10/util/intrusive_ptr.h>
#include <c10/util/irange.h>
#include <c10/util/variant.h>
#include <torch/factories_by_options.h>
#include <torch/functions_backward.h>
#include <torch/functions_in_place.h>
#include <torch/functions_outf.h>
#include <xgrad/autograd/engine/engine.h>
#include <xgrad/autograd/graph/node.h>
#include <xgrad/autograd/ops/creation/tensor_literal.h>
#include <xgrad/autograd/ops/index/indexing.h>
#include <xgrad/autograd/ops/ops.h>
#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad {
using IntList = IntArrayRef;
using DimVector = SmallVector<int64_t, 5>;

/// The CPU is the current device anyway.
class DeviceGuard {
 public:
  explicit DeviceGuard(Device device) { check_device("DeviceGuard", device); }
  DeviceGuard(const DeviceGuard&) = delete;
  DeviceGuard& operator=(const DeviceGuard&) = delete;
  Device current_device() const { return kCPU; }
};
}}  // namespace torch::xgrad

namespace caffe2 {
using TypeMeta = ::torch::TypeMeta;
}
