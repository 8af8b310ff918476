// Rows of a table, by the bags that they are in.
#pragma once

#include <cstdint>

#include <xgrad/autograd/core/dtype.h>

namespace torch { inline namespace xgrad { namespace kernels {

/// rows[b, j] = the row of the table, [.., width], with the largest element j of those that are in bag b: the first of equal ones, and a NaN only
/// if it comes first; 0 for a bag without. Element i of `indices` is in bag bags[i], unless it is `left_out`. bag_count bags.
void largest_of_bags(ScalarType dtype, const void* table, int64_t width, const int64_t* indices, const int64_t* bags, int64_t n, int64_t left_out,
                     int64_t bag_count, int64_t* rows);

}}}  // namespace torch::xgrad::kernels
