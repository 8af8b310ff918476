// Recorded launches, those together that gain by it.
#pragma once

#include <deque>
#include <memory>
#include <vector>

#include <xgrad/autograd/kernels/fused_rows.h>
#include <xgrad/autograd/kernels/launch_list.h>

namespace torch { inline namespace xgrad { namespace compiled {

struct Chain;

/// The calls of a list, which must outlive this. Chains of elementwise launches on the same elements, and the sums of all those elements, run as
/// one, block by block; what only they read of their results is never written to memory. For it, launches that have nothing to do with each
/// other change places; each computes what it did from the same numbers in the same order, so all bits stay.
class FusedCalls {
 public:
  FusedCalls() = default;
  explicit FusedCalls(const kernels::LaunchList& list);

  void operator()() const {
    for (const kernels::Launch::Call& c : calls_) c();
  }
  /// As many as a run makes.
  size_t size() const { return calls_.size(); }

 private:
  void add(const kernels::LaunchList& list, const Chain& chain, const std::deque<size_t>& later);

  std::vector<kernels::Launch::Call> calls_;
  std::vector<std::unique_ptr<kernels::FusedRows>> chains_;
};

}}}  // namespace torch::xgrad::compiled
