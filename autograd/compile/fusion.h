// Recorded launches, those together that gain by it.
#pragma once

#include <memory>
#include <vector>

#include <xgrad/autograd/kernels/fused_rows.h>
#include <xgrad/autograd/kernels/launch_list.h>

namespace torch { inline namespace xgrad { namespace compiled {

/// The calls of a list, which must outlive this, in order. Chains of elementwise launches on the same elements run as one, block by block;
/// what only they read of their results is never written to memory. Nothing is computed in another order, so all bits stay.
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
  void add_chain(const kernels::LaunchList& list, size_t first, size_t last);

  std::vector<kernels::Launch::Call> calls_;
  std::vector<std::unique_ptr<kernels::FusedRows>> chains_;
};

}}}  // namespace torch::xgrad::compiled
