// Rounding, elementwise: in the list of operations (autograd/tensor/operations/pointwise.h).
#pragma once

#include <xgrad/autograd/tensor/tensor.h>
