// A small net is trained and leaves as an ONNX file, which any runtime runs: it tells in which of three rings a point lies.
#include <cmath>
#include <cstdio>
#include <exception>
#include <string>

#include <xgrad/io/onnx/onnx.h>
#include <xgrad/xgrad.h>

#include "command_line.h"

namespace nn = xgrad::nn;
using xgrad::Tensor;

constexpr int64_t kRings = 3;

struct RingsImpl : nn::Module {
  RingsImpl() {
    body =
        register_module("body", nn::Sequential(nn::Linear(2, 32), nn::BatchNorm1d(32), nn::ReLU(), nn::Linear(32, 32), nn::ReLU(), nn::Dropout(0.1)));
    head = register_module("head", nn::Linear(32, kRings));
  }
  /// Logits of the rings for points [n, 2].
  Tensor forward(const Tensor& points) { return head(body->forward(points)); }
  nn::Sequential body{nullptr};
  nn::Linear head{nullptr};
};
TORCH_MODULE(Rings);

/// Points [n, 2], and the ring of each.
static std::pair<Tensor, Tensor> draw(int64_t n) {
  const Tensor ring = xgrad::randint(0, kRings, {n}, xgrad::kLong);
  const Tensor radius = ring + 0.8 * xgrad::rand({n}), angle = xgrad::rand({n}) * (2 * M_PI);
  return {xgrad::stack({radius * angle.cos(), radius * angle.sin()}, 1), ring};
}

static double accuracy(Rings& net, const Tensor& points, const Tensor& ring) {
  const xgrad::NoGradGuard no_grad;
  return net->forward(points).argmax(1).eq(ring).to(xgrad::kDouble).mean().item<double>();
}

int main(int argc, char** argv) try {
  CommandLine line(argc, argv, "usage: export_onnx [--out FILE] [--steps N] [--quick]");
  const bool quick = line.has("--quick");
  const std::string path = line.text("--out", "rings.onnx");
  const uint64_t steps = line.number("--steps", quick ? 300 : 1500);
  xgrad::manual_seed(0);

  Rings net;
  xgrad::optim::Adam optimizer(net->parameters(), xgrad::optim::AdamOptions(1e-2));
  for (uint64_t step = 0; step < steps; ++step) {
    const auto [points, ring] = draw(128);
    optimizer.zero_grad();
    nn::functional::cross_entropy(net->forward(points), ring).backward();
    optimizer.step();
  }

  // In evaluation mode dropout is gone and batch normalisation goes by what it has counted: that is what the file should compute.
  net->eval();
  const auto [points, ring] = draw(2000);
  const double right = accuracy(net, points, ring);
  xgrad::onnx::Options options;
  options.input_names = {"points"};
  options.output_names = {"logits"};
  xgrad::onnx::save(net, {points.narrow(0, 0, 1)}, path, options);
  std::printf("%.1f%% of points in the right ring; the net is in %s and takes any number of points\n", 100 * right, path.c_str());
  return right > 0.9 ? 0 : 1;
} catch (const std::exception& e) {
  std::fprintf(stderr, "%s\n", e.what());
  return 2;
}
