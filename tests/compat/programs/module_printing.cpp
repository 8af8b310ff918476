#include <torch/torch.h>

#include <iostream>

using namespace torch::nn;

template <class... M> void show(const M&... modules) { ((std::cout << modules << '\n'), ...); }

// A module whose text differs between what the options leave open and what they state.
template <class M, class Options, class... F> void vary(const Options& options, F... change) {
  std::cout << M(options) << '\n';
  (
      [&] {
        Options changed = options;
        change(changed);
        std::cout << M(changed) << '\n';
      }(),
      ...);
}

struct Net : Module {
  Net() {
    register_module("body", Sequential({{"fc", Linear(2, 3)}, {"act", ReLU()}}));
    register_module("list", ModuleList(Linear(1, 1), Sequential(Identity(), Functional(torch::relu))));
    register_module("empty", Sequential());
    register_parameter("w", torch::ones({1}));
  }
};

int main() {
  // Activations
  show(Softmax2d(), LogSigmoid(), GELU(), SiLU(), Mish(), Sigmoid(), Softsign(), Tanh(), Tanhshrink(), Identity());
  show(Softmax(1), Softmin(-1), LogSoftmax(0), Softshrink(0.3), Hardshrink(0.25), Softplus(), Softplus(SoftplusOptions().beta(2).threshold(3.5)));
  vary<ELU>(ELUOptions(), [](auto& o) { o.alpha(1.5).inplace(true); });
  vary<SELU>(SELUOptions(), [](auto& o) { o.inplace(true); });
  vary<CELU>(CELUOptions(), [](auto& o) { o.alpha(0.3).inplace(true); });
  vary<Hardtanh>(HardtanhOptions(), [](auto& o) { o.min_val(-2).inplace(true); });
  vary<LeakyReLU>(LeakyReLUOptions(), [](auto& o) { o.negative_slope(0.2).inplace(true); });
  vary<ReLU>(ReLUOptions(), [](auto& o) { o.inplace(true); });
  vary<ReLU6>(ReLU6Options(), [](auto& o) { o.inplace(true); });
  vary<RReLU>(RReLUOptions(), [](auto& o) { o.lower(0.1).inplace(true); });
  vary<GLU>(GLUOptions(), [](auto& o) { o.dim(1); });
  vary<PReLU>(PReLUOptions(), [](auto& o) { o.num_parameters(3).init(0.5); });
  vary<Threshold>(ThresholdOptions(0.5, 2), [](auto& o) { o.inplace(true); });
  // Linear layers and shapes
  vary<Linear>(LinearOptions(3, 4), [](auto& o) { o.bias(false); });
  vary<Bilinear>(BilinearOptions(2, 3, 4), [](auto& o) { o.bias(false); });
  vary<Flatten>(FlattenOptions(), [](auto& o) { o.start_dim(0).end_dim(2); });
  show(Unflatten(UnflattenOptions(1, std::vector<int64_t>{2, 3})));
  show(AdaptiveLogSoftmaxWithLoss(16, 10, std::vector<int64_t>{2, 5}));
  vary<Embedding>(EmbeddingOptions(3, 2), [](auto& o) { o.padding_idx(-1).max_norm(1.5).norm_type(3).scale_grad_by_freq(true).sparse(true); });
  vary<EmbeddingBag>(
      EmbeddingBagOptions(3, 2), [](auto& o) { o.mode(torch::kMax); }, [](auto& o) { o.mode(torch::kSum); },
      [](auto& o) { o.max_norm(1.5).norm_type(3).scale_grad_by_freq(true).sparse(true).include_last_offset(true).padding_idx(0); });
  // Convolutions
  vary<Conv1d>(
      Conv1dOptions(2, 4, 3), [](auto& o) { o.stride(2).padding(1).dilation(2).groups(2).bias(false).padding_mode(torch::kCircular); },
      [](auto& o) { o.padding(torch::kSame); });
  vary<Conv2d>(
      Conv2dOptions(2, 4, 3),
      [](auto& o) {
        o.stride({2, 1}).padding({1, 0}).dilation(2).groups(2).bias(false).padding_mode(torch::kReflect);
      },
      [](auto& o) { o.padding(torch::kValid); });
  vary<Conv3d>(Conv3dOptions(2, 4, {1, 2, 3}), [](auto& o) { o.stride(2).padding_mode(torch::kReplicate); });
  vary<ConvTranspose1d>(ConvTranspose1dOptions(2, 4, 3), [](auto& o) { o.stride(2).padding(1).output_padding(1).groups(2).bias(false); });
  vary<ConvTranspose2d>(ConvTranspose2dOptions(2, 4, 3), [](auto& o) { o.stride({2, 3}).dilation(2); });
  vary<ConvTranspose3d>(ConvTranspose3dOptions(2, 4, 3), [](auto& o) { o.stride(2).output_padding(1); });
  vary<Fold>(FoldOptions(4, 2), [](auto& o) { o.dilation(2).padding({1, 0}).stride(3); });
  vary<Unfold>(UnfoldOptions(2), [](auto& o) { o.dilation(2).padding({1, 0}).stride(3); });
  show(PixelShuffle(2), PixelUnshuffle(3));
  // Pooling
  vary<AvgPool1d>(AvgPool1dOptions(3), [](auto& o) { o.stride(2).padding(1).ceil_mode(true).count_include_pad(false); });
  vary<AvgPool2d>(AvgPool2dOptions(3), [](auto& o) { o.stride({2, 1}).padding(1).divisor_override(2); });
  vary<AvgPool3d>(AvgPool3dOptions({1, 2, 3}), [](auto& o) { o.stride(2); });
  vary<MaxPool1d>(MaxPool1dOptions(3), [](auto& o) { o.stride(2).padding(1).dilation(2).ceil_mode(true); });
  vary<MaxPool2d>(MaxPool2dOptions(3), [](auto& o) { o.stride({2, 1}).padding(1).dilation(2).ceil_mode(true); });
  vary<MaxPool3d>(MaxPool3dOptions({1, 2, 3}), [](auto& o) { o.stride(2); });
  vary<MaxUnpool1d>(MaxUnpool1dOptions(3), [](auto& o) { o.stride(2).padding(1); });
  vary<MaxUnpool2d>(MaxUnpool2dOptions(3), [](auto& o) { o.stride({2, 1}); });
  vary<MaxUnpool3d>(MaxUnpool3dOptions(3), [](auto& o) { o.padding(1); });
  show(AdaptiveAvgPool1d(5), AdaptiveAvgPool2d(AdaptiveAvgPool2dOptions({5, c10::nullopt})), AdaptiveAvgPool3d(AdaptiveAvgPool3dOptions({5, 2, 1})));
  show(AdaptiveMaxPool1d(5), AdaptiveMaxPool2d(AdaptiveMaxPool2dOptions({c10::nullopt, 2})), AdaptiveMaxPool3d(3));
  show(FractionalMaxPool2d(FractionalMaxPool2dOptions(2).output_size(3)), FractionalMaxPool3d(FractionalMaxPool3dOptions(2).output_ratio(0.5)));
  vary<LPPool1d>(LPPool1dOptions(2, 3), [](auto& o) { o.stride(2).ceil_mode(true); });
  vary<LPPool2d>(LPPool2dOptions(1.5, {2, 3}), [](auto& o) { o.stride({2, 1}).ceil_mode(true); });
  // Normalisation, dropout, padding
  const auto norm = [](auto& o) { o.eps(0.5).momentum(c10::nullopt).affine(false).track_running_stats(false); };
  vary<BatchNorm1d>(BatchNorm1dOptions(3), norm);
  vary<BatchNorm2d>(BatchNorm2dOptions(3), norm);
  vary<BatchNorm3d>(BatchNorm3dOptions(3), norm);
  const auto instance = [](auto& o) { o.eps(0.5).momentum(0.3).affine(true).track_running_stats(true); };
  vary<InstanceNorm1d>(InstanceNorm1dOptions(3), instance);
  vary<InstanceNorm2d>(InstanceNorm2dOptions(3), instance);
  vary<InstanceNorm3d>(InstanceNorm3dOptions(3), instance);
  vary<LayerNorm>(LayerNormOptions({2, 3}), [](auto& o) { o.eps(0.5).elementwise_affine(false); });
  vary<GroupNorm>(GroupNormOptions(2, 4), [](auto& o) { o.eps(0.5).affine(false); });
  vary<LocalResponseNorm>(LocalResponseNormOptions(2), [](auto& o) { o.alpha(0.5).beta(0.25).k(2); });
  vary<CrossMapLRN2d>(CrossMapLRN2dOptions(2), [](auto& o) { o.alpha(0.5).beta(0.25).k(2); });
  vary<Dropout>(DropoutOptions(), [](auto& o) { o.p(0.2).inplace(true); });
  vary<Dropout2d>(Dropout2dOptions(), [](auto& o) { o.p(0.2).inplace(true); });
  vary<Dropout3d>(Dropout3dOptions(), [](auto& o) { o.p(0.2).inplace(true); });
  vary<AlphaDropout>(AlphaDropoutOptions(), [](auto& o) { o.p(0.2).inplace(true); });
  vary<FeatureAlphaDropout>(FeatureAlphaDropoutOptions(), [](auto& o) { o.p(0.2).inplace(true); });
  show(ConstantPad1d(1, 0.5), ConstantPad2d(ConstantPad2dOptions({1, 2, 3, 4}, 2)), ConstantPad3d(2, 3), ZeroPad2d(1));
  show(ReflectionPad1d(2), ReflectionPad2d(ReflectionPad2dOptions({1, 2, 3, 4})), ReflectionPad3d(1));
  show(ReplicationPad1d(2), ReplicationPad2d(ReplicationPad2dOptions({1, 2, 3, 4})), ReplicationPad3d(1));
  vary<Upsample>(
      UpsampleOptions().size(std::vector<int64_t>{3, 4}), [](auto& o) { o.mode(torch::kBicubic).align_corners(true); },
      [](auto& o) { o.size(c10::nullopt).scale_factor(std::vector<double>{1.5}); });
  // Losses and distances
  show(L1Loss(), MSELoss(), KLDivLoss(), BCELoss(), BCEWithLogitsLoss(), NLLLoss(), CrossEntropyLoss(), CTCLoss(), PoissonNLLLoss());
  show(SmoothL1Loss(), HuberLoss(), SoftMarginLoss(), MultiLabelMarginLoss(), MultiLabelSoftMarginLoss());
  vary<HingeEmbeddingLoss>(HingeEmbeddingLossOptions(), [](auto& o) { o.margin(2).reduction(torch::kSum); });
  vary<CosineEmbeddingLoss>(CosineEmbeddingLossOptions(), [](auto& o) { o.margin(0.5).reduction(torch::kSum); });
  vary<MarginRankingLoss>(MarginRankingLossOptions(), [](auto& o) { o.margin(0.5); });
  vary<MultiMarginLoss>(MultiMarginLossOptions(), [](auto& o) { o.p(2).margin(0.5).weight(torch::ones({2})).reduction(torch::kNone); });
  vary<TripletMarginLoss>(TripletMarginLossOptions(), [](auto& o) { o.margin(0.5).p(1).eps(0.25).swap(true); });
  vary<TripletMarginWithDistanceLoss>(TripletMarginWithDistanceLossOptions(), [](auto& o) { o.margin(0.5).swap(true); });
  vary<CosineSimilarity>(CosineSimilarityOptions(), [](auto& o) { o.dim(0).eps(0.5); });
  vary<PairwiseDistance>(PairwiseDistanceOptions(), [](auto& o) { o.p(1).eps(0.5).keepdim(true); });
  // Containers
  std::cout << Net() << '\n';
  show(Functional(torch::relu), Functional(torch::elu, 1, 0, 1), Sequential(), ModuleList(), ModuleList(ReLU(), Sequential(Linear(1, 2))));
  torch::OrderedDict<std::string, std::shared_ptr<Module>> modules;
  modules.insert("a", ReLU().ptr());
  modules.insert("b", Linear(1, 2).ptr());
  show(ModuleDict(modules), ModuleDict());
  torch::OrderedDict<std::string, torch::Tensor> tensors;
  tensors.insert("a", torch::ones({2, 3}));
  tensors.insert("b", torch::zeros({1}, torch::kDouble));
  show(ParameterDict(tensors), ParameterDict(), ParameterList(torch::ones({2}), torch::zeros({1, 1})), ParameterList());
}
