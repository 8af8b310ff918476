#include <doctest/doctest.h>
#include <xgrad/inspect/summary/summary.h>
#include <xgrad/xgrad.h>

using namespace xgrad;
using inspect::LayerSummary;
using inspect::ModelSummary;
using inspect::summary;
using Shape = std::vector<int64_t>;

namespace {

const LayerSummary& layer(const ModelSummary& model, const std::string& path) {
  for (const auto& l : model.layers)
    if (l.path == path) return l;
  FAIL("no layer " << path);
  return model.layers[0];
}

struct ConvNetImpl : nn::Module {
  ConvNetImpl() {
    conv = register_module("conv", nn::Conv2d(nn::Conv2dOptions(3, 8, 5).stride(2).groups(1)));
    norm = register_module("norm", nn::BatchNorm2d(8));
    depthwise = register_module("depthwise", nn::Conv2d(nn::Conv2dOptions(8, 8, 3).groups(8).bias(false)));
    drop = register_module("drop", nn::Dropout(0.5));
    out = register_module("out", nn::Linear(8, 10));
  }
  Tensor forward(Tensor x) {
    x = nn::functional::max_pool2d(relu(norm(conv(x))), nn::functional::MaxPool2dFuncOptions(2));
    return out(drop(depthwise(x).mean({2, 3})));
  }
  nn::Conv2d conv{nullptr}, depthwise{nullptr};
  nn::BatchNorm2d norm{nullptr};
  nn::Dropout drop{nullptr};
  nn::Linear out{nullptr};
};
TORCH_MODULE(ConvNet);

}  // namespace

TEST_CASE("a summary has each layer's output, parameters, multiply-adds and memory") {
  ConvNet net;
  net->out->weight.set_requires_grad(false);
  const ModelSummary s = summary(net, {4, 3, 21, 21});
  CHECK(s.layers.size() == 6);
  CHECK(s.layers[0].path == "");
  CHECK(s.layers[0].type == "ConvNet");
  CHECK(s.layers[0].output == Shape{4, 10});
  CHECK(layer(s, "conv").output == Shape{4, 8, 9, 9});
  CHECK(layer(s, "conv").type == "Conv2d");
  CHECK(layer(s, "conv").calls == 1);
  CHECK(layer(s, "norm").output == Shape{4, 8, 9, 9});  // and not that of the pooling behind it
  CHECK(layer(s, "depthwise").output == Shape{4, 8, 2, 2});
  CHECK(layer(s, "drop").output == Shape{4, 8});  // which does nothing
  CHECK(layer(s, "out").output == Shape{4, 10});
  CHECK(layer(s, "conv").multiply_adds == 4 * 8 * 9 * 9 * 3 * 5 * 5);
  CHECK(layer(s, "depthwise").multiply_adds == 4 * 8 * 2 * 2 * 3 * 3);
  CHECK(layer(s, "out").multiply_adds == 4 * 8 * 10);
  CHECK(layer(s, "norm").multiply_adds == 0);
  CHECK(layer(s, "conv").parameters == 8 * 3 * 25 + 8);
  CHECK(layer(s, "conv").bytes == 4 * 8 * 9 * 9 * 4);
  CHECK(layer(s, "drop").bytes == 0);
  CHECK(s.layers[0].bytes == 4 * (4 * 8 * 9 * 9 + 4 * 8 * 4 * 4 + 4 * 8));  // relu, pooling, mean
  int64_t parameters = 0;
  for (const Tensor& p : net->parameters()) parameters += p.numel();
  CHECK(s.parameters == parameters);
  CHECK(s.trained_parameters == parameters - 80);
  CHECK(s.parameter_bytes == 4 * parameters);
  CHECK(s.buffer_bytes == 4 * 16 + 8);
  CHECK(s.multiply_adds == layer(s, "conv").multiply_adds + layer(s, "depthwise").multiply_adds + 320);
  CHECK(net->is_training());
  CHECK(net->drop->is_training());
  CHECK(net->norm->running_mean.abs().sum().item<double>() == 0);
  const std::string text = s.text();
  CHECK(text.find("[4, 8, 9, 9]") != std::string::npos);
  CHECK(text.find("  depthwise") != std::string::npos);
}

TEST_CASE("a Sequential whose activations are part of its layers, in parts that share a module") {
  nn::Linear shared(6, 6);
  nn::Sequential net(nn::Linear(4, 6), nn::ReLU(), nn::Sequential(shared, nn::Tanh()), shared, nn::ELU(), nn::Flatten());
  const ModelSummary s = summary(net, {5, 4});
  CHECK(s.layers.size() == 8);  // the shared one once
  CHECK(layer(s, "1").output == Shape{5, 6});
  CHECK(layer(s, "1").type == "ReLU");
  CHECK(layer(s, "2").output == Shape{5, 6});
  CHECK(layer(s, "2.0").multiply_adds == 2 * 5 * 36);
  CHECK(layer(s, "2.0").parameters == 42);
  CHECK(layer(s, "4").output == Shape{5, 6});
  CHECK(s.parameters == 4 * 6 + 6 + 42);
}

TEST_CASE("recurrent layers and attention") {
  nn::LSTM lstm(nn::LSTMOptions(3, 4).num_layers(2).bidirectional(true));
  const ModelSummary s = summary(lstm, {7, 2, 3});
  CHECK(s.multiply_adds == 7 * 2 * 2 * (16 * 3 + 16 * 4) + 7 * 2 * 2 * (16 * 8 + 16 * 4));
  nn::GRUCell cell(nn::GRUCellOptions(3, 4));
  CHECK(summary(cell, {5, 3}).multiply_adds == 5 * (12 * 3 + 12 * 4));

  struct UsesImpl : nn::Module {
    UsesImpl() {
      lstm = register_module("lstm", nn::LSTM(nn::LSTMOptions(3, 4)));
      fc = register_module("fc", nn::Linear(4, 2));
    }
    Tensor forward(Tensor x) { return fc(std::get<0>(lstm(x))); }
    nn::LSTM lstm{nullptr};
    nn::Linear fc{nullptr};
  };
  UsesImpl uses;
  CHECK(layer(summary(uses, {7, 2, 3}), "lstm").output == Shape{7, 2, 4});

  nn::MultiheadAttention attention(nn::MultiheadAttentionOptions(8, 2));
  const Tensor q = rand({5, 3, 8}), k = rand({6, 3, 8});
  CHECK(summary(attention, q, q, q).multiply_adds == 5 * 3 * (8 * 24 + 8 * 8) + 2 * 5 * 5 * 3 * 8);
  CHECK(summary(attention, q, k, k).multiply_adds == 5 * 3 * 8 * 8 + 6 * 3 * 8 * 16 + 2 * 5 * 6 * 3 * 8 + 5 * 3 * 8 * 8);
  const auto by_function = inspect::summary_of(*nn::Identity(), [&] {
    scaled_dot_product_attention(rand({2, 4, 5, 8}), rand({2, 4, 6, 8}), rand({2, 4, 6, 3}));
  });
  CHECK(by_function.multiply_adds == 2 * 4 * 5 * 6 * (8 + 3));
}

TEST_CASE("products of every kind") {
  nn::Identity none;
  const auto cost = [&](const std::function<void()>& f) { return inspect::summary_of(*none, f).multiply_adds; };
  const Tensor a = rand({3, 4}), b = rand({4, 5});
  CHECK(cost([&] { mm(a, b); }) == 60);
  CHECK(cost([&] { matmul(a, rand({4})); }) == 12);
  CHECK(cost([&] { matmul(rand({2, 3, 4}), rand({2, 4, 5})); }) == 120);
  CHECK(cost([&] { matmul(rand({2, 3, 4}), b); }) == 120);
  CHECK(cost([&] { addmm(rand({5}), a, b); }) == 60);
  CHECK(cost([&] { baddbmm(rand({1}), rand({2, 3, 4}), rand({2, 4, 5})); }) == 120);
  CHECK(cost([&] { dot(rand({7}), rand({7})); }) == 7);
  CHECK(cost([&] { conv_transpose2d(rand({2, 3, 4, 4}), rand({3, 5, 2, 2})); }) == 2 * 3 * 16 * 5 * 4);
  CHECK(cost([&] {
          conv1d(rand({2, 4, 9}), rand({6, 2, 3}), Tensor(), IntArrayRef({1}), IntArrayRef({0}), IntArrayRef({1}), 2);
        }) == 2 * 6 * 7 * 2 * 3);
  CHECK(cost([&] { a.exp() + 1; }) == 0);
}

TEST_CASE("modes and grad mode are as before, also after an exception, and what was called directly is found by its parameters") {
  struct NetImpl : nn::Module {
    NetImpl() {
      a = register_module("a", nn::Linear(2, 3));
      b = register_module("b", nn::Sequential(nn::BatchNorm1d(3), nn::Dropout(0.5)));
    }
    Tensor forward(Tensor x) { return b->forward(a->forward(x)); }
    nn::Linear a{nullptr};
    nn::Sequential b{nullptr};
  } net;
  net.b[0]->eval();
  CHECK_THROWS_AS(summary(net, {4, 5}), Error);
  CHECK(net.is_training());
  CHECK(net.b->is_training());
  CHECK(!net.b[0]->is_training());
  CHECK(net.b[1]->is_training());
  CHECK(GradMode::is_enabled());
  const ModelSummary s = summary(net, {4, 2});
  CHECK(layer(s, "a").output == Shape{4, 3});
  CHECK(layer(s, "a").multiply_adds == 24);
  CHECK(layer(s, "b.0").output == Shape{4, 3});
  CHECK(s.layers[0].output == Shape{4, 3});
  CHECK(summary(net, zeros({1, 2})).multiply_adds == 6);
}

TEST_CASE("a tree of modules with their names, classes and parameters") {
  nn::Sequential net(nn::Linear(2, 3), nn::Sequential(nn::ReLU(), nn::Linear(3, 1000)), nn::Tanh());
  CHECK(inspect::module_tree(*net) ==
        "Sequential, 4,009 parameters\n"
        "├─ 0: Linear, 9 parameters\n"
        "├─ 1: Sequential, 4,000 parameters\n"
        "│  ├─ 0: ReLU\n"
        "│  └─ 1: Linear, 4,000 parameters\n"
        "└─ 2: Tanh\n");
}
