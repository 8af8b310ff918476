// Recurrent layers of random shapes and options: how they print, their initial values, results and gradients; packed sequences; single
// steps; what is refused.
#include <torch/torch.h>

#include <iomanip>
#include <iostream>
#include <random>
#include <string>
#include <vector>

using torch::Tensor;
namespace nn = torch::nn;
namespace rnn = torch::nn::utils::rnn;

static std::mt19937 choices(7);
static int64_t between(int64_t low, int64_t high) { return low + static_cast<int64_t>(choices() % static_cast<uint64_t>(high - low + 1)); }
static bool chance() { return choices() % 2 == 1; }

// The sum, and one that depends on every element's place.
static void show(const std::string& name, const Tensor& t) {
  const Tensor x = t.detach().to(torch::kDouble).flatten();
  const Tensor weights = torch::cos(torch::arange(x.numel(), torch::kDouble) * 0.7);
  std::cout << "  " << name << ' ' << t.sizes() << ' ' << x.sum().item<double>() << ' ' << (x * weights).sum().item<double>() << '\n';
}

static Tensor weighted(const Tensor& t) { return (t * torch::sin(torch::arange(t.numel(), t.options()) * 0.3 + 0.5).view(t.sizes())).sum(); }

template <class Module> void show_parameters(const Module& module) {
  for (const auto& parameter : module->named_parameters()) show(parameter.key(), parameter.value());
}
template <class Module> void show_gradients(const Module& module) {
  for (const auto& parameter : module->named_parameters()) show("d " + parameter.key(), parameter.value().grad());
}

static std::vector<Tensor> states_of(const Tensor& hx) { return {hx}; }
static std::vector<Tensor> states_of(const std::tuple<Tensor, Tensor>& hx) { return {std::get<0>(hx), std::get<1>(hx)}; }

static Tensor given(nn::RNN&, const std::vector<Tensor>& hx) { return hx[0]; }
static Tensor given(nn::GRU&, const std::vector<Tensor>& hx) { return hx[0]; }
static std::tuple<Tensor, Tensor> given(nn::LSTM&, const std::vector<Tensor>& hx) { return std::make_tuple(hx[0], hx[1]); }

struct Shape {
  int64_t input = between(1, 5), hidden = between(2, 6), layers = between(1, 3), steps = between(1, 5), batch = between(1, 4);
  bool bias = chance(), batch_first = chance(), bidirectional = chance(), train = chance();
  double dropout = layers > 1 && chance() ? 0.5 : 0;
};

template <class Module> void run(Module& module, const Shape& s, const std::vector<int64_t>& state_sizes) {
  std::cout << module << '\n';
  show_parameters(module);
  module->to(torch::kDouble);
  module->train(s.train);
  Tensor x =
      torch::randn(s.batch_first ? std::vector<int64_t>{s.batch, s.steps, s.input} : std::vector<int64_t>{s.steps, s.batch, s.input}, torch::kDouble);
  x.set_requires_grad(true);
  std::vector<Tensor> hx;
  for (int64_t size : state_sizes)
    hx.push_back(torch::randn({s.layers * (s.bidirectional ? 2 : 1), s.batch, size}, torch::kDouble).set_requires_grad(true));
  const bool has_states = chance(), packed = chance();
  Tensor y;
  std::vector<Tensor> last;
  torch::manual_seed(between(0, 1000));
  if (packed) {
    std::vector<int64_t> lengths;
    for (int64_t i = 0; i < s.batch; ++i) lengths.push_back(between(1, s.steps));
    const auto sequences = rnn::pack_padded_sequence(x, torch::tensor(lengths), s.batch_first, false);
    auto result = has_states ? module->forward_with_packed_input(sequences, given(module, hx)) : module->forward_with_packed_input(sequences);
    const auto padded = rnn::pad_packed_sequence(std::get<0>(result), s.batch_first, -0.5);
    std::cout << "  lengths " << std::get<1>(padded).view({1, -1}) << '\n';
    y = std::get<0>(padded);
    last = states_of(std::get<1>(result));
  } else {
    auto result = has_states ? module(x, given(module, hx)) : module(x);
    y = std::get<0>(result);
    last = states_of(std::get<1>(result));
  }
  show("y", y);
  Tensor loss = weighted(y);
  for (const Tensor& state : last) {
    show("last", state);
    if (chance()) loss = loss + weighted(state);
  }
  loss.backward();
  show_gradients(module);
  show("dx", x.grad());
  if (has_states)
    for (const Tensor& state : hx)
      if (state.grad().defined()) show("dhx", state.grad());
}

static void layers() {
  for (int i = 0; i < 120; ++i) {
    const Shape s;
    torch::manual_seed(i);
    std::cout << i << ": " << (s.train ? "train" : "eval") << ' ';
    if (i % 3 == 0) {
      auto options = nn::RNNOptions(s.input, s.hidden)
                         .num_layers(s.layers)
                         .bias(s.bias)
                         .batch_first(s.batch_first)
                         .dropout(s.dropout)
                         .bidirectional(s.bidirectional);
      if (chance()) options.nonlinearity(torch::kReLU);
      nn::RNN module(options);
      run(module, s, {s.hidden});
    } else if (i % 3 == 1) {
      nn::GRU module(nn::GRUOptions(s.input, s.hidden)
                         .num_layers(s.layers)
                         .bias(s.bias)
                         .batch_first(s.batch_first)
                         .dropout(s.dropout)
                         .bidirectional(s.bidirectional));
      run(module, s, {s.hidden});
    } else {
      const int64_t projected = chance() ? between(1, s.hidden - 1) : 0;
      nn::LSTM module(nn::LSTMOptions(s.input, s.hidden)
                          .num_layers(s.layers)
                          .bias(s.bias)
                          .batch_first(s.batch_first)
                          .dropout(s.dropout)
                          .bidirectional(s.bidirectional)
                          .proj_size(projected));
      run(module, s, {projected > 0 ? projected : s.hidden, s.hidden});
    }
  }
}

static void cells() {
  for (int i = 0; i < 60; ++i) {
    const int64_t input = between(1, 4), hidden = between(1, 5), batch = between(1, 3), steps = between(1, 4);
    const bool bias = chance(), has_states = chance();
    torch::manual_seed(i);
    Tensor x = torch::randn({steps, batch, input}, torch::kDouble).set_requires_grad(true);
    Tensor h = torch::randn({batch, hidden}, torch::kDouble).set_requires_grad(true),
           c = torch::randn({batch, hidden}, torch::kDouble).set_requires_grad(true);
    Tensor loss = torch::zeros({}, torch::kDouble);
    const auto finish = [&](auto& module) {
      loss.backward();
      show_gradients(module);
      show("dx", x.grad());
      if (has_states) show("dh", h.grad());
    };
    if (i % 3 == 2) {
      nn::LSTMCell module(nn::LSTMCellOptions(input, hidden).bias(bias));
      std::cout << module << '\n';
      show_parameters(module);
      module->to(torch::kDouble);
      auto state = has_states ? module(x[0], std::make_tuple(h, c)) : module(x[0]);
      for (int64_t t = 1; t < steps; ++t) state = module(x[t], state);
      show("h", std::get<0>(state));
      show("c", std::get<1>(state));
      loss = weighted(std::get<0>(state)) + weighted(std::get<1>(state));
      finish(module);
      continue;
    }
    const auto run_cell = [&](auto module) {
      std::cout << module << '\n';
      show_parameters(module);
      module->to(torch::kDouble);
      Tensor state = has_states ? module(x[0], h) : module(x[0]);
      for (int64_t t = 1; t < steps; ++t) state = module(x[t], state);
      show("h", state);
      loss = weighted(state);
      finish(module);
    };
    if (i % 3 == 0) {
      auto options = nn::RNNCellOptions(input, hidden).bias(bias);
      if (chance()) options.nonlinearity(torch::kReLU);
      run_cell(nn::RNNCell(options));
    } else {
      run_cell(nn::GRUCell(nn::GRUCellOptions(input, hidden).bias(bias)));
    }
  }
}

static void sequences() {
  const std::vector<Tensor> ragged{torch::arange(3, torch::kDouble), torch::arange(1, torch::kDouble) + 10, torch::arange(2, torch::kDouble) + 20};
  std::cout << rnn::pad_sequence(ragged) << '\n' << rnn::pad_sequence(ragged, true, -1) << '\n';
  const auto packed = rnn::pack_sequence(ragged, false);
  std::cout << packed.data() << '\n' << packed.batch_sizes() << '\n' << packed.sorted_indices() << '\n' << packed.unsorted_indices() << '\n';
  const auto padded = rnn::pad_packed_sequence(packed, true, 7, 5);
  std::cout << std::get<0>(padded) << '\n' << std::get<1>(padded) << '\n';
  std::cout << packed.to(torch::kFloat).data().dtype() << ' ' << packed.cpu().is_cuda() << ' ' << packed.is_pinned() << '\n';
  const auto in_order = rnn::pack_padded_sequence(torch::arange(12).view({3, 2, 2}), torch::tensor({3, 1}));
  std::cout << in_order.data() << in_order.batch_sizes() << in_order.sorted_indices().defined() << '\n';
  std::cout << rnn::invert_permutation(torch::tensor({2, 0, 1})) << rnn::invert_permutation(Tensor()).defined() << '\n';
}

static void functions() {
  torch::manual_seed(3);
  const Tensor x = torch::randn({2, 3}), h = torch::randn({2, 4}), c = torch::randn({2, 4});
  const auto weights = [](int64_t gates) {
    return std::vector<Tensor>{torch::randn({gates * 4, 3}), torch::randn({gates * 4, 4}), torch::randn({gates * 4}), torch::randn({gates * 4})};
  };
  const auto l = weights(4), g = weights(3), r = weights(1);
  show("lstm_cell", std::get<1>(torch::lstm_cell(x, {h, c}, l[0], l[1], l[2], l[3])));
  show("one bias", std::get<1>(torch::lstm_cell(x, {h, c}, l[0], l[1], l[2])));
  show("the other", std::get<1>(torch::lstm_cell(x, {h, c}, l[0], l[1], {}, l[3])));
  show("gru_cell", torch::gru_cell(x, h, g[0], g[1], g[2], g[3]));
  show("one bias", torch::gru_cell(x, h, g[0], g[1], g[2]));
  show("the other", torch::gru_cell(x, h, g[0], g[1], {}, g[3]));
  show("rnn_tanh_cell", torch::rnn_tanh_cell(x, h, r[0], r[1], r[2], r[3]));
  show("rnn_relu_cell", torch::rnn_relu_cell(x, h, r[0], r[1]));
  const Tensor data = torch::randn({7, 3}), sizes = torch::tensor({4, 2, 1}), h0 = torch::randn({1, 4, 4}), c0 = torch::randn({1, 4, 4});
  show("lstm", std::get<0>(torch::lstm(data, sizes, {h0, c0}, l, true, 1, 0, false, false)));
  show("gru", std::get<1>(torch::gru(data, sizes, h0, g, true, 1, 0, false, false)));
  show("rnn_tanh", std::get<0>(torch::rnn_tanh(torch::randn({4, 5, 3}), h0, r, true, 1, 0, false, false, true)));
  show("rnn_relu", std::get<0>(torch::rnn_relu(torch::randn({5, 4, 3}), h0, r, true, 1, 0, false, false, false)));
}

// Of an error's text what xgrad keeps of libtorch's.
template <class F> void refused(const char* what, const char* phrase, F f) {
  try {
    f();
    std::cout << what << ": accepted\n";
  } catch (const c10::Error& error) {
    std::cout << what << ": " << (std::string(error.what()).find(phrase) == std::string::npos ? error.what_without_backtrace() : phrase) << '\n';
  }
}

static void refusals() {
  nn::LSTM lstm(3, 5);
  nn::GRU gru(3, 5);
  nn::LSTMCell cell(3, 5);
  const Tensor x = torch::randn({2, 4, 3}), h = torch::zeros({1, 4, 5});
  refused("dropout", "dropout should be a number in range [0, 1]", [] { nn::GRU(nn::GRUOptions(3, 5).dropout(2)); });
  refused("projection", "proj_size has to be a positive integer, smaller than hidden_size", [] { nn::LSTM(nn::LSTMOptions(3, 5).proj_size(5)); });
  refused("axes", "input must have 3 dimensions", [&] { lstm(torch::randn({2, 2, 2, 3})); });
  refused("features", "input.size(-1) must be equal to input_size. Expected 3, got 2", [&] { lstm(torch::randn({2, 4, 2})); });
  refused("state", "Expected hidden size 1 4 5, got [1, 3, 5]", [&] { gru(x, torch::zeros({1, 3, 5})); });
  refused("state h", "Expected hidden[0] size 1 4 5, got [2, 4, 5]", [&] { lstm(x, std::make_tuple(torch::zeros({2, 4, 5}), h)); });
  refused("state c", "Expected hidden[1] size 1 4 5, got [1, 4, 6]", [&] { lstm(x, std::make_tuple(h, torch::zeros({1, 4, 6}))); });
  refused("dtype", "mat1 and mat2 must have the same dtype", [&] { lstm(x.to(torch::kDouble)); });
  refused("no steps", "Expected sequence length to be larger than 0 in RNN", [&] { lstm(torch::randn({0, 4, 3})); });
  refused("cell features", "input has inconsistent input_size: got 2 expected 3", [&] { cell(torch::randn({4, 2})); });
  refused("cell state", "hidden[0] has inconsistent hidden_size: got 4, expected 5", [&] {
    cell(x[0], std::make_tuple(torch::zeros({4, 4}), h[0]));
  });
  refused("cell batch", "Input batch size 4 doesn't match hidden[1] batch size 3", [&] { cell(x[0], std::make_tuple(h[0], torch::zeros({3, 5}))); });
  refused("one state", "lstm expects two hidden states", [&] { torch::lstm(x, {h}, lstm->all_weights(), true, 1, 0, false, false, false); });
  refused("parameters", "got an incorrect number of RNN parameters", [&] { torch::gru(x, h, {h, h, h}, true, 1, 0, false, false, false); });
  refused("layers", "Expected more hidden states in stacked_rnn", [&] {
    torch::lstm(x, {h, h}, lstm->all_weights(), true, 2, 0, false, false, false);
  });
  refused("length 0", "Length of all samples has to be greater than 0", [&] { rnn::pack_padded_sequence(x, torch::tensor({2, 1, 1, 0})); });
  refused("unsorted", "`lengths` array must be sorted in decreasing order when `enforce_sorted` is True", [&] {
    rnn::pack_padded_sequence(x, torch::tensor({1, 2, 1, 1}));
  });
  refused("lengths", "Expected `len(lengths)` to be equal to batch_size, but got 2 (batch_size=4)", [&] {
    rnn::pack_padded_sequence(x, torch::tensor({2, 1}));
  });
  refused("nothing", "Cannot pack empty tensors.", [&] { rnn::pack_padded_sequence(torch::randn({2, 0, 3}), torch::zeros({0}, torch::kLong)); });
  refused("total length",
          "Expected total_length to be at least the length of the longest sequence in input, but got total_length=1 and max sequence length being 2",
          [&] {
            rnn::pad_packed_sequence(rnn::pack_padded_sequence(x, torch::tensor({2, 1, 1, 1})), false, 0, 1);
          });
  refused("no sequences", "received an empty list of sequences", [&] { rnn::pad_sequence(std::vector<Tensor>{}); });
}

static void modules() {
  nn::Sequential sequential(nn::GRU(3, 4));
  std::cout << std::get<1>(sequential->forward<std::tuple<Tensor, Tensor>>(torch::ones({2, 1, 3}))).sizes() << '\n';
  nn::LSTM lstm(nn::LSTMOptions(3, 4).num_layers(2));
  lstm->flatten_parameters();
  const auto copy = std::dynamic_pointer_cast<nn::LSTMImpl>(lstm->clone());
  const Tensor x = torch::ones({2, 1, 3});
  std::cout << lstm->all_weights().size() << ' ' << torch::equal(std::get<0>(lstm(x)), std::get<0>(copy->forward(x))) << '\n';
  lstm->all_weights()[0].detach().zero_();
  std::cout << torch::equal(std::get<0>(lstm(x)), std::get<0>(copy->forward(x))) << '\n';
  lstm->to(torch::kDouble);
  std::cout << std::get<0>(lstm(x.to(torch::kDouble))).dtype() << ' ' << lstm->all_weights()[3].dtype() << '\n';
}

int main() {
  std::cout << std::setprecision(6) << std::boolalpha;  // which libtorch sets when it prints a tensor
  layers();
  cells();
  sequences();
  functions();
  refusals();
  modules();
}
