// An LSTM that learns to write a text letter by letter: it reads a licence that every Debian system has, in 32 places at once, and guesses
// the next letter each time. What it remembers goes on from one piece of the text to the next.
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
using Memory = std::tuple<Tensor, Tensor>;

constexpr int64_t kStreams = 32, kPiece = 64;  // places in the text; letters of one training step in each

struct WriterImpl : nn::Module {
  WriterImpl(int64_t letters, int64_t hidden) {
    embedding = register_module("embedding", nn::Embedding(letters, 64));
    lstm = register_module("lstm", nn::LSTM(nn::LSTMOptions(64, hidden).num_layers(2).dropout(0.2)));
    head = register_module("head", nn::Linear(hidden, letters));
  }
  /// letters [steps, streams] and what went before; logits of the next ones and what to remember.
  std::pair<Tensor, Memory> forward(const Tensor& letters, const std::optional<Memory>& memory) {
    const auto [h, now] = lstm(embedding(letters), memory);
    return {head(h), now};
  }
  nn::Embedding embedding{nullptr};
  nn::LSTM lstm{nullptr};
  nn::Linear head{nullptr};
};
TORCH_MODULE(Writer);

static Tensor loss_of(const Tensor& logits, const Tensor& next) { return F::cross_entropy(logits.flatten(0, 1), next.flatten()); }

/// What follows a beginning.
static std::string sample(Writer& net, const Text& text, const std::string& beginning, int length) {
  net->eval();
  std::optional<Memory> memory;
  size_t read = 0;
  const std::string written = write(text, beginning, length, 0.7, [&](const std::string& so_far) {
    Tensor logits;
    for (; read < so_far.size(); ++read)
      std::tie(logits, memory) = net->forward(xgrad::full({1, 1}, text.number_of(so_far[read]), xgrad::kLong), memory);
    return logits.flatten();
  });
  net->train();
  return written;
}

int main(int argc, char** argv) try {
  CommandLine line(argc, argv, "usage: char_lstm [--text FILE] [--epochs N] [--seed N] [--quick]");
  const bool quick = line.has("--quick");
  const Text text(line.text("--text", "/usr/share/common-licenses/GPL-3"));
  const uint64_t epochs = line.number("--epochs", quick ? 6 : 40);
  xgrad::manual_seed(line.number("--seed", 0));
  line.finish();

  const int64_t steps = (text.numbers.numel() - 1) / kStreams;
  const auto streams = [&](int64_t first) { return text.numbers.narrow(0, first, steps * kStreams).view({kStreams, steps}).t().contiguous(); };
  const Tensor letters = streams(0), next = streams(1);

  Writer net(static_cast<int64_t>(text.letters.size()), quick ? 96 : 192);
  xgrad::optim::Adam optimizer(net->parameters(), xgrad::optim::AdamOptions(3e-3));
  double mean = 0;
  for (uint64_t epoch = 1; epoch <= epochs; ++epoch) {
    std::optional<Memory> memory;
    double sum = 0;
    int64_t count = 0;
    for (int64_t first = 0; first < steps; first += kPiece) {
      const int64_t length = std::min(kPiece, steps - first);
      if (memory) memory = Memory(std::get<0>(*memory).detach(), std::get<1>(*memory).detach());
      optimizer.zero_grad();
      const auto [logits, now] = net->forward(letters.narrow(0, first, length), memory);
      const Tensor loss = loss_of(logits, next.narrow(0, first, length));
      loss.backward();
      nn::utils::clip_grad_norm_(net->parameters(), 1);
      optimizer.step();
      memory = now;
      sum += loss.item<double>() * static_cast<double>(length);
      count += length;
    }
    mean = sum / static_cast<double>(count);
    std::printf("epoch %2d  %.3f nats a letter, perplexity %.2f\n", static_cast<int>(epoch), mean, std::exp(mean));
    std::fflush(stdout);
  }
  std::printf("\n%s\n", sample(net, text, "The ", quick ? 60 : 400).c_str());
  return mean < (quick ? 2.9 : 1.0) ? 0 : 1;
} catch (const std::exception& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 2;
}
