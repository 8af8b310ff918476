#include <xgrad/autograd/catalogue/catalogue.h>
#include <xgrad/autograd/ops/creation/creation.h>
#include <xgrad/autograd/ops/creation/tensor_literal.h>
#include <xgrad/autograd/ops/recurrent/recurrent.h>

namespace torch { inline namespace xgrad { namespace {

using catalogue::Input;
using catalogue::Inputs;

std::vector<Tensor> from(Inputs x, size_t first, size_t count) {
  const auto begin = x.begin() + static_cast<std::ptrdiff_t>(first);
  return {begin, begin + static_cast<std::ptrdiff_t>(count)};
}

// A network of some cell, as a sample calls it.
struct Case {
  int64_t gates;  // times hidden
  bool has_biases = true;
  int64_t num_layers = 1;
  bool bidirectional = false, batch_first = false;
  int64_t projected = 0;

  size_t parameters() const {
    return static_cast<size_t>(num_layers) * (bidirectional ? 2 : 1) * (2 + (has_biases ? 2 : 0) + (projected > 0 ? 1 : 0));
  }
  // What follows the states in a call.
  std::string tail(size_t first) const {
    return ", x[" + std::to_string(first) + ":" + std::to_string(first + parameters()) + "], " + catalogue::text(has_biases) + ", " +
           std::to_string(num_layers) + ", 0.0, False, " + catalogue::text(bidirectional);
  }
};

constexpr int64_t kFeatures = 2, kHidden = 3;

// x, the states, the weights.
std::vector<Input> inputs(catalogue::Samples& s, const Case& c, Tensor x, int64_t batch) {
  const int64_t directions = c.bidirectional ? 2 : 1, gates = c.gates * kHidden, state = c.projected > 0 ? c.projected : kHidden;
  std::vector<Input> all{std::move(x)};
  all.push_back(s.normal({c.num_layers * directions, batch, state}));
  if (c.gates == 4) all.push_back(s.normal({c.num_layers * directions, batch, kHidden}));
  for (int64_t layer = 0; layer < c.num_layers; ++layer)
    for (int64_t direction = 0; direction < directions; ++direction) {
      all.push_back(s.normal({gates, layer == 0 ? kFeatures : state * directions}));
      all.push_back(s.normal({gates, state}));
      for (int bias = 0; bias < (c.has_biases ? 2 : 0); ++bias) all.push_back(s.normal({gates}));
      if (c.projected > 0) all.push_back(s.normal({c.projected, kHidden}));
    }
  return all;
}

std::vector<Case> cases(int64_t gates) {
  std::vector<Case> all{{gates}, {gates, false}, {gates, true, 2, true}, {gates, true, 1, false, true}};
  if (gates == 4) all.push_back({gates, true, 2, true, false, 2});
  return all;
}

// Padded samples of 3 steps, and packed ones: sequences of 4, 2 and 1 steps.
template <class Padded, class Packed> void add_samples(catalogue::Samples& s, const char* name, int64_t gates, Padded padded, Packed packed) {
  s.sums_depend_on_layout();
  const size_t first = gates == 4 ? 3 : 2;
  const std::string function = std::string("torch.") + name, states = gates == 4 ? "(x[1], x[2])" : "x[1]";
  for (const Case& c : cases(gates)) {
    const Tensor x = c.batch_first ? s.normal({2, 3, kFeatures}) : s.normal({3, 2, kFeatures});
    s.add(function + "(x[0], " + states + c.tail(first) + ", " + catalogue::text(c.batch_first) + ")", inputs(s, c, x, 2),
          [=](Inputs x) { return padded(x, from(x, first, c.parameters()), c); });
    if (c.batch_first) continue;
    const Tensor rows = s.normal({7, kFeatures});
    s.add(function + "(x[0], torch.tensor([3, 2, 1, 1]), " + states + c.tail(first) + ")", inputs(s, c, rows, 3), [=](Inputs x) {
      return packed(x, tensor({3, 2, 1, 1}), from(x, first, c.parameters()), c);
    });
  }
}

const catalogue::Entry lstm_entry("lstm", [](catalogue::Samples& s) {
  const auto states = [](Inputs x) { return std::vector<Tensor>{x[1], x[2]}; };
  add_samples(
      s, "lstm", 4,
      [=](Inputs x, const std::vector<Tensor>& weights, const Case& c) {
        return lstm(x[0], states(x), weights, c.has_biases, c.num_layers, 0, false, c.bidirectional, c.batch_first);
      },
      [=](Inputs x, const Tensor& sizes, const std::vector<Tensor>& weights, const Case& c) {
        return lstm(x[0], sizes, states(x), weights, c.has_biases, c.num_layers, 0, false, c.bidirectional);
      });
  const auto call = [](const Tensor& x, const Tensor& h, const std::vector<Tensor>& weights) {
    lstm(x, std::vector<Tensor>{h, h}, weights, true, 1, 0, false, false, false);
  };
  const std::vector<Tensor> weights{ones({12, 2}), ones({12, 3}), ones({12}), ones({12})};
  s.rejects("one state", "lstm expects two hidden states", [=] {
    lstm(ones({3, 2, 2}), std::vector<Tensor>{ones({1, 2, 3})}, weights, true, 1, 0, false, false, false);
  });
  s.rejects("too few weights", "got an incorrect number of RNN parameters", [=] {
    call(ones({3, 2, 2}), ones({1, 2, 3}), {weights[0], weights[1]});
  });
  s.rejects("other features", "mat1 and mat2 shapes cannot be multiplied (6x4 and 2x12)", [=] { call(ones({3, 2, 4}), ones({1, 2, 3}), weights); });
  s.rejects("another batch", "The size of tensor a (1) must match the size of tensor b (2)", [=] {
    call(ones({3, 2, 2}), ones({1, 1, 3}), weights);
  });
  s.rejects("another dtype", "mat1 and mat2 must have the same dtype", [=] { call(ones({3, 2, 2}, kDouble), ones({1, 2, 3}), weights); });
  s.rejects("batch sizes that grow", "batch_sizes must not grow", [=] {
    lstm(ones({3, 2}), tensor({1, 2}), std::vector<Tensor>{ones({1, 1, 3}), ones({1, 1, 3})}, weights, true, 1, 0, false, false);
  });
});

#define XGRAD_RECURRENT_ENTRY(name, gates)                                                                        \
  const catalogue::Entry name##_entry(#name, [](catalogue::Samples& s) {                                          \
    add_samples(                                                                                                  \
        s, #name, gates,                                                                                          \
        [](Inputs x, const std::vector<Tensor>& weights, const Case& c) {                                         \
          return name(x[0], x[1], weights, c.has_biases, c.num_layers, 0, false, c.bidirectional, c.batch_first); \
        },                                                                                                        \
        [](Inputs x, const Tensor& sizes, const std::vector<Tensor>& weights, const Case& c) {                    \
          return name(x[0], sizes, x[1], weights, c.has_biases, c.num_layers, 0, false, c.bidirectional);         \
        });                                                                                                       \
    s.rejects("no steps", "Expected sequence length to be larger than 0 in RNN", [] {                             \
      name(ones({0, 2, 2}), ones({1, 2, 3}), std::vector<Tensor>(4), true, 1, 0, false, false, false);            \
    });                                                                                                           \
  });
XGRAD_RECURRENT_ENTRY(gru, 3)
XGRAD_RECURRENT_ENTRY(rnn_tanh, 1)
XGRAD_RECURRENT_ENTRY(rnn_relu, 1)
#undef XGRAD_RECURRENT_ENTRY

// One step, with both biases and without.
template <class Run> void add_step(catalogue::Samples& s, const char* name, int64_t gates, Run run) {
  s.sums_depend_on_layout();
  const std::string states = gates == 4 ? "(x[1], x[2])" : "x[1]";
  for (bool has_biases : {true, false})
    for (int64_t batch : {2, 1, 0}) {
      Tensor x = s.normal({batch, kFeatures});
      std::vector<Input> all{x, s.normal({batch, kHidden})};
      if (gates == 4) all.push_back(s.normal({batch, kHidden}));
      const size_t first = all.size();
      all.push_back(s.normal({gates * kHidden, kFeatures}));
      all.push_back(s.normal({gates * kHidden, kHidden}));
      for (int bias = 0; bias < (has_biases ? 2 : 0); ++bias) all.push_back(s.normal({gates * kHidden}));
      const std::string call = "torch." + std::string(name) + "(x[0], " + states + ", *x[" + std::to_string(first) + ":])";
      s.add(call, std::move(all), [=](Inputs x) {
        return run(x, first, has_biases ? std::optional<Tensor>(x[first + 2]) : std::nullopt,
                   has_biases ? std::optional<Tensor>(x[first + 3]) : std::nullopt);
      });
    }
}

const catalogue::Entry lstm_cell_entry("lstm_cell", [](catalogue::Samples& s) {
  add_step(s, "lstm_cell", 4, [](Inputs x, size_t first, const std::optional<Tensor>& b_ih, const std::optional<Tensor>& b_hh) {
    return lstm_cell(x[0], std::vector<Tensor>{x[1], x[2]}, x[first], x[first + 1], b_ih, b_hh);
  });
  s.rejects("another size of state", "hidden0 has inconsistent hidden_size: got 2, expected 3", [] {
    lstm_cell(ones({1, 2}), std::vector<Tensor>{ones({1, 2}), ones({1, 2})}, ones({12, 2}), ones({12, 3}));
  });
});

#define XGRAD_STEP_ENTRY(name, gates)                                                                                            \
  const catalogue::Entry name##_entry(#name, [](catalogue::Samples& s) {                                                         \
    add_step(s, #name, gates, [](Inputs x, size_t first, const std::optional<Tensor>& b_ih, const std::optional<Tensor>& b_hh) { \
      return name(x[0], x[1], x[first], x[first + 1], b_ih, b_hh);                                                               \
    });                                                                                                                          \
    s.rejects("other features", "input has inconsistent input_size: got 4 expected 2", [] {                                      \
      name(ones({1, 4}), ones({1, 3}), ones({gates * 3, 2}), ones({gates * 3, 3}));                                              \
    });                                                                                                                          \
    s.rejects("another batch", "Input batch size 2 doesn't match hidden0 batch size 1", [] {                                     \
      name(ones({2, 2}), ones({1, 3}), ones({gates * 3, 2}), ones({gates * 3, 3}));                                              \
    });                                                                                                                          \
  });
XGRAD_STEP_ENTRY(gru_cell, 3)
XGRAD_STEP_ENTRY(rnn_tanh_cell, 1)
XGRAD_STEP_ENTRY(rnn_relu_cell, 1)
#undef XGRAD_STEP_ENTRY

const catalogue::Entry pack_entry("_pack_padded_sequence", [](catalogue::Samples& s) {
  for (bool batch_first : {false, true})
    s.add("torch._pack_padded_sequence(x[0], torch.tensor([3, 2, 2]), " + catalogue::text(batch_first) + ")", {s.normal({3, 3, 2})}, [=](Inputs x) {
      return _pack_padded_sequence(x[0], tensor({3, 2, 2}), batch_first);
    });
  s.add("torch._pack_padded_sequence(x[0], torch.tensor([1]), False)", {s.normal({4, 1})},
        [](Inputs x) { return _pack_padded_sequence(x[0], tensor({1}), false); });
  const auto pack = [](std::vector<int64_t> lengths) { _pack_padded_sequence(ones({2, 3}), tensor(lengths), false); };
  s.rejects("a length of 0", "Length of all samples has to be greater than 0", [=] { pack({2, 1, 0}); });
  s.rejects("lengths that grow", "`lengths` array must be sorted in decreasing order", [=] { pack({1, 2, 1}); });
  s.rejects("lengths beyond the data", "lengths must not be longer than the data, got 3", [=] { pack({3, 2, 1}); });
  s.rejects("too few lengths", "Expected `len(lengths)` to be equal to batch_size", [=] { pack({2, 1}); });
});

const catalogue::Entry pad_packed_entry("_pad_packed_sequence", [](catalogue::Samples& s) {
  for (bool batch_first : {false, true})
    for (int64_t total : {0, 3, 5})
      s.add("torch._pad_packed_sequence(x[0], torch.tensor([3, 2, 1]), " + catalogue::text(batch_first) + ", -1.5, " + std::to_string(total) + ")",
            {s.normal({6, 2})}, [=](Inputs x) {
              return _pad_packed_sequence(x[0], tensor({3, 2, 1}), batch_first, -1.5, total);
            });
  s.rejects("a total length below the longest", "Expected total_length to be at least the length of the longest sequence", [] {
    _pad_packed_sequence(ones({3}), tensor({2, 1}), false, 0, 1);
  });
  s.rejects("other rows", "batch_sizes add up to 3", [] { _pad_packed_sequence(ones({4}), tensor({2, 1}), false, 0, 2); });
});

const catalogue::Entry pad_sequence_entry("pad_sequence", [](catalogue::Samples& s) {
  for (bool batch_first : {false, true}) {
    s.add("torch._C._nn.pad_sequence(x, " + catalogue::text(batch_first) + ", 0.5)", {s.normal({3, 2}), s.normal({1, 2}), s.normal({2, 2})},
          [=](Inputs x) { return pad_sequence(x, batch_first, 0.5); });
    s.add("torch._C._nn.pad_sequence(x, " + catalogue::text(batch_first) + ")", {s.normal({0}), s.normal({2})},
          [=](Inputs x) { return pad_sequence(x, batch_first); });
  }
  s.rejects("no sequences", "received an empty list of sequences", [] { pad_sequence(std::vector<Tensor>{}); });
});

}}}  // namespace torch::xgrad::(anonymous)
