// How long a step of data parallel training takes, from measured computation and a model of messages.
#pragma once

#include <cstddef>
#include <vector>

/// A message of n bytes takes latency + n * per_byte seconds, and adding n bytes of another rank's to one's own n * per_added_byte.
struct LinkModel {
  double latency = 0, per_byte = 0, per_added_byte = 0;
};

/// Of distributed::all_reduce of so many bytes: the algorithm that all_reduce.h chooses, message by message.
double all_reduce_seconds(const LinkModel& link, int ranks, double bytes);

/// One step of one rank alone.
struct StepProfile {
  struct Gradient {
    double ready;  // seconds after backward began
    double bytes;
  };
  double forward = 0, backward = 0, rest = 0;  // rest: the optimizer
  std::vector<Gradient> gradients;             // or stretches of them, in the order in which they come
};

struct SimulatedStep {
  double seconds = 0;
  double reducing = 0;  // what the reductions take
  double waiting = 0;   // what of it is not hidden behind backward
};

/// Buckets are filled as GradientReducer does, and reduced one after the other, each when its gradients are ready.
SimulatedStep simulate(const StepProfile& profile, const LinkModel& link, int ranks, double bucket_bytes);

/// The latency and time per byte that fit best, in relative error, measured times of messages of so many bytes.
LinkModel fit(const std::vector<double>& bytes, const std::vector<double>& seconds);
