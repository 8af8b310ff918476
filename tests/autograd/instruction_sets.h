// The kernels' instruction sets, one after the other.
#pragma once

#include <algorithm>
#include <vector>

#include <xgrad/autograd/kernels/instruction_set.h>

namespace torch { inline namespace xgrad { namespace test {

/// The sets this processor can run, the widest last.
inline std::vector<kernels::InstructionSet> instruction_sets() {
  std::vector<kernels::InstructionSet> sets;
  for (auto set : {kernels::InstructionSet::kBaseline, kernels::InstructionSet::kAvx2, kernels::InstructionSet::kAvx512})
    if (has(set)) sets.push_back(set);
  return sets;
}

/// Those of them that fuse multiply-adds.
inline std::vector<kernels::InstructionSet> fused_sets() {
  std::vector<kernels::InstructionSet> sets = instruction_sets();
  sets.erase(std::remove_if(sets.begin(), sets.end(), [](auto set) { return !is_fused(set); }), sets.end());
  return sets;
}

/// Runs in another instruction set, and in the former one again at its end.
class InSet {
 public:
  explicit InSet(kernels::InstructionSet set) : former_(kernels::instruction_set()) { use(set); }
  ~InSet() { use(former_); }
  InSet(const InSet&) = delete;
  InSet& operator=(const InSet&) = delete;

 private:
  kernels::InstructionSet former_;
};

}}}  // namespace torch::xgrad::test
