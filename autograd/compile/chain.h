// Chains of elementwise launches among recorded ones. Internal to this folder.
#pragma once

#include <deque>
#include <vector>

#include <xgrad/autograd/kernels/fused_rows.h>
#include <xgrad/autograd/kernels/launch_list.h>

namespace torch { inline namespace xgrad { namespace compiled {

// Note: moving launches together
//
// A chain takes in launches that come later, past others between. One of those stays `behind` the chain if it may follow what overtook it, or
// goes `ahead` if it may come before all of the chain (as the gradient that a backward pass starts from does): neither writes what the other
// reads or writes. Launches that write nothing are checks, which throw where they stand: nothing is moved past them.

/// Launches that may run as one, block by block, and the order of those around them that makes them neighbours. Indices are of a list's entries.
struct Chain {
  struct Member {
    size_t entry;
    kernels::RowLaunch row;  // of elements
    kernels::SumLaunch sum;  // or of all elements to one
  };
  std::vector<size_t> ahead;
  std::vector<Member> members;
  std::vector<size_t> behind;
  size_t length = 0;  ///< how many launches these are

  /// True iff a member writes its result's memory without having read it: what lay there is not looked at again.
  static bool begins_life(const Member& m);
  /// The longest that begins with the first of `launches`, which are in order. No member: the first can't be part of one.
  Chain(const kernels::LaunchList& list, const std::deque<size_t>& launches);
};

struct Span {
  const char* begin;
  const char* end;
  bool overlaps(const Span& other) const { return begin < other.end && other.begin < end; }
  bool covers(const Span& other) const { return begin <= other.begin && other.end <= end; }
};
/// What operand `k` takes in memory.
Span span_of(const kernels::OperandRows& rows, int k);
/// What it adds up.
Span span_of(const kernels::SumLaunch& sum);
Span span_of(const kernels::MemoryRange& range);

}}}  // namespace torch::xgrad::compiled
