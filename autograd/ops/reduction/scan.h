// Cumulative sums and products along an axis: in the list of operations (autograd/tensor/operations/reduction.h).
#pragma once

#include <xgrad/autograd/tensor/tensor.h>
