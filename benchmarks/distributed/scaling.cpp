#include <cmath>
#include <cstdio>

#include "measurements.h"

#include <xgrad/distributed/distributed.h>
#include <xgrad/inspect/picture/diagram.h>

namespace {

struct Network {
  const char* name;
  LinkModel link;
};

}  // namespace

void simulate_scaling(const std::string& picture) {
  if (xgrad::distributed::rank() != 0) return;
  Workload workloads[] = {mlp(256), deep_mlp(1024), mnist_cnn(256)};
  const Network networks[] = {{"1 Gbit/s, 200 us", {200e-6, 8e-9, 0.1e-9}}, {"10 Gbit/s, 50 us", {50e-6, 0.8e-9, 0.1e-9}}};
  const int counts[] = {8, 16, 32, 64, 128, 256};
  const char* const colours[] = {"#1f77b4", "#2ca02c", "#ff7f0e", "#d62728", "#9467bd", "#8c564b"};
  constexpr int kFirst = 4, kLast = 15;  // buckets of 2^4 to 2^15 kB
  std::vector<xgrad::inspect::Diagram> diagrams;
  for (Workload& workload : workloads) {
    const StepProfile profile = profile_of(workload);
    std::printf("%s: forward %.1f ms, backward %.1f ms, optimizer %.1f ms\n\n", workload.name.c_str(), profile.forward * 1e3, profile.backward * 1e3,
                profile.rest * 1e3);
    for (const Network& network : networks) {
      xgrad::inspect::Diagram diagram{workload.name + ", " + network.name, "bucket size, log2 of kB", {}, NAN, ""};
      std::printf("| %s: efficiency, ranks | with buckets of 0.25 MB | 1 MB | 4 MB | 25 MB | best, at |\n|---|---|---|---|---|---|\n", network.name);
      for (size_t i = 0; i < std::size(counts); ++i) {
        const auto efficiency = [&](double bytes) {
          return simulate(profile, network.link, 1, bytes).seconds / simulate(profile, network.link, counts[i], bytes).seconds;
        };
        xgrad::inspect::Curve curve{std::to_string(counts[i]) + " ranks", colours[i], kFirst, {}, true};
        int best = kFirst;
        for (int k = kFirst; k <= kLast; ++k) {
          curve.values.push_back(efficiency(std::exp2(k) * 1024));
          if (curve.values.back() > curve.values[static_cast<size_t>(best - kFirst)]) best = k;
        }
        constexpr double kMegabyte = 1 << 20;
        std::printf("| %d | %.2f | %.2f | %.2f | %.2f | %.2f, %.0f kB |\n", counts[i], efficiency(kMegabyte / 4), efficiency(kMegabyte),
                    efficiency(4 * kMegabyte), efficiency(25 * kMegabyte), curve.values[static_cast<size_t>(best - kFirst)], std::exp2(best));
        diagram.curves.push_back(std::move(curve));
      }
      std::puts("");
      if (&network == networks) diagrams.push_back(std::move(diagram));
    }
  }
  xgrad::inspect::draw_diagrams(picture, diagrams);
}
