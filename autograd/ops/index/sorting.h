// Sorting and the largest elements along an axis: in the list of operations (autograd/tensor/operations/index.h).
#pragma once

#include <xgrad/autograd/tensor/tensor.h>
