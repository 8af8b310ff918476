#include <atomic>
#include <cstring>
#include <ostream>
#include <set>
#include <sstream>
#include <thread>

#include <doctest/doctest.h>
#include <xgrad/autograd/ops/creation/creation.h>
#include <xgrad/autograd/ops/random/random.h>
#include <xgrad/data/data.h>
#include <xgrad/io/serialize.h>

using namespace xgrad;
using namespace xgrad::data;

namespace {

std::vector<int64_t> values(const Tensor& t) {
  const Tensor rows = t.contiguous();
  return std::vector<int64_t>(rows.data_ptr<int64_t>(), rows.data_ptr<int64_t>() + rows.numel());
}

using Batches = std::vector<std::vector<int64_t>>;

template <class Loader> Batches epoch(Loader& loader) {
  Batches batches;
  for (auto& batch : loader) batches.push_back(values(batch.data));
  return batches;
}

auto stacked(int64_t n) { return datasets::TensorDataset(arange(n)).map(transforms::Stack<TensorExample>()); }

// Gives i after a time that is longer for smaller i, so that workers finish out of order.
struct Slow : datasets::Dataset<Slow, TensorExample> {
  TensorExample get(size_t i) override {
    std::this_thread::sleep_for(std::chrono::milliseconds(i % 4 == 0 ? 4 : 0));
    if (i == fails_at) throw std::runtime_error("no example " + std::to_string(i));
    return full({}, static_cast<int64_t>(i), kLong);
  }
  std::optional<size_t> size() const override { return 20; }
  size_t fails_at = 1000;
};

}  // namespace

TEST_CASE("the same seed gives libtorch's batches") {
  manual_seed(0);
  auto loader = make_data_loader(stacked(10), DataLoaderOptions(4));
  CHECK(epoch(*loader) == Batches{{3, 9, 4, 2}, {7, 8, 6, 0}, {5, 1}});
  CHECK(epoch(*loader) == Batches{{4, 0, 8, 5}, {9, 1, 6, 3}, {7, 2}});
}

TEST_CASE("batches for every number of workers and jobs") {
  for (size_t workers : {0, 1, 2, 5})
    for (size_t jobs : {1, 2, 30}) {
      manual_seed(7);
      auto loader = make_data_loader(stacked(23), DataLoaderOptions().batch_size(4).workers(workers).max_jobs(jobs));
      manual_seed(7);
      auto reference = make_data_loader(stacked(23), DataLoaderOptions(4));
      for (int e = 0; e < 3; ++e) {
        manual_seed(static_cast<uint64_t>(e));
        const Batches expected = epoch(*reference);
        manual_seed(static_cast<uint64_t>(e));
        CHECK(epoch(*loader) == expected);
      }
    }
}

TEST_CASE("sequential order, the last batch, and options") {
  using samplers::SequentialSampler;
  CHECK(epoch(*make_data_loader<SequentialSampler>(stacked(5), 2)) == Batches{{0, 1}, {2, 3}, {4}});
  CHECK(epoch(*make_data_loader<SequentialSampler>(stacked(5), DataLoaderOptions(2).drop_last(true))) == Batches{{0, 1}, {2, 3}});
  CHECK(epoch(*make_data_loader<SequentialSampler>(stacked(5), DataLoaderOptions(9).workers(2))) == Batches{{0, 1, 2, 3, 4}});
  CHECK(epoch(*make_data_loader<SequentialSampler>(stacked(0), 2)).empty());
  CHECK(make_data_loader(stacked(5), DataLoaderOptions().workers(3))->options().max_jobs == 6);
  CHECK_THROWS_WITH_AS(make_data_loader(stacked(5), 0), doctest::Contains("batch_size must be at least 1"), ValueError);
  CHECK_THROWS_WITH_AS(make_data_loader(stacked(5), DataLoaderOptions(1).workers(1).max_jobs(0)), doctest::Contains("max_jobs must be at least 1"),
                       ValueError);
}

TEST_CASE("workers that finish out of order") {
  const auto collate = [] { return transforms::Stack<TensorExample>(); };
  auto ordered = make_data_loader<samplers::SequentialSampler>(Slow().map(collate()), DataLoaderOptions(1).workers(4));
  const Batches in_order = epoch(*ordered);
  REQUIRE(in_order.size() == 20);
  for (int64_t i = 0; i < 20; ++i) CHECK(in_order[static_cast<size_t>(i)][0] == i);

  auto any = make_data_loader<samplers::SequentialSampler>(Slow().map(collate()), DataLoaderOptions(1).workers(4).enforce_ordering(false));
  std::set<int64_t> seen;
  for (const auto& batch : epoch(*any)) seen.insert(batch[0]);
  CHECK(seen.size() == 20);
}

TEST_CASE("a worker's exception reaches the training thread, and the loader goes on") {
  Slow dataset;
  dataset.fails_at = 5;
  auto loader = make_data_loader<samplers::SequentialSampler>(dataset, DataLoaderOptions(2).workers(2));
  for (int e = 0; e < 2; ++e) {
    size_t batches = 0;
    auto it = loader->begin();
    bool thrown = false;
    while (true) {
      try {
        if (it == loader->end()) break;
        ++batches;
        ++it;
      } catch (const WorkerException& error) {
        thrown = true;
        CHECK(std::string(error.what()) == "Caught exception in DataLoader worker thread. Original message: no example 5");
        CHECK_THROWS_AS(std::rethrow_exception(error.original_exception), std::runtime_error);
      }
    }
    CHECK(thrown);
    CHECK(batches >= 9);
  }
  auto plain = make_data_loader<samplers::SequentialSampler>(dataset, DataLoaderOptions(2));
  CHECK_THROWS_WITH_AS(
      [&] {
        for (auto& batch : *plain) (void)batch;
      }(),
      "no example 5", std::runtime_error);
}

TEST_CASE("iterators at their ends, and loaders that are left early") {
  auto loader = make_data_loader<samplers::SequentialSampler>(stacked(4), DataLoaderOptions(2).workers(2));
  auto it = loader->begin();
  CHECK_THROWS_AS(loader->begin(), Error);
  CHECK(values(it->data) == std::vector<int64_t>{0, 1});
  ++it;
  ++it;
  CHECK(it == loader->end());
  CHECK_THROWS_AS(*it, Error);
  CHECK_THROWS_AS(++it, Error);
  CHECK_THROWS_AS(*loader->end(), Error);
  loader->begin();
  loader->join();
  CHECK_THROWS_AS(loader->begin(), Error);
  for (int i = 0; i < 20; ++i) make_data_loader(Slow(), DataLoaderOptions(3).workers(3))->begin();
}

TEST_CASE("a batch that takes longer than the timeout") {
  struct Stuck : datasets::Dataset<Stuck, TensorExample> {
    TensorExample get(size_t) override {
      std::this_thread::sleep_for(std::chrono::milliseconds(200));
      return ones({1});
    }
    std::optional<size_t> size() const override { return 1; }
  };
  auto loader = make_data_loader(Stuck(), DataLoaderOptions(1).workers(1).timeout(std::chrono::milliseconds(5)));
  CHECK_THROWS_WITH_AS(*loader->begin(), doctest::Contains("timeout was 5 ms"), Error);
}

TEST_CASE("shared datasets, custom batch requests and datasets without a size") {
  auto shared = datasets::make_shared_dataset<Slow>();
  size_t count = 0;
  auto loader = make_data_loader(shared, DataLoaderOptions(4).workers(3));
  for (auto& batch : *loader) count += batch.size();
  CHECK(count == 20);

  struct Endless : datasets::Dataset<Endless, TensorExample> {
    TensorExample get(size_t) override { return ones({1}); }
    std::optional<size_t> size() const override { return std::nullopt; }
  };
  CHECK_THROWS_WITH_AS(make_data_loader(Endless()), doctest::Contains("Expected the dataset to be sized"), Error);
  CHECK((*make_data_loader(Endless(), samplers::SequentialSampler(3), 2)->begin()).size() == 2);
}

TEST_CASE("samplers go on where they were saved") {
  manual_seed(3);
  samplers::RandomSampler sampler(10), other(4);
  sampler.next(3);
  std::stringstream stream;
  save(sampler, stream);
  load(other, stream);
  CHECK(other.index() == 3);
  CHECK(other.next(10) == sampler.next(10));
  CHECK_FALSE(other.next(1).has_value());

  samplers::SequentialSampler first(5), second(5), small(1);
  first.next(2);
  std::stringstream place;
  save(first, place);
  const std::string bytes = place.str();
  load(second, bytes.data(), bytes.size());
  CHECK(second.next(9) == std::vector<size_t>{2, 3, 4});
  load(small, bytes.data(), bytes.size());  // takes the size over, as a RandomSampler does
  CHECK(small.next(9) == std::vector<size_t>{2, 3, 4});
  small.reset(7);
  CHECK(small.next(9)->size() == 7);
}

TEST_CASE("a loader that is destroyed midway leaves nothing behind") {
  struct Counted : datasets::Dataset<Counted, int> {
    int get(size_t i) override {
      ++*calls;
      return static_cast<int>(i);
    }
    std::optional<size_t> size() const override { return 1000000; }
    std::shared_ptr<std::atomic<size_t>> calls = std::make_shared<std::atomic<size_t>>(0);
  };
  for (size_t workers : {0, 1, 4})
    for (bool ordered : {true, false}) {
      const Counted dataset;
      {
        auto loader = make_data_loader<samplers::SequentialSampler>(dataset, DataLoaderOptions(2).workers(workers).enforce_ordering(ordered));
        auto it = loader->begin();
        for (int i = 0; i < 5; ++i, ++it) CHECK(it->size() == 2);
      }
      CHECK(*dataset.calls <= 2 * (6 + 2 * workers));
      CHECK(dataset.calls.use_count() == 1);
    }
}

TEST_CASE("batches that are cheaper to make than to hand over are the same, whoever makes them") {
  struct Cheap : datasets::BatchDataset<Cheap, size_t> {
    size_t get_batch(ArrayRef<size_t> indices) override {
      if (indices[0] == 700) throw std::runtime_error("no 700");
      return indices[0] + static_cast<size_t>(*current_batch_number());
    }
    std::optional<size_t> size() const override { return 1500; }
  };
  const auto batches = [](size_t workers) {
    manual_seed(4);
    auto loader = make_data_loader(Cheap(), DataLoaderOptions(1).workers(workers));
    std::vector<size_t> all;
    size_t thrown = 0;
    for (int e = 0; e < 3; ++e) {
      auto it = loader->begin();
      for (bool more = true; more;) {
        try {
          more = it != loader->end();
          if (more) {
            all.push_back(*it);
            ++it;
          }
        } catch (const WorkerException&) {
          ++thrown;
        } catch (const std::runtime_error&) {
          CHECK(workers == 0);
          ++thrown;
        }
      }
    }
    CHECK(thrown == 3);
    CHECK(all.size() == 3 * 1499);
    return all;
  };
  const std::vector<size_t> expected = batches(0);
  CHECK(batches(1) == expected);
  CHECK(batches(3) == expected);
}

TEST_CASE("who makes batches is decided by what they cost") {
  using std::chrono::microseconds;
  const auto some = [](Pace& pace, int n, int waited, int worked, int spent) {
    int alone = 0;
    for (int i = 0; i < n; ++i) {
      alone += pace.alone();
      if (pace.alone()) pace.made_alone(microseconds(spent));
      else pace.handed_over(microseconds(waited), microseconds(worked));
    }
    return alone;
  };
  Pace cheap(4), dear(4), ready(4), parallel(4);
  CHECK(some(cheap, 10000, 40, 20, 10) > 9500);        // making one takes a quarter of waiting for one
  CHECK(some(dear, 10000, 20000, 40000, 40000) == 0);  // never tried: too long
  CHECK(some(ready, 10000, 1, 100, 100) == 0);         // nor here: there is nothing to gain
  CHECK(some(parallel, 10000, 60, 100, 100) < 700);    // tried, and found worse
  CHECK(some(cheap, 100000, 2, 20, 10) < 30000);       // and the other way round when the caller has become slower
}

TEST_CASE("what a worker throws that is no exception") {
  struct Odd : datasets::Dataset<Odd, int> {
    int get(size_t) override { throw 7; }
    std::optional<size_t> size() const override { return 1; }
  };
  auto loader = make_data_loader(Odd(), DataLoaderOptions(1).workers(1));
  CHECK_THROWS_WITH_AS(*loader->begin(), "Caught exception in DataLoader worker thread.", WorkerException);
}
