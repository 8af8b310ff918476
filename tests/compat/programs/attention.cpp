// Attention and transformers: values, gradients, initial values, texts, streams of dropout, errors, for options chosen at random.
#include <torch/torch.h>

#include <cmath>
#include <iomanip>
#include <iostream>

namespace {

// The same choices with both libraries.
uint32_t state = 1;
uint32_t chosen(uint32_t n) {
  state = state * 1664525u + 1013904223u;
  return (state >> 8) % n;
}
bool coin() { return chosen(2) == 1; }

// The sum of the absolute elements, and of the elements times other numbers.
class Digest {
 public:
  void add(const torch::Tensor& t) {
    ++tensors_;
    if (!t.defined()) return;
    const torch::Tensor x = t.detach().to(torch::kDouble).contiguous();
    const double* data = x.data_ptr<double>();
    for (int64_t i = 0; i < x.numel(); ++i) {
      sum_ += std::abs(data[i]);
      projection_ += data[i] * std::sin(static_cast<double>(++elements_));
    }
  }
  void show(const char* what) const {
    const auto rounded = [](double v) { return std::abs(v) < 1e-4 ? 0.0 : v; };
    std::cout << what << " " << tensors_ << " " << elements_ << " " << std::setprecision(4) << rounded(sum_) << " "
              << rounded(std::round(projection_ * 1e3) / 1e3) << "\n";
  }

 private:
  double sum_ = 0, projection_ = 0;
  int64_t tensors_ = 0, elements_ = 0;
};

void show(const char* what, const torch::Tensor& t) {
  Digest digest;
  digest.add(t);
  digest.show(what);
}

void show_parameters(torch::nn::Module& module) {
  Digest digest;
  for (const auto& item : module.named_parameters()) digest.add(item.value());
  digest.show("parameters");
}

void show_gradients(torch::nn::Module& module, const std::vector<torch::Tensor>& inputs) {
  Digest digest;
  for (const auto& item : module.named_parameters()) digest.add(item.value().grad());
  digest.show("gradients");
  for (const torch::Tensor& input : inputs) show(" ", input.grad());
}

torch::Tensor leaf(int64_t length, int64_t batch, int64_t width) { return torch::randn({length, batch, width}, torch::kDouble).requires_grad_(); }

// Undefined, or the kinds that libtorch knows: numbers that are added, some of them -inf.
torch::Tensor mask(int64_t rows, int64_t columns) {
  if (coin()) return {};
  torch::Tensor m = torch::randn({coin() ? rows : 1, columns}, torch::kDouble);
  if (coin()) {
    m = m.masked_fill(m > 0.5, -INFINITY);
    m.select(1, 0).zero_();
  }
  return m;
}
torch::Tensor padding(int64_t batch, int64_t length) {
  if (coin()) return {};
  torch::Tensor m = torch::rand({batch, length}) > 0.7;
  m.select(1, 0).fill_(false);
  return m;
}

torch::Tensor weighted(const torch::Tensor& y) { return (y * torch::cos(torch::arange(y.numel(), torch::kDouble)).view(y.sizes())).sum(); }

void multihead(int round) {
  torch::manual_seed(round);
  const int64_t heads = 1 + chosen(3), width = heads * (1 + chosen(4)), batch = 1 + chosen(3), queries = 1 + chosen(6), keys = 1 + chosen(6);
  const int64_t kdim = coin() ? width : 1 + chosen(6);
  torch::nn::MultiheadAttention attention(torch::nn::MultiheadAttentionOptions(width, heads)
                                              .dropout(coin() ? 0.0 : 0.4)
                                              .bias(coin())
                                              .add_bias_kv(coin())
                                              .add_zero_attn(coin())
                                              .kdim(kdim)
                                              .vdim(kdim));
  std::cout << "--- multihead " << round << ": " << width << " by " << heads << "\n";
  show_parameters(*attention);
  attention->to(torch::kDouble);
  if (coin()) attention->eval();
  const uint32_t kind = kdim == width ? chosen(3) : 1 + chosen(2);
  const torch::Tensor query = leaf(queries, batch, width), key = kind == 0 ? query : leaf(keys, batch, kdim),
                      value = kind < 2 ? key : leaf(keys, batch, kdim);
  const bool need_weights = coin(), average = coin();
  const torch::Tensor hidden = padding(batch, key.size(0)), added = mask(queries, key.size(0));
  const auto result = attention(query, key, value, hidden, need_weights, added, average);
  const torch::Tensor y = std::get<0>(result), w = std::get<1>(result);
  show("result", y);
  show("weights", w);
  torch::Tensor loss = weighted(y);
  if (w.defined() && coin()) loss = loss + weighted(w * w);
  loss.backward();
  show_gradients(*attention, {query, key, value});
}

torch::nn::activation_t activation() {
  const uint32_t kind = chosen(3);
  if (kind == 0) return torch::kReLU;
  if (kind == 1) return torch::kGELU;
  return std::function<torch::Tensor(const torch::Tensor&)>([](const torch::Tensor& x) { return torch::tanh(x); });
}

void encoder(int round) {
  torch::manual_seed(100 + round);
  const int64_t heads = 1 + chosen(3), width = heads * 2, batch = 1 + chosen(3), length = 1 + chosen(6), layers = 1 + chosen(3);
  torch::nn::TransformerEncoderLayer layer(
      torch::nn::TransformerEncoderLayerOptions(width, heads).dim_feedforward(1 + chosen(9)).dropout(coin() ? 0.0 : 0.3).activation(activation()));
  torch::nn::TransformerEncoderOptions options(layer, layers);
  if (coin()) options.norm(torch::nn::AnyModule(torch::nn::LayerNorm(torch::nn::LayerNormOptions({width}))));
  torch::nn::TransformerEncoder stack(options);
  if (coin()) stack->reset_parameters();
  std::cout << "--- encoder " << round << "\n";
  show_parameters(*stack);
  stack->to(torch::kDouble);
  if (coin()) stack->eval();
  const torch::Tensor src = leaf(length, batch, width), added = mask(length, length), hidden = padding(batch, length);
  const torch::Tensor y = stack(src, added, hidden);
  show("result", y);
  weighted(y).backward();
  show_gradients(*stack, {src});
}

void transformer(int round) {
  torch::manual_seed(200 + round);
  const int64_t heads = 1 + chosen(2), width = heads * 3, batch = 1 + chosen(3), source = 1 + chosen(5), target = 1 + chosen(5);
  const int64_t encoders = 1 + chosen(2), decoders = 1 + chosen(2);
  torch::nn::Transformer net(torch::nn::TransformerOptions(width, heads, encoders, decoders)
                                 .dim_feedforward(1 + chosen(7))
                                 .dropout(coin() ? 0.0 : 0.2)
                                 .activation(activation()));
  std::cout << "--- transformer " << round << "\n";
  show_parameters(*net);
  net->to(torch::kDouble);
  if (coin()) net->eval();
  const torch::Tensor src = leaf(source, batch, width), tgt = leaf(target, batch, width), src_mask = mask(source, source);
  const torch::Tensor tgt_mask = coin() ? net->generate_square_subsequent_mask(target).to(torch::kDouble) : mask(target, target);
  const torch::Tensor memory_mask = mask(target, source), src_padding = padding(batch, source), tgt_padding = padding(batch, target);
  const torch::Tensor memory_padding = padding(batch, source);
  const torch::Tensor y = net(src, tgt, src_mask, tgt_mask, memory_mask, src_padding, tgt_padding, memory_padding);
  show("result", y);
  weighted(y).backward();
  show_gradients(*net, {src, tgt});
}

template <class F> void refused(const char* what, const std::string& phrase, F f) {
  try {
    f();
    std::cout << what << ": nothing thrown\n";
  } catch (const c10::Error& e) {
    std::cout << what << ": " << (std::string(e.what()).find(phrase) != std::string::npos ? phrase : e.what()) << "\n";
  }
}

void errors() {
  torch::manual_seed(1);
  const torch::Tensor x = torch::randn({3, 2, 4});
  torch::nn::MultiheadAttention attention(4, 2);
  refused("heads", "embed_dim must be divisible by num_heads", [] { torch::nn::MultiheadAttention(5, 2); });
  refused("embedding", "embed_dim == embed_dim_to_check", [&] { attention(torch::randn({3, 2, 6}), x, x); });
  refused("lengths", "key.sizes() == value.sizes()", [&] { attention(x, x, torch::randn({4, 2, 4})); });
  refused("padding", "key_padding_mask_.size(0) == bsz", [&] { attention(x, x, x, torch::zeros({3, 3}, torch::kBool)); });
  refused("mask", "must match the size of tensor b", [&] { attention(x, x, x, torch::Tensor(), true, torch::zeros({3, 4})); });
  refused("mask of three axes", "doesn't match the broadcast shape", [&] { attention(x, x, x, torch::Tensor(), true, torch::zeros({4, 3, 3})); });
  refused("probability", "dropout probability has to be between 0 and 1",
          [&] { torch::nn::MultiheadAttention(torch::nn::MultiheadAttentionOptions(4, 2).dropout(2))(x, x, x); });
  torch::nn::Transformer net(torch::nn::TransformerOptions(4, 2, 1, 1));
  refused("axes", "src and tgt should have 3 dimensions, but got 2 and 3", [&] { net(torch::randn({3, 4}), x); });
  refused("batch", "src and tgt should have equal batch size (at dim 1), but got 1 and 2", [&] { net(torch::randn({3, 1, 4}), x); });
  refused("features", "src and tgt should have same feature size as d_model (at dim 2), but got 5 and 4 while d_model is 4", [&] {
    net(torch::randn({3, 2, 5}), x);
  });
  refused("size", "a valid square subsequent mask, but got -1", [] { torch::nn::TransformerImpl::generate_square_subsequent_mask(-1); });
}

}  // namespace

int main() {
  std::cout << std::boolalpha;
  for (int round = 0; round < 300; ++round) multihead(round);
  for (int round = 0; round < 60; ++round) encoder(round);
  for (int round = 0; round < 60; ++round) transformer(round);
  errors();

  torch::manual_seed(5);
  torch::nn::Transformer net(torch::nn::TransformerOptions(4, 2, 2, 1).dim_feedforward(3));
  std::cout << net << "\n" << torch::nn::Transformer(torch::nn::TransformerOptions(4, 2).num_encoder_layers(1).num_decoder_layers(1))->name() << "\n";
  std::cout << torch::nn::MultiheadAttention(4, 2) << "\n" << torch::nn::TransformerImpl::generate_square_subsequent_mask(3) << "\n";
  const auto copy = std::dynamic_pointer_cast<torch::nn::TransformerImpl>(net->clone());
  torch::NoGradGuard no_graph;
  for (const torch::Tensor& parameter : net->parameters()) parameter.zero_();
  copy->eval();
  const torch::Tensor src = torch::randn({2, 1, 4}), tgt = torch::randn({3, 1, 4});
  show("copy", copy->forward(src, tgt));

  // Queries that see no key.
  torch::nn::MultiheadAttention attention(4, 2);
  const torch::Tensor x = torch::randn({2, 1, 4});
  std::cout << std::get<0>(attention(x, x, x, torch::ones({1, 2}, torch::kBool))).isnan().all().item<bool>() << "\n";
  // Dropout of everything, and a module among others.
  torch::nn::MultiheadAttention nothing(torch::nn::MultiheadAttentionOptions(4, 2).dropout(1));
  show("nothing", std::get<1>(nothing(x, x, x)));
  torch::nn::AnyModule any(torch::nn::TransformerEncoderLayer(torch::nn::TransformerEncoderLayerOptions(4, 2).dropout(0)));
  show("any", any.forward(x));
  show("next number", torch::rand({1}));
}
