#include <xgrad/xgrad.h>

#include "cases.h"

namespace {

namespace nn = torch::nn;
namespace F = torch::nn::functional;
namespace onnx = torch::onnx;
using torch::Tensor;
using Inputs = const std::vector<Tensor>&;

template <class M> Case layer(const std::string& name, M module, std::vector<Tensor> inputs, onnx::Options options = {}) {
  module->eval();
  return {name,
          [module](Inputs x) mutable {
            const onnx::detail::Forward<M> forward{module};
            return onnx::detail::call(forward, x);
          },
          std::move(inputs), onnx::named_tensors(*module), std::move(options)};
}

template <class Fn> Case function(const std::string& name, Fn f, std::vector<Tensor> inputs, onnx::Options options = {}) {
  return {name,
          [f](Inputs x) {
            std::vector<Tensor> results;
            onnx::detail::append(results, f(x));
            return results;
          },
          std::move(inputs),
          {},
          std::move(options)};
}

// Statistics that are not those of a new layer.
template <class M> M seen(M module, const Tensor& x) {
  torch::NoGradGuard no_grad;
  for (int i = 0; i < 3; ++i) module->forward(x * (1 + i) + 0.3);
  return module;
}

onnx::Options batch_along(std::vector<int64_t> axes) {
  onnx::Options options;
  options.batch_axes = std::move(axes);
  return options;
}

}  // namespace

std::vector<Case> single_layers() {
  torch::manual_seed(3);
  const Tensor rows = torch::randn({2, 6}), positive = torch::rand({2, 6}) + 0.5, signal = torch::randn({2, 4, 10}),
               image = torch::randn({2, 4, 9, 8}), volume = torch::randn({2, 2, 6, 5, 4}), sequences = torch::randn({5, 2, 4});
  const Tensor letters = torch::randint(0, 9, {2, 5}, torch::kLong);
  std::vector<Case> all;
  const auto add = [&all](Case c) { all.push_back(std::move(c)); };

  // Elementwise, one line each.
  using Unary = Tensor (*)(const Tensor&);
  const std::vector<std::pair<const char*, Unary>> unary = {
      {"abs", [](const Tensor& x) { return x.abs(); }},
      {"neg", [](const Tensor& x) { return -x; }},
      {"sign", [](const Tensor& x) { return x.sign(); }},
      {"floor", [](const Tensor& x) { return x.floor(); }},
      {"ceil", [](const Tensor& x) { return x.ceil(); }},
      {"round", [](const Tensor& x) { return (x * 2).round(); }},
      {"trunc", [](const Tensor& x) { return (x * 3).trunc(); }},
      {"frac", [](const Tensor& x) { return x.frac(); }},
      {"exp", [](const Tensor& x) { return x.exp(); }},
      {"exp2", [](const Tensor& x) { return x.exp2(); }},
      {"expm1", [](const Tensor& x) { return x.expm1(); }},
      {"erf", [](const Tensor& x) { return x.erf(); }},
      {"erfc", [](const Tensor& x) { return x.erfc(); }},
      {"sin", [](const Tensor& x) { return x.sin(); }},
      {"cos", [](const Tensor& x) { return x.cos(); }},
      {"atan", [](const Tensor& x) { return x.atan(); }},
      {"sinh", [](const Tensor& x) { return x.sinh(); }},
      {"asinh", [](const Tensor& x) { return x.asinh(); }},
      {"tanh", [](const Tensor& x) { return x.tanh(); }},
      {"sigmoid", [](const Tensor& x) { return x.sigmoid(); }},
      {"relu", [](const Tensor& x) { return x.relu(); }},
      {"square", [](const Tensor& x) { return x.square(); }},
      {"relu6", [](const Tensor& x) { return F::relu6(x * 5); }},
      {"leaky_relu", [](const Tensor& x) { return F::leaky_relu(x, F::LeakyReLUFuncOptions().negative_slope(0.2)); }},
      {"elu", [](const Tensor& x) { return F::elu(x, F::ELUFuncOptions().alpha(0.7)); }},
      {"selu", [](const Tensor& x) { return F::selu(x); }},
      {"celu", [](const Tensor& x) { return F::celu(x, F::CELUFuncOptions().alpha(0.8)); }},
      {"silu", [](const Tensor& x) { return F::silu(x); }},
      {"mish", [](const Tensor& x) { return F::mish(x); }},
      {"gelu", [](const Tensor& x) { return F::gelu(x); }},
      {"gelu_tanh", [](const Tensor& x) { return F::gelu(x, F::GELUFuncOptions().approximate("tanh")); }},
      {"softplus", [](const Tensor& x) { return F::softplus(x * 4, F::SoftplusFuncOptions().beta(2).threshold(5)); }},
      {"log_sigmoid", [](const Tensor& x) { return F::logsigmoid(x); }},
      {"hardtanh", [](const Tensor& x) { return F::hardtanh(x, F::HardtanhFuncOptions().min_val(-0.5).max_val(0.7)); }},
      {"hardswish", [](const Tensor& x) { return torch::hardswish(x * 3); }},
      {"hardsigmoid", [](const Tensor& x) { return torch::hardsigmoid(x * 3); }},
      {"hardshrink", [](const Tensor& x) { return F::hardshrink(x); }},
      {"softshrink", [](const Tensor& x) { return F::softshrink(x); }},
      {"threshold", [](const Tensor& x) { return F::threshold(x, F::ThresholdFuncOptions(0.2, -3)); }},
      {"tanhshrink", [](const Tensor& x) { return F::tanhshrink(x); }},
      {"softsign", [](const Tensor& x) { return F::softsign(x); }},
      {"glu", [](const Tensor& x) { return F::glu(x, F::GLUFuncOptions(1)); }},
      {"softmax", [](const Tensor& x) { return x.softmax(1); }},
      {"log_softmax", [](const Tensor& x) { return x.log_softmax(-1); }},
      {"softmin", [](const Tensor& x) { return F::softmin(x, F::SoftminFuncOptions(1)); }},
      {"normalize", [](const Tensor& x) { return F::normalize(x); }},
  };
  for (const auto& [name, f] : unary) add(function(name, [f = f](Inputs x) { return f(x[0]); }, {rows}));
  const std::vector<std::pair<const char*, Unary>> of_positive = {
      {"log", [](const Tensor& x) { return x.log(); }},
      {"log1p", [](const Tensor& x) { return x.log1p(); }},
      {"log2", [](const Tensor& x) { return x.log2(); }},
      {"log10", [](const Tensor& x) { return x.log10(); }},
      {"sqrt", [](const Tensor& x) { return x.sqrt(); }},
      {"rsqrt", [](const Tensor& x) { return x.rsqrt(); }},
      {"reciprocal", [](const Tensor& x) { return x.reciprocal(); }},
      {"pow", [](const Tensor& x) { return x.pow(2.5) + x.pow(3) + torch::pow(2.0, x); }},
  };
  for (const auto& [name, f] : of_positive) add(function(name, [f = f](Inputs x) { return f(x[0]); }, {positive}));

  // Two operands, numbers, comparisons, promotion.
  add(function("arithmetic", [](Inputs x) { return (x[0] + x[1]) * 2 - x[1] / (x[0].abs() + 1) + 3 - (1 - x[0]) - torch::add(x[0], x[1], 0.5); },
               {rows, rows.flip(1)}));
  add(function("broadcast", [](Inputs x) { return x[0].unsqueeze(1) * x[1].unsqueeze(2); }, {rows, positive}));
  add(function("division",
               [](Inputs x) {
                 return std::vector<Tensor>{torch::div(x[0] * 5, 2, "floor"), torch::div(x[0] * 5, x[1], "trunc"), (x[0] * 7).fmod(2),
                                            (x[0] * 7).remainder(2)};
               },
               {rows, positive}));
  add(function(
      "comparisons",
      [](Inputs x) {
        return std::vector<Tensor>{x[0] > x[1], x[0] <= 0.25, (x[0] != x[1]).to(torch::kFloat), (x[0] > 0) & (x[1] > 1), (x[0] > 0).logical_not()};
      },
      {rows, positive}));
  add(function("where", [](Inputs x) { return torch::where(x[0] > 0, x[0], x[1]) + torch::where(x[0] > 0, 1.0, x[1]); }, {rows, positive}));
  add(function("clamps",
               [](Inputs x) {
                 return x[0].clamp(-0.5, 0.5) + x[0].clamp_min(0.1) + x[0].clamp_max(0.2) + torch::maximum(x[0], x[1]) + torch::minimum(x[0], x[1]);
               },
               {rows, positive}));
  add(function("masked_fill", [](Inputs x) { return x[0].masked_fill(x[0] > 0.5, -1.5); }, {rows}));
  add(function("promotion", [](Inputs x) { return x[0] * 0.5 + x[1] + (x[0] > 3); }, {letters, torch::randn({2, 5})}));
  add(function("lerp", [](Inputs x) { return torch::lerp(x[0], x[1], 0.3) + torch::addcmul(x[0], x[0], x[1], 0.5); }, {rows, positive}));

  add(function("by_batch", [](Inputs x) { return (x[0] * 2).sum(0) / x[0].size(0) + x[0].size(0) * 3; }, {rows}));

  // In place.
  add(function("in_place",
               [](Inputs x) {
                 Tensor y = x[0] * 2;
                 y.add_(x[1]).relu_();
                 y.mul_(0.5);
                 return y;
               },
               {rows, positive}));
  add(function("in_place_view",
               [](Inputs x) {
                 Tensor y = x[0] * 2;
                 y.select(1, 1).add_(1);
                 y.narrow(1, 3, 2).zero_();
                 y[0];
                 return y;
               },
               {rows}));
  add(function("in_place_base",
               [](Inputs x) {
                 Tensor y = x[0] * 2, v = y.view({-1, 2, 3});
                 y.add_(1);
                 return v.sum(2) + y.narrow(1, 0, 2);
               },
               {rows}));
  add(function("into_zeros",
               [](Inputs x) {
                 Tensor y = torch::zeros({x[0].size(0), 8});
                 y.narrow(1, 2, 6).copy_(x[0]);
                 return y;
               },
               {rows}));

  // Shapes.
  add(function(
      "reshape",
      [](Inputs x) {
        return std::vector<Tensor>{x[0].reshape({-1, 8}), x[0].flatten(1), x[0].view({x[0].size(0), 2, -1}), x[0].reshape({x[0].size(0) * 4, 9, 8})};
      },
      {image}));
  add(function("axes", [](Inputs x) { return x[0].permute({0, 2, 3, 1}).transpose(1, 2).unsqueeze(2).squeeze(2).contiguous(); }, {image}));
  add(function("parts",
               [](Inputs x) {
                 return std::vector<Tensor>{x[0].slice(2, 1, -1, 2), x[0].select(1, -1), x[0].narrow(3, 2, 4), x[0][-1], x[0].slice(0, 0, 1)};
               },
               {image}));
  add(function("splits",
               [](Inputs x) {
                 const auto parts = x[0].chunk(3, 2);
                 const auto single = x[0].unbind(1);
                 return parts[0] * parts[1] + parts[2] + single[2].narrow(1, 0, 3).unsqueeze(1);
               },
               {image}));
  add(function("joins",
               [](Inputs x) {
                 return std::vector<Tensor>{torch::cat({x[0], x[1] * 2, x[0]}, 1), torch::stack({x[0], x[1]}, 1), torch::stack({x[0], x[1]}, -1)};
               },
               {rows, positive}));
  add(function("expand", [](Inputs x) { return x[0].unsqueeze(1).expand({-1, 3, -1}) + x[0].unsqueeze(1).repeat({1, 3, 1}); }, {rows}));
  add(function("flips", [](Inputs x) { return x[0].flip({1}) + x[0].roll(2, 1); }, {rows}));
  add(function("triangles",
               [](Inputs x) { return torch::matmul(x[0], x[0].transpose(1, 2)).tril() + torch::matmul(x[0], x[0].transpose(1, 2)).triu(1); },
               {signal}));
  add(function("diagonal", [](Inputs x) { return x[0].diagonal(1, 1, 2); }, {signal}));
  add(function("unfold", [](Inputs x) { return x[0].unfold(2, 4, 3); }, {signal}));

  // Reductions.
  add(function(
      "sums",
      [](Inputs x) {
        return std::vector<Tensor>{x[0].sum(1), x[0].sum({1, 2}, true), x[0].mean(2), x[0].sum(), x[0].mean({1, 2}), (x[0] * 0.1 + 1).prod(1)};
      },
      {signal}));
  add(function("extremes",
               [](Inputs x) {
                 return std::vector<Tensor>{x[0].amax(1), x[0].amin({1, 2}, true), std::get<0>(x[0].max(2)), std::get<1>(x[0].min(1)), x[0].argmax(2),
                                            x[0].max()};
               },
               {signal}));
  add(function("spread",
               [](Inputs x) {
                 return std::vector<Tensor>{x[0].var(1), x[0].std(2, false, true), x[0].norm(2, 1), x[0].norm(1, 1), x[0].logsumexp(1)};
               },
               {signal}));
  add(function("scan", [](Inputs x) { return x[0].cumsum(1); }, {signal}));
  add(function("truths", [](Inputs x) { return std::vector<Tensor>{(x[0] > 0).any(1), (x[0] > -3).all(2)}; }, {signal}));
  add(function("topk",
               [](Inputs x) {
                 const auto [v, i] = x[0].topk(3, 2);
                 return std::vector<Tensor>{v, i, std::get<0>(x[0].sort(1))};
               },
               {signal}));

  // Products.
  add(layer("linear", nn::Linear(6, 4), {rows}));
  add(layer("linear_3d", nn::Linear(10, 4), {signal}));
  add(layer("linear_no_bias", nn::Linear(nn::LinearOptions(10, 4).bias(false)), {signal}));
  add(layer("bilinear", nn::Bilinear(6, 6, 3), {rows, positive}));
  add(function("matmul",
               [](Inputs x) {
                 return torch::matmul(x[0], x[0].transpose(1, 2)) + torch::baddbmm(torch::ones({4, 4}), x[0], x[0].transpose(1, 2), 0.5, 2);
               },
               {signal}));
  add(function("einsum", [](Inputs x) { return torch::einsum("bij,bkj->bik", {x[0], x[0]}); }, {signal}));

  // Convolution.
  add(layer("conv1d", nn::Conv1d(nn::Conv1dOptions(4, 6, 3).stride(2).padding(1)), {signal}));
  add(layer("conv2d", nn::Conv2d(nn::Conv2dOptions(4, 6, {3, 2}).stride({2, 1}).padding({1, 0}).dilation({1, 2})), {image}));
  add(layer("conv2d_groups", nn::Conv2d(nn::Conv2dOptions(4, 8, 3).groups(2).bias(false)), {image}));
  add(layer("conv2d_same", nn::Conv2d(nn::Conv2dOptions(4, 6, 3).padding(torch::kSame)), {image}));
  add(layer("conv2d_reflect", nn::Conv2d(nn::Conv2dOptions(4, 6, 3).padding(1).padding_mode(torch::kReflect)), {image}));
  add(layer("conv2d_replicate", nn::Conv2d(nn::Conv2dOptions(4, 6, 3).padding(1).padding_mode(torch::kReplicate)), {image}));
  add(layer("conv2d_circular", nn::Conv2d(nn::Conv2dOptions(4, 6, 3).padding(1).padding_mode(torch::kCircular)), {image}));
  add(layer("conv3d", nn::Conv3d(nn::Conv3dOptions(2, 3, 3).padding(1)), {volume}));
  add(layer("conv_transpose1d", nn::ConvTranspose1d(nn::ConvTranspose1dOptions(4, 3, 3).stride(2).padding(1).output_padding(1)), {signal}));
  add(layer("conv_transpose2d", nn::ConvTranspose2d(nn::ConvTranspose2dOptions(4, 6, 3).stride(2).padding(1).groups(2).dilation(2)), {image}));
  add(layer("conv_transpose3d", nn::ConvTranspose3d(nn::ConvTranspose3dOptions(2, 2, 2).stride(2)), {volume}));

  // Pooling, padding, resizing.
  add(layer("max_pool1d", nn::MaxPool1d(nn::MaxPool1dOptions(3).stride(2).padding(1)), {signal}));
  add(layer("max_pool2d", nn::MaxPool2d(nn::MaxPool2dOptions(3).stride(2).ceil_mode(true)), {image}));
  add(layer("max_pool2d_dilated", nn::MaxPool2d(nn::MaxPool2dOptions(2).dilation(2)), {image}));
  add(layer("max_pool3d", nn::MaxPool3d(nn::MaxPool3dOptions(2)), {volume}));
  add(layer("avg_pool1d", nn::AvgPool1d(nn::AvgPool1dOptions(3).padding(1)), {signal}));
  add(layer("avg_pool2d", nn::AvgPool2d(nn::AvgPool2dOptions(3).stride(2).padding(1).count_include_pad(false)), {image}));
  add(layer("avg_pool2d_divisor", nn::AvgPool2d(nn::AvgPool2dOptions(2).divisor_override(3)), {image}));
  add(layer("avg_pool3d", nn::AvgPool3d(nn::AvgPool3dOptions(2)), {volume}));
  add(layer("adaptive_avg_pool2d", nn::AdaptiveAvgPool2d(nn::AdaptiveAvgPool2dOptions({3, 4})), {image}));
  add(layer("adaptive_avg_pool1d", nn::AdaptiveAvgPool1d(1), {signal}));
  add(layer("adaptive_max_pool2d", nn::AdaptiveMaxPool2d(nn::AdaptiveMaxPool2dOptions({1, 1})), {image}));
  add(layer("lp_pool2d", nn::LPPool2d(nn::LPPool2dOptions(2, 2)), {image.abs() + 0.1}));
  add(layer("zero_pad", nn::ZeroPad2d(nn::ZeroPad2dOptions({1, 2, 0, 3})), {image}));
  add(layer("constant_pad1d", nn::ConstantPad1d(nn::ConstantPad1dOptions({1, 2}, 0.5)), {signal}));
  add(layer("reflection_pad2d", nn::ReflectionPad2d(nn::ReflectionPad2dOptions({1, 2, 3, 0})), {image}));
  add(layer("replication_pad3d", nn::ReplicationPad3d(nn::ReplicationPad3dOptions(1)), {volume}));
  add(layer("upsample_nearest", nn::Upsample(nn::UpsampleOptions().scale_factor(std::vector<double>{2, 2}).mode(torch::kNearest)), {image}));
  add(layer("upsample_bilinear", nn::Upsample(nn::UpsampleOptions().size(std::vector<int64_t>{13, 17}).mode(torch::kBilinear).align_corners(false)),
            {image}));
  add(layer("upsample_corners", nn::Upsample(nn::UpsampleOptions().size(std::vector<int64_t>{13, 17}).mode(torch::kBilinear).align_corners(true)),
            {image}));
  add(layer("upsample_bicubic", nn::Upsample(nn::UpsampleOptions().size(std::vector<int64_t>{18, 16}).mode(torch::kBicubic).align_corners(false)),
            {image}));
  add(layer("upsample_linear", nn::Upsample(nn::UpsampleOptions().size(std::vector<int64_t>{15}).mode(torch::kLinear).align_corners(false)),
            {signal}));
  add(layer("pixel_shuffle", nn::PixelShuffle(2), {image}));
  add(layer("pixel_unshuffle", nn::PixelUnshuffle(2), {torch::randn({2, 2, 4, 6})}));

  // Normalisation.
  add(layer("batch_norm1d", seen(nn::BatchNorm1d(6), rows), {rows}));
  add(layer("batch_norm2d", seen(nn::BatchNorm2d(4), image), {image}));
  add(layer("batch_norm3d", seen(nn::BatchNorm3d(nn::BatchNorm3dOptions(2).affine(false)), volume), {volume}));
  add(layer("layer_norm", nn::LayerNorm(nn::LayerNormOptions({8})), {image}));
  add(layer("layer_norm_2", nn::LayerNorm(nn::LayerNormOptions({9, 8}).elementwise_affine(false)), {image}));
  add(layer("group_norm", nn::GroupNorm(nn::GroupNormOptions(2, 4)), {image}));
  add(layer("instance_norm2d", nn::InstanceNorm2d(nn::InstanceNorm2dOptions(4).affine(true)), {image}));
  add(layer("local_response_norm", nn::LocalResponseNorm(nn::LocalResponseNormOptions(3)), {image}));
  add(layer("prelu", nn::PReLU(nn::PReLUOptions().num_parameters(4)), {image}));
  add(layer("dropout", nn::Dropout(0.5), {rows}));

  // Recurrent.
  add(layer("rnn", nn::RNN(nn::RNNOptions(4, 3)), {sequences}, batch_along({1})));
  add(layer("rnn_relu", nn::RNN(nn::RNNOptions(4, 3).nonlinearity(torch::kReLU).num_layers(2)), {sequences}, batch_along({1})));
  add(layer("gru", nn::GRU(nn::GRUOptions(4, 3).num_layers(2).bidirectional(true)), {sequences}, batch_along({1})));
  add(layer("gru_no_bias", nn::GRU(nn::GRUOptions(4, 3).bias(false).batch_first(true)), {sequences.transpose(0, 1).contiguous()}));
  add(layer("lstm", nn::LSTM(nn::LSTMOptions(4, 3).num_layers(2).bidirectional(true)), {sequences}, batch_along({1})));
  add(layer("lstm_batch_first", nn::LSTM(nn::LSTMOptions(4, 3).batch_first(true)), {sequences.transpose(0, 1).contiguous()}));
  {
    nn::LSTM lstm(nn::LSTMOptions(4, 3).num_layers(2));
    lstm->eval();
    add({"lstm_states",
         [lstm](Inputs x) mutable {
           std::vector<Tensor> results;
           onnx::detail::append(results, lstm->forward(x[0], std::make_tuple(x[1], x[2])));
           return results;
         },
         {sequences, torch::randn({2, 2, 3}), torch::randn({2, 2, 3})},
         onnx::named_tensors(*lstm),
         batch_along({1, 1, 1})});
  }
  add(layer("lstm_cell", nn::LSTMCell(6, 3), {rows}));
  add(layer("gru_cell", nn::GRUCell(6, 3), {rows}));

  // Embedding and attention.
  add(layer("embedding", nn::Embedding(9, 4), {letters}));
  add(function("index_select",
               [](Inputs x) {
                 return x[0].index_select(1, torch::tensor({3, 0, 1})) + x[0].index({torch::indexing::Slice(), torch::tensor({2, 2, 5})});
               },
               {rows}));
  add(function("gather", [](Inputs x) { return x[0].gather(1, x[1]); }, {torch::randn({2, 9}), letters}));
  add(function("one_hot", [](Inputs x) { return torch::one_hot(x[0], 9); }, {letters}));
  add(function("scatter", [](Inputs x) { return torch::zeros({x[0].size(0), 9}).scatter(1, x[0], 2.5); }, {letters}));
  const Tensor heads = torch::randn({2, 2, 5, 4});
  add(function("attention", [](Inputs x) { return torch::scaled_dot_product_attention(x[0], x[0] * 0.5, x[0].flip({3})); }, {heads}));
  add(function("attention_causal", [](Inputs x) { return torch::scaled_dot_product_attention(x[0], x[0] * 0.5, x[0], {}, 0, true); }, {heads}));
  add(function("attention_mask",
               [](Inputs x) {
                 return torch::scaled_dot_product_attention(x[0], x[0], x[0], torch::ones({5, 5}).tril() - 1);
               },
               {heads}));
  {
    nn::MultiheadAttention attention(nn::MultiheadAttentionOptions(8, 2));
    attention->eval();
    const auto self = [attention](Inputs x) mutable {
      std::vector<Tensor> results;
      onnx::detail::append(results, attention->forward(x[0], x[0], x[0]));
      return results;
    };
    add({"multihead_attention", self, {torch::randn({5, 2, 8})}, onnx::named_tensors(*attention), batch_along({1})});
    const auto across = [attention](Inputs x) mutable {
      std::vector<Tensor> results;
      onnx::detail::append(results, attention->forward(x[0], x[1], x[1]));
      return results;
    };
    add({"multihead_attention_across",
         across,
         {torch::randn({5, 2, 8}), torch::randn({3, 2, 8})},
         onnx::named_tensors(*attention),
         batch_along({1, 1})});
  }
  add(layer("transformer_encoder",
            nn::TransformerEncoder(nn::TransformerEncoderOptions(nn::TransformerEncoderLayerOptions(8, 2).dim_feedforward(16), 2)),
            {torch::randn({5, 2, 8})}, batch_along({1})));
  add(layer("transformer_decoder",
            nn::TransformerDecoder(nn::TransformerDecoderOptions(nn::TransformerDecoderLayerOptions(8, 2).dim_feedforward(16), 1)),
            {torch::randn({5, 2, 8}), torch::randn({4, 2, 8})}, batch_along({1, 1})));

  // Of one size.
  onnx::Options fixed;
  fixed.dynamic_batch = false;
  add(function(
      "fixed_size",
      [](Inputs x) {
        return x[0] + torch::arange(12, torch::kFloat).view({2, 6});
      },
      {rows}, fixed));
  return all;
}
