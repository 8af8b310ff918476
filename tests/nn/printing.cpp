// What modules print: PyTorch's text.
#include <doctest/doctest.h>

#include <sstream>

#include <xgrad/autograd/ops/ops.h>
#include <xgrad/nn/nn.h>

using namespace xgrad;
using namespace xgrad::nn;

namespace {

template <class M> std::string text(const M& module) {
  std::ostringstream stream;
  stream << module;
  return stream.str();
}

struct Child : Module {};

}  // namespace

struct PrintedNet : Module {
  PrintedNet() {
    register_module("fc", Linear(2, 3));
    register_module("drop", Dropout(0.25));
    register_parameter("w", ones({2}));
    register_buffer("b", zeros({1}));
    register_module("seq", Sequential(Linear(2, 2), ReLU(), Functional(xgrad::relu)));
  }
};

TEST_CASE("a tree prints one module a line") {
  CHECK(text(PrintedNet()) ==
        "PrintedNet(\n"
        "  (fc): torch::nn::Linear(in_features=2, out_features=3, bias=true)\n"
        "  (drop): torch::nn::Dropout(p=0.25, inplace=false)\n"
        "  (seq): torch::nn::Sequential(\n"
        "    (0): torch::nn::Linear(in_features=2, out_features=2, bias=true)\n"
        "    (1): torch::nn::ReLU()\n"
        "    (2): torch::nn::Functional()\n"
        "  )\n"
        ")");
  CHECK(text(Child()) == "(anonymous namespace)::Child");
  CHECK(LinearImpl(1, 2).name() == "torch::nn::LinearImpl");
}

TEST_CASE("layers print their options") {
  CHECK(text(Linear(LinearOptions(3, 4).bias(false))) == "torch::nn::Linear(in_features=3, out_features=4, bias=false)");
  CHECK(text(Bilinear(1, 2, 3)) == "torch::nn::Bilinear(in1_features=1, in2_features=2, out_features=3, bias=true)");
  CHECK(text(Identity()) == "torch::nn::Identity()");
  CHECK(text(Flatten()) == "torch::nn::Flatten(start_dim=1, end_dim=-1)");
  CHECK(text(Flatten(FlattenOptions().start_dim(0).end_dim(2))) == "torch::nn::Flatten(start_dim=0, end_dim=2)");
  CHECK(text(Unflatten(UnflattenOptions(1, {2, 3}))) == "torch::nn::Unflatten(dim=1, unflattened_size={2, 3})");
  CHECK(text(Dropout()) == "torch::nn::Dropout(p=0.5, inplace=false)");
  CHECK(text(Dropout(DropoutOptions(0.1).inplace(true))) == "torch::nn::Dropout(p=0.1, inplace=true)");
}

TEST_CASE("normalisation and dropout print their options") {
  CHECK(text(BatchNorm1d(3)) == "torch::nn::BatchNorm1d(3, eps=1e-05, momentum=0.1, affine=true, track_running_stats=true)");
  CHECK(text(BatchNorm2d(BatchNorm2dOptions(4).eps(0.5).momentum(std::nullopt).affine(false).track_running_stats(false))) ==
        "torch::nn::BatchNorm2d(4, eps=0.5, momentum=None, affine=false, track_running_stats=false)");
  CHECK(text(InstanceNorm3d(3)) == "torch::nn::InstanceNorm3d(3, eps=1e-05, momentum=0.1, affine=false, track_running_stats=false)");
  CHECK(text(LayerNorm(LayerNormOptions({2, 3}))) == "torch::nn::LayerNorm([2, 3], eps=1e-05, elementwise_affine=true)");
  CHECK(text(GroupNorm(2, 4)) == "torch::nn::GroupNorm(2, 4, eps=1e-05, affine=true)");
  CHECK(text(LocalResponseNorm(2)) == "torch::nn::LocalResponseNorm(2, alpha=0.0001, beta=0.75, k=1)");
  CHECK(text(CrossMapLRN2d(4)) == "torch::nn::CrossMapLRN2d(4, alpha=0.0001, beta=0.75, k=1)");
  CHECK(text(Dropout2d(0.25)) == "torch::nn::Dropout2d(p=0.25, inplace=false)");
  CHECK(text(Dropout3d()) == "torch::nn::Dropout3d(p=0.5, inplace=false)");
  CHECK(text(AlphaDropout()) == "torch::nn::AlphaDropout(p=0.5, inplace=false)");
  CHECK(text(FeatureAlphaDropout()) == "torch::nn::FeatureAlphaDropout(p=0.5, inplace=false)");
}

TEST_CASE("activations print their options") {
  CHECK(text(RReLU()) == "torch::nn::RReLU(lower=0.125, upper=0.333333)");
  CHECK(text(RReLU(RReLUOptions().lower(0.24).upper(0.42).inplace(true))) == "torch::nn::RReLU(lower=0.24, upper=0.42, inplace=true)");
  CHECK(text(ELU()) == "torch::nn::ELU(alpha=1)");
  CHECK(text(ELU(ELUOptions().alpha(0.123456789).inplace(true))) == "torch::nn::ELU(alpha=0.123457, inplace=true)");
  CHECK(text(SELU()) == "torch::nn::SELU()");
  CHECK(text(SELU(true)) == "torch::nn::SELU(inplace=true)");
  CHECK(text(Hardshrink()) == "torch::nn::Hardshrink(0.5)");
  CHECK(text(Hardtanh()) == "torch::nn::Hardtanh(min_val=-1, max_val=1)");
  CHECK(text(Hardtanh(HardtanhOptions().min_val(-42.42).max_val(0.42).inplace(true))) ==
        "torch::nn::Hardtanh(min_val=-42.42, max_val=0.42, inplace=true)");
  CHECK(text(LeakyReLU()) == "torch::nn::LeakyReLU(negative_slope=0.01)");
  CHECK(text(LeakyReLU(LeakyReLUOptions().negative_slope(0.42).inplace(true))) == "torch::nn::LeakyReLU(negative_slope=0.42, inplace=true)");
  CHECK(text(LogSigmoid()) == "torch::nn::LogSigmoid()");
  CHECK(text(Softmax(1)) == "torch::nn::Softmax(dim=1)");
  CHECK(text(Softmin(1)) == "torch::nn::Softmin(dim=1)");
  CHECK(text(LogSoftmax(1)) == "torch::nn::LogSoftmax(dim=1)");
  CHECK(text(Softmax2d()) == "torch::nn::Softmax2d()");
  CHECK(text(PReLU()) == "torch::nn::PReLU(num_parameters=1)");
  CHECK(text(ReLU()) == "torch::nn::ReLU()");
  CHECK(text(ReLU(true)) == "torch::nn::ReLU(inplace=true)");
  CHECK(text(ReLU6()) == "torch::nn::ReLU6()");
  CHECK(text(CELU(CELUOptions().alpha(0.42).inplace(true))) == "torch::nn::CELU(alpha=0.42, inplace=true)");
  CHECK(text(GLU()) == "torch::nn::GLU(dim=-1)");
  CHECK(text(GELU(GELUOptions().approximate("tanh"))) == "torch::nn::GELU()");
  CHECK(text(SiLU()) == "torch::nn::SiLU()");
  CHECK(text(Mish()) == "torch::nn::Mish()");
  CHECK(text(Sigmoid()) == "torch::nn::Sigmoid()");
  CHECK(text(Softplus(SoftplusOptions().beta(0.24).threshold(42.42))) == "torch::nn::Softplus(beta=0.24, threshold=42.42)");
  CHECK(text(Softshrink(0.42)) == "torch::nn::Softshrink(0.42)");
  CHECK(text(Softsign()) == "torch::nn::Softsign()");
  CHECK(text(Tanh()) == "torch::nn::Tanh()");
  CHECK(text(Tanhshrink()) == "torch::nn::Tanhshrink()");
  CHECK(text(Threshold(0.1, 20)) == "torch::nn::Threshold(threshold=0.1, value=20)");
  CHECK(text(Threshold(ThresholdOptions(24.24, 42.42).inplace(true))) == "torch::nn::Threshold(threshold=24.24, value=42.42, inplace=true)");
}

TEST_CASE("layers of images print their options") {
  CHECK(text(MaxPool1d(3)) == "torch::nn::MaxPool1d(kernel_size=3, stride=3, padding=0, dilation=1, ceil_mode=false)");
  CHECK(text(MaxPool2d(MaxPool2dOptions({3, 2}).stride({2, 1}).ceil_mode(true))) ==
        "torch::nn::MaxPool2d(kernel_size=[3, 2], stride=[2, 1], padding=[0, 0], dilation=[1, 1], ceil_mode=true)");
  CHECK(text(AvgPool2d(AvgPool2dOptions({3, 2}).stride(2))) == "torch::nn::AvgPool2d(kernel_size=[3, 2], stride=[2, 2], padding=[0, 0])");
  CHECK(text(AdaptiveMaxPool1d(5)) == "torch::nn::AdaptiveMaxPool1d(output_size=5)");
  CHECK(text(AdaptiveAvgPool2d(AdaptiveAvgPool2dOptions({5, std::nullopt}))) == "torch::nn::AdaptiveAvgPool2d(output_size=[5, None])");
  CHECK(text(MaxUnpool3d(2)) == "torch::nn::MaxUnpool3d(kernel_size=[2, 2, 2], stride=[2, 2, 2], padding=[0, 0, 0])");
  CHECK(text(LPPool2d(LPPool2dOptions(2, {3, 4}).stride({5, 6}).ceil_mode(true))) ==
        "torch::nn::LPPool2d(norm_type=2, kernel_size=[3, 4], stride=[5, 6], ceil_mode=true)");
  CHECK(text(FractionalMaxPool2d(FractionalMaxPool2dOptions(5).output_size(1))) == "torch::nn::FractionalMaxPool2d()");
  CHECK(text(ReflectionPad1d(2)) == "torch::nn::ReflectionPad1d(padding=[2, 2])");
  CHECK(text(ReplicationPad2d(ReplicationPad2dOptions({1, 2, 3, 4}))) == "torch::nn::ReplicationPad2d(padding=[1, 2, 3, 4])");
  CHECK(text(ZeroPad2d(1)) == "torch::nn::ZeroPad2d(padding=[1, 1, 1, 1])");
  CHECK(text(ConstantPad1d(1, 3.5)) == "torch::nn::ConstantPad1d(padding=[1, 1], value=3.5)");
  CHECK(text(Fold(4, 2)) == "torch::nn::Fold(output_size=[4, 4], kernel_size=[2, 2], dilation=[1, 1], padding=[0, 0], stride=[1, 1])");
  CHECK(text(Unfold(UnfoldOptions(2).stride({1, 2}))) == "torch::nn::Unfold(kernel_size=[2, 2], dilation=[1, 1], padding=[0, 0], stride=[1, 2])");
  CHECK(text(PixelShuffle(5)) == "torch::nn::PixelShuffle(upscale_factor=5)");
  CHECK(text(PixelUnshuffle(5)) == "torch::nn::PixelUnshuffle(downscale_factor=5)");
  CHECK(text(Upsample(UpsampleOptions().scale_factor(std::vector<double>{1.5, 2}).mode(kBilinear))) ==
        "torch::nn::Upsample(scale_factor=[1.5, 2], mode=kBilinear)");
  CHECK(text(Upsample(UpsampleOptions().size(std::vector<int64_t>{3, 4}))) == "torch::nn::Upsample(size=[3, 4], mode=kNearest)");
}

TEST_CASE("losses and containers print as PyTorch's") {
  CHECK(text(MSELoss()) == "torch::nn::MSELoss()");
  CHECK(text(L1Loss()) == "torch::nn::L1Loss()");
  CHECK(text(SmoothL1Loss()) == "torch::nn::SmoothL1Loss");
  CHECK(text(HuberLoss()) == "torch::nn::HuberLoss");
  CHECK(text(NLLLoss()) == "torch::nn::NLLLoss()");
  CHECK(text(CrossEntropyLoss()) == "torch::nn::CrossEntropyLoss()");
  CHECK(text(BCELoss()) == "torch::nn::BCELoss()");
  CHECK(text(BCEWithLogitsLoss()) == "torch::nn::BCEWithLogitsLoss()");
  CHECK(text(SoftMarginLoss()) == "torch::nn::SoftMarginLoss()");
  CHECK(text(HingeEmbeddingLoss()) == "torch::nn::HingeEmbeddingLoss(margin=1)");
  CHECK(text(KLDivLoss()) == "torch::nn::KLDivLoss()");
  CHECK(text(MultiMarginLoss(MultiMarginLossOptions().weight(ones({2})))) ==
        "torch::nn::MultiMarginLoss(p=1, margin=1, weight= 1\n 1\n[ CPUFloatType{2} ], reduction=kMean)");
  CHECK(text(MultiLabelMarginLoss()) == "torch::nn::MultiLabelMarginLoss()");
  CHECK(text(MultiLabelSoftMarginLoss()) == "torch::nn::MultiLabelSoftMarginLoss()");
  CHECK(text(PoissonNLLLoss()) == "torch::nn::PoissonNLLLoss()");
  CHECK(text(MarginRankingLoss()) == "torch::nn::MarginRankingLoss()");
  CHECK(text(CosineEmbeddingLoss()) == "torch::nn::CosineEmbeddingLoss(margin=0)");
  CHECK(text(TripletMarginLoss()) == "torch::nn::TripletMarginLoss(margin=1, p=2, eps=1e-06, swap=false)");
  CHECK(text(TripletMarginWithDistanceLoss()) == "torch::nn::TripletMarginWithDistanceLoss(margin=1, swap=false)");
  CHECK(text(CTCLoss()) == "torch::nn::CTCLoss()");
  CHECK(text(ModuleList(Linear(1, 2), ReLU())) ==
        "torch::nn::ModuleList(\n  (0): torch::nn::Linear(in_features=1, out_features=2, bias=true)\n  (1): torch::nn::ReLU()\n)");
  CHECK(text(ParameterList(ones({2, 3}), zeros({1}, kDouble))) ==
        "torch::nn::ParameterList(\n(0): Parameter containing: [Float of size [2, 3]]\n(1): Parameter containing: [Double of size [1]]\n)");
  OrderedDict<std::string, Tensor> parameters;
  parameters.insert("A", ones({2}));
  CHECK(text(ParameterDict(parameters)) == "torch::nn::ParameterDict(\n(A): Parameter containing: [Float of size [2]]\n)");
  CHECK(text(Sequential({{"a", Linear(1, 2)}, {"b", Tanh()}})) ==
        "torch::nn::Sequential(\n  (a): torch::nn::Linear(in_features=1, out_features=2, bias=true)\n  (b): torch::nn::Tanh()\n)");
}

TEST_CASE("enumerations have names") {
  CHECK(enumtype::get_enum_name(init::FanModeType(kFanIn)) == "kFanIn");
  CHECK(enumtype::get_enum_name(enumtype::reduction_t(kSum)) == "kSum");
}
