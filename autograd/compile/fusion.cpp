#include <xgrad/autograd/compile/fusion.h>

#include <algorithm>

namespace torch { inline namespace xgrad { namespace compiled {

namespace {

using kernels::FusedRows;
using kernels::LaunchList;
using kernels::OperandRows;
using kernels::RowLaunch;

// Fewer elements are in the nearest cache anyway.
constexpr int64_t kLeastElements = 4096;

struct Span {
  const char* begin;
  const char* end;
  bool overlaps(const Span& other) const { return begin < other.end && other.begin < end; }
  bool covers(const Span& other) const { return begin <= other.begin && other.end <= end; }
};
Span span_of(const OperandRows& r, int k) {
  return {r.pointers[k], r.pointers[k] + (r.steps[k] == 0 ? static_cast<int64_t>(sizeof(double)) : r.n * r.steps[k])};
}
Span span_of(const kernels::MemoryRange& m) { return {static_cast<const char*>(m.begin), static_cast<const char*>(m.begin) + m.bytes}; }

// True iff operand `k` of `a`, where it meets operand `l` of `b`, is walked with it element by element.
bool go_together(const OperandRows& a, int k, const OperandRows& b, int l) {
  return !span_of(a, k).overlaps(span_of(b, l)) || (a.pointers[k] == b.pointers[l] && a.steps[k] == b.steps[l] && a.steps[k] != 0);
}

// True iff `next` may run block by block behind `before`.
bool may_follow(const OperandRows& before, const OperandRows& next) {
  for (int k = 0; k < next.operands; ++k)
    if (!(next.constants >> k & 1) && !go_together(next, k, before, 0)) return false;
  for (int k = 1; k < before.operands; ++k)
    if (!(before.constants >> k & 1) && !go_together(before, k, next, 0)) return false;
  return true;
}

// True iff nobody reads this memory, written before launch `from`, until it is written anew.
bool is_dead_from(const LaunchList& list, size_t from, const Span& memory) {
  const std::vector<LaunchList::Entry>& entries = list.entries();
  for (size_t i = from; i < entries.size(); ++i) {
    for (const kernels::MemoryRange& r : entries[i].reads)
      if (span_of(r).overlaps(memory)) return false;
    for (const kernels::MemoryRange& w : entries[i].writes)
      if (span_of(w).covers(memory)) return true;
  }
  return list.freed().keeps_at(memory.begin);
}

}  // namespace

FusedCalls::FusedCalls(const LaunchList& list) {
  const std::vector<LaunchList::Entry>& entries = list.entries();
  for (size_t i = 0; i < entries.size();) {
    std::vector<RowLaunch> chain;
    for (size_t k = i; k < entries.size(); ++k) {
      const RowLaunch next(entries[k].call);
      if (!next.rows || next.rows->n < kLeastElements || (!chain.empty() && next.rows->n != chain.front().rows->n)) break;
      if (!std::all_of(chain.begin(), chain.end(), [&](const RowLaunch& before) { return may_follow(*before.rows, *next.rows); })) break;
      chain.push_back(next);
    }
    if (chain.size() > 1) add_chain(list, i, i + chain.size());
    else calls_.push_back(entries[i].call);
    i += std::max<size_t>(chain.size(), 1);
  }
}

void FusedCalls::add_chain(const LaunchList& list, size_t first, size_t last) {
  FusedRows& chain = *chains_.emplace_back(std::make_unique<FusedRows>());
  std::vector<const char*> met, left_out;  // addresses of operands; those of results that are not written to memory, by their place
  for (size_t i = first; i < last; ++i) {
    const RowLaunch launch(list.entries()[i].call);
    const OperandRows& r = *launch.rows;
    const auto place_of = [&](int k) {
      const auto found = std::find(left_out.begin(), left_out.end(), r.pointers[k]);
      return r.steps[k] == 0 || found == left_out.end() ? -1 : static_cast<int>(found - left_out.begin());
    };
    FusedRows::Operand operands[kernels::kMaxOperands];
    for (int k = 1; k < r.operands; ++k) {
      operands[k] = {r.pointers[k], r.steps[k], place_of(k)};
      met.push_back(r.pointers[k]);
    }
    const bool is_new = std::find(met.begin(), met.end(), r.pointers[0]) == met.end();
    if (is_new && !launch.adds && is_dead_from(list, last, span_of(r, 0))) left_out.push_back(r.pointers[0]);
    met.push_back(r.pointers[0]);
    operands[0] = {r.pointers[0], r.steps[0], place_of(0)};
    chain.add(launch, operands);
  }
  chain.finish(static_cast<int>(left_out.size()));
  calls_.push_back({[](const void* self) { static_cast<const FusedRows*>(self)->run(); }, &chain});
}

}}}  // namespace torch::xgrad::compiled
