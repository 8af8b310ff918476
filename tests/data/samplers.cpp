// Samplers and splits that have Python's random stream, shares of a dataset, and states that don't fit. libtorch's orders: tests/compat.
#include <ostream>
#include <set>
#include <sstream>

#include <doctest/doctest.h>
#include <xgrad/autograd/ops/creation/creation.h>
#include <xgrad/autograd/ops/random/random.h>
#include <xgrad/data/data.h>
#include <xgrad/io/serialize.h>

using namespace xgrad;
using namespace xgrad::data;
using namespace xgrad::data::samplers;

namespace {

using Indices = std::vector<size_t>;

template <class Sampler> Indices all_of(Sampler& sampler) {
  Indices all;
  while (auto batch = sampler.next(3)) all.insert(all.end(), batch->begin(), batch->end());
  return all;
}

struct Squares : datasets::Dataset<Squares> {
  explicit Squares(size_t n) : n_(n) {}
  Example<> get(size_t i) override { return {full({}, static_cast<int64_t>(i), kLong), full({}, static_cast<int64_t>(i * i), kLong)}; }
  std::optional<size_t> size() const override { return n_; }

 private:
  size_t n_;
};

}  // namespace

// In Python: torch.manual_seed(11); list(WeightedRandomSampler(weights, 12)); list(WeightedRandomSampler(weights, 6, replacement=False)).
TEST_CASE("a loader tells how many batches an epoch has, and has them") {
  namespace samplers = data::samplers;
  const auto check = [](const auto& sampler, size_t expected, bool drop_last) {
    data::datasets::TensorDataset dataset(arange(11));
    auto loader = data::make_data_loader(dataset, sampler, data::DataLoaderOptions(4).drop_last(drop_last));
    size_t seen = 0;
    for ([[maybe_unused]] auto& batch : *loader) ++seen;
    CHECK(loader->size() == expected);
    CHECK(seen == expected);
  };
  check(samplers::SequentialSampler(11), 3, false);
  check(samplers::RandomSampler(11), 2, true);
  check(samplers::RandomSampler(8), 2, false);
  check(samplers::WeightedRandomSampler(ones({11}, kDouble), 5), 2, false);
  check(samplers::SubsetRandomSampler({1, 2, 10}), 1, false);
  check(samplers::SubsetRandomSampler({1, 2, 10}), 0, true);
  check(samplers::DistributedRandomSampler(11, 2, 1), 2, false);
}

TEST_CASE("weighted samples and random subsets are Python's for the same seed") {
  const std::vector<double> weights{0.1, 0.9, 0.4, 0.7, 3.0, 0.6};
  WeightedRandomSampler with(weights, 12), without(weights, 6, /*replacement=*/false);
  manual_seed(11);
  CHECK(all_of(with) == Indices{2, 4, 4, 4, 4, 1, 1, 1, 4, 4, 5, 4});
  CHECK(all_of(without) == Indices{3, 5, 2, 1, 4, 0});

  const Generator generator = xgrad::detail::createCPUGenerator(5);
  WeightedRandomSampler of_tensor(arange(3, kFloat), 5, true, generator), two(std::vector<double>{4.9, .1}, 10, true, generator);
  CHECK(all_of(of_tensor) == Indices{2, 1, 2, 1, 1});  // of [0.0, 1, 2, 0]
  CHECK(all_of(two) == Indices(10, 0));

  manual_seed(11);
  SubsetRandomSampler subset({10, 20, 30, 40, 50, 60, 70});
  CHECK(all_of(subset) == Indices{50, 10, 30, 70, 40, 20, 60});
  subset.reset();
  CHECK(all_of(subset) == Indices{30, 20, 50, 70, 60, 10, 40});

  // A loader's epoch is the first order: nothing is drawn before.
  manual_seed(11);
  auto loader = make_data_loader(Squares(80), SubsetRandomSampler({10, 20, 30, 40, 50, 60, 70}), DataLoaderOptions(1));
  CHECK(loader->begin()->front().target.item<int64_t>() == 2500);
}

// In Python: [list(p.indices) for p in random_split(range(10), [3, 7], generator=torch.Generator().manual_seed(42))], and so on.
TEST_CASE("random splits are Python's for the same seed") {
  const Generator generator = xgrad::detail::createCPUGenerator(42);
  auto parts = datasets::random_split(Squares(10), {3, 7}, generator);
  CHECK(parts[0].indices() == Indices{2, 6, 1});
  CHECK(parts[1].indices() == Indices{8, 4, 5, 0, 9, 3, 7});
  parts = datasets::random_split(Squares(11), {0.5, 0.25, 0.25}, generator);
  CHECK(parts[0].indices() == Indices{2, 9, 6, 5, 8, 4});
  CHECK(parts[1].indices() == Indices{3, 10, 1});
  CHECK(parts[2].indices() == Indices{7, 0});
  manual_seed(0);
  parts = datasets::random_split(Squares(5), std::vector<size_t>{2, 0, 3});
  CHECK(parts[0].indices() == Indices{4, 0});
  CHECK(parts[1].size() == 0);
  CHECK(parts[2].indices() == Indices{1, 3, 2});
  CHECK(randint(1000, {1}).item<int64_t>() == 963);
  parts = datasets::random_split(Squares(29), std::vector<double>(10, 0.1));
  CHECK(parts[0].size() == 3);
  CHECK(parts[9].size() == 2);
  CHECK_THROWS_WITH_AS(datasets::random_split(Squares(5), {2, 2}),
                       doctest::Contains("Sum of input lengths does not equal the length of the input dataset"), ValueError);
  CHECK_THROWS_WITH_AS(datasets::random_split(Squares(5), {1.2, -0.2}), doctest::Contains("Fraction at index 0 is not between 0 and 1"), ValueError);
  CHECK_THROWS_WITH_AS(datasets::random_split(Squares(5), {0.5, 0.4}), doctest::Contains("sum to 1"), ValueError);
}

TEST_CASE("subsets and concatenations, also of mapped datasets and in loaders") {
  auto parts = datasets::random_split(Squares(10), {4, 6});
  std::set<int64_t> seen;
  for (auto& part : parts) {
    auto loader = make_data_loader<SequentialSampler>(part.map(transforms::Stack<>()), DataLoaderOptions(3).workers(2));
    for (auto& batch : *loader)
      for (int64_t i = 0; i < batch.target.numel(); ++i) seen.insert(batch.target[i].item<int64_t>());
  }
  CHECK(seen == std::set<int64_t>{0, 1, 4, 9, 16, 25, 36, 49, 64, 81});
  CHECK(parts[0].get(2).data.item<int64_t>() == static_cast<int64_t>(parts[0].indices()[2]));
  CHECK_THROWS_WITH_AS(parts[0].get(4), doctest::Contains("index 4 is outside the subset, which has 4 examples"), IndexError);

  const auto negative = transforms::TensorLambda<>([](Tensor t) { return -t; });
  datasets::ConcatDataset both(Squares(3), Squares(0), Squares(4).map(negative), datasets::Subset(Squares(9), {8, 7}));
  CHECK(both.cumulative_sizes() == Indices{3, 3, 7, 9});
  CHECK(*both.size() == 9);
  std::vector<int64_t> all;
  auto of_all = make_data_loader<SequentialSampler>(both, DataLoaderOptions(4).workers(2));
  for (auto& batch : *of_all)
    for (auto& example : batch) all.push_back(example.data.item<int64_t>());
  CHECK(all == std::vector<int64_t>{0, 1, 2, 0, -1, -2, -3, 8, 7});
  CHECK_THROWS_WITH_AS(both.get(9), doctest::Contains("index 9 is outside the 9 examples"), IndexError);
  CHECK(*datasets::ConcatDataset(std::vector<Squares>{Squares(2), Squares(5)}).size() == 7);
  CHECK_THROWS_WITH_AS(datasets::ConcatDataset(std::vector<Squares>{}), doctest::Contains("empty"), ValueError);
}

TEST_CASE("samplers refuse what they can't do, by name") {
  const std::vector<double> weights{1, 2};
  CHECK_THROWS_WITH_AS(WeightedRandomSampler(weights, 0), doctest::Contains("num_samples"), ValueError);
  CHECK_THROWS_WITH_AS(WeightedRandomSampler(ones({2, 2}), 1), doctest::Contains("weights should be a 1d sequence"), ValueError);
  WeightedRandomSampler too_many(weights, 3, /*replacement=*/false);
  CHECK_THROWS_AS(too_many.reset(), Error);
  CHECK_THROWS_WITH_AS(WeightedRandomSampler(weights, 2).reset(3), doctest::Contains("the size can't change"), ValueError);
  CHECK_THROWS_WITH_AS(SubsetRandomSampler({1, 2}).reset(3), doctest::Contains("[SubsetRandomSampler] reset"), ValueError);
  CHECK_THROWS_WITH_AS(DistributedRandomSampler(5, 2, 2), doctest::Contains("rank must be below num_replicas, got rank 2 of 2"), ValueError);
  CHECK_THROWS_WITH_AS(DistributedSequentialSampler(5, 0, 0), doctest::Contains("num_replicas"), ValueError);
}

TEST_CASE("more than twice as many replicas as examples still get examples of the dataset") {
  for (size_t rank = 0; rank < 7; ++rank) {
    DistributedRandomSampler random(2, 7, rank);
    DistributedSequentialSampler sequential(2, 7, rank);
    CHECK(all_of(random).at(0) < 2);
    CHECK(all_of(sequential) == Indices{rank % 2});
  }
  DistributedRandomSampler none(0, 3, 1);
  CHECK(all_of(none).empty());
}

TEST_CASE("the state of a distributed sampler fits its share alone, and set_epoch is part of it") {
  DistributedRandomSampler sampler(20, 2, 1), same(20, 2, 1), other_rank(20, 2, 0), other_count(20, 4, 1), dropping(20, 2, 1, false);
  sampler.set_epoch(4);
  sampler.reset();
  sampler.next(3);
  sampler.set_epoch(5);
  std::stringstream stream;
  save(sampler, stream);
  const std::string bytes = stream.str();
  load(same, bytes.data(), bytes.size());
  CHECK(same.epoch() == 5);
  CHECK(same.next(20) == sampler.next(20));
  same.reset();
  sampler.reset();
  CHECK(same.next(20) == sampler.next(20));
  const auto refused = [&](auto& into, const char* text) {
    const Indices before = DistributedRandomSampler(into).next(4).value();
    CHECK_THROWS_WITH_AS(load(into, bytes.data(), bytes.size()), doctest::Contains(text), Error);
    CHECK(into.next(4) == before);
  };
  refused(other_rank, "rank 1, this one 0");
  refused(other_count, "num_replicas 2, this one 4");
  refused(dropping, "allow_duplicates");
}
