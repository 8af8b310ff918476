#include "step_model.h"

#include <algorithm>
#include <cmath>

#include <xgrad/distributed/all_reduce.h>

double all_reduce_seconds(const LinkModel& link, int ranks, double bytes) {
  if (ranks == 1) return 0;
  const double doublings = std::floor(std::log2(ranks)), p = ranks;
  const bool power = std::exp2(doublings) == p;
  if (bytes <= static_cast<double>(xgrad::distributed::kFewBytes)) {
    // What is above a power of two comes before and goes after.
    const double messages = doublings + (power ? 0 : 2), sums = doublings + (power ? 0 : 1);
    return messages * (link.latency + bytes * link.per_byte) + sums * bytes * link.per_added_byte;
  }
  const double messages = power ? 2 * doublings : 2 * (p - 1), share = (p - 1) / p * bytes;
  return messages * link.latency + 2 * share * link.per_byte + share * link.per_added_byte;
}

SimulatedStep simulate(const StepProfile& profile, const LinkModel& link, int ranks, double bucket_bytes) {
  SimulatedStep step;
  double end = 0;  // of the last reduction, after backward began
  for (size_t i = 0; i < profile.gradients.size();) {
    double bytes = 0, ready = 0;
    do {
      bytes += profile.gradients[i].bytes;
      ready = std::max(ready, profile.gradients[i].ready);
      ++i;
    } while (i < profile.gradients.size() && bytes + profile.gradients[i].bytes <= bucket_bytes * 17 / 16);
    const double takes = all_reduce_seconds(link, ranks, bytes);
    end = std::max(end, ready) + takes;
    step.reducing += takes;
  }
  step.waiting = std::max(0.0, end - profile.backward);
  step.seconds = profile.forward + profile.backward + step.waiting + profile.rest;
  return step;
}

// Least squares of (latency + n * per_byte) / seconds - 1.
LinkModel fit(const std::vector<double>& bytes, const std::vector<double>& seconds) {
  double aa = 0, ab = 0, bb = 0, a = 0, b = 0;
  for (size_t i = 0; i < bytes.size(); ++i) {
    const double u = 1 / seconds[i], v = bytes[i] / seconds[i];
    aa += u * u;
    ab += u * v;
    bb += v * v;
    a += u;
    b += v;
  }
  const double determinant = aa * bb - ab * ab;
  LinkModel link;
  link.latency = std::max(0.0, (a * bb - b * ab) / determinant);
  link.per_byte = std::max(0.0, (aa * b - ab * a) / determinant);
  return link;
}
