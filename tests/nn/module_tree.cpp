// Modules as trees: registration, names, traversal, state.
#include <doctest/doctest.h>

#include "message.h"
#include <xgrad/autograd/ops/ops.h>
#include <xgrad/nn/nn.h>

using namespace xgrad;
namespace nn = xgrad::nn;

namespace {

struct Block : nn::Module {
  Block() {
    fc = register_module("fc", nn::Linear(2, 3));
    scale = register_parameter("scale", ones({3}));
    count = register_buffer("count", zeros({1}, kLong));
  }
  Tensor forward(const Tensor& x) { return fc(x) * scale; }
  nn::Linear fc{nullptr};
  Tensor scale, count;
};

struct Tree : nn::Module {
  Tree() : first(std::make_shared<Block>()), second(std::make_shared<Block>()) {
    register_module("first", first);
    register_module("second", second);
    weight = register_parameter("weight", zeros({2}));
  }
  std::shared_ptr<Block> first, second;
  Tensor weight;
};

using Keys = std::vector<std::string>;

}  // namespace

TEST_CASE("parameters and buffers have paths as names, parents before children") {
  Tree net;
  CHECK(net.named_parameters().keys() ==
        Keys{"weight", "first.scale", "first.fc.weight", "first.fc.bias", "second.scale", "second.fc.weight", "second.fc.bias"});
  CHECK(net.named_parameters(false).keys() == Keys{"weight"});
  CHECK(net.named_buffers().keys() == Keys{"first.count", "second.count"});
  CHECK(net.parameters().size() == 7);
  CHECK(net.buffers(false).empty());
  CHECK(net.parameters()[2].is_same(net.first->fc->weight));
  CHECK(net.named_parameters()["weight"].requires_grad());
  CHECK_FALSE(net.named_buffers()["first.count"].requires_grad());
}

TEST_CASE("a parameter that is undefined is only a name") {
  nn::Linear fc(nn::LinearOptions(2, 3).bias(false));
  CHECK(fc->named_parameters().keys() == Keys{"weight"});
  CHECK_FALSE(fc->bias.defined());
}

TEST_CASE("a module registered twice gives its parameters once, under the first name") {
  auto shared = nn::Linear(2, 2);
  nn::Sequential net(shared, nn::Tanh(), shared);
  CHECK(net->named_parameters().keys() == Keys{"0.weight", "0.bias"});
  CHECK(net->modules(false).size() == 3);
}

TEST_CASE("modules, children and their names") {
  auto net = std::make_shared<Tree>();
  CHECK(net->named_modules().keys() == Keys{"", "first", "first.fc", "second", "second.fc"});
  CHECK(net->named_modules("net").keys() == Keys{"net", "net.first", "net.first.fc", "net.second", "net.second.fc"});
  CHECK(net->named_modules("", false).keys() == Keys{"first", "first.fc", "second", "second.fc"});
  CHECK(net->modules()[0] == net);
  CHECK(net->children().size() == 2);
  CHECK(net->named_children().keys() == Keys{"first", "second"});
  CHECK(net->children()[1]->as<Block>() == net->second.get());
}

TEST_CASE("modules() of a module on the stack says what to do") {
  Tree net;
  CHECK(message_of([&] { net.modules(); }).find("Use std::make_shared<(anonymous namespace)::Tree> instead of creating your module on the stack") !=
        std::string::npos);
  CHECK(net.modules(/*include_self=*/false).size() == 4);
}

TEST_CASE("apply visits every module in every form") {
  auto net = std::make_shared<Tree>();
  const Keys classes = {"(anonymous namespace)::Tree", "(anonymous namespace)::Block", "torch::nn::LinearImpl", "(anonymous namespace)::Block",
                        "torch::nn::LinearImpl"};
  Keys seen, names;
  net->apply([&](nn::Module& m) { seen.push_back(m.name()); });
  CHECK(seen == classes);
  seen.clear();
  std::as_const(*net).apply([&](const nn::Module& m) { seen.push_back(m.name()); });
  CHECK(seen == classes);
  net->apply([&](const std::string& name, nn::Module&) { names.push_back(name); }, "x");
  CHECK(names == Keys{"x", "x.first", "x.first.fc", "x.second", "x.second.fc"});
  names.clear();
  std::as_const(*net).apply([&](const std::string& name, const nn::Module&) { names.push_back(name); });
  CHECK(names == Keys{"", "first", "first.fc", "second", "second.fc"});
  seen.clear();
  net->apply([&](const std::shared_ptr<nn::Module>& m) { seen.push_back(m->name()); });
  CHECK(seen == classes);
  names.clear();
  net->apply([&](const std::string& name, const std::shared_ptr<nn::Module>&) { names.push_back(name); });
  CHECK(names == Keys{"", "first", "first.fc", "second", "second.fc"});
}

TEST_CASE("registration refuses bad names and changes nothing") {
  Block block;
  const auto check = [](const std::string& message, const std::string& part) {
    INFO(message);
    CHECK(message.find(part) != std::string::npos);
  };
  check(message_of([&] { block.register_module("", nn::Linear(1, 1)); }), "Submodule name must not be empty");
  check(message_of([&] { block.register_module("a.b", nn::Linear(1, 1)); }), "Submodule name must not contain a dot (got 'a.b')");
  check(message_of([&] { block.register_module("fc", nn::Linear(1, 1)); }), "Submodule 'fc' already defined");
  check(message_of([&] { block.register_module("null", std::shared_ptr<Block>()); }), "must not be null");
  const auto owner = std::make_shared<Block>();
  check(message_of([&] { owner->register_module("self", owner); }), "Submodule 'self' must not be the module itself");
  check(message_of([&] { owner->replace_module("fc", owner); }), "Submodule 'fc' must not be the module itself");
  check(message_of([&] { block.register_module("empty", nn::Linear(nullptr)); }), "Accessing empty ModuleHolder");
  check(message_of([&] { block.register_parameter("", ones({1})); }), "Parameter name must not be empty");
  check(message_of([&] { block.register_parameter("a.b", ones({1})); }), "Parameter name must not contain a dot (got 'a.b')");
  check(message_of([&] { block.register_parameter("scale", ones({1})); }), "Parameter 'scale' already defined");
  check(message_of([&] { block.register_parameter("count", ones({1})); }), "Parameter 'count' already defined");
  check(message_of([&] { block.register_parameter("i", ones({1}, kInt)); }), "floating point");
  check(message_of([&] { block.register_buffer("", ones({1})); }), "Buffer name must not be empty");
  check(message_of([&] { block.register_buffer("a.b", ones({1})); }), "Buffer name must not contain a dot (got 'a.b')");
  check(message_of([&] { block.register_buffer("count", ones({1})); }), "Buffer 'count' already defined");
  check(message_of([&] { block.unregister_module("zz"); }), "No Module with name `zz` is registered");
  check(message_of([&] { block.replace_module("zz", nn::Linear(1, 1)); }), "Submodule 'zz' is not defined");
  CHECK(block.named_parameters().keys() == Keys{"scale", "fc.weight", "fc.bias"});
  CHECK(block.named_buffers().keys() == Keys{"count"});
}

TEST_CASE("integers can be parameters that are not trained") {
  nn::Module m("m");
  CHECK_FALSE(m.register_parameter("steps", zeros({1}, kLong), false).requires_grad());
  CHECK(m.name() == "m");
}

TEST_CASE("submodules are replaced and taken out") {
  Block block;
  block.fc = block.replace_module("fc", nn::Linear(2, 5));
  CHECK(block.named_parameters()["fc.weight"].size(0) == 5);
  CHECK(block.fc->weight.is_same(block.named_parameters()["fc.weight"]));
  block.unregister_module("fc");
  CHECK(block.named_parameters().keys() == Keys{"scale"});
}

TEST_CASE("train and eval reach the whole tree") {
  Tree net;
  CHECK(net.is_training());
  net.eval();
  for (const auto& m : net.modules(false)) CHECK_FALSE(m->is_training());
  CHECK_FALSE(net.is_training());
  net.first->train();
  CHECK(net.first->fc->is_training());
  CHECK_FALSE(net.second->fc->is_training());
}

TEST_CASE("zero_grad zeroes gradients or drops them") {
  Block block;
  block.forward(ones({1, 2})).sum().backward();
  const Tensor held = block.fc->weight.grad();
  CHECK(held.abs().sum().item<float>() > 0);
  block.zero_grad();
  CHECK(block.fc->weight.grad().defined());
  CHECK(held.abs().sum().item<float>() == 0);
  block.zero_grad(/*set_to_none=*/true);
  CHECK_FALSE(block.fc->weight.grad().defined());
}

TEST_CASE("to converts parameters, buffers and gradients, and members see it") {
  Tree net;
  net.first->forward(ones({1, 2})).sum().backward();
  net.to(kDouble);
  CHECK((net.first->fc->weight.dtype() == kDouble));
  CHECK(net.first->fc->weight.requires_grad());
  CHECK((net.first->fc->weight.grad().dtype() == kDouble));
  CHECK((net.second->count.dtype() == kDouble));
  net.first->forward(ones({1, 2}, kDouble)).sum().backward();
  CHECK((net.first->scale.grad().dtype() == kDouble));
  net.to(Device(kCPU));
  net.to(Device(kCPU), kFloat);
  CHECK((net.weight.dtype() == kFloat));
}

TEST_CASE("to refuses what parameters cannot be, and changes nothing") {
  Tree net;
  CHECK(message_of([&] { net.to(kLong); }).find("parameter 'weight' requires a gradient") != std::string::npos);
  CHECK_THROWS_AS(net.to(kComplexFloat), Error);
  CHECK_THROWS_AS(net.to(Device(kCUDA)), Error);
  CHECK((net.first->count.dtype() == kLong));
  CHECK((net.weight.dtype() == kFloat));
}

TEST_CASE("as tells the class of a module") {
  std::shared_ptr<nn::Module> m = nn::Linear(2, 3).ptr();
  CHECK(m->as<nn::Linear>() != nullptr);
  CHECK(m->as<nn::LinearImpl>()->options.out_features() == 3);
  CHECK(m->as<nn::ReLU>() == nullptr);
  CHECK(std::as_const(*m).as<nn::Linear>() != nullptr);
}

TEST_CASE("holders share, may be empty and convert") {
  nn::Linear a(2, 3), b = a, none{nullptr};
  CHECK(a.ptr() == b.ptr());
  CHECK(none.is_empty());
  CHECK_FALSE(static_cast<bool>(none));
  CHECK(message_of([&] { none(ones({1, 2})); }).find("Accessing empty ModuleHolder") != std::string::npos);
  CHECK(message_of([&] { none->forward(ones({1, 2})); }).find("Accessing empty ModuleHolder") != std::string::npos);
  none = a;
  CHECK(none->weight.is_same(a->weight));
  nn::Linear from_pointer = std::make_shared<nn::LinearImpl>(4, 5);
  CHECK(from_pointer(ones({1, 4})).size(1) == 5);
  std::shared_ptr<nn::Module> base = a.ptr();
  CHECK(base->parameters().size() == 2);
}
