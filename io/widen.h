// Elements of types that no tensor has. Internal.
#pragma once

#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad { namespace io {

/// The numbers whose bytes `stored`, of int16 or int32, holds as unsigned ones, as `dtype`, twice as wide: int32 or int64.
Tensor widened_unsigned(const Tensor& stored, ScalarType dtype);

}}}  // namespace torch::xgrad::io
