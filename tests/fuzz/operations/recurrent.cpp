#include "../modules.h"
#include "../rules.h"

namespace graphs {

std::vector<Operation> recurrent_operations() {
  return {
      GRAPHS_CALL(recurrent_rule<4>, torch::lstm(x, Tensors{y, z}, xs, true, i, 0., flag, flag, k != 0)),
      GRAPHS_CALL(recurrent_rule<4>, torch::lstm(x, Tensors{y, z}, xs, true, i, 0.4, true, flag, k != 0)),
      GRAPHS_CALL(packed_rule<4>, torch::lstm(x, torch::tensor(p), Tensors{y, z}, xs, true, i, 0.4, true, flag)),
      GRAPHS_CALL(cell_rule<4>, torch::lstm_cell(x, Tensors{y, z}, xs[0], xs[1], xs[2], xs[3])),
      GRAPHS_CALL(cell_rule<4>, torch::lstm_cell(x, Tensors{y, z}, xs[0], xs[1])),
      GRAPHS_CALL(recurrent_rule<3>, torch::gru(x, y, xs, true, i, 0., flag, flag, k != 0)),
      GRAPHS_CALL(recurrent_rule<3>, torch::gru(x, y, xs, true, i, 0.4, true, flag, k != 0)),
      GRAPHS_CALL(packed_rule<3>, torch::gru(x, torch::tensor(p), y, xs, true, i, 0.4, true, flag)),
      GRAPHS_CALL(cell_rule<3>, torch::gru_cell(x, y, xs[0], xs[1], xs[2], xs[3])),
      GRAPHS_CALL(cell_rule<3>, torch::gru_cell(x, y, xs[0], xs[1])),
      GRAPHS_CALL(recurrent_rule<1>, torch::rnn_tanh(x, y, xs, true, i, 0., flag, flag, k != 0)),
      GRAPHS_CALL(recurrent_rule<1>, torch::rnn_tanh(x, y, xs, true, i, 0.4, true, flag, k != 0)),
      GRAPHS_CALL(packed_rule<1>, torch::rnn_tanh(x, torch::tensor(p), y, xs, true, i, 0.4, true, flag)),
      GRAPHS_CALL(cell_rule<1>, torch::rnn_tanh_cell(x, y, xs[0], xs[1], xs[2], xs[3])),
      GRAPHS_CALL(cell_rule<1>, torch::rnn_tanh_cell(x, y, xs[0], xs[1])),
      GRAPHS_CALL(recurrent_rule<1>, torch::rnn_relu(x, y, xs, true, i, 0., flag, flag, k != 0)),
      GRAPHS_CALL(recurrent_rule<1>, torch::rnn_relu(x, y, xs, true, i, 0.4, true, flag, k != 0)),
      GRAPHS_CALL(packed_rule<1>, torch::rnn_relu(x, torch::tensor(p), y, xs, true, i, 0.4, true, flag)),
      GRAPHS_CALL(cell_rule<1>, torch::rnn_relu_cell(x, y, xs[0], xs[1], xs[2], xs[3])),
      GRAPHS_CALL(cell_rule<1>, torch::rnn_relu_cell(x, y, xs[0], xs[1])),
      GRAPHS_CALL(sequence_rule,
                  called(nn::RNN(nn::RNNOptions(x.size(-1), j).num_layers(i).bidirectional(flag).batch_first(k != 0).bias(l != 0)), x)),
      GRAPHS_CALL(
          sequence_rule,
          called(nn::RNN(nn::RNNOptions(x.size(-1), j).num_layers(i).bidirectional(flag).batch_first(k != 0).bias(l != 0).dropout(i == 1 ? 0 : 0.3)),
                 x)),
      GRAPHS_CALL(
          sequence_rule,
          packed_call(nn::RNN(nn::RNNOptions(x.size(-1), j).num_layers(i).bidirectional(flag).batch_first(k != 0).bias(l != 0)), x, p, k != 0, flag)),
      GRAPHS_CALL(
          sequence_rule,
          called(nn::RNN(nn::RNNOptions(x.size(-1), j).num_layers(i).bidirectional(flag).batch_first(k != 0).bias(l != 0).nonlinearity(torch::kReLU)),
                 x)),
      GRAPHS_CALL(sequence_rule,
                  called(nn::LSTM(nn::LSTMOptions(x.size(-1), j).num_layers(i).bidirectional(flag).batch_first(k != 0).bias(l != 0)), x)),
      GRAPHS_CALL(
          sequence_rule,
          called(
              nn::LSTM(nn::LSTMOptions(x.size(-1), j).num_layers(i).bidirectional(flag).batch_first(k != 0).bias(l != 0).dropout(i == 1 ? 0 : 0.3)),
              x)),
      GRAPHS_CALL(sequence_rule,
                  packed_call(nn::LSTM(nn::LSTMOptions(x.size(-1), j).num_layers(i).bidirectional(flag).batch_first(k != 0).bias(l != 0)), x, p,
                              k != 0, flag)),
      GRAPHS_CALL(
          sequence_rule,
          called(nn::LSTM(nn::LSTMOptions(x.size(-1), j).num_layers(i).bidirectional(flag).batch_first(k != 0).bias(l != 0).proj_size(1)), x)),
      GRAPHS_CALL(
          sequence_rule,
          packed_call(nn::LSTM(nn::LSTMOptions(x.size(-1), j).num_layers(i).bidirectional(flag).batch_first(k != 0).bias(l != 0).proj_size(1)), x, p,
                      k != 0, false)),
      GRAPHS_CALL(sequence_rule,
                  called(nn::GRU(nn::GRUOptions(x.size(-1), j).num_layers(i).bidirectional(flag).batch_first(k != 0).bias(l != 0)), x)),
      GRAPHS_CALL(
          sequence_rule,
          called(nn::GRU(nn::GRUOptions(x.size(-1), j).num_layers(i).bidirectional(flag).batch_first(k != 0).bias(l != 0).dropout(i == 1 ? 0 : 0.3)),
                 x)),
      GRAPHS_CALL(
          sequence_rule,
          packed_call(nn::GRU(nn::GRUOptions(x.size(-1), j).num_layers(i).bidirectional(flag).batch_first(k != 0).bias(l != 0)), x, p, k != 0, flag)),
      GRAPHS_CALL(sequence_rule, called(nn::RNNCell(nn::RNNCellOptions(x.size(-1), j).bias(flag)), x.select(0, 0))),
      GRAPHS_CALL(sequence_rule, called(nn::LSTMCell(nn::LSTMCellOptions(x.size(-1), j).bias(flag)), x.select(0, 0))),
      GRAPHS_CALL(sequence_rule, called(nn::GRUCell(nn::GRUCellOptions(x.size(-1), j).bias(flag)), x.select(0, 0))),
      GRAPHS_CALL(stack_rule, torch::pad_sequence(xs, flag)),
      GRAPHS_CALL(stack_rule, nn::utils::rnn::pad_sequence(xs, flag, 0.5)),
  };
}

}  // namespace graphs
