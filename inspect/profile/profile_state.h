// What a Profile holds. Internal.
#pragma once

#include <map>
#include <string>
#include <tuple>
#include <vector>

#include <xgrad/inspect/profile/profile.h>

namespace torch { inline namespace xgrad { namespace inspect {

constexpr size_t kNoModule = SIZE_MAX;

struct Profile::State {
  struct Kernel {
    const char* operation;
    const char* node;  // of a derivative: what was recorded; null otherwise
    size_t module;     // in modules
    Phase phase;
    int64_t begin, end;  // nanoseconds since the first guard
    int64_t read, written, alive;
  };
  struct Sum {
    int64_t calls = 0, nanoseconds = 0, read = 0, written = 0;
  };
  using Key = std::tuple<size_t, Phase, std::string>;  // module, phase, operation

  void add(const Kernel& kernel);
  std::string path(size_t module) const { return module == kNoModule ? "" : modules[module]; }
  /// The sums of all kernels with the same key_of(their key), in the order of these.
  template <class KeyOf> std::vector<Row> grouped(KeyOf key_of) const {
    std::map<Key, Sum> groups;
    for (const auto& [key, sum] : sums) {
      Sum& group = groups[key_of(key)];
      group.calls += sum.calls;
      group.nanoseconds += sum.nanoseconds;
      group.read += sum.read;
      group.written += sum.written;
    }
    std::vector<Row> rows;
    for (const auto& [key, sum] : groups)
      rows.push_back({std::get<2>(key), path(std::get<0>(key)), std::get<1>(key), sum.calls, static_cast<double>(sum.nanoseconds) * 1e-9, sum.read,
                      sum.written});
    return rows;
  }

  int64_t most_events = 0;
  std::vector<std::string> modules;  // their paths
  std::vector<Kernel> kernels;
  std::map<Key, Sum> sums;
  int64_t count = 0, origin = -1, guarded = 0, peak = 0;  // origin: what the clock said at the first guard; guarded: nanoseconds
};

const char* phase_name(Phase phase);

}}}  // namespace torch::xgrad::inspect
