// Elements of two ranks become one.
#pragma once

#include <cstdint>

#include <xgrad/autograd/core/dtype.h>
#include <xgrad/distributed/communicator.h>

namespace torch { inline namespace xgrad { namespace distributed {

/// Throws, with the operation's name, for a dtype that is not reduced, or not by `op`.
void check_reducible(const char* operation, ScalarType dtype, ReduceOp op);
/// to[i] becomes to[i] op from[i], which has the same bits whichever of the two is `to` (NaNs may differ in their payload). Average sums.
void reduce_into(ScalarType dtype, ReduceOp op, void* to, const void* from, int64_t n);
/// What Average does with sums: x[i] becomes x[i] * (1 / ranks), rounded once if `ranks` is a power of two.
void finish_reduction(ScalarType dtype, ReduceOp op, void* x, int64_t n, int ranks);

}}}  // namespace torch::xgrad::distributed
