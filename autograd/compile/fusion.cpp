#include <xgrad/autograd/compile/fusion.h>

#include <algorithm>
#include <numeric>

#include <xgrad/autograd/compile/chain.h>

namespace torch { inline namespace xgrad { namespace compiled {

namespace {

using kernels::FusedRows;
using kernels::LaunchList;
using kernels::OperandRows;

// True iff nobody reads this memory, written before `launches`, until it is written anew.
bool is_dead(const LaunchList& list, const std::deque<size_t>& launches, const Span& memory) {
  for (const size_t i : launches) {
    const LaunchList::Entry& launch = list.entries()[i];
    for (const kernels::MemoryRange& r : launch.reads)
      if (span_of(r).overlaps(memory)) return false;
    for (const kernels::MemoryRange& w : launch.writes)
      if (span_of(w).covers(memory)) return true;
  }
  return list.freed().keeps_at(memory.begin);
}

}  // namespace

FusedCalls::FusedCalls(const LaunchList& list) {
  std::deque<size_t> launches(list.entries().size());
  std::iota(launches.begin(), launches.end(), size_t{0});
  const auto call = [&](size_t i) { calls_.push_back(list.entries()[i].call); };
  while (!launches.empty()) {
    const Chain chain(list, launches);
    if (chain.members.size() < 2) {
      call(launches.front());
      launches.pop_front();
      continue;
    }
    launches.erase(launches.begin(), launches.begin() + static_cast<std::ptrdiff_t>(chain.length));
    launches.insert(launches.begin(), chain.behind.begin(), chain.behind.end());
    std::for_each(chain.ahead.begin(), chain.ahead.end(), call);
    add(list, chain, launches);
  }
}

// `later`: what runs behind it.
void FusedCalls::add(const LaunchList& list, const Chain& chain, const std::deque<size_t>& later) {
  constexpr int kInMemory = -1;
  struct Life {
    const char* address;
    int place;
    bool is_summed = false;
  };
  FusedRows& fused = *chains_.emplace_back(std::make_unique<FusedRows>());
  std::vector<Life> lives;  // those that go on
  int places = 0;
  const auto life_at = [&](const char* address) {
    return std::find_if(lives.begin(), lives.end(), [&](const Life& life) { return life.address == address; });
  };
  const auto operand = [&](char* address, int64_t step) {
    const auto life = life_at(address);
    return FusedRows::Operand{address, step, step == 0 || life == lives.end() ? kInMemory : life->place};
  };
  for (auto member = chain.members.begin(); member != chain.members.end(); ++member) {
    if (!member->row.rows) {
      if (const auto life = life_at(member->sum.x); life != lives.end()) life->is_summed = true;
      fused.add(member->sum, operand(member->sum.x, member->sum.step).place);
      continue;
    }
    const OperandRows& r = *member->row.rows;
    FusedRows::Operand operands[kernels::kMaxOperands];
    for (int k = 1; k < r.operands; ++k) operands[k] = operand(r.pointers[k], r.steps[k]);
    if (Chain::begins_life(*member)) {
      const bool ends = std::any_of(member + 1, chain.members.end(),
                                    [&](const Chain::Member& m) { return Chain::begins_life(m) && m.row.rows->pointers[0] == r.pointers[0]; });
      auto life = life_at(r.pointers[0]);
      if (life == lives.end()) life = lives.insert(life, {r.pointers[0], kInMemory});
      const bool serves_again = life->place != kInMemory && !life->is_summed;
      if (!ends && !is_dead(list, later, span_of(r, 0))) *life = {r.pointers[0], kInMemory};
      else if (!serves_again) *life = {r.pointers[0], places++};
    }
    operands[0] = operand(r.pointers[0], r.steps[0]);
    fused.add(member->row, operands);
  }
  fused.finish(places);
  calls_.push_back({[](const void* self) { static_cast<const FusedRows*>(self)->run(); }, &fused});
}

}}}  // namespace torch::xgrad::compiled
