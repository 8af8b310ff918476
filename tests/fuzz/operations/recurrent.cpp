#include "../modules.h"
#include "../rules.h"

namespace graphs {

// The functions of a recurrence, of so many gates, that begins with this state.
#define GRAPHS_RECURRENCE(name, gates, ...)                                                                         \
  GRAPHS_CALL(recurrent_rule<gates>, torch::name(x, __VA_ARGS__, xs, true, i, 0., flag, flag, k != 0)),             \
      GRAPHS_CALL(recurrent_rule<gates>, torch::name(x, __VA_ARGS__, xs, true, i, 0.4, true, flag, k != 0)),        \
      GRAPHS_CALL(packed_rule<gates>, torch::name(x, torch::tensor(p), __VA_ARGS__, xs, true, i, 0.4, true, flag)), \
      GRAPHS_CALL(cell_rule<gates>, torch::name##_cell(x, __VA_ARGS__, xs[0], xs[1], xs[2], xs[3])),                \
      GRAPHS_CALL(cell_rule<gates>, torch::name##_cell(x, __VA_ARGS__, xs[0], xs[1]))

// Layers; what stands behind the options of a kind are further ones. A call's text is what these macros say, hence the one in between.
#define GRAPHS_LAYER(...) GRAPHS_CALL(sequence_rule, __VA_ARGS__)
#define GRAPHS_OPTIONS(Name) nn::Name##Options(x.size(-1), j).num_layers(i).bidirectional(flag).batch_first(k != 0).bias(l != 0)
#define GRAPHS_LAYERS(Name)                                                                                                                   \
  GRAPHS_LAYER(called(nn::Name(GRAPHS_OPTIONS(Name)), x)), GRAPHS_LAYER(called(nn::Name(GRAPHS_OPTIONS(Name).dropout(i == 1 ? 0 : 0.3)), x)), \
      GRAPHS_LAYER(packed_call(nn::Name(GRAPHS_OPTIONS(Name)), x, p, k != 0, flag))
#define GRAPHS_CELL(Name) GRAPHS_CALL(sequence_rule, called(nn::Name(nn::Name##Options(x.size(-1), j).bias(flag)), x.select(0, 0)))

std::vector<Operation> recurrent_operations() {
  return {
      GRAPHS_RECURRENCE(lstm, 4, Tensors{y, z}),
      GRAPHS_RECURRENCE(gru, 3, y),
      GRAPHS_RECURRENCE(rnn_tanh, 1, y),
      GRAPHS_RECURRENCE(rnn_relu, 1, y),
      GRAPHS_LAYERS(RNN),
      GRAPHS_LAYER(called(nn::RNN(GRAPHS_OPTIONS(RNN).nonlinearity(torch::kReLU)), x)),
      GRAPHS_LAYERS(LSTM),
      GRAPHS_LAYER(called(nn::LSTM(GRAPHS_OPTIONS(LSTM).proj_size(1)), x)),
      GRAPHS_LAYER(packed_call(nn::LSTM(GRAPHS_OPTIONS(LSTM).proj_size(1)), x, p, k != 0, false)),
      GRAPHS_LAYERS(GRU),
      GRAPHS_CELL(RNNCell),
      GRAPHS_CELL(LSTMCell),
      GRAPHS_CELL(GRUCell),
      GRAPHS_CALL(stack_rule, torch::pad_sequence(xs, flag)),
      GRAPHS_CALL(stack_rule, nn::utils::rnn::pad_sequence(xs, flag, 0.5)),
  };
}

#undef GRAPHS_RECURRENCE
#undef GRAPHS_LAYER
#undef GRAPHS_OPTIONS
#undef GRAPHS_LAYERS
#undef GRAPHS_CELL

}  // namespace graphs
