// Chunk datasets: what libtorch's programs don't show (tests/compat/programs/datasets.cpp has its orders).
#include <atomic>
#include <numeric>
#include <ostream>
#include <set>
#include <sstream>

#include <doctest/doctest.h>
#include <xgrad/data/data.h>
#include <xgrad/io/serialize.h>

using namespace xgrad;
using namespace xgrad::data;
using namespace xgrad::data::datasets;
using samplers::SequentialSampler;

namespace {

struct Reader : ChunkDataReader<int> {
  using BatchType = std::vector<int>;
  BatchType read_chunk(size_t c) override {
    ++*reads;
    if (c == fails_at) throw std::runtime_error("chunk " + std::to_string(c) + " can't be read");
    BatchType chunk(5);
    std::iota(chunk.begin(), chunk.end(), static_cast<int>(c * 5));
    return chunk;
  }
  size_t chunk_count() override { return count; }
  void reset() override {}
  size_t count = 10, fails_at = 1000;
  std::shared_ptr<std::atomic<size_t>> reads = std::make_shared<std::atomic<size_t>>(0);
};

template <class Sampler = SequentialSampler> using Chunks = ChunkDataset<Reader, Sampler, SequentialSampler>;

template <class Sampler = SequentialSampler>
SharedBatchDataset<Chunks<Sampler>> chunks(const Reader& reader, const ChunkDatasetOptions& options, Sampler sampler = Sampler(0)) {
  return make_shared_dataset<Chunks<Sampler>>(reader, std::move(sampler), SequentialSampler(0), options);
}

template <class Loader> std::vector<int> numbers_of(Loader& loader) {
  std::vector<int> all;
  for (auto& batch : *loader) all.insert(all.end(), batch.begin(), batch.end());
  return all;
}

std::vector<int> first_numbers(int n) {
  std::vector<int> all(static_cast<size_t>(n));
  std::iota(all.begin(), all.end(), 0);
  return all;
}

}  // namespace

TEST_CASE("every example comes once an epoch, for any number of preloaders, workers and cached examples") {
  for (size_t preloaders : {1, 2, 4})
    for (size_t workers : {0, 1, 3})
      for (size_t cache : {3, 40}) {
        auto loader = make_data_loader(chunks(Reader(), ChunkDatasetOptions(preloaders, 3, cache)), DataLoaderOptions(3).workers(workers));
        for (int e = 0; e < 3; ++e) {
          std::vector<int> all = numbers_of(loader);
          std::sort(all.begin(), all.end());
          CHECK(all == first_numbers(50));
        }
      }
}

TEST_CASE("the chunks after one that can't be read are whole") {
  Reader reader;
  reader.count = 3;
  reader.fails_at = 1;
  for (size_t workers : {0, 1}) {
    auto loader = make_data_loader(chunks(reader, ChunkDatasetOptions(1, 5)), DataLoaderOptions(5).workers(workers));
    std::vector<int> all;
    int thrown = 0;
    auto it = loader->begin();
    while (true) {
      try {
        if (it == loader->end()) break;
        all.insert(all.end(), it->begin(), it->end());
        ++it;
      } catch (const WorkerException& e) {
        ++thrown;
        CHECK(std::string(e.what()).find("chunk 1 can't be read") != std::string::npos);
      }
    }
    CHECK(thrown == 1);
    CHECK(all == std::vector<int>{0, 1, 2, 3, 4, 10, 11, 12, 13, 14});
  }
}

TEST_CASE("what a restored chunk sampler left is read, and later epochs are whole") {
  const ChunkDatasetOptions options(1, 5);
  SequentialSampler half(10);
  half.next(6);
  Chunks<> saved(Reader(), half, SequentialSampler(0), options);
  std::stringstream stream;
  save(saved, stream);
  auto dataset = chunks(Reader(), options);
  load(*dataset, stream);
  auto loader = make_data_loader(dataset, DataLoaderOptions(5));
  const std::vector<int> all = first_numbers(50);
  CHECK(numbers_of(loader) == std::vector<int>(all.begin() + 30, all.end()));
  CHECK(numbers_of(loader) == all);
  CHECK(numbers_of(loader) == all);
}

TEST_CASE("an epoch that is left midway reads no more than the cache holds, and ends at once") {
  Reader reader;
  reader.count = 1000000;
  {
    auto dataset = chunks(reader, ChunkDatasetOptions(2, 2, 10));
    auto loader = make_data_loader(dataset, DataLoaderOptions(2).workers(2));
    CHECK(loader->begin()->size() == 2);
  }
  CHECK(*reader.reads < 20);
  CHECK(reader.reads.use_count() == 1);
  auto restarted = chunks(reader, ChunkDatasetOptions(3, 2, 4));
  for (int i = 0; i < 10; ++i) {
    restarted->reset();
    CHECK(restarted->get_batch()->size() == 2);
  }
}

TEST_CASE("an example sampler that gives too few indices, or none of the chunk") {
  struct Wrong : SequentialSampler {
    using SequentialSampler::SequentialSampler;
    std::optional<std::vector<size_t>> next(size_t n) override { return std::vector<size_t>(shorter ? n - 1 : n, 7); }
    bool shorter = true;
  };
  const auto text = [](bool shorter) {
    Wrong wrong(0);
    wrong.shorter = shorter;
    ChunkDataset<Reader, SequentialSampler, Wrong> dataset(Reader(), SequentialSampler(0), wrong, ChunkDatasetOptions(1, 5));
    dataset.reset();
    try {
      dataset.get_batch();
    } catch (const WorkerException& e) {
      return std::string(e.what());
    }
    return std::string();
  };
  CHECK(text(true).find("the example sampler must give 5 indices, got 4") != std::string::npos);
  CHECK(text(false).find("Index out of range: the example sampler gave 7 for a chunk of 5 examples") != std::string::npos);
}

TEST_CASE("options of chunk datasets that are set to nothing are named") {
  const auto refused = [](ChunkDatasetOptions options, const char* text) {
    CHECK_THROWS_WITH_AS(chunks(Reader(), options), doctest::Contains(text), Error);
  };
  refused(ChunkDatasetOptions(1, 2).preloader_count(0), "preloader_count");
  refused(ChunkDatasetOptions(1, 2).batch_size(0), "batch_size");
  refused(ChunkDatasetOptions(1, 2).cache_size(0), "cache_size");
  refused(ChunkDatasetOptions(1, 2).cache_size(1), "cache_size is 1, batch_size is 2");
  refused(ChunkDatasetOptions(1, 2).cross_chunk_shuffle_count(0), "cross_chunk_shuffle_count");
}
