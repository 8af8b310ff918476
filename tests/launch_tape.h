// Launches recorded with the memory they found, so that a test can put it back, run them again and compare.
#pragma once

#include <cstring>
#include <map>
#include <string>
#include <vector>

#include <xgrad/autograd/kernels/launch_list.h>

namespace torch {

/// Addresses as disjoint ranges.
class AddressSet {
 public:
  /// Adds [begin, begin + bytes) and calls f(begin, end) for each part that was not in the set.
  template <class F> void add(const void* memory, int64_t bytes, F f) {
    const auto* begin = static_cast<const char*>(memory);
    const char* const end = begin + bytes;
    auto next = ranges_.lower_bound(begin);
    if (next != ranges_.begin() && std::prev(next)->second > begin) --next;
    std::vector<std::pair<const char*, const char*>> missing;
    const char* at = begin;
    for (; next != ranges_.end() && next->first < end; ++next) {
      if (at < next->first) missing.emplace_back(at, next->first);
      at = std::max(at, next->second);
    }
    if (at < end) missing.emplace_back(at, end);
    for (const auto& [from, to] : missing) {
      f(from, to);
      ranges_[from] = to;
    }
  }
  bool contains(const void* memory, int64_t bytes) const {
    const auto* at = static_cast<const char*>(memory);
    const char* const end = at + bytes;
    while (at < end) {
      auto next = ranges_.upper_bound(at);
      if (next == ranges_.begin() || (--next)->second <= at) return false;
      at = next->second;
    }
    return true;
  }

 private:
  std::map<const char*, const char*> ranges_;
};

/// Records the calling thread's launches while it is recording.
class LaunchTape : public kernels::LaunchObserver {
 public:
  template <class F> void record(F step) {
    {
      kernels::LaunchRecorder recorder(list_);
      recorder_ = &recorder;
      const kernels::Observe observe(*this);
      step();
    }
    for (Piece& p : pieces_) p.after = copy_of(p);
  }

  /// Empty if running the list again on the memory as it was found writes the same bits. What it writes is filled with garbage before,
  /// twice with different ones, which tells what it wrote from what it left.
  std::string replay() const {
    std::vector<std::vector<std::string>> results;
    for (const char pattern : {'\x5a', '\xa5'}) {
      for (const Piece& p : pieces_) std::memcpy(p.memory, p.before.data(), p.before.size());
      for (const Piece& p : pieces_)
        if (p.written_first) std::memset(p.memory, pattern, p.before.size());
      list_.run();
      auto& result = results.emplace_back();
      for (const Piece& p : pieces_) result.push_back(copy_of(p));
    }
    for (size_t i = 0; i < pieces_.size(); ++i) {
      const Piece& p = pieces_[i];
      for (size_t k = 0; k < p.after.size(); ++k) {
        const bool left = p.written_first && results[0][i][k] == '\x5a' && results[1][i][k] == '\xa5';
        const char expected = p.after[k];
        if (left ? expected == p.before[k] : expected == results[0][i][k] && expected == results[1][i][k]) continue;
        return "a replay leaves other bits at byte " + std::to_string(k) + " of memory that " + p.first_user + " was the first to " +
               (p.written_first ? "write" : "read");
      }
    }
    return "";
  }

  const kernels::LaunchList& list() const { return list_; }
  /// True iff launches read or wrote all of it.
  bool knows(const void* memory, int64_t bytes) const { return known_.contains(memory, bytes); }

 private:
  struct Piece {
    char* memory;
    std::string before, after;
    bool written_first;
    const char* first_user;
  };

  static std::string copy_of(const Piece& p) { return std::string(p.memory, p.before.size()); }

  void observe(const kernels::Launch& launch) override {
    note(launch, launch.reads(), false);
    note(launch, launch.writes(), true);
    recorder_->observe(launch);
  }
  void note(const kernels::Launch& launch, ArrayRef<kernels::MemoryRange> ranges, bool written_first) {
    for (const kernels::MemoryRange& range : ranges)
      known_.add(range.begin, range.bytes, [&](const char* from, const char* to) {
        pieces_.push_back({const_cast<char*>(from), std::string(from, to), "", written_first, launch.operation().name()});
      });
  }

  kernels::LaunchList list_;
  kernels::LaunchRecorder* recorder_ = nullptr;
  AddressSet known_;
  std::vector<Piece> pieces_;
};

}  // namespace torch
