// Writes models, and what they give for batches of two sizes, for run.mjs and check.py to read: export_cases FOLDER
#include <cstdio>
#include <fstream>
#include <string>

#include <xgrad/xgrad.h>

#include "cases.h"

namespace {

using torch::Tensor;

// Inputs like the examples, of another batch.
std::vector<Tensor> drawn_like(const Case& c, int64_t batch) {
  std::vector<Tensor> inputs;
  for (size_t i = 0; i < c.inputs.size(); ++i) {
    const Tensor& x = c.inputs[i];
    const int64_t axis = c.options.batch_axes.empty() ? 0 : c.options.batch_axes[i];
    std::vector<int64_t> sizes = x.sizes().vec();
    if (c.options.dynamic_batch && axis >= 0) sizes[static_cast<size_t>(axis)] = batch;
    const Tensor places = torch::randint(0, x.numel(), sizes, torch::kLong);
    inputs.push_back(x.reshape({-1}).index({places}) * (x.is_floating_point() ? torch::Scalar(0.9) : torch::Scalar(1)));
    if (inputs.back().dtype() != x.dtype()) inputs.back() = inputs.back().to(x.dtype());
  }
  return inputs;
}

class Manifest {
 public:
  explicit Manifest(const std::string& folder) : folder_(folder), lines_(folder + "/cases.jsonl") {}

  void add(const Case& c, const std::string& name) {
    torch::onnx::save(c.function, c.inputs, folder_ + "/" + name + ".onnx", c.options, c.named);
    std::ofstream data(folder_ + "/" + name + ".bin", std::ios::binary);
    std::string runs;
    int64_t offset = 0;
    for (const int64_t batch : c.options.dynamic_batch ? std::vector<int64_t>{1, 5} : std::vector<int64_t>{1}) {
      torch::NoGradGuard no_grad;
      const std::vector<Tensor> inputs = drawn_like(c, batch), outputs = c.function(inputs);
      runs += std::string(runs.empty() ? "" : ", ") + "{\"inputs\": [" + listed(inputs, "input", data, offset) + "], \"outputs\": [" +
              listed(outputs, "output", data, offset) + "]}";
    }
    lines_ << "{\"name\": \"" << name << "\", \"runs\": [" << runs << "]}\n";
  }

 private:
  static std::string listed(const std::vector<Tensor>& tensors, const std::string& kind, std::ofstream& data, int64_t& offset) {
    std::string all;
    for (size_t i = 0; i < tensors.size(); ++i) {
      const Tensor t = tensors[i].contiguous();
      std::string shape;
      for (const int64_t n : t.sizes()) shape += (shape.empty() ? "" : ", ") + std::to_string(n);
      all += std::string(i ? ", " : "") + "{\"name\": \"" + kind + (tensors.size() > 1 ? "_" + std::to_string(i) : "") + "\", \"dtype\": \"" +
             torch::toString(t.scalar_type()) + "\", \"shape\": [" + shape + "], \"offset\": " + std::to_string(offset) +
             ", \"count\": " + std::to_string(t.numel()) + "}";
      const auto bytes = t.numel() * t.element_size();
      data.write(static_cast<const char*>(t.data_ptr()), bytes);
      data.write("\0\0\0\0\0\0\0", (8 - bytes % 8) % 8);
      offset += bytes + (8 - bytes % 8) % 8;
    }
    return all;
  }

  std::string folder_;
  std::ofstream lines_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  Manifest manifest(argv[1]);
  int failed = 0;
  const auto add = [&](Case c, int64_t opset) {
    c.options.opset = opset;
    const std::string name = c.name + "_opset" + std::to_string(opset);
    try {
      manifest.add(c, name);
    } catch (const std::exception& e) {
      std::printf("%s: %s\n", name.c_str(), e.what());
      ++failed;
    }
  };
  for (const int64_t opset : {17, 13})
    for (const auto& cases : {example_models(), single_layers()})
      for (const Case& c : cases) add(c, opset);
  return failed > 0;
}
