// A loader goes on where it was saved.
#include <ostream>
#include <set>
#include <sstream>

#include <doctest/doctest.h>
#include <xgrad/autograd/ops/creation/creation.h>
#include <xgrad/data/data.h>
#include <xgrad/io/serialize.h>

using namespace xgrad;
using namespace xgrad::data;

namespace {

// What a batch was made of, and its number.
using Batch = std::pair<std::vector<size_t>, uint64_t>;
using Asks = std::vector<Batch>;

struct Asked : datasets::BatchDataset<Asked, Batch> {
  explicit Asked(size_t n) : n_(n) {}
  Batch get_batch(ArrayRef<size_t> indices) override { return {indices.vec(), current_batch_number().value()}; }
  std::optional<size_t> size() const override { return n_; }

 private:
  size_t n_;
};

struct AskedForSome : datasets::StreamDataset<AskedForSome, Batch> {
  Batch get_batch(size_t n) override { return {{n}, current_batch_number().value()}; }
  std::optional<size_t> size() const override { return std::nullopt; }
};

template <class Loader> void append_epoch(Asks& batches, Loader& loader) {
  for (auto& batch : *loader) batches.push_back(batch);
}

template <class Save> std::string saved(const Save& value) {
  std::ostringstream stream;
  save(value, stream);
  return stream.str();
}

template <class Value> void load_from(Value& value, const std::string& bytes) { load(value, bytes.data(), bytes.size()); }

// Two epochs, one of them left after each number of batches and gone on with in another loader, against three epochs in a piece.
template <class Dataset, class MakeSampler> void resume_everywhere(const Dataset& dataset, MakeSampler make_sampler, bool drop_last = false) {
  const auto options = [&](size_t workers) { return DataLoaderOptions(4).workers(workers).drop_last(drop_last); };
  for (size_t workers : {0, 1, 3})
    for (size_t later_workers : {3, 0}) {
      for (size_t left_at = 0;; ++left_at) {
        manual_seed(7);
        auto reference = make_data_loader(dataset, make_sampler(), options(0));
        Asks expected, got;
        for (int e = 0; e < 4; ++e) append_epoch(expected, reference);

        manual_seed(7);
        auto first = make_data_loader(dataset, make_sampler(), options(workers));
        append_epoch(got, first);
        size_t batches = 0;
        std::string position;
        Tensor state;
        auto it = first->begin();
        for (; batches < left_at && it != first->end(); ++batches) {
          if (batches > 0 && ++it == first->end()) break;
          got.push_back(*it);
        }
        if (batches < left_at) break;  // the epoch has no more
        position = saved(*first);
        state = xgrad::detail::getDefaultCPUGenerator().get_state();

        auto second = make_data_loader(dataset, make_sampler(), options(later_workers));
        load_from(*second, position);
        CHECK(saved(*second) == position);
        Generator(xgrad::detail::getDefaultCPUGenerator()).set_state(state);
        for (int e = got.size() < expected.size() / 2 ? 1 : 2; e < 4; ++e) append_epoch(got, second);
        CHECK(got == expected);
      }
    }
}

}  // namespace

TEST_CASE("a loader goes on after any batch, with any sampler and number of workers") {
  const Asked dataset(23);
  SUBCASE("random") {
    resume_everywhere(dataset, [] { return samplers::RandomSampler(23); });
  }
  SUBCASE("without the last batch") {
    resume_everywhere(
        dataset, [] { return samplers::RandomSampler(23); }, true);
  }
  SUBCASE("sequential") {
    resume_everywhere(dataset, [] { return samplers::SequentialSampler(23); });
  }
  SUBCASE("distributed and random") {
    resume_everywhere(dataset, [] {
      samplers::DistributedRandomSampler sampler(23, 2, 1);
      sampler.set_epoch(9);
      return sampler;
    });
  }
  SUBCASE("distributed and sequential") {
    resume_everywhere(dataset, [] { return samplers::DistributedSequentialSampler(23, 2, 1); });
  }
  SUBCASE("weighted") {
    const std::vector<double> weights(23, 0.5);
    resume_everywhere(dataset, [&] { return samplers::WeightedRandomSampler(weights, 15); });
  }
  SUBCASE("subset") {
    resume_everywhere(dataset, [] { return samplers::SubsetRandomSampler({3, 1, 4, 15, 9, 2, 6, 5, 35}); });
  }
  SUBCASE("stream") {
    resume_everywhere(AskedForSome(), [] { return samplers::StreamSampler(23); });
  }
}

TEST_CASE("batches in any order are neither lost nor repeated") {
  manual_seed(2);
  const auto options = DataLoaderOptions(1).workers(3).enforce_ordering(false);
  auto first = make_data_loader(Asked(40), options);
  std::multiset<size_t> seen;
  auto it = first->begin();
  for (int i = 0; i < 17; ++i, ++it) seen.insert(it->first[0]);
  seen.insert(it->first[0]);
  auto second = make_data_loader(Asked(40), options);
  load_from(*second, saved(*first));
  for (auto& batch : *second) seen.insert(batch.first[0]);
  CHECK(seen.size() == 40);
  CHECK(std::set<size_t>(seen.begin(), seen.end()).size() == 40);
}

TEST_CASE("positions that don't fit are refused, and the loader goes on") {
  manual_seed(2);
  const auto loader_of = [](size_t n, DataLoaderOptions options) { return make_data_loader(Asked(n), options); };
  for (size_t workers : {0, 2}) {
    auto loader = loader_of(10, DataLoaderOptions(3).workers(workers));
    auto it = loader->begin();
    const std::string before = saved(*loader);
    const auto refused = [&](const auto& other, const char* text) {
      CHECK_THROWS_WITH_AS(load_from(*loader, saved(*other)), doctest::Contains(text), Error);
      CHECK(saved(*loader) == before);
    };
    refused(loader_of(11, 3), "the dataset that was saved from has 11 examples, this loader's has 10 examples");
    refused(loader_of(10, 4), "batch_size 4, this one's is 3");
    refused(loader_of(10, DataLoaderOptions(3).drop_last(true)), "drop_last");
    refused(make_data_loader<samplers::SequentialSampler>(Asked(10), 3),
            "samplers::SequentialSampler, this loader has a torch::data::samplers::RandomSampler");
    CHECK_THROWS_AS(load_from(*loader, saved(ones({2}))), Error);
    CHECK(saved(*loader) == before);
    size_t left = 0;
    for (; it != loader->end(); ++it) left += it->first.size();
    CHECK(left == 10);
  }
}

TEST_CASE("iterators of before a load have come to their end") {
  for (size_t workers : {0, 2}) {
    auto loader = make_data_loader<samplers::SequentialSampler>(Asked(10), DataLoaderOptions(2).workers(workers));
    auto it = loader->begin();
    ++it;
    const std::string position = saved(*loader);
    ++it;
    load_from(*loader, position);
    CHECK(it->first == std::vector<size_t>{4, 5});
    ++it;
    CHECK(it == loader->end());
    CHECK(loader->begin()->first == std::vector<size_t>{4, 5});
  }
}

namespace {

// A request that knows nothing of archives, and one that does.
struct Row : samplers::CustomBatchRequest {
  explicit Row(size_t r) : row(r) {}
  size_t size() const override { return 1; }
  size_t row;
};
struct SavedRow : samplers::CustomBatchRequest {
  size_t size() const override { return 1; }
  void save(serialize::OutputArchive& archive) const { archive.write("row", IValue(row)); }
  void load(serialize::InputArchive& archive) {
    IValue value;
    archive.read("row", value);
    row = value.to<size_t>();
  }
  size_t row = 0;
};
template <class Request> Request request_of(size_t row) {
  if constexpr (std::is_constructible_v<Request, size_t>) {
    return Request(row);
  } else {
    Request request;
    request.row = row;
    return request;
  }
}
template <class Request> struct Rows : samplers::Sampler<Request> {
  void reset(std::optional<size_t>) override { row = 0; }
  std::optional<Request> next(size_t) override { return row == 9 ? std::nullopt : std::optional<Request>(request_of<Request>(row++)); }
  void save(serialize::OutputArchive& archive) const override { archive.write("row", IValue(row)); }
  void load(serialize::InputArchive& archive) override {
    IValue value;
    archive.read("row", value);
    row = value.to<size_t>();
  }
  size_t row = 0;
};
template <class Request> struct Table : datasets::BatchDataset<Table<Request>, size_t, Request> {
  size_t get_batch(Request request) override { return request.row; }
  std::optional<size_t> size() const override { return 9; }
};

}  // namespace

TEST_CASE("requests of one's own") {
  const auto loader_of = [](auto request, size_t workers) {
    using Request = decltype(request);
    return make_data_loader(Table<Request>(), Rows<Request>(), DataLoaderOptions(1).workers(workers));
  };
  for (size_t workers : {0, 2}) {
    auto first = loader_of(SavedRow(), workers), second = loader_of(SavedRow(), workers);
    auto it = first->begin();
    CHECK(*it == 0);
    load_from(*second, saved(*first));
    std::vector<size_t> rest;
    for (size_t row : *second) rest.push_back(row);
    CHECK(rest == std::vector<size_t>{1, 2, 3, 4, 5, 6, 7, 8});
  }
  auto plain = loader_of(Row(0), 2);
  auto it = plain->begin();
  CHECK_THROWS_WITH_AS(saved(*plain), doctest::Contains("Row can't be saved: they need save(OutputArchive&) and load(InputArchive&)"), Error);
  auto alone = loader_of(Row(0), 0), other = loader_of(Row(0), 0);  // without workers nothing is outstanding
  auto start = alone->begin();
  CHECK(*start == 0);
  load_from(*other, saved(*alone));
  CHECK(*other->begin() == 1);
}
