// What modules print: PyTorch's text.
#include <doctest/doctest.h>

#include <sstream>

#include "printed.h"
#include <xgrad/autograd/ops/ops.h>
#include <xgrad/nn/nn.h>

using namespace xgrad;
using namespace xgrad::nn;

namespace {

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
  CHECK(printed(PrintedNet()) ==
        "PrintedNet(\n"
        "  (fc): torch::nn::Linear(in_features=2, out_features=3, bias=true)\n"
        "  (drop): torch::nn::Dropout(p=0.25, inplace=false)\n"
        "  (seq): torch::nn::Sequential(\n"
        "    (0): torch::nn::Linear(in_features=2, out_features=2, bias=true)\n"
        "    (1): torch::nn::ReLU()\n"
        "    (2): torch::nn::Functional()\n"
        "  )\n"
        ")");
  CHECK(printed(Child()) == "(anonymous namespace)::Child");
  CHECK(LinearImpl(1, 2).name() == "torch::nn::LinearImpl");
}

TEST_CASE("layers print their options") {
  CHECK(printed(Linear(LinearOptions(3, 4).bias(false))) == "torch::nn::Linear(in_features=3, out_features=4, bias=false)");
  CHECK(printed(Bilinear(1, 2, 3)) == "torch::nn::Bilinear(in1_features=1, in2_features=2, out_features=3, bias=true)");
  CHECK(printed(Identity()) == "torch::nn::Identity()");
  CHECK(printed(Flatten()) == "torch::nn::Flatten(start_dim=1, end_dim=-1)");
  CHECK(printed(Flatten(FlattenOptions().start_dim(0).end_dim(2))) == "torch::nn::Flatten(start_dim=0, end_dim=2)");
  CHECK(printed(Unflatten(UnflattenOptions(1, {2, 3}))) == "torch::nn::Unflatten(dim=1, unflattened_size={2, 3})");
  CHECK(printed(Dropout()) == "torch::nn::Dropout(p=0.5, inplace=false)");
  CHECK(printed(Dropout(DropoutOptions(0.1).inplace(true))) == "torch::nn::Dropout(p=0.1, inplace=true)");
}

TEST_CASE("normalisation and dropout print their options") {
  CHECK(printed(BatchNorm1d(3)) == "torch::nn::BatchNorm1d(3, eps=1e-05, momentum=0.1, affine=true, track_running_stats=true)");
  CHECK(printed(BatchNorm2d(BatchNorm2dOptions(4).eps(0.5).momentum(std::nullopt).affine(false).track_running_stats(false))) ==
        "torch::nn::BatchNorm2d(4, eps=0.5, momentum=None, affine=false, track_running_stats=false)");
  CHECK(printed(InstanceNorm3d(3)) == "torch::nn::InstanceNorm3d(3, eps=1e-05, momentum=0.1, affine=false, track_running_stats=false)");
  CHECK(printed(LayerNorm(LayerNormOptions({2, 3}))) == "torch::nn::LayerNorm([2, 3], eps=1e-05, elementwise_affine=true)");
  CHECK(printed(GroupNorm(2, 4)) == "torch::nn::GroupNorm(2, 4, eps=1e-05, affine=true)");
  CHECK(printed(LocalResponseNorm(2)) == "torch::nn::LocalResponseNorm(2, alpha=0.0001, beta=0.75, k=1)");
  CHECK(printed(CrossMapLRN2d(4)) == "torch::nn::CrossMapLRN2d(4, alpha=0.0001, beta=0.75, k=1)");
  CHECK(printed(Dropout2d(0.25)) == "torch::nn::Dropout2d(p=0.25, inplace=false)");
  CHECK(printed(Dropout3d()) == "torch::nn::Dropout3d(p=0.5, inplace=false)");
  CHECK(printed(AlphaDropout()) == "torch::nn::AlphaDropout(p=0.5, inplace=false)");
  CHECK(printed(FeatureAlphaDropout()) == "torch::nn::FeatureAlphaDropout(p=0.5, inplace=false)");
}

TEST_CASE("activations print their options") {
  CHECK(printed(RReLU()) == "torch::nn::RReLU(lower=0.125, upper=0.333333)");
  CHECK(printed(RReLU(RReLUOptions().lower(0.24).upper(0.42).inplace(true))) == "torch::nn::RReLU(lower=0.24, upper=0.42, inplace=true)");
  CHECK(printed(ELU()) == "torch::nn::ELU(alpha=1)");
  CHECK(printed(ELU(ELUOptions().alpha(0.123456789).inplace(true))) == "torch::nn::ELU(alpha=0.123457, inplace=true)");
  CHECK(printed(SELU()) == "torch::nn::SELU()");
  CHECK(printed(SELU(true)) == "torch::nn::SELU(inplace=true)");
  CHECK(printed(Hardshrink()) == "torch::nn::Hardshrink(0.5)");
  CHECK(printed(Hardtanh()) == "torch::nn::Hardtanh(min_val=-1, max_val=1)");
  CHECK(printed(Hardtanh(HardtanhOptions().min_val(-42.42).max_val(0.42).inplace(true))) ==
        "torch::nn::Hardtanh(min_val=-42.42, max_val=0.42, inplace=true)");
  CHECK(printed(LeakyReLU()) == "torch::nn::LeakyReLU(negative_slope=0.01)");
  CHECK(printed(LeakyReLU(LeakyReLUOptions().negative_slope(0.42).inplace(true))) == "torch::nn::LeakyReLU(negative_slope=0.42, inplace=true)");
  CHECK(printed(LogSigmoid()) == "torch::nn::LogSigmoid()");
  CHECK(printed(Softmax(1)) == "torch::nn::Softmax(dim=1)");
  CHECK(printed(Softmin(1)) == "torch::nn::Softmin(dim=1)");
  CHECK(printed(LogSoftmax(1)) == "torch::nn::LogSoftmax(dim=1)");
  CHECK(printed(Softmax2d()) == "torch::nn::Softmax2d()");
  CHECK(printed(PReLU()) == "torch::nn::PReLU(num_parameters=1)");
  CHECK(printed(ReLU()) == "torch::nn::ReLU()");
  CHECK(printed(ReLU(true)) == "torch::nn::ReLU(inplace=true)");
  CHECK(printed(ReLU6()) == "torch::nn::ReLU6()");
  CHECK(printed(CELU(CELUOptions().alpha(0.42).inplace(true))) == "torch::nn::CELU(alpha=0.42, inplace=true)");
  CHECK(printed(GLU()) == "torch::nn::GLU(dim=-1)");
  CHECK(printed(GELU(GELUOptions().approximate("tanh"))) == "torch::nn::GELU()");
  CHECK(printed(SiLU()) == "torch::nn::SiLU()");
  CHECK(printed(Mish()) == "torch::nn::Mish()");
  CHECK(printed(Sigmoid()) == "torch::nn::Sigmoid()");
  CHECK(printed(Softplus(SoftplusOptions().beta(0.24).threshold(42.42))) == "torch::nn::Softplus(beta=0.24, threshold=42.42)");
  CHECK(printed(Softshrink(0.42)) == "torch::nn::Softshrink(0.42)");
  CHECK(printed(Softsign()) == "torch::nn::Softsign()");
  CHECK(printed(Tanh()) == "torch::nn::Tanh()");
  CHECK(printed(Tanhshrink()) == "torch::nn::Tanhshrink()");
  CHECK(printed(Threshold(0.1, 20)) == "torch::nn::Threshold(threshold=0.1, value=20)");
  CHECK(printed(Threshold(ThresholdOptions(24.24, 42.42).inplace(true))) == "torch::nn::Threshold(threshold=24.24, value=42.42, inplace=true)");
}

TEST_CASE("layers of images print their options") {
  CHECK(printed(MaxPool1d(3)) == "torch::nn::MaxPool1d(kernel_size=3, stride=3, padding=0, dilation=1, ceil_mode=false)");
  CHECK(printed(MaxPool2d(MaxPool2dOptions({3, 2}).stride({2, 1}).ceil_mode(true))) ==
        "torch::nn::MaxPool2d(kernel_size=[3, 2], stride=[2, 1], padding=[0, 0], dilation=[1, 1], ceil_mode=true)");
  CHECK(printed(AvgPool2d(AvgPool2dOptions({3, 2}).stride(2))) == "torch::nn::AvgPool2d(kernel_size=[3, 2], stride=[2, 2], padding=[0, 0])");
  CHECK(printed(AdaptiveMaxPool1d(5)) == "torch::nn::AdaptiveMaxPool1d(output_size=5)");
  CHECK(printed(AdaptiveAvgPool2d(AdaptiveAvgPool2dOptions({5, std::nullopt}))) == "torch::nn::AdaptiveAvgPool2d(output_size=[5, None])");
  CHECK(printed(MaxUnpool3d(2)) == "torch::nn::MaxUnpool3d(kernel_size=[2, 2, 2], stride=[2, 2, 2], padding=[0, 0, 0])");
  CHECK(printed(LPPool2d(LPPool2dOptions(2, {3, 4}).stride({5, 6}).ceil_mode(true))) ==
        "torch::nn::LPPool2d(norm_type=2, kernel_size=[3, 4], stride=[5, 6], ceil_mode=true)");
  CHECK(printed(FractionalMaxPool2d(FractionalMaxPool2dOptions(5).output_size(1))) == "torch::nn::FractionalMaxPool2d()");
  CHECK(printed(ReflectionPad1d(2)) == "torch::nn::ReflectionPad1d(padding=[2, 2])");
  CHECK(printed(ReplicationPad2d(ReplicationPad2dOptions({1, 2, 3, 4}))) == "torch::nn::ReplicationPad2d(padding=[1, 2, 3, 4])");
  CHECK(printed(ZeroPad2d(1)) == "torch::nn::ZeroPad2d(padding=[1, 1, 1, 1])");
  CHECK(printed(ConstantPad1d(1, 3.5)) == "torch::nn::ConstantPad1d(padding=[1, 1], value=3.5)");
  CHECK(printed(Fold(4, 2)) == "torch::nn::Fold(output_size=[4, 4], kernel_size=[2, 2], dilation=[1, 1], padding=[0, 0], stride=[1, 1])");
  CHECK(printed(Unfold(UnfoldOptions(2).stride({1, 2}))) == "torch::nn::Unfold(kernel_size=[2, 2], dilation=[1, 1], padding=[0, 0], stride=[1, 2])");
  CHECK(printed(PixelShuffle(5)) == "torch::nn::PixelShuffle(upscale_factor=5)");
  CHECK(printed(PixelUnshuffle(5)) == "torch::nn::PixelUnshuffle(downscale_factor=5)");
  CHECK(printed(Upsample(UpsampleOptions().scale_factor(std::vector<double>{1.5, 2}).mode(kBilinear))) ==
        "torch::nn::Upsample(scale_factor=[1.5, 2], mode=kBilinear)");
  CHECK(printed(Upsample(UpsampleOptions().size(std::vector<int64_t>{3, 4}))) == "torch::nn::Upsample(size=[3, 4], mode=kNearest)");
}

TEST_CASE("losses and containers print as PyTorch's") {
  CHECK(printed(MSELoss()) == "torch::nn::MSELoss()");
  CHECK(printed(L1Loss()) == "torch::nn::L1Loss()");
  CHECK(printed(SmoothL1Loss()) == "torch::nn::SmoothL1Loss");
  CHECK(printed(HuberLoss()) == "torch::nn::HuberLoss");
  CHECK(printed(NLLLoss()) == "torch::nn::NLLLoss()");
  CHECK(printed(CrossEntropyLoss()) == "torch::nn::CrossEntropyLoss()");
  CHECK(printed(BCELoss()) == "torch::nn::BCELoss()");
  CHECK(printed(BCEWithLogitsLoss()) == "torch::nn::BCEWithLogitsLoss()");
  CHECK(printed(SoftMarginLoss()) == "torch::nn::SoftMarginLoss()");
  CHECK(printed(HingeEmbeddingLoss()) == "torch::nn::HingeEmbeddingLoss(margin=1)");
  CHECK(printed(KLDivLoss()) == "torch::nn::KLDivLoss()");
  CHECK(printed(MultiMarginLoss(MultiMarginLossOptions().weight(ones({2})))) ==
        "torch::nn::MultiMarginLoss(p=1, margin=1, weight= 1\n 1\n[ CPUFloatType{2} ], reduction=kMean)");
  CHECK(printed(MultiLabelMarginLoss()) == "torch::nn::MultiLabelMarginLoss()");
  CHECK(printed(MultiLabelSoftMarginLoss()) == "torch::nn::MultiLabelSoftMarginLoss()");
  CHECK(printed(PoissonNLLLoss()) == "torch::nn::PoissonNLLLoss()");
  CHECK(printed(MarginRankingLoss()) == "torch::nn::MarginRankingLoss()");
  CHECK(printed(CosineEmbeddingLoss()) == "torch::nn::CosineEmbeddingLoss(margin=0)");
  CHECK(printed(TripletMarginLoss()) == "torch::nn::TripletMarginLoss(margin=1, p=2, eps=1e-06, swap=false)");
  CHECK(printed(TripletMarginWithDistanceLoss()) == "torch::nn::TripletMarginWithDistanceLoss(margin=1, swap=false)");
  CHECK(printed(CTCLoss()) == "torch::nn::CTCLoss()");
  CHECK(printed(ModuleList(Linear(1, 2), ReLU())) ==
        "torch::nn::ModuleList(\n  (0): torch::nn::Linear(in_features=1, out_features=2, bias=true)\n  (1): torch::nn::ReLU()\n)");
  CHECK(printed(ParameterList(ones({2, 3}), zeros({1}, kDouble))) ==
        "torch::nn::ParameterList(\n(0): Parameter containing: [Float of size [2, 3]]\n(1): Parameter containing: [Double of size [1]]\n)");
  OrderedDict<std::string, Tensor> parameters;
  parameters.insert("A", ones({2}));
  CHECK(printed(ParameterDict(parameters)) == "torch::nn::ParameterDict(\n(A): Parameter containing: [Float of size [2]]\n)");
  CHECK(printed(Sequential({{"a", Linear(1, 2)}, {"b", Tanh()}})) ==
        "torch::nn::Sequential(\n  (a): torch::nn::Linear(in_features=1, out_features=2, bias=true)\n  (b): torch::nn::Tanh()\n)");
}

TEST_CASE("enumerations have names") {
  CHECK(enumtype::get_enum_name(init::FanModeType(kFanIn)) == "kFanIn");
  CHECK(enumtype::get_enum_name(enumtype::reduction_t(kSum)) == "kSum");
}
