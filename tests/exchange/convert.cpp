// What tests/exchange/round_trip.py has this library do: convert tensors IN OUT..., or convert model IN OUT...: tensors through a file's reader to
// the writers of other formats, or through the modules that the script has too.
#include <cstdio>
#include <cstring>
#include <exception>
#include <string>

#include <xgrad/io/numpy/numpy.h>
#include <xgrad/io/tensor_files.h>
#include <xgrad/nn/state_dict.h>
#include <xgrad/xgrad.h>

using namespace xgrad;

namespace {

bool ends_in(const std::string& path, const std::string& ending) {
  return path.size() >= ending.size() && path.compare(path.size() - ending.size(), ending.size(), ending) == 0;
}

struct NetImpl : nn::Module {
  NetImpl() {
    conv = register_module("conv", nn::Conv2d(nn::Conv2dOptions(1, 4, 3).padding(1)));
    norm = register_module("norm", nn::BatchNorm2d(4));
    lstm = register_module("lstm", nn::LSTM(nn::LSTMOptions(8, 6).num_layers(2).bidirectional(true)));
    embedding = register_module("embedding", nn::Embedding(10, 6));
    attention = register_module("attention", nn::TransformerEncoderLayer(nn::TransformerEncoderLayerOptions(12, 3).dim_feedforward(16)));
    head = register_module("head", nn::Sequential(nn::Linear(12, 5), nn::LayerNorm(nn::LayerNormOptions({5})), nn::Linear(5, 2)));
  }
  nn::Conv2d conv{nullptr};
  nn::BatchNorm2d norm{nullptr};
  nn::LSTM lstm{nullptr};
  nn::Embedding embedding{nullptr};
  nn::TransformerEncoderLayer attention{nullptr};
  nn::Sequential head{nullptr};
};
TORCH_MODULE(Net);

}  // namespace

int main(int argc, char** argv) try {
  if (argc < 4) throw Error("[convert] usage: convert tensors|model IN OUT...");
  const std::string in = argv[2];
  Net net;
  io::NamedTensors tensors;
  if (std::strcmp(argv[1], "model") == 0) nn::load_state_dict(*net, in);
  else if (ends_in(in, ".npy")) tensors.emplace("array", io::load_npy(in));
  else tensors = io::load_tensors(in);
  for (int i = 3; i < argc; ++i) {
    if (std::strcmp(argv[1], "model") == 0) nn::save_state_dict(*net, argv[i]);
    else if (ends_in(argv[i], ".npy")) io::save_npy(argv[i], tensors.begin()->second);
    else io::save_tensors(argv[i], tensors);
  }
  return 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 1;
}
