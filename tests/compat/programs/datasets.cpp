// Datasets of every kind through loaders: chunks, streams, stateful and shared ones, requests of one's own, transforms and collations.
#include <torch/torch.h>

#include <algorithm>
#include <numeric>
#include <sstream>

namespace data = torch::data;
namespace datasets = torch::data::datasets;
namespace samplers = torch::data::samplers;
namespace transforms = torch::data::transforms;

// Chunk c has lengths[c] examples: c * 100, c * 100 + 1, ...
struct Reader : datasets::ChunkDataReader<int> {
  using BatchType = datasets::ChunkDataReader<int>::ChunkType;
  using DataType = int;
  explicit Reader(std::vector<size_t> l) : lengths(std::move(l)) {}
  BatchType read_chunk(size_t c) override {
    if (c == fails_at) throw std::runtime_error("chunk " + std::to_string(c) + " can't be read");
    BatchType chunk(lengths[c]);
    std::iota(chunk.begin(), chunk.end(), static_cast<int>(c * 100));
    return chunk;
  }
  size_t chunk_count() override { return lengths.size(); }
  void reset() override { ++resets; }
  std::vector<size_t> lengths;
  size_t fails_at = 1000, resets = 0;
};

static void show(const std::vector<int>& batch) {
  for (int i : batch) std::cout << i << " ";
  std::cout << "| ";
}

// A loader that lives as long as the call.
template <class Loader, class Each> static void each_batch(const std::unique_ptr<Loader>& loader, Each each) {
  for (auto& batch : *loader) each(batch);
  std::cout << "\n";
}

template <class ChunkSampler, class ExampleSampler> static void chunks(const char* name) {
  const std::vector<std::vector<size_t>> shapes{{3, 5, 2}, {10}, {4, 0, 4, 7, 1}, {}, {6, 6, 6, 6}};
  for (const auto& lengths : shapes)
    for (size_t batch_size : {1, 3, 4, 20})
      for (size_t cross : {1, 2, 3}) {
        using Chunks = datasets::ChunkDataset<Reader, ChunkSampler, ExampleSampler>;
        auto dataset = datasets::make_shared_dataset<Chunks>(Reader(lengths), ChunkSampler(0), ExampleSampler(0),
                                                             datasets::ChunkDatasetOptions(1, batch_size, 20 + batch_size, cross));
        auto loader = data::make_data_loader(dataset, data::DataLoaderOptions(batch_size).workers(0));
        for (int epoch = 0; epoch < 2; ++epoch) {
          std::cout << name << " batches of " << batch_size << " from " << cross << ": ";
          for (auto& batch : *loader) show(batch);
          std::cout << "\n";
        }
      }
}

static void more_chunks() {
  using Chunks = datasets::ChunkDataset<Reader, samplers::SequentialSampler, samplers::SequentialSampler>;
  const samplers::SequentialSampler none(0);
  // Several preloaders and workers: all examples come, in any order.
  auto many = datasets::make_shared_dataset<Chunks>(Reader({5, 9, 2, 8, 8, 1}), none, none, datasets::ChunkDatasetOptions(3, 4, 8));
  auto loader = data::make_data_loader(
      many.map(transforms::BatchLambda<std::vector<int>, int>([](std::vector<int> batch) { return std::accumulate(batch.begin(), batch.end(), 0); })),
      data::DataLoaderOptions(4).workers(2));
  for (int epoch = 0; epoch < 2; ++epoch) std::cout << "sum " << std::accumulate(loader->begin(), loader->end(), 0) << "\n";

  auto reversed = datasets::make_shared_dataset<Chunks>(Reader({4, 3}), none, none, datasets::ChunkDatasetOptions(1, 2).cross_chunk_shuffle_count(2),
                                                        [](std::vector<int>& chunk) { std::reverse(chunk.begin(), chunk.end()); });
  each_batch(data::make_data_loader(reversed, 2), show);

  Chunks direct(Reader({3, 2}), none, none, datasets::ChunkDatasetOptions(1, 2));
  std::cout << direct.size().has_value() << Chunks::is_stateful << "\n";
  direct.reset();
  while (auto batch = direct.get_batch()) show(*batch);
  std::cout << "\n";
  const auto text = [](auto call, const char* phrase) {
    try {
      call();
      std::cout << "nothing thrown\n";
    } catch (const std::exception& e) {
      std::cout << phrase << (std::string(e.what()).find(phrase) != std::string::npos ? " is said\n" : " is not said\n");
    }
  };
  text([&] { direct.get_batch(3); }, "The requested batch size does not match with the initialized batch size");
  text([&] { Chunks(Reader({1}), none, none, datasets::ChunkDatasetOptions(1, 2)).get_batch(); },
       "Dataset needs to call reset() before calling get_batch()");
  text([] { datasets::ChunkDatasetOptions(0, 1); }, "Preloader count is 0. At least one preloader needs to be specified");
  text([] { datasets::ChunkDatasetOptions(1, 0); }, "Batch size is 0. A positive batch size needs to be specified");
  text([] { datasets::ChunkDatasetOptions(1, 1, 0); }, "Cache size is 0. A positive cache size needs to be specified");
  text([] { datasets::ChunkDatasetOptions(1, 3, 2); }, "Cache size is less than batch size");
  text([] { datasets::ChunkDatasetOptions(1, 1, 1, 0); }, "cross_chunk_shuffle_count needs to be greater than 0");

  // The last chunk can't be read.
  Reader broken({3, 3, 3});
  broken.fails_at = 2;
  Chunks failing(broken, none, none, datasets::ChunkDatasetOptions(1, 3));
  failing.reset();
  for (int i = 0; i < 4; ++i) {
    try {
      if (auto batch = failing.get_batch()) show(*batch);
      else std::cout << "end\n";
    } catch (const data::WorkerException& e) {
      std::cout << e.what() << " | ";
    }
  }

  // Saved after some chunks: with a cache of one batch, the first is still waited for while the second has been read.
  using Shuffled = datasets::ChunkDataset<Reader, samplers::RandomSampler, samplers::SequentialSampler>;
  torch::manual_seed(5);
  auto saved = datasets::make_shared_dataset<Shuffled>(Reader({2, 2, 2, 2}), samplers::RandomSampler(4), none, datasets::ChunkDatasetOptions(1, 2));
  std::stringstream stream;
  torch::save(*saved, stream);
  auto loaded = datasets::make_shared_dataset<Shuffled>(Reader({2, 2, 2, 2}), samplers::RandomSampler(0), none, datasets::ChunkDatasetOptions(1, 2));
  torch::load(*loaded, stream);
  each_batch(data::make_data_loader(loaded, 2), show);
  using Shared = datasets::ChunkDataset<Reader, samplers::DistributedRandomSampler, samplers::SequentialSampler>;
  for (size_t rank = 0; rank < 2; ++rank) {
    auto part = datasets::make_shared_dataset<Shared>(Reader({1, 1, 1, 1, 1}), samplers::DistributedRandomSampler(5, 2, rank), none,
                                                      datasets::ChunkDatasetOptions(1, 2));
    part->chunk_sampler().set_epoch(3);
    each_batch(data::make_data_loader(part, 2), show);
  }
}

// The next numbers of a stream.
struct Numbers : datasets::StreamDataset<Numbers, std::vector<int>> {
  std::vector<int> get_batch(size_t n) override {
    std::vector<int> batch(n);
    for (int& i : batch) i = next++;
    return batch;
  }
  torch::optional<size_t> size() const override { return torch::nullopt; }
  int next = 0;
};

// The same with an end.
struct Countdown : datasets::StatefulDataset<Countdown, int, size_t> {
  torch::optional<int> get_batch(size_t n) override {
    if (left <= 0) return torch::nullopt;
    left -= static_cast<int>(n);
    return left;
  }
  torch::optional<size_t> size() const override { return 10; }
  void reset() override { left = 10; }
  void save(torch::serialize::OutputArchive& archive) const override { archive.write("left", torch::tensor(left)); }
  void load(torch::serialize::InputArchive& archive) override {
    torch::Tensor t;
    archive.read("left", t);
    left = t.item<int>();
  }
  int left = 0;
};

// Requests of one's own: a row of a table, and what is read from it.
struct Row : samplers::CustomBatchRequest {
  Row() = default;
  Row(size_t r, size_t n) : row(r), count(n) {}
  size_t size() const override { return count; }
  size_t row = 0, count = 0;
};
struct Rows : samplers::Sampler<Row> {
  void reset(torch::optional<size_t> = torch::nullopt) override { row = 0; }
  torch::optional<Row> next(size_t n) override {
    if (row == 3) return torch::nullopt;
    return Row(row++, n);
  }
  void save(torch::serialize::OutputArchive&) const override {}
  void load(torch::serialize::InputArchive&) override {}
  size_t row = 0;
};
struct Table : datasets::BatchDataset<Table, std::string, Row> {
  std::string get_batch(Row request) override { return std::to_string(request.row) + "x" + std::to_string(request.size()); }
  torch::optional<size_t> size() const override { return 3; }
};

// Examples of any type.
struct Words : datasets::Dataset<Words, data::Example<std::string, int>> {
  data::Example<std::string, int> get(size_t i) override { return {std::string(i, 'x'), static_cast<int>(i)}; }
  torch::optional<size_t> size() const override { return 5; }
};
struct Longer : transforms::Transform<data::Example<std::string, int>, std::string> {
  std::string apply(data::Example<std::string, int> example) override { return example.data + std::to_string(example.target); }
};
struct Joined : transforms::Collation<std::string, std::vector<std::string>> {
  std::string apply_batch(std::vector<std::string> words) override { return std::accumulate(words.begin(), words.end(), std::string("=")); }
};
struct Doubled : transforms::TensorTransform<> {
  torch::Tensor operator()(torch::Tensor input) override { return input * 2; }
};

static void others() {
  for (size_t workers : {0, 1}) {
    auto stream = data::make_data_loader(Numbers(), samplers::StreamSampler(7), data::DataLoaderOptions(3).workers(workers));
    for (auto& batch : *stream) show(batch);
    std::cout << "\n";
    auto stateful = data::make_data_loader(Countdown(), data::DataLoaderOptions(4).workers(workers));
    for (int epoch = 0; epoch < 2; ++epoch) {
      for (int left : *stateful) std::cout << left << " ";
      std::cout << "\n";
    }
    auto negative =
        data::make_data_loader(Countdown().map(transforms::BatchLambda<int, std::string>([](int i) { return "<" + std::to_string(-i) + ">"; })),
                               data::DataLoaderOptions(3).workers(workers));
    for (auto& text : *negative) std::cout << text << " ";
    auto table = data::make_data_loader(Table(), Rows(), data::DataLoaderOptions(2).workers(workers));
    for (auto& text : *table) std::cout << text << " ";
    auto words =
        data::make_data_loader<samplers::SequentialSampler>(Words().map(Longer()).map(Joined()), data::DataLoaderOptions(2).workers(workers));
    for (auto& text : *words) std::cout << text << " ";
    std::cout << "\n";
  }
  Countdown from, to;
  from.left = 6;
  std::stringstream stream;
  torch::save(from, stream);
  torch::load(to, stream);
  std::cout << to.left << "\n";

  auto tensors = datasets::TensorDataset({torch::ones({2}), torch::zeros({2}), torch::full({2}, 3)});
  std::cout << *tensors.size() << " " << tensors.get(2).data << "\n";
  auto loader = data::make_data_loader<samplers::SequentialSampler>(tensors.map(transforms::Stack<data::TensorExample>()),
                                                                    data::DataLoaderOptions().batch_size(2));
  for (torch::Tensor batch : *loader) std::cout << batch << "\n";
  auto lambdas = tensors.map(transforms::Lambda<data::TensorExample>([](data::TensorExample e) { return data::TensorExample(e.data + 1); }))
                     .map(transforms::Collate<torch::Tensor, std::vector<data::TensorExample>>([](std::vector<data::TensorExample> batch) {
                       torch::Tensor sum = torch::zeros({2});
                       for (auto& example : batch) sum += example.data;
                       return sum;
                     }));
  each_batch(data::make_data_loader<samplers::SequentialSampler>(lambdas, 2), [](torch::Tensor& batch) { std::cout << batch << "\n"; });
  std::cout << *lambdas.size() << " " << *lambdas.dataset().size() << "\n";

  auto shared = datasets::make_shared_dataset<Words>();
  auto of_shared =
      data::make_data_loader(shared, samplers::SequentialSampler(*shared->size()), data::DataLoaderOptions(2).workers(2).max_jobs(3).drop_last(true));
  std::cout << of_shared->options().max_jobs << of_shared->options().drop_last << of_shared->options().batch_size << "\n";
  const auto longest = std::max_element(of_shared->begin(), of_shared->end(), [](const auto& a, const auto& b) { return a[0].target < b[0].target; });
  (void)longest;
  std::cout << std::count_if(of_shared->begin(), of_shared->end(), [](auto& batch) { return batch.size() == 2; }) << "\n";
  std::vector<std::vector<data::Example<std::string, int>>> copies;
  std::copy(of_shared->begin(), of_shared->end(), std::back_inserter(copies));
  std::cout << copies.size() << " " << copies[1][1].data << "\n";
  of_shared->join();
}

int main() {
  torch::manual_seed(1);
  chunks<samplers::SequentialSampler, samplers::SequentialSampler>("in order");
  chunks<samplers::RandomSampler, samplers::SequentialSampler>("chunks shuffled");
  chunks<samplers::RandomSampler, samplers::RandomSampler>("all shuffled");
  more_chunks();
  others();
  auto doubled =
      datasets::TensorDataset(torch::arange(6, torch::kFloat).view({3, 1, 1, 2}))
          .map(transforms::Lambda<data::TensorExample, data::Example<>>([](data::TensorExample e) { return data::Example<>(e.data, e.data.sum()); }))
          .map(Doubled())
          .map(transforms::TensorLambda<>([](torch::Tensor t) { return t + 1; }))
          .map(transforms::Normalize<>({0.5}, {0.25}))
          .map(transforms::Stack<>());
  each_batch(data::make_data_loader<samplers::SequentialSampler>(std::move(doubled), 2), [](auto& batch) {
    std::cout << batch.data << "\n" << batch.target << "\n";
  });
}
