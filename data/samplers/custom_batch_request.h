// What samplers of one's own may ask for.
#pragma once

#include <cstddef>

#include <xgrad/autograd/core/export.h>

namespace torch { inline namespace xgrad { namespace data::samplers {

/// A base class for batch requests that are not vectors of indices.
struct XGRAD_API CustomBatchRequest {
  virtual ~CustomBatchRequest();
  /// The number of examples that are asked for.
  virtual size_t size() const = 0;
};

}}}  // namespace torch::xgrad::data::samplers
