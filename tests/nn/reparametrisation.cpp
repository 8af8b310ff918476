// Parameters that are computed before each call: weight_norm and spectral_norm.
#include <doctest/doctest.h>

#include <cmath>
#include <functional>
#include <map>
#include <sstream>

#include "close.h"
#include "message.h"
#include "recorded_text.h"
#include <xgrad/autograd/engine/engine.h>
#include <xgrad/autograd/ops/ops.h>
#include <xgrad/io/serialize.h>
#include <xgrad/nn/nn.h>
#include <xgrad/optim/optim.h>

using namespace xgrad;
namespace nn = xgrad::nn;
using nn::utils::remove_spectral_norm;
using nn::utils::remove_weight_norm;
using nn::utils::spectral_norm;
using nn::utils::SpectralNormOptions;
using nn::utils::weight_norm;

namespace {

using Answers = std::map<std::string, std::vector<double>>;

// "case/step/name": numbers. Written by tests/oracle/record_weights.py.
Answers recorded() {
  std::istringstream file(torch::recorded_text("weight_norms.gz"));
  Answers answers;
  for (std::string line; std::getline(file, line);) {
    const size_t name_end = line.find(' ', line.rfind('/'));
    std::istringstream numbers(line.substr(name_end));
    auto& values = answers[line.substr(0, name_end)];
    for (double v; numbers >> v;) values.push_back(v);
  }
  return answers;
}

// What of the answers is asked for; the rest would be another module's.
class Asked {
 public:
  Asked(Answers& answers, std::string name) : answers_(answers), name_(std::move(name)) {}
  void check(const std::string& step, const std::string& name, const Tensor& t) {
    const auto found = answers_.find(name_ + "/" + step + "/" + name);
    CAPTURE(name_ + "/" + step + "/" + name);
    REQUIRE(found != answers_.end());
    check_close(t, found->second, 1e-7);
    answers_.erase(found);
  }
  void check_state(const std::string& step, const nn::Module& m) {
    for (const auto& item : m.named_parameters()) check(step, item.key(), item.value());
    for (const auto& item : m.named_buffers()) check(step, item.key(), item.value());
  }

 private:
  Answers& answers_;
  const std::string name_;
};

// The training that record_weights.py does.
template <class Make, class Remove> void follow(Answers& answers, int number, const char* name, Make make, IntArrayRef shape, Remove remove) {
  manual_seed(static_cast<uint64_t>(number));
  Asked asked(answers, name);
  auto module = make();
  const Tensor x = randn(shape);
  asked.check("begin", "weight", module->weight);
  optim::SGD optimizer(module->parameters(), optim::SGDOptions(0.1).momentum(0.5));
  for (int i = 0; i < 3; ++i) {
    const std::string step = std::to_string(i);
    optimizer.zero_grad();
    const Tensor y = module(x);
    asked.check(step, "y", y);
    (y * y).sum().backward();
    for (const auto& item : module->named_parameters()) asked.check(step, item.key() + ".grad", item->grad());
    optimizer.step();
    asked.check_state(step, *module);
  }
  module->eval();
  asked.check("eval", "y", module->forward(x));
  asked.check_state("eval", *module);
  remove(module);
  asked.check_state("removed", *module);
}

struct DoubleByDefault {
  DoubleByDefault() { set_default_dtype(kDouble); }
  ~DoubleByDefault() { set_default_dtype(kFloat); }
};

SpectralNormOptions steps(int64_t n) { return SpectralNormOptions().n_power_iterations(n); }
SpectralNormOptions along(int64_t dim) { return SpectralNormOptions().dim(dim); }

using Strings = std::vector<std::string>;

}  // namespace

TEST_CASE("weight_norm and spectral_norm train as in Python") {
  const DoubleByDefault doubles;
  Answers answers = recorded();
  REQUIRE(answers.size() > 200);
  int n = 0;
  const auto unweigh = [](auto& m) { remove_weight_norm(m); };
  const auto unspectral = [](auto& m) { remove_spectral_norm(m); };
  follow(
      answers, n++, "linear", [] { return weight_norm(nn::Linear(4, 3)); }, {2, 4}, unweigh);
  follow(
      answers, n++, "linear all", [] { return weight_norm(nn::Linear(4, 3), std::nullopt); }, {2, 4}, unweigh);
  follow(
      answers, n++, "linear columns", [] { return weight_norm(nn::Linear(4, 3), 1); }, {2, 4}, unweigh);
  follow(
      answers, n++, "conv",
      [] {
        return weight_norm(nn::Conv2d(nn::Conv2dOptions(2, 3, {2, 3})));
      },
      {2, 2, 4, 4}, unweigh);
  follow(
      answers, n++, "conv channels", [] { return weight_norm(nn::Conv2d(2, 3, 2), 1); }, {2, 2, 4, 4}, unweigh);
  follow(
      answers, n++, "transposed", [] { return weight_norm(nn::ConvTranspose1d(2, 3, 2)); }, {2, 2, 4}, unweigh);
  follow(
      answers, n++, "bias", [] { return weight_norm(nn::Linear(4, 3), &nn::LinearImpl::bias); }, {2, 4},
      [](auto& m) { remove_weight_norm(m, &nn::LinearImpl::bias); });
  follow(
      answers, n++, "spectral linear", [] { return spectral_norm(nn::Linear(4, 3)); }, {2, 4}, unspectral);
  follow(
      answers, n++, "spectral three", [] { return spectral_norm(nn::Linear(4, 3), steps(3)); }, {2, 4}, unspectral);
  follow(
      answers, n++, "spectral columns", [] { return spectral_norm(nn::Linear(4, 3), along(1).eps(0.5)); }, {2, 4}, unspectral);
  follow(
      answers, n++, "spectral conv",
      [] {
        return spectral_norm(nn::Conv2d(nn::Conv2dOptions(2, 3, {2, 3})));
      },
      {2, 2, 4, 4}, unspectral);
  follow(
      answers, n++, "spectral transposed", [] { return spectral_norm(nn::ConvTranspose2d(2, 3, 2)); }, {2, 2, 3, 3}, unspectral);
  follow(
      answers, n++, "spectral transposed first", [] { return spectral_norm(nn::ConvTranspose1d(2, 3, 2), along(0)); }, {2, 2, 4}, unspectral);
  CHECK(answers.empty());
}

TEST_CASE("parts stand behind the other parameters, as in Python, and the parameter comes back last") {
  nn::Linear m = weight_norm(nn::Linear(3, 2));
  CHECK(m->named_parameters().keys() == Strings{"bias", "weight_g", "weight_v"});
  CHECK(m->named_parameters()["weight_g"].sizes() == IntArrayRef{2, 1});
  remove_weight_norm(m);
  CHECK(m->named_parameters().keys() == Strings{"bias", "weight"});
  CHECK(m->weight.is_same(m->named_parameters()["weight"]));
  CHECK(m->weight.requires_grad());
  spectral_norm(m);
  CHECK(m->named_parameters().keys() == Strings{"bias", "weight_orig"});
  CHECK(m->named_buffers().keys() == Strings{"weight_u", "weight_v"});
  nn::init::ones_(m->weight);  // what a program does to the weight before its first call, it does to weight_orig
  CHECK(equal(m->named_parameters()["weight_orig"], ones({2, 3})));
  remove_spectral_norm(m);
  CHECK(m->named_buffers().is_empty());
}

TEST_CASE("the weight is computed for a call through a holder, AnyModule or Sequential, and for a layer's forward()") {
  const auto doubled = [](auto call) {
    nn::Linear m = weight_norm(nn::Linear(nn::LinearOptions(3, 2).bias(false)));
    const Tensor x = ones({1, 3}), before = call(m, x).detach();
    NoGradGuard no_grad;
    m->named_parameters()["weight_g"].mul_(2);
    return allclose(call(m, x), before * 2);
  };
  CHECK(doubled([](nn::Linear& m, const Tensor& x) { return m(x); }));
  CHECK(doubled([](nn::Linear& m, const Tensor& x) { return m->forward(x); }));
  CHECK(doubled([](nn::Linear& m, const Tensor& x) { return nn::AnyModule(m).forward(x); }));
  CHECK(doubled([](nn::Linear& m, const Tensor& x) { return nn::Sequential(m)->forward(x); }));
  CHECK(doubled([](nn::Linear& m, const Tensor& x) { return nn::Sequential(nn::Identity(), m)(x); }));
  CHECK(
      doubled([](nn::Linear& m, const Tensor& x) { return nn::Sequential(m, nn::ReLU())->forward(x) - nn::Sequential(m, nn::ReLU())->forward(-x); }));
}

TEST_CASE("the weights of recurrent layers are taken by name") {
  manual_seed(2);
  nn::LSTM plain(nn::LSTMOptions(3, 4).num_layers(2).bidirectional(true));
  nn::LSTM m = std::dynamic_pointer_cast<nn::LSTMImpl>(plain->clone());
  const char* const name = "weight_hh_l1_reverse";
  weight_norm(m, m->member(name));
  const Tensor x = randn({5, 2, 3});
  const auto g = m->named_parameters()[name + std::string("_g")], v = m->named_parameters()[name + std::string("_v")];
  const auto output = [&](nn::LSTM& lstm) { return std::get<0>(lstm->forward(x)); };
  CHECK(allclose(output(m), output(plain)));
  {
    NoGradGuard no_grad;
    g.mul_(1.5);
    plain->named_parameters()[name].mul_(1.5);
  }
  CHECK(allclose(output(m), output(plain), 1e-5, 1e-6));
  output(m).square().sum().backward();
  output(plain).square().sum().backward();
  const Tensor along = (plain->named_parameters()[name].grad() * v).sum(1, true) / v.norm(2, {1}, true);  // of g v / |v|, in g
  CHECK(allclose(g.grad(), along, 1e-4, 1e-5));
  nn::LSTM copy = std::dynamic_pointer_cast<nn::LSTMImpl>(m->clone());
  CHECK(equal(output(copy), output(m)));
  nn::GRU other(3, 4);
  CHECK_THROWS_AS(m->member("weight_hh_l2"), ValueError);
  CHECK_THROWS(weight_norm(other, m->member(name)));
  remove_weight_norm(m, m->member(name));
  CHECK(allclose(output(m), output(plain), 1e-5, 1e-6));
  CHECK(m->named_parameters().size() == plain->named_parameters().size());

  nn::GRUCell cell = spectral_norm(nn::GRUCell(3, 4), &nn::GRUCellImpl::weight_hh);
  CHECK(cell(randn({2, 3})).sizes() == IntArrayRef{2, 4});
  CHECK(cell->named_buffers().contains("weight_hh_u"));
}

TEST_CASE("a call takes one step of the power iteration, however the module is called") {
  const auto once = [](auto call) {
    manual_seed(3);
    nn::Linear m = spectral_norm(nn::Linear(4, 3));
    const Tensor w = m->named_parameters()["weight_orig"].detach(), u = m->named_buffers()["weight_u"].clone();
    call(m, ones({1, 4}));
    const Tensor v = mv(w.t(), u), next = mv(w, v / v.norm());
    return allclose(m->named_buffers()["weight_u"], next / next.norm());
  };
  CHECK(once([](nn::Linear& m, const Tensor& x) { m(x); }));
  CHECK(once([](nn::Linear& m, const Tensor& x) { m->forward(x); }));
  CHECK(once([](nn::Linear& m, const Tensor& x) { nn::Sequential(m)->forward(x); }));
  CHECK(once([](nn::Linear& m, const Tensor& x) { nn::Sequential(m, nn::Tanh())->forward(x); }));
  nn::Linear m = spectral_norm(nn::Linear(4, 3));
  m->eval();
  const Tensor u = m->named_buffers()["weight_u"].clone();
  m(ones({1, 4}));
  CHECK(equal(m->named_buffers()["weight_u"], u));
}

TEST_CASE("two calls before one backward have their own directions") {
  nn::Linear m = spectral_norm(nn::Linear(4, 3));
  const Tensor real = ones({1, 4}), generated = -real;
  const Tensor loss = m(real).sum() - m(generated).sum();
  loss.backward();
  CHECK(m->named_parameters()["weight_orig"].grad().defined());
}

TEST_CASE("second derivatives go through the parts") {
  nn::Linear m = weight_norm(nn::Linear(nn::LinearOptions(3, 2).bias(false)));
  m->to(kDouble);
  const auto loss_for = [&](const Tensor& g, const Tensor& v) {
    const auto parameters = m->named_parameters();
    parameters["weight_g"].set_data(g.detach());
    parameters["weight_v"].set_data(v.detach());
    return m(tensor({{1., 2., 3.}}, kDouble)).pow(3).sum();
  };
  const auto parameters = m->named_parameters();
  const Tensor g = parameters["weight_g"], v = parameters["weight_v"];
  const auto slopes = [&] { return autograd::grad({loss_for(g, v)}, {g, v}, {}, true, true); };
  const Tensor direction = tensor({{1., -2., 0.5}, {0.3, 1., -1.}}, kDouble);
  const auto first = slopes();
  const auto second = autograd::grad({(first[1] * direction).sum()}, {g, v});
  const double step = 1e-5;
  const Tensor v0 = v.detach().clone(), g0 = g.detach().clone();
  for (int64_t i = 0; i < 2; ++i) {
    const auto at = [&](double d) {
      Tensor moved = g0.clone();
      moved[i] += d;
      g.set_data(moved);
      v.set_data(v0);
      return (slopes()[1] * direction).sum().item<double>();
    };
    CHECK((at(step) - at(-step)) / (2 * step) == doctest::Approx(second[0][i].item<double>()).epsilon(1e-6));
  }
}

TEST_CASE("a clone has parts and a member of its own") {
  struct NetImpl : nn::Cloneable<NetImpl> {
    NetImpl() { reset(); }
    void reset() override {
      fc = register_module("fc", weight_norm(nn::Linear(3, 2)));
      scale = register_parameter("scale", ones({2}));
      weight_norm(*this, &NetImpl::scale);
    }
    Tensor forward(const Tensor& x) { return fc(x) * scale; }
    nn::Linear fc{nullptr};
    Tensor scale;
  };
  using Net = nn::ModuleHolder<NetImpl>;
  manual_seed(1);
  Net net(std::make_shared<NetImpl>());
  const Tensor x = ones({1, 3});
  net(x).sum().backward();
  Net copy(std::dynamic_pointer_cast<NetImpl>(net->clone()));
  CHECK(copy->named_parameters().keys() == net->named_parameters().keys());
  CHECK(equal(copy->scale, net->scale));
  CHECK(equal(copy(x), net(x)));
  const Tensor before = net(x).detach();
  {
    NoGradGuard no_grad;
    for (const Tensor& p : copy->parameters()) p.mul_(3);
  }
  CHECK(equal(net(x), before));
  CHECK_FALSE(allclose(copy(x), before));

  nn::Linear plain = spectral_norm(nn::Linear(3, 2));
  plain->eval();
  const auto twin = std::dynamic_pointer_cast<nn::LinearImpl>(plain->clone());
  CHECK(equal(twin->forward(x), plain(x)));
  CHECK(twin->named_buffers().keys() == Strings{"weight_u", "weight_v"});
  CHECK_FALSE(twin->named_parameters()["weight_orig"].is_alias_of(plain->named_parameters()["weight_orig"]));
  remove_spectral_norm(*twin);
  CHECK(plain->named_buffers().size() == 2);
}

TEST_CASE("files hold the parts, and another module computes from what it loads") {
  nn::Conv2d from = weight_norm(nn::Conv2d(2, 3, 2)), to = weight_norm(nn::Conv2d(2, 3, 2));
  std::stringstream file;
  save(from, file);
  load(to, file);
  const Tensor x = ones({1, 2, 3, 3});
  CHECK(equal(from(x), to(x)));
  to->to(kDouble);
  CHECK(to(x.to(kDouble)).dtype() == kDouble);
}

TEST_CASE("what cannot be reparametrised, and where nothing was, is told") {
  struct NetImpl : nn::Module {
    NetImpl() {
      w = register_parameter("w", ones({2}));
      register_parameter("w_g", ones({2}));
      other = ones({2});
    }
    Tensor w, other;
  };
  nn::Linear m = weight_norm(nn::Linear(3, 2));
  CHECK(message_of([&] { weight_norm(m); }).find("Cannot register two weight_norm hooks on the same parameter weight") != std::string::npos);
  CHECK(message_of([&] { spectral_norm(m); }).find("weight_norm computes it already") != std::string::npos);
  CHECK(message_of([&] { remove_spectral_norm(m); }).find("spectral_norm of 'weight' not found in") != std::string::npos);
  CHECK_THROWS_AS(remove_weight_norm(m, &nn::LinearImpl::bias), ValueError);
  nn::Linear s = spectral_norm(nn::Linear(3, 2));
  CHECK(message_of([&] { spectral_norm(s); }).find("Cannot register two spectral_norm hooks on the same parameter weight") != std::string::npos);
  nn::Linear bare(nn::LinearOptions(3, 2).bias(false));
  CHECK(message_of([&] { spectral_norm(bare, &nn::LinearImpl::bias); }).find("is None") != std::string::npos);
  CHECK(message_of([&] { spectral_norm(bare, steps(0)); }).find("Expected n_power_iterations to be positive") != std::string::npos);
  CHECK_THROWS_AS(weight_norm(bare, 2), IndexError);
  CHECK(bare->named_parameters().keys() == Strings{"weight"});
  NetImpl net;
  CHECK(message_of([&] { weight_norm(net, &NetImpl::other); }).find("must show a parameter registered in") != std::string::npos);
  CHECK(message_of([&] { weight_norm(net, &NetImpl::w); }).find("already defined") != std::string::npos);
  CHECK_THROWS_AS(weight_norm(net, &NetImpl::w), ValueError);
  CHECK(net.named_parameters().keys() == Strings{"w", "w_g"});
  CHECK(net.w.is_same(net.named_parameters()["w"]));
}
