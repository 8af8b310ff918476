// The fields of options: what walks over them, and that a layer's text follows.
#include <doctest/doctest.h>

#include <sstream>

#include "message.h"
#include "printed.h"
#include <xgrad/autograd/ops/ops.h>
#include <xgrad/nn/nn.h>

using namespace xgrad;
using namespace xgrad::nn;

namespace {

void change(bool& value) { value = !value; }
void change(int64_t& value) { value += 3; }
void change(double& value) { value += 0.25; }
void change(std::string& value) { value += "!"; }
void change(Tensor& value) { value = ones({2}); }
template <size_t D> void change(ExpandingArray<D>& value) { value->at(D - 1) += 3; }
template <size_t D> void change(ExpandingArrayWithOptionalElem<D>& value) { value->at(D - 1) = std::nullopt; }
template <class T> void change(std::optional<T>& value) { value = T(5); }
template <class... Names> void change(std::variant<Names...>& value) {
  if constexpr ((std::is_same_v<Names, enumtype::kSum> || ...)) value = kSum;
  else value = kReLU;
}
void change(std::vector<int64_t>& value) { value.push_back(5); }

template <class T> std::string text(const T& value) { return printed(value); }
template <class T> std::string text(const std::optional<T>& value) { return value ? text(*value) : "none"; }
template <class... Names> std::string text(const std::variant<Names...>& value) { return enumtype::get_enum_name(value); }

// Changes every field in turn: the text must follow if the field is shown, and only then.
template <class M> void check_text(M module, bool has_text = true) {
  auto& options = module->options;
  using Options = std::remove_reference_t<decltype(options)>;
  Options::each_field(options, [&](const char* name, auto& value, const auto&, Shown shown) {
    CAPTURE(name);
    const auto text_before = text(module);
    change(value);
    const auto after = text(module);
    CHECK((after != text_before) == (has_text && shown != Shown::never));
    if (!has_text || shown == Shown::never) return;
    if (shown == Shown::bare) CHECK((contains(after, '(' + text(value)) || contains(after, ", " + text(value))));
    else CHECK(contains(after, name + ('=' + text(value))));
  });
}

// Options without a constructor of their own begin with their fields' defaults.
template <class Options> void check_defaults() {
  Options options;
  Options::each_field(options, [](const char* name, auto& value, const auto& initial, Shown) {
    CAPTURE(name);
    CHECK(text(value) == text(initial));
  });
}

}  // namespace

TEST_CASE("a layer's text shows the fields of its options") {
  check_text(ELU());
  check_text(SELU());
  check_text(CELU());
  check_text(ReLU());
  check_text(ReLU6());
  check_text(LeakyReLU());
  check_text(Hardtanh());
  check_text(Hardshrink());
  check_text(Softshrink());
  check_text(GELU());
  check_text(GLU());
  check_text(Softplus());
  check_text(Softmax(1));
  check_text(Softmin(1));
  check_text(LogSoftmax(1));
  check_text(Threshold(0.1, 20));
  check_text(PReLU());
  check_text(CosineSimilarity());
  check_text(PairwiseDistance());
  check_text(Dropout());
  check_text(Embedding(3, 2));
  check_text(EmbeddingBag(3, 2));
  check_text(RNN(2, 3));
  check_text(LSTM(2, 3));
  check_text(GRU(2, 3));
  check_text(RNNCell(2, 3));
  check_text(LSTMCell(2, 3));
  check_text(GRUCell(2, 3));
  check_text(MultiheadAttention(4, 2), false);
  check_text(AdaptiveLogSoftmaxWithLoss(AdaptiveLogSoftmaxWithLossOptions(4, 9, {3})), false);
  check_text(Linear(3, 4));
  check_text(Bilinear(1, 2, 3));
  check_text(Flatten());
  check_text(MaxPool1d(2));
  check_text(MaxPool2d(2));
  check_text(AvgPool2d(2));
  check_text(AvgPool3d(2));
  check_text(AdaptiveMaxPool1d(2));
  check_text(AdaptiveMaxPool2d(2));
  check_text(AdaptiveAvgPool3d(2));
  check_text(MaxUnpool2d(2));
  check_text(LPPool1d(2, 3));
  check_text(ReflectionPad2d(1));
  check_text(ReplicationPad3d(1));
  check_text(ZeroPad2d(1));
  check_text(ConstantPad2d(1, 0.5));
  check_text(Fold(4, 2));
  check_text(Unfold(2));
  check_text(PixelShuffle(2));
  check_text(PixelUnshuffle(2));
  check_text(MSELoss());
  check_text(L1Loss());
  check_text(SmoothL1Loss(), false);
  check_text(HuberLoss(), false);
  check_text(SoftMarginLoss());
  check_text(HingeEmbeddingLoss());
  check_text(KLDivLoss());
  check_text(BCELoss());
  check_text(NLLLoss());
  check_text(CrossEntropyLoss());
  check_text(BCEWithLogitsLoss());
  check_text(PoissonNLLLoss());
  check_text(MultiLabelMarginLoss());
  check_text(MultiLabelSoftMarginLoss());
  check_text(MarginRankingLoss());
  check_text(CosineEmbeddingLoss());
  check_text(TripletMarginLoss());
  check_text(TripletMarginWithDistanceLoss());
  check_text(CTCLoss());
  check_text(RReLU());
  check_text(Dropout2d());
  check_text(AlphaDropout());
  check_text(BatchNorm1d(3));
  check_text(InstanceNorm2d(3));
  check_text(LocalResponseNorm(3));
  check_text(CrossMapLRN2d(3));
}

TEST_CASE("an embedding prints what was changed") {
  CHECK(text(Embedding(3, 2)) == "torch::nn::Embedding(num_embeddings=3, embedding_dim=2)");
  CHECK(text(Embedding(EmbeddingOptions(3, 2).padding_idx(1).max_norm(0.5).norm_type(1))) ==
        "torch::nn::Embedding(num_embeddings=3, embedding_dim=2, padding_idx=1, max_norm=0.5, norm_type=1)");
}

TEST_CASE("options begin with the defaults of their fields") {
  check_defaults<ELUOptions>();
  check_defaults<HardtanhOptions>();
  check_defaults<functional::DropoutFuncOptions>();
  check_defaults<functional::EmbeddingFuncOptions>();
  check_defaults<EmbeddingFromPretrainedOptions>();
  check_defaults<EmbeddingBagFromPretrainedOptions>();
  check_defaults<functional::EmbeddingBagFuncOptions>();
  check_defaults<FlattenOptions>();
  check_defaults<KLDivLossOptions>();
  check_defaults<functional::BatchNormFuncOptions>();
  check_defaults<functional::InstanceNormFuncOptions>();
  check_defaults<functional::RReLUFuncOptions>();
  check_defaults<functional::AlphaDropoutFuncOptions>();
  check_defaults<CrossEntropyLossOptions>();
}

namespace {

// As written for libtorch, and with all that a struct of this house has.
struct OwnOptions {
  OwnOptions(int64_t size) : size_(size) {}
  XGRAD_ARG(int64_t, size);
  XGRAD_ARG(std::vector<double>, weights) = {1, 2};
};

struct TwelveOptions {
  XGRAD_FIELDS((int64_t, a, 1), (int64_t, b, 2), (int64_t, c, 3), (int64_t, d, 4), (int64_t, e, 5), (int64_t, f, 6), (int64_t, g, 7), (int64_t, h, 8),
               (int64_t, i, 9), (int64_t, j, 10), (int64_t, k, 11), (int64_t, l, 12))
};

}  // namespace

TEST_CASE("options of one's own") {
  OwnOptions own = OwnOptions(3).weights({4});
  own.size() += 1;
  const std::vector<double> two = {5, 6};
  CHECK(own.size() == 4);
  CHECK(std::as_const(own).weights() == std::vector<double>{4});
  CHECK(own.weights(two).size(8).weights() == two);

  const TwelveOptions twelve = TwelveOptions().l(20);
  std::string names;
  int64_t sum = 0;
  TwelveOptions::each_field(twelve, [&](const char* name, const int64_t& value, int64_t initial, Shown shown) {
    names += name;
    sum += value;
    CHECK((value == initial) == (names != "abcdefghijkl"));
    CHECK(shown == Shown::always);
  });
  CHECK(names == "abcdefghijkl");
  CHECK(sum == 66 + 20);
}
