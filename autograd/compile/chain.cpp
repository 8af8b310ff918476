#include <xgrad/autograd/compile/chain.h>

#include <algorithm>

namespace torch { inline namespace xgrad { namespace compiled {

namespace {

using kernels::LaunchList;
using kernels::OperandRows;
using kernels::RowLaunch;
using kernels::SumLaunch;

// Fewer elements are in the nearest cache anyway.
constexpr int64_t kLeastElements = 4096;
// Launches that one is moved past at most.
constexpr size_t kMostMovedPast = 32;

bool overlap(const kernels::MemoryRanges& a, const kernels::MemoryRanges& b) {
  return std::any_of(a.begin(), a.end(), [&](const kernels::MemoryRange& x) {
    return std::any_of(b.begin(), b.end(), [&](const kernels::MemoryRange& y) { return span_of(x).overlaps(span_of(y)); });
  });
}

// True iff it makes no difference which of the two runs first.
bool commute(const LaunchList::Entry& a, const LaunchList::Entry& b) {
  return !overlap(a.writes, b.reads) && !overlap(a.reads, b.writes) && !overlap(a.writes, b.writes);
}

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
bool may_follow(const OperandRows& before, const SumLaunch& next) {
  return !span_of(before, 0).overlaps(span_of(next)) || (before.pointers[0] == next.x && before.steps[0] == next.step);
}

}  // namespace

Span span_of(const OperandRows& r, int k) {
  return {r.pointers[k], r.pointers[k] + (r.steps[k] == 0 ? static_cast<int64_t>(sizeof(double)) : r.n * r.steps[k])};
}
Span span_of(const SumLaunch& s) { return {s.x, s.x + s.n * s.step}; }
Span span_of(const kernels::MemoryRange& m) { return {static_cast<const char*>(m.begin), static_cast<const char*>(m.begin) + m.bytes}; }

bool Chain::begins_life(const Member& m) {
  if (!m.row.rows || m.row.adds) return false;
  const OperandRows& r = *m.row.rows;
  return std::find(r.pointers + 1, r.pointers + r.operands, r.pointers[0]) == r.pointers + r.operands;
}

Chain::Chain(const LaunchList& list, const std::deque<size_t>& launches) {
  const std::vector<LaunchList::Entry>& entries = list.entries();
  size_t ahead_then = 0, behind_then = 0;  // when the last member came in
  const auto commutes_with = [&](size_t i) { return [&, i](size_t other) { return commute(entries[i], entries[other]); }; };
  // True iff the life that a sum reads is over at `next`, and there is nothing else between the two.
  const auto meet_in_other_lives = [&](const Member& total, const Member& next) {
    const auto begins_at_x = [&](const Member& m) { return begins_life(m) && m.row.rows->pointers[0] == total.sum.x; };
    const Member *const first = members.data(), *const last = first + members.size();
    const LaunchList::Entry &sum = entries[total.entry], &row = entries[next.entry];
    return std::any_of(first, &total, begins_at_x) && (begins_at_x(next) || std::any_of(&total, last, begins_at_x)) &&
           !overlap(sum.writes, row.reads) && !overlap(sum.writes, row.writes);
  };
  const auto fits = [&](const Member& next) {
    const int64_t n = next.row.rows ? next.row.rows->n : next.sum.n;
    if (members.empty()) return next.row.rows.has_value() && n >= kLeastElements;
    if (n != members.front().row.rows->n) return false;
    return std::all_of(members.begin(), members.end(), [&](const Member& m) {
      if (!m.row.rows) return commute(entries[m.entry], entries[next.entry]) || meet_in_other_lives(m, next);  // sums come last
      if (next.row.rows) return may_follow(*m.row.rows, *next.row.rows);
      return may_follow(*m.row.rows, next.sum) && !overlap(entries[m.entry].reads, entries[next.entry].writes);
    });
  };
  for (size_t k = 0; k < launches.size() && ahead.size() + behind.size() <= kMostMovedPast; ++k) {
    const size_t i = launches[k];
    if (entries[i].writes.empty()) break;
    const bool overtakes = std::all_of(behind.begin(), behind.end(), commutes_with(i));
    if (const Member next{i, RowLaunch(entries[i].call), SumLaunch(entries[i].call)}; overtakes && fits(next)) {
      members.push_back(next);
      ahead_then = ahead.size();
      behind_then = behind.size();
      length = k + 1;
    } else if (members.empty()) {
      return;
    } else if (overtakes && std::all_of(members.begin(), members.end(), [&](const Member& m) { return commute(entries[i], entries[m.entry]); })) {
      ahead.push_back(i);
    } else {
      behind.push_back(i);
    }
  }
  ahead.resize(ahead_then);
  behind.resize(behind_then);
}

}}}  // namespace torch::xgrad::compiled
