// A dataset of one's own read in batches, in order and shuffled.
#include <torch/torch.h>

class Squares : public torch::data::datasets::Dataset<Squares> {
 public:
  explicit Squares(int64_t n) : n_(n) {}
  torch::data::Example<> get(size_t index) override {
    const float x = static_cast<float>(index);
    return {torch::full({2}, x), torch::tensor(static_cast<int64_t>(index * index))};
  }
  torch::optional<size_t> size() const override { return n_; }

 private:
  size_t n_;
};

template <class Loader> static void show(const char* what, Loader& loader) {
  std::cout << what << "\n";
  for (auto& batch : *loader) std::cout << batch.data.sizes() << " " << batch.data.sum().template item<float>() << "\n" << batch.target << "\n";
}

int main() {
  torch::manual_seed(7);
  using torch::data::DataLoaderOptions;
  auto stacked = Squares(10).map(torch::data::transforms::Stack<>());

  auto sequential = torch::data::make_data_loader<torch::data::samplers::SequentialSampler>(stacked, 4);
  show("in order", sequential);
  auto dropping = torch::data::make_data_loader<torch::data::samplers::SequentialSampler>(stacked, DataLoaderOptions(4).drop_last(true));
  show("whole batches only", dropping);
  auto shuffled = torch::data::make_data_loader(stacked, DataLoaderOptions().batch_size(5));
  show("shuffled", shuffled);
  show("shuffled again", shuffled);
  auto working = torch::data::make_data_loader<torch::data::samplers::SequentialSampler>(stacked, DataLoaderOptions(3).workers(2));
  show("two workers", working);

  auto normalized = Squares(4).map(torch::data::transforms::Normalize<>(1.0, 2.0)).map(torch::data::transforms::Stack<>());
  auto loader = torch::data::make_data_loader<torch::data::samplers::SequentialSampler>(std::move(normalized), 4);
  for (auto& batch : *loader) std::cout << batch.data << "\n";

  auto unstacked = torch::data::make_data_loader<torch::data::samplers::SequentialSampler>(Squares(3), 2);
  for (auto& batch : *unstacked) {
    std::cout << batch.size() << ":";
    for (auto& example : batch) std::cout << " " << example.target.item<int64_t>();
    std::cout << "\n";
  }
  torch::data::samplers::RandomSampler sampler(6);
  while (auto batch = sampler.next(4)) {
    for (size_t index : *batch) std::cout << index << " ";
    std::cout << "\n";
  }
}
