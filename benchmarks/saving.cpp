// 400 MB of tensors to a file and back, in the current folder. Compiled against libtorch and against xgrad.
#include <torch/torch.h>

#include <cstdio>
#include <string>
#include <vector>

#include <unistd.h>

#include "workload.h"

namespace benchmarks { namespace {

// Ten tensors of 10M floats, and a file of them that goes with it.
class TensorFile : public Workload {
 public:
  explicit TensorFile(bool loads) : loads_(loads) {
    for (int i = 0; i < 10; ++i) tensors_.push_back(torch::full({10000000}, i + 1.0, torch::kFloat32));
    save();
  }
  ~TensorFile() override { std::remove(path_.c_str()); }

  void run(int64_t repetitions) override {
    for (int64_t r = 0; r < repetitions; ++r) loads_ ? load() : save();
  }
  /// Reading it also brings the file into the page cache.
  std::vector<double> outcome() override {
    load();
    double sum = 0;
    for (const torch::Tensor& t : loaded_) sum += t.sum().item<double>();
    return {sum};
  }

 private:
  void save() { torch::save(tensors_, path_); }
  void load() {
    loaded_.clear();
    torch::load(loaded_, path_);
  }

  bool loads_;
  std::string path_ = "benchmark_" + std::to_string(::getpid()) + ".tensors";
  std::vector<torch::Tensor> tensors_, loaded_;
};

const Entry saves("save_400mb", [] { return std::make_unique<TensorFile>(false); });
const Entry loads("load_400mb", [] { return std::make_unique<TensorFile>(true); });

}}  // namespace benchmarks
