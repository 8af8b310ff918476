// Positions in ascending sequences, and counts of elements between edges.
#pragma once

#include <cstdint>

#include <xgrad/autograd/core/dtype.h>

namespace torch { inline namespace xgrad { namespace kernels {

/// Ascending sequences of n elements each, in the order of `sorter` unless that is null, and as many values for each.
struct Sequences {
  const void* elements;
  const int64_t* sorter;
  int64_t n, count, values_each;
};

/// The first position in the value's sequence whose element is not less (right: is greater) than it, n for NaN; as int64, or int32 if narrow.
void search_sequences(ScalarType dtype, const Sequences& sequences, const void* values, bool right, bool narrow, void* positions);

/// How the interval of an element is found.
enum class Interval : int {
  ByQuotient,    ///< from its distance to the first edge
  ByNeighbours,  ///< the same, and its neighbours looked at
  BySearch,
};
/// counts[i] = the number, or the sum of the weights unless they are null, of the elements from edges[i] to edges[i + 1], which belongs to the
/// next interval unless it is the last edge.
void count_between(ScalarType dtype, Interval how, const void* edges, int64_t edge_count, const void* x, const void* weights, int64_t n,
                   void* counts);

}}}  // namespace torch::xgrad::kernels
