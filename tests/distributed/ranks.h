// What tests on several ranks share.
#pragma once

#include "values.h"
#include <xgrad/distributed/distributed.h>
#include <xgrad/xgrad.h>

/// Elements that are other ones on each rank, the same in each run.
inline xgrad::Tensor drawn(int rank, xgrad::IntArrayRef sizes, uint64_t seed = 0) {
  auto generator = xgrad::make_generator<xgrad::CPUGeneratorImpl>(seed * 1000 + static_cast<uint64_t>(rank) + 1);
  return xgrad::randn(sizes, generator);
}

/// True iff every rank has these bits.
inline bool same_everywhere(const xgrad::Tensor& t) {
  const xgrad::Tensor all = xgrad::distributed::all_gather(t);
  for (int64_t r = 1; r < all.size(0); ++r)
    if (!same_bits(all[r], all[0])) return false;
  return true;
}
