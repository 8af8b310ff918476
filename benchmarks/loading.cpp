// Epochs of a cheap dataset, by a loader and by a loop over the same calls. Compiled against libtorch and against xgrad.
#include <torch/torch.h>

#include "workload.h"

namespace benchmarks { namespace {

namespace data = torch::data;

// Views of 8 floats and a class.
struct Cheap : data::datasets::Dataset<Cheap> {
  data::Example<> get(size_t i) override { return {x.select(0, static_cast<int64_t>(i)), y.select(0, static_cast<int64_t>(i))}; }
  torch::optional<size_t> size() const override { return 60000; }
  torch::Tensor x = torch::ones({60000, 8}), y = torch::arange(60000);
};

auto tensors() { return data::datasets::TensorDataset(torch::ones({60000, 8})).map(data::transforms::Stack<data::TensorExample>()); }

constexpr size_t kBatch = 64;

int64_t size_of(const std::vector<data::Example<>>& batch) { return static_cast<int64_t>(batch.size()); }
int64_t size_of(const data::TensorExample& batch) { return batch.data.size(0); }

// A repetition is an epoch.
template <class Dataset> class ByHand : public Workload {
 public:
  explicit ByHand(Dataset dataset) : dataset_(std::move(dataset)) {}
  void run(int64_t repetitions) override {
    for (int64_t r = 0; r < repetitions; ++r) {
      sampler_.reset();
      while (auto indices = sampler_.next(kBatch)) examples_ += size_of(dataset_.get_batch(std::move(*indices)));
    }
  }
  std::vector<double> outcome() override {
    run(1);
    return {static_cast<double>(examples_)};
  }

 private:
  Dataset dataset_;
  data::samplers::RandomSampler sampler_{60000};
  int64_t examples_ = 0;
};

template <class Dataset> class ByLoader : public Workload {
 public:
  ByLoader(Dataset dataset, size_t workers) : loader_(data::make_data_loader(std::move(dataset), data::DataLoaderOptions(kBatch).workers(workers))) {}
  void run(int64_t repetitions) override {
    for (int64_t r = 0; r < repetitions; ++r)
      for (auto& batch : *loader_) examples_ += size_of(batch);
  }
  std::vector<double> outcome() override {
    run(1);
    return {static_cast<double>(examples_)};
  }

 private:
  std::unique_ptr<data::StatelessDataLoader<Dataset, data::samplers::RandomSampler>> loader_;
  int64_t examples_ = 0;
};

template <class Make> struct Loading {
  Loading(const std::string& name, Make make)
      : by_hand(name + "_by_hand", [make] { return std::make_unique<ByHand<decltype(make())>>(make()); }),
        alone(name + "_0", [make] { return std::make_unique<ByLoader<decltype(make())>>(make(), 0); }),
        with_two(name + "_2", [make] { return std::make_unique<ByLoader<decltype(make())>>(make(), 2); }) {}
  Entry by_hand, alone, with_two;
};

const Loading views("loader", [] { return Cheap(); });
const Loading stacked("loader_tensors", [] { return tensors(); });

}}  // namespace benchmarks
