// Weights between Python and C++, as docs/weights.md explains: `python_weights --folder FOLDER` loads FOLDER/net.pt, which Python saved, and saves
// back.pt, back.npz and back.safetensors, which Python loads. Without a folder it makes net.pt by itself. Then a new head is trained on the
// encoder's features, and the program fails unless that works and the encoder is what it was.
#include <unistd.h>

#include <cstdio>
#include <exception>
#include <filesystem>
#include <string>

#include <xgrad/io/safetensors/file.h>
#include <xgrad/nn/state_dict.h>
#include <xgrad/xgrad.h>

#include "command_line.h"

namespace io = xgrad::io;
namespace nn = xgrad::nn;
using xgrad::Tensor;

struct NetImpl : nn::Module {
  explicit NetImpl(int64_t classes) {
    encoder = register_module("encoder", nn::Sequential(nn::Linear(2, 32), nn::Tanh(), nn::Linear(32, 32), nn::Tanh()));
    head = register_module("head", nn::Linear(32, classes));
  }
  Tensor forward(const Tensor& x) { return head(encoder->forward(x)); }
  nn::Sequential encoder{nullptr};
  nn::Linear head{nullptr};
};
TORCH_MODULE(Net);

/// Saves in the three formats and loads each into another module; true iff that computes the same.
static bool goes_round(Net& net, const std::string& folder) {
  const Tensor x = xgrad::randn({5, 2});
  bool same = true;
  for (const char* ending : {".pt", ".npz", ".safetensors"}) {
    nn::save_state_dict(*net, folder + "/back" + ending);
    Net other(4);
    nn::load_state_dict(*other, folder + "/back" + ending);
    same = same && xgrad::equal(other(x), net(x));
  }
  const io::SafetensorsFile file(folder + "/back.safetensors");
  for (const std::string& name : file.names()) std::printf("%-18s %s\n", name.c_str(), file.info(name).dtype.c_str());
  return same && xgrad::equal(file.map("head.weight"), net->head->weight);
}

/// A net of two classes on the features of one of four: the accuracy of its new head.
static double transfer(const std::string& path) {
  Net net(2);
  const auto without_head = [](const std::string& name) { return name.rfind("head.", 0) == 0 ? std::string() : name; };
  const auto keys = nn::load_state_dict(*net, path, nn::StateDictOptions().strict(false).rename(without_head));
  for (const std::string& name : keys.missing_keys) std::printf("to be trained: %s\n", name.c_str());
  for (Tensor& parameter : net->encoder->parameters()) parameter.set_requires_grad(false);

  const Tensor x = xgrad::randn({500, 2}), inside = (x.square().sum(1) < 1.4).to(xgrad::kLong);
  xgrad::optim::Adam optimizer(net->head->parameters(), 0.02);
  for (int step = 0; step < 300; ++step) {
    optimizer.zero_grad();
    nn::functional::cross_entropy(net(x), inside).backward();
    optimizer.step();
  }
  Net same(2);
  nn::load_state_dict(*same->encoder, path, nn::StateDictOptions().prefix("encoder."));
  const bool kept = xgrad::equal(same->encoder->forward(x), net->encoder->forward(x));
  return kept ? (net(x).argmax(1) == inside).to(xgrad::kFloat).mean().item<double>() : 0;
}

int main(int argc, char** argv) try {
  CommandLine line(argc, argv, "python_weights [--quick] [--folder FOLDER]");
  line.has("--quick");
  const std::string given = line.text("--folder", "");
  line.finish();
  xgrad::manual_seed(0);
  const std::string work = (std::filesystem::temp_directory_path() / ("xgrad-weights-" + std::to_string(::getpid()))).string();
  const std::string folder = given.empty() ? work : given, path = folder + "/net.pt";
  std::filesystem::create_directories(folder);
  Net net(4);
  if (given.empty()) nn::save_state_dict(*Net(4), path);
  nn::load_state_dict(*net, path);
  const bool same = goes_round(net, folder);
  const double accuracy = transfer(path);
  if (given.empty()) std::filesystem::remove_all(work);
  std::printf("three formats: %s; accuracy of the new head %.3f\n", same ? "the same" : "other weights", accuracy);
  return same && accuracy > 0.85 ? 0 : 1;
} catch (const std::exception& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 2;
}
