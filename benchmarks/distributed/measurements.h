// What the benchmark measures. All ranks call the same; rank 0 prints.
#pragma once

#include <string>
#include <vector>

#include "step_model.h"
#include "workloads.h"

/// Messages between two ranks against latency and bandwidth; all_reduce against what follows from these; against MPI_Allreduce, in time and in
/// the order of its sums.
void measure_messages();
/// What messages between neighbours take, and additions here.
LinkModel measure_link(bool prints);
/// How much of the reduction is hidden behind backward, and how much the simulation of a step says can be, of nets with `net` in their name.
/// `network`: "slow" or "fast", a simulated link of 1 Gbit/s and 200 us or of 10 Gbit/s and 50 us; both, if it is empty; "real", what really
/// joins the ranks, as measure_link() finds it.
void measure_overlap(const std::string& network, const std::string& net);
/// Steps with and without DistributedDataParallel on one rank.
void measure_overhead();
/// Efficiency for up to 256 ranks against the size of buckets, simulated; drawn to `picture`. With several ranks, the simulation for so many
/// against what they measure.
void simulate_scaling(const std::string& picture);

/// Times of a step of this rank alone, the medians of several.
StepProfile profile_of(Workload& workload);
double median(std::vector<double> values);
double now();  // seconds
