// Single steps of recurrent networks, for loops written by hand: their options and modules.
#pragma once

#include <initializer_list>
#include <optional>
#include <tuple>
#include <variant>

#include <xgrad/io/fields.h>
#include <xgrad/nn/any_module.h>
#include <xgrad/nn/cloneable.h>
#include <xgrad/nn/enum.h>

namespace torch { inline namespace xgrad { namespace nn {

namespace detail {

/// What the options of all cells have in common; num_chunks: how many gates.
struct RNNCellOptionsBase {
  RNNCellOptionsBase(int64_t input_size, int64_t hidden_size, bool bias, int64_t num_chunks)
      : input_size_(input_size), hidden_size_(hidden_size), bias_(bias), num_chunks_(num_chunks) {}
  XGRAD_ARG(int64_t, input_size);
  XGRAD_ARG(int64_t, hidden_size);
  XGRAD_ARG(bool, bias);
  XGRAD_ARG(int64_t, num_chunks);
};

}  // namespace detail

namespace internal {

/// What the cells share: weight_ih [gates, input_size], weight_hh [gates, hidden_size] and, unless the option is off, bias_ih and bias_hh
/// [gates], uniform in +-1/sqrt(hidden_size) at first; gates is num_chunks times hidden_size.
class XGRAD_API RNNCellParameters : public virtual Module {
 public:
  explicit RNNCellParameters(const detail::RNNCellOptionsBase& options_) : options_base(options_) {}

  /// Draws new initial values.
  void reset_parameters();

  detail::RNNCellOptionsBase options_base;
  Tensor weight_ih, weight_hh, bias_ih, bias_hh;

 protected:
  void register_all();
  /// Checks the input and the states, of which undefined ones become zeros. Without a batch they get one, and the result is true.
  bool prepare(Tensor& input, std::initializer_list<Tensor*> states);
};

}  // namespace internal

struct RNNCellOptions {
  using nonlinearity_t = std::variant<enumtype::kTanh, enumtype::kReLU>;
  RNNCellOptions(int64_t input_size, int64_t hidden_size) : input_size_(input_size), hidden_size_(hidden_size) {}
  XGRAD_FIELDS((int64_t, input_size, , bare), (int64_t, hidden_size, , bare), (bool, bias, true, changed),
               (nonlinearity_t, nonlinearity, kTanh, changed))
};
struct LSTMCellOptions {
  LSTMCellOptions(int64_t input_size, int64_t hidden_size) : input_size_(input_size), hidden_size_(hidden_size) {}
  XGRAD_FIELDS((int64_t, input_size, , bare), (int64_t, hidden_size, , bare), (bool, bias, true, changed))
};
struct GRUCellOptions {
  GRUCellOptions(int64_t input_size, int64_t hidden_size) : input_size_(input_size), hidden_size_(hidden_size) {}
  XGRAD_FIELDS((int64_t, input_size, , bare), (int64_t, hidden_size, , bare), (bool, bias, true, changed))
};

#define XGRAD_CELL(Name)                                                                                      \
 public:                                                                                                      \
  Name##Impl(int64_t input_size, int64_t hidden_size) : Name##Impl(Name##Options(input_size, hidden_size)) {} \
  explicit Name##Impl(const Name##Options& options_);                                                         \
  void reset() override { register_all(); }                                                                   \
  void pretty_print(std::ostream& stream) const override;                                                     \
  Name##Options options;

/// One step of RNN: input [batch, input_size] and hx [batch, hidden_size], zeros if undefined, or both without a batch; gives the new state.
/// Throws for other shapes.
class XGRAD_API RNNCellImpl : public Cloneable<RNNCellImpl>, public internal::RNNCellParameters {
  XGRAD_CELL(RNNCell)
  Tensor forward(const Tensor& input, Tensor hx = {});

  XGRAD_HAS_DEFAULT_ARGS;
};
TORCH_MODULE(RNNCell);

/// One step of GRU.
class XGRAD_API GRUCellImpl : public Cloneable<GRUCellImpl>, public internal::RNNCellParameters {
  XGRAD_CELL(GRUCell)
  Tensor forward(const Tensor& input, Tensor hx = {});

  XGRAD_HAS_DEFAULT_ARGS;
};
TORCH_MODULE(GRUCell);

/// One step of LSTM, with the states h and c.
class XGRAD_API LSTMCellImpl : public Cloneable<LSTMCellImpl>, public internal::RNNCellParameters {
  XGRAD_CELL(LSTMCell)
  std::tuple<Tensor, Tensor> forward(const Tensor& input, std::optional<std::tuple<Tensor, Tensor>> hx_opt = {});

  XGRAD_HAS_DEFAULT_ARGS;
};
TORCH_MODULE(LSTMCell);
#undef XGRAD_CELL

}}}  // namespace torch::xgrad::nn
