// Elements as files have them and tensors have not. Internal.
#pragma once

#include <cstddef>
#include <string>

#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad { namespace io {

/// Turns `count` numbers of `width` bytes each round.
void reverse_bytes(char* data, size_t count, size_t width);

/// The numbers whose bytes `stored`, of int16 or int32, holds as unsigned ones, as `dtype`, twice as wide: int32 or int64.
Tensor widened_unsigned(const Tensor& stored, ScalarType dtype);

/// Throws if bytes that shall be elements of `dtype` can't be: bools are 0 or 1. `where` begins the error.
void check_elements(const void* data, size_t size, ScalarType dtype, const std::string& where);

}}}  // namespace torch::xgrad::io
