// A small transformer that learns to write a text letter by letter: each of 96 letters looks at those before it, never at those behind, and
// guesses the next one.
#include <cmath>
#include <cstdio>
#include <exception>
#include <string>

#include <xgrad/xgrad.h>

#include "command_line.h"
#include "letters.h"

namespace nn = xgrad::nn;
namespace F = xgrad::nn::functional;
using xgrad::Tensor;

constexpr int64_t kLength = 96, kBatch = 16;

struct WriterImpl : nn::Module {
  WriterImpl(int64_t letters, int64_t width, int64_t layers) {
    meaning = register_module("meaning", nn::Embedding(letters, width));
    place = register_module("place", nn::Embedding(kLength, width));
    const nn::TransformerEncoderLayer layer(
        nn::TransformerEncoderLayerOptions(width, 4).dim_feedforward(4 * width).dropout(0.1).activation(xgrad::kGELU));
    encoder = register_module(
        "encoder",
        nn::TransformerEncoder(nn::TransformerEncoderOptions(layer, layers).norm(nn::AnyModule(nn::LayerNorm(nn::LayerNormOptions({width}))))));
    head = register_module("head", nn::Linear(width, letters));
    unseen = nn::TransformerImpl::generate_square_subsequent_mask(kLength);
  }
  /// Logits of the letter behind each of letters [length, batch].
  Tensor forward(const Tensor& letters) {
    const int64_t n = letters.size(0);
    const Tensor x = meaning(letters) + place(xgrad::arange(n)).unsqueeze(1);
    return head(encoder(x, unseen.narrow(0, 0, n).narrow(1, 0, n)));
  }
  nn::Embedding meaning{nullptr}, place{nullptr};
  nn::TransformerEncoder encoder{nullptr};
  nn::Linear head{nullptr};
  Tensor unseen;
};
TORCH_MODULE(Writer);

static std::string sample(Writer& net, const Text& text, const std::string& beginning, int length) {
  net->eval();
  const std::string written = write(text, beginning, length, 0.7, [&](const std::string& so_far) {
    std::vector<int64_t> seen;
    for (size_t i = so_far.size() > kLength ? so_far.size() - kLength : 0; i < so_far.size(); ++i) seen.push_back(text.number_of(so_far[i]));
    return net->forward(xgrad::tensor(seen).unsqueeze(1))[-1][0];
  });
  net->train();
  return written;
}

int main(int argc, char** argv) try {
  CommandLine line(argc, argv, "usage: char_transformer [--text FILE] [--steps N] [--seed N] [--quick]");
  const bool quick = line.has("--quick");
  const Text text(line.text("--text", "/usr/share/common-licenses/GPL-3"));
  const uint64_t steps = line.number("--steps", quick ? 60 : 1500);
  xgrad::manual_seed(line.number("--seed", 0));
  line.finish();

  Writer net(static_cast<int64_t>(text.letters.size()), quick ? 32 : 128, quick ? 1 : 3);
  xgrad::optim::AdamW optimizer(net->parameters(), xgrad::optim::AdamWOptions(quick ? 1e-2 : 1e-3));
  const Tensor windows = text.numbers.unfold(0, kLength + 1, 1);
  double mean = 0;
  for (uint64_t step = 1; step <= steps; ++step) {
    const Tensor piece = windows.index_select(0, xgrad::randint(windows.size(0), {kBatch})).t();
    optimizer.zero_grad();
    const Tensor logits = net->forward(piece.narrow(0, 0, kLength)), next = piece.narrow(0, 1, kLength);
    const Tensor loss = F::cross_entropy(logits.flatten(0, 1), next.reshape({-1}));
    loss.backward();
    nn::utils::clip_grad_norm_(net->parameters(), 1);
    optimizer.step();
    mean = step == 1 ? loss.item<double>() : 0.95 * mean + 0.05 * loss.item<double>();
    if (step % (steps / 10) == 0) std::printf("step %4d  %.3f nats a letter, perplexity %.2f\n", static_cast<int>(step), mean, std::exp(mean));
    std::fflush(stdout);
  }
  std::printf("\n%s\n", sample(net, text, "The ", quick ? 60 : 400).c_str());
  return mean < (quick ? 2.9 : 1.2) ? 0 : 1;
} catch (const std::exception& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 2;
}
