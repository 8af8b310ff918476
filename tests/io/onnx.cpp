// ONNX files, read back by a reader of the test's own. make test-onnx runs many more in onnxruntime.
#include <doctest/doctest.h>

#include <filesystem>

#include <xgrad/io/onnx/onnx.h>
#include <xgrad/xgrad.h>

#include "io/folder.h"
#include "io/onnx_reader.h"
#include "message.h"

namespace nn = torch::nn;
namespace onnx = torch::onnx;
using onnx_reader::Array;
using onnx_reader::Model;
using torch::Tensor;
using Inputs = const std::vector<Tensor>&;

namespace {

Array array_of(const Tensor& t) {
  const Tensor values = t.to(torch::kDouble).contiguous();
  return {t.sizes().vec(), std::vector<double>(values.data_ptr<double>(), values.data_ptr<double>() + values.numel())};
}

// The file's model and the function give the same for batches of three sizes.
void check_runs(const Model& model, const std::function<Tensor(const Tensor&)>& f, const Tensor& like) {
  torch::NoGradGuard no_grad;
  for (const int64_t batch : {1, 2, 7}) {
    std::vector<int64_t> sizes = like.sizes().vec();
    sizes[0] = batch;
    const Tensor x = torch::randn(sizes), y = f(x);
    const Array found = model.run({{model.inputs[0], array_of(x)}}).at(model.outputs[0]), expected = array_of(y);
    CHECK(found.shape == expected.shape);
    REQUIRE(found.values.size() == expected.values.size());
    for (size_t i = 0; i < expected.values.size(); ++i) CHECK(found.values[i] == doctest::Approx(expected.values[i]).epsilon(1e-5));
  }
}

struct NetImpl : nn::Module {
  NetImpl() {
    body = register_module("body", nn::Sequential(nn::Linear(6, 5), nn::ReLU(), nn::Dropout(0.5), nn::Linear(5, 4)));
    head = register_module("head", nn::Linear(4, 3));
  }
  Tensor forward(const Tensor& x) { return torch::softmax(head(torch::tanh(body->forward(x))), 1); }
  nn::Sequential body{nullptr};
  nn::Linear head{nullptr};
};
TORCH_MODULE(Net);

std::string export_refusal(const onnx::Function& f, const std::vector<Tensor>& inputs, const onnx::Options& options = {}) {
  return message_of([&] { onnx::bytes(f, inputs, options); });
}

}  // namespace

TEST_CASE("a net's file has its names and computes what it computes, for any batch") {
  torch::manual_seed(0);
  Net net;
  net->eval();
  for (const int64_t opset : {13, 17}) {
    onnx::Options options;
    options.opset = opset;
    options.input_names = {"points"};
    options.output_names = {"probabilities"};
    const Model model(onnx::bytes(net, {torch::randn({2, 6})}, options));
    CHECK(model.opset == opset);
    CHECK(model.inputs == std::vector<std::string>{"points"});
    CHECK(model.outputs == std::vector<std::string>{"probabilities"});
    CHECK(model.sizes.at("points") == std::vector<std::string>{"batch", "6"});
    CHECK(model.sizes.at("probabilities") == std::vector<std::string>{"batch", "3"});
    for (const auto& item : net->named_parameters()) {
      REQUIRE(model.constants.count(item.key()));
      CHECK(model.constants.at(item.key()).values == array_of(item.value()).values);
    }
    CHECK(model.constants.size() == 6);
    check_runs(
        model, [&](const Tensor& x) { return net->forward(x); }, torch::ones({2, 6}));
  }
}

TEST_CASE("shapes follow the size of the batch, and what doesn't depend on inputs is a constant") {
  const auto f = [](const Tensor& x) {
    const Tensor scale = torch::arange(6, torch::kFloat).exp().sin();
    return (x * scale).reshape({x.size(0) * 2, 3}).view({x.size(0), 2, 3}) + 1;
  };
  const Model model(onnx::bytes([&](Inputs x) { return std::vector<Tensor>{f(x[0])}; }, {torch::randn({3, 6})}));
  CHECK_FALSE(model.has("Exp"));
  check_runs(model, f, torch::ones({3, 6}));
}

TEST_CASE("edits in place are followed") {
  const auto f = [](const Tensor& x) {
    Tensor y = x * 2;
    y.add_(1).relu_();
    Tensor v = y.view({-1, 2, 3});
    y.mul_(0.5);
    return v.tanh();
  };
  const Model model(onnx::bytes([&](Inputs x) { return std::vector<Tensor>{f(x[0])}; }, {torch::randn({3, 6})}));
  check_runs(model, f, torch::ones({3, 6}));
}

TEST_CASE("an input that is a result, and one result twice") {
  const Model model(onnx::bytes(
      [](Inputs x) {
        const Tensor y = x[0] * 2;
        return std::vector<Tensor>{x[0], y, y};
      },
      {torch::ones({2, 2})}));
  const auto values = model.run({{"input", {{1, 2}, {3, 4}}}});
  CHECK(values.at("output_0").values == std::vector<double>{3, 4});
  CHECK(values.at("output_1").values == std::vector<double>{6, 8});
  CHECK(values.at("output_2").values == std::vector<double>{6, 8});
}

TEST_CASE("what has no counterpart is named with its module, and no file is written") {
  const Folder folder;
  const std::string path = folder / "model.onnx";
  struct OddImpl : nn::Module {
    OddImpl() { body = register_module("body", nn::Sequential(nn::Linear(2, 2), nn::Linear(2, 2))); }
    Tensor forward(const Tensor& x) { return torch::lgamma(body->forward(x)); }
    nn::Sequential body{nullptr};
  };
  auto odd = std::make_shared<OddImpl>();
  CHECK(message_of([&] {
          onnx::save(odd, {torch::ones({1, 2})}, path);
        }).find("the operation lgamma, which comes after an operation of 'body.1', has no counterpart") != std::string::npos);
  CHECK_FALSE(std::filesystem::exists(path));
  Net net;
  CHECK(message_of([&] { onnx::save(net, {torch::ones({1, 6})}, path); }).find("eval()") != std::string::npos);
  net->eval();
  onnx::save(net, {torch::ones({1, 6})}, path);
  CHECK(Model(bytes_of(path)).nodes.size() == 6);
}

TEST_CASE("what can't be made for every batch is refused, but not for one size") {
  const auto by_place = [](Inputs x) { return std::vector<Tensor>{x[0] + torch::arange(x[0].size(0), torch::kFloat).unsqueeze(1)}; };
  const auto by_size = [](Inputs x) { return std::vector<Tensor>{x[0].size(0) > 2 ? x[0].exp() : x[0].sin()}; };
  const auto squared = [](Inputs x) { return std::vector<Tensor>{x[0].unsqueeze(0).expand({x[0].size(0) * x[0].size(0), -1, -1}).tanh()}; };
  const std::vector<Tensor> inputs = {torch::ones({2, 3})};
  CHECK(export_refusal(by_place, inputs).find("other elements for each item of the batch") != std::string::npos);
  CHECK(export_refusal(by_size, inputs).find("depends on the size of the batch: sin at step 0 with 2, exp with 3") != std::string::npos);
  CHECK(export_refusal(squared, inputs).find("no linear function") != std::string::npos);
  const auto by_item = [](Inputs x) { return std::vector<Tensor>{x[0] * x[0].sum().item<float>()}; };
  CHECK(export_refusal(by_item, inputs).find("its other depends on the batch: a number that was read from a tensor") != std::string::npos);
  onnx::Options fixed;
  fixed.dynamic_batch = false;
  for (const onnx::Function& f : {onnx::Function(by_place), onnx::Function(by_size)})
    CHECK(Model(onnx::bytes(f, inputs, fixed)).sizes.at("input") == std::vector<std::string>{"2", "3"});
}

TEST_CASE("options that don't fit") {
  const onnx::Function f = [](Inputs x) { return std::vector<Tensor>{x[0] * 2}; };
  const std::vector<Tensor> inputs = {torch::ones({2, 3})};
  onnx::Options o;
  o.opset = 18;
  CHECK(export_refusal(f, inputs, o).find("opset must be 13 to 17, got 18") != std::string::npos);
  o = {};
  o.input_names = {"a", "b"};
  CHECK(export_refusal(f, inputs, o).find("expected 1 names of inputs, got 2") != std::string::npos);
  o = {};
  o.input_names = o.output_names = {"x"};
  CHECK(export_refusal(f, inputs, o).find("the name 'x' is given twice") != std::string::npos);
  o = {};
  o.batch_axes = {2};
  CHECK(export_refusal(f, inputs, o).find("must be from 0 to 1, or -1, got 2") != std::string::npos);
  o.batch_axes = {-1};
  CHECK(export_refusal(f, inputs, o).find("needs an input with a batch") != std::string::npos);
  CHECK(export_refusal(f, {}).find("expected example inputs, got none") != std::string::npos);
  CHECK(export_refusal(f, {torch::ones({0, 3})}).find("an empty batch") != std::string::npos);
  CHECK(export_refusal(f, {torch::tensor(2.0f)}).find("has no axis for a batch") != std::string::npos);
  CHECK(export_refusal([](Inputs) { return std::vector<Tensor>{Tensor()}; }, inputs).find("result 0 of the function is undefined") !=
        std::string::npos);
  CHECK(export_refusal(f, {Tensor()}).find("input 0 is undefined") != std::string::npos);
  Net net;
  CHECK(message_of([&] { onnx::bytes(net, {inputs[0], inputs[0]}); }).find("takes no 2 tensors") != std::string::npos);
}
