// Epochs of a loader that run out of memory.
#include <doctest/doctest.h>

#include <vector>

#include <xgrad/xgrad.h>

#include "failing_memory/failing_allocation.h"

using namespace xgrad;
using failing::Kind;
using failing::Outcome;

namespace {

// Example i is the number i, many times.
struct Numbers : data::datasets::Dataset<Numbers> {
  data::Example<> get(size_t index) override { return {full({300}, static_cast<double>(index)), full({}, static_cast<double>(index))}; }
  std::optional<size_t> size() const override { return 24; }
};

auto loader(size_t workers) {
  return data::make_data_loader<data::samplers::SequentialSampler>(Numbers().map(data::transforms::Stack<>()),
                                                                   data::DataLoaderOptions().batch_size(4).workers(workers).max_jobs(3));
}

template <class Loader> std::vector<double> epoch(Loader& l) {
  std::vector<double> seen;
  for (auto& batch : l)
    for (int64_t i = 0; i < batch.data.size(0); ++i) seen.push_back(batch.data[i][299].template item<double>());
  return seen;
}

}  // namespace

TEST_CASE("a loader's epoch whose n-th allocation fails ends in an error, and the next loader gives every example") {
  std::vector<double> expected;
  for (int i = 0; i < 24; ++i) expected.push_back(i);
  for (const size_t workers : {0, 2}) {
    CAPTURE(workers);
    { CHECK(epoch(*loader(workers)) == expected); }
    const MemoryStats before = memory_stats();
    const int64_t allocations = failing::for_each_allocation([&](int64_t n, Kind kind) {
      bool happened;
      std::vector<double> seen;
      const Outcome outcome = failing::attempt(n, kind, happened, [&] {
        auto l = loader(workers);
        seen = epoch(*l);
      });
      if (outcome == Outcome::kDone) CHECK(seen == expected);
      seen = {};
      CHECK(memory_stats().live_tensors == before.live_tensors);
      CHECK(memory_stats().live_nodes == before.live_nodes);
      return happened;
    });
    CHECK(allocations > 50);
    CHECK(epoch(*loader(workers)) == expected);
  }
}
