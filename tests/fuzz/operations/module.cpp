#include "../modules.h"
#include "../rules.h"

namespace graphs {

// Layers for images with D axes.
#define GRAPHS_LAYERS_OF(D)                                                                                                                          \
  GRAPHS_CALL(image_rule<D>,                                                                                                                         \
              called(nn::Conv##D##d(nn::Conv##D##dOptions(x.size(-1 - D), 2, 2).padding(1).bias(flag).padding_mode(torch::kZeros)), x)),             \
      GRAPHS_CALL(image_rule<D>,                                                                                                                     \
                  called(nn::Conv##D##d(nn::Conv##D##dOptions(x.size(-1 - D), 2, 2).padding(1).bias(flag).padding_mode(torch::kReflect)), x)),       \
      GRAPHS_CALL(image_rule<D>,                                                                                                                     \
                  called(nn::Conv##D##d(nn::Conv##D##dOptions(x.size(-1 - D), 2, 2).padding(1).bias(flag).padding_mode(torch::kReplicate)), x)),     \
      GRAPHS_CALL(image_rule<D>,                                                                                                                     \
                  called(nn::Conv##D##d(nn::Conv##D##dOptions(x.size(-1 - D), 2, 2).padding(1).bias(flag).padding_mode(torch::kCircular)), x)),      \
      GRAPHS_CALL(                                                                                                                                   \
          image_rule<D>,                                                                                                                             \
          called(nn::Conv##D##d(nn::Conv##D##dOptions(x.size(-1 - D), 2 * x.size(-1 - D), 1).groups(x.size(-1 - D)).padding(torch::kSame)), x)),     \
      GRAPHS_CALL(image_rule<D>,                                                                                                                     \
                  called(nn::ConvTranspose##D##d(nn::ConvTranspose##D##dOptions(x.size(-1 - D), 2, 2).stride(2).output_padding(1).bias(flag)), x)),  \
      GRAPHS_CALL(                                                                                                                                   \
          image_rule<D>,                                                                                                                             \
          called(nn::ConvTranspose##D##d(nn::ConvTranspose##D##dOptions(x.size(-1 - D), x.size(-1 - D), 2).groups(x.size(-1 - D)).dilation(2)), x)), \
      GRAPHS_CALL(image_rule<D>, called(nn::BatchNorm##D##d(nn::BatchNorm##D##dOptions(x.size(1)).momentum(b).affine(flag)), x)),                    \
      GRAPHS_CALL(image_rule<D>, called(nn::BatchNorm##D##d(nn::BatchNorm##D##dOptions(x.size(1)).momentum(torch::nullopt)), x)),                    \
      GRAPHS_CALL(image_rule<D>, called(evaluated(nn::BatchNorm##D##d(nn::BatchNorm##D##dOptions(x.size(1)).track_running_stats(flag))), x)),        \
      GRAPHS_CALL(image_rule<D>,                                                                                                                     \
                  called(nn::InstanceNorm##D##d(nn::InstanceNorm##D##dOptions(x.size(1)).affine(flag).track_running_stats(!flag)), x)),              \
      GRAPHS_CALL(image_rule<D>, called(evaluated(nn::InstanceNorm##D##d(nn::InstanceNorm##D##dOptions(x.size(1)).track_running_stats(flag))), x)),  \
      GRAPHS_CALL(image_rule<D>, called(nn::Upsample(nn::UpsampleOptions().scale_factor(std::vector<double>(D, 2.)).mode(torch::kNearest)), x))

std::vector<Operation> module_operations() {
  return {
      GRAPHS_LAYERS_OF(1),
      GRAPHS_LAYERS_OF(2),
      GRAPHS_LAYERS_OF(3),
      GRAPHS_CALL(layer_rule, called(nn::LayerNorm(nn::LayerNormOptions(p).elementwise_affine(flag)), x)),
      GRAPHS_CALL(layer_rule, called(nn::Linear(nn::LinearOptions(x.size(-1), 2).bias(flag)), x)),
      GRAPHS_CALL(layer_rule, called(nn::PReLU(), x)),
      GRAPHS_CALL(layer_rule, called(nn::Dropout(0.4), x)),
      GRAPHS_CALL(layer_rule, called(nn::AlphaDropout(0.4), x)),
      GRAPHS_CALL(layer_rule, called(nn::RReLU(), x)),
      GRAPHS_CALL(layer_rule, called(nn::Bilinear(nn::BilinearOptions(x.size(-1), x.size(-1), 2).bias(flag)), x, x)),
      GRAPHS_CALL(layer_rule, called(nn::Sequential(nn::Linear(x.size(-1), 3), nn::ReLU(), nn::Linear(3, 2)), x)),
      GRAPHS_CALL(layer_rule, called(nn::Sequential(nn::Linear(x.size(-1), 3), nn::Tanh(), nn::Dropout(0.3), nn::LayerNorm(nn::LayerNormOptions({3})),
                                                    nn::Linear(3, 2), nn::LogSoftmax(-1)),
                                     x)),
      GRAPHS_CALL(normalised_rule, called(nn::GroupNorm(nn::GroupNormOptions(i, x.size(1)).affine(flag)), x)),
      GRAPHS_CALL(normalised_rule, called(nn::PReLU(nn::PReLUOptions().num_parameters(x.size(1))), x)),
      GRAPHS_CALL(index_select_rule, called(nn::Embedding(nn::EmbeddingOptions(x.size(i), 2)), y)),
      GRAPHS_CALL(index_select_rule, called(nn::Embedding(nn::EmbeddingOptions(x.size(i), 2).padding_idx(0).scale_grad_by_freq(flag)), y)),
      GRAPHS_CALL(index_select_rule, called(nn::Embedding(nn::EmbeddingOptions(x.size(i), 2).max_norm(b)), y)),
      GRAPHS_CALL(label_loss_rule, called(nn::AdaptiveLogSoftmaxWithLoss(nn::AdaptiveLogSoftmaxWithLossOptions(2, 5, {2}).div_value(2.)),
                                          torch::randn({3, 2}), torch::arange(3))),
      GRAPHS_CALL(bags_rule, called(nn::EmbeddingBag(nn::EmbeddingBagOptions(x.size(0), 2).mode(torch::kSum)), y, torch::tensor(p))),
      GRAPHS_CALL(bags_rule, called(nn::EmbeddingBag(nn::EmbeddingBagOptions(x.size(0), 2).mode(torch::kMax)), w)),
      GRAPHS_CALL(bags_rule, called(nn::EmbeddingBag(nn::EmbeddingBagOptions(x.size(0), 2).mode(torch::kMean).padding_idx(0)), w)),
      GRAPHS_CALL(bags_rule, called(nn::EmbeddingBag(nn::EmbeddingBagOptions(x.size(0), 2).max_norm(b).mode(torch::kMean)), y, torch::tensor(p))),
  };
}

#undef GRAPHS_LAYERS_OF

}  // namespace graphs
