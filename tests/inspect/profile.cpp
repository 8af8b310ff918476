#include <cmath>
#include <map>
#include <thread>

#include <doctest/doctest.h>
#include <io/folder.h>
#include <nlohmann/json.hpp>
#include <xgrad/autograd/kernels/launch.h>
#include <xgrad/inspect/profile/profile.h>
#include <xgrad/nn/module_calls.h>
#include <xgrad/xgrad.h>

using namespace xgrad;
using inspect::Phase;
using inspect::Profile;
using inspect::ProfileGuard;

namespace {

// Calls of an operation in a phase, of all modules.
int64_t calls(const Profile& profile, const std::string& operation, Phase phase) {
  for (const auto& row : profile.by_operation())
    if (row.operation == operation && row.phase == phase) return row.calls;
  return 0;
}
// Calls of an operation by module and phase.
std::map<std::pair<std::string, Phase>, int64_t> places(const Profile& profile, const std::string& operation) {
  std::map<std::pair<std::string, Phase>, int64_t> result;
  for (const auto& row : profile.by_operation_and_module())
    if (row.operation == operation) result[{row.module, row.phase}] += row.calls;
  return result;
}

}  // namespace

TEST_CASE("a profile counts kernels and bytes by operation, forward and backward") {
  const Tensor x = rand({1000}, TensorOptions().requires_grad(true));
  Profile profile;
  {
    ProfileGuard guard(profile);
    for (int i = 0; i < 3; ++i) x.exp().sum().backward();
  }
  x.exp();  // is not seen
  CHECK(calls(profile, "exp", Phase::forward) == 3);
  CHECK(calls(profile, "exp", Phase::backward) == 0);
  CHECK(calls(profile, "mul", Phase::backward) == 3);
  CHECK(calls(profile, "mul", Phase::forward) == 0);
  int64_t all = 0;
  double seconds = 0;
  for (const auto& row : profile.by_operation()) {
    all += row.calls;
    seconds += row.seconds;
    if (row.operation == "exp") {
      CHECK(row.bytes_read == 3 * 4000);
      CHECK(row.bytes_written == 3 * 4000);
    }
  }
  CHECK(profile.kernels() == all);
  CHECK(profile.kernel_seconds() == doctest::Approx(seconds));
  CHECK(profile.seconds() >= profile.kernel_seconds());
  CHECK(profile.peak_bytes() >= 8000);
  CHECK(profile.by_module().size() == 2);  // forward and backward of no module
  CHECK(profile.text().find("exp ") != std::string::npos);
}

TEST_CASE("kernels belong to the modules that were called, and derivatives to those of their operations") {
  struct NetImpl : nn::Module {
    NetImpl() {
      first = register_module("first", nn::Linear(4, 8));
      act = register_module("act", nn::Tanh());
      inner = register_module("inner", nn::Sequential(nn::Linear(8, 8), nn::Softplus()));
    }
    Tensor forward(Tensor x) { return inner->forward(act(first(x))).exp(); }
    nn::Linear first{nullptr};
    nn::Tanh act{nullptr};
    nn::Sequential inner{nullptr};
  };
  const auto net = std::make_shared<NetImpl>();
  optim::SGD optimizer(net->parameters(), optim::SGDOptions(0.1));
  Profile profile;
  {
    ProfileGuard guard(profile, *net);
    for (int step = 0; step < 2; ++step) {
      optimizer.zero_grad();
      net->forward(rand({5, 4})).sum().backward();
      optimizer.step();
    }
  }
  using Places = std::map<std::pair<std::string, Phase>, int64_t>;
  CHECK(places(profile, "tanh") == Places{{{"act", Phase::forward}, 2}});
  CHECK(places(profile, "tanh_backward") == Places{{{"act", Phase::backward}, 2}});
  CHECK(places(profile, "softplus_backward") == Places{{{"inner.1", Phase::backward}, 2}});
  CHECK(places(profile, "exp") == Places{{{"", Phase::forward}, 2}});  // outside of all layers
  for (const auto& [place, count] : places(profile, "linear")) {
    CHECK((place.first == "first" || place.first == "inner.0"));
    CHECK(place.second == Phase::forward);
  }
  CHECK(places(profile, "linear").size() == 2);
  for (const auto& [place, count] : places(profile, "sgd")) CHECK(place.second == Phase::update);
  CHECK(!places(profile, "sgd").empty());
  CHECK(profile.modules().text().find("inner.0") != std::string::npos);
}

TEST_CASE("functions that read a module's parameters belong to it, without a call of it") {
  nn::Sequential net(nn::Linear(3, 3), nn::Linear(3, 3));
  const auto linear = [&](int i) { return net[i]->as<nn::Linear>(); };
  Profile profile;
  {
    ProfileGuard guard(profile, *net);
    const Tensor x = rand({2, 3});
    nn::functional::linear(nn::functional::linear(x, linear(1)->weight, linear(1)->bias).exp(), linear(0)->weight).sum().backward();
  }
  const auto found = places(profile, "exp");
  CHECK(found.size() == 1);
  CHECK(found.begin()->first.first == "");
  for (const auto& [place, count] : places(profile, "linear")) CHECK((place.first == "0" || place.first == "1"));
  CHECK(places(profile, "linear").size() == 2);
  bool has_backward = false;
  for (const auto& row : profile.by_module()) has_backward = has_backward || (row.module == "1" && row.phase == Phase::backward && row.calls > 0);
  CHECK(has_backward);
}

TEST_CASE("derivatives of derivatives are of the same modules") {
  nn::Sequential net(nn::Linear(3, 3), nn::Softplus(), nn::Linear(3, 1), nn::ELU());
  Profile profile;
  {
    ProfileGuard guard(profile, *net);
    const Tensor x = rand({2, 3}, TensorOptions().requires_grad(true));
    const Tensor gx = autograd::grad({net->forward(x).sum()}, {x}, {}, true, true)[0];
    gx.pow(2).sum().backward();
  }
  for (const auto& [place, count] : places(profile, "softplus_backward")) {
    CHECK(place.first == "1");
    CHECK(place.second == Phase::backward);
  }
  CHECK(!places(profile, "softplus_backward").empty());
}

TEST_CASE("the observer of before is back after a guard, also after an exception; other threads aren't seen") {
  struct Counter : kernels::LaunchObserver {
    void observe(const kernels::Launch& launch) override {
      ++count;
      launch();
    }
    int count = 0;
  } counter;
  const Tensor x = rand({3});
  {
    const kernels::Observe observe(counter);
    Profile outer, inner;
    try {
      ProfileGuard guard(outer);
      x.exp();
      {
        ProfileGuard nested(inner);
        x.exp();
      }
      x.sin();
      std::thread([&] { x.cos(); }).join();
      x.matmul(rand({7}));
    } catch (const Error&) {}
    CHECK(counter.count == 0);
    CHECK(calls(outer, "exp", Phase::forward) == 1);
    CHECK(calls(outer, "sin", Phase::forward) == 1);
    CHECK(calls(outer, "cos", Phase::forward) == 0);
    CHECK(calls(inner, "exp", Phase::forward) == 1);
    x.exp();
  }
  CHECK(counter.count == 1);
}

TEST_CASE("modules are as before after a guard, and several guards add up") {
  nn::Linear fc(3, 2);
  Profile profile;
  for (int i = 0; i < 2; ++i) {
    ProfileGuard guard(profile, *fc);
    fc(rand({1, 3}));
  }
  CHECK(calls(profile, "linear", Phase::forward) >= 2);
  CHECK(places(profile, "linear").size() == 1);
  const int64_t kernels = profile.kernels();
  fc(rand({1, 3}));
  CHECK(profile.kernels() == kernels);
}

TEST_CASE("the trace is JSON whose spans lie in one another, and can be cut short") {
  nn::Sequential net(nn::Linear(3, 3), nn::Tanh());
  Profile profile, few(2);
  for (Profile* p : {&profile, &few}) {
    ProfileGuard guard(*p, *net);
    net->forward(rand({2, 3})).sum().backward();
  }
  Folder folder;
  profile.save_chrome_trace(folder / "trace.json");
  const auto trace = nlohmann::json::parse(bytes_of(folder / "trace.json"));
  int64_t kernels = 0, counters = 0;
  std::map<std::string, double> last;
  for (const auto& event : trace["traceEvents"]) {
    const std::string kind = event["ph"];
    if (kind == "C") ++counters;
    if (kind != "X") continue;
    const std::string row = event["tid"].dump();
    const double begin = event["ts"], end = begin + event["dur"].get<double>();
    CHECK(begin >= last[row] - 1e-3);  // one after the other
    last[row] = end;
    if (row == "3") {
      ++kernels;
      CHECK(event["args"].contains("bytes read"));
      CHECK((event["cat"] == "backward") == event["args"].contains("derivative of"));
    }
  }
  CHECK(kernels == profile.kernels());
  CHECK(counters == kernels);
  CHECK(last["1"] == doctest::Approx(last["3"]));
  const auto cut = nlohmann::json::parse(few.chrome_trace());
  CHECK(cut["otherData"]["kernels left out"] == few.kernels() - 2);
  CHECK(few.kernels() == profile.kernels());
  CHECK(nlohmann::json::parse(Profile().chrome_trace()).contains("traceEvents"));
  CHECK(Profile().text().find("0 kernels") != std::string::npos);
  CHECK_THROWS_AS(Profile(-1), ValueError);
}

TEST_CASE("a listener hears each call once, until it goes, and not from copies or clones") {
  nn::Sequential net(nn::Linear(2, 2), nn::ELU(), nn::LayerNorm(nn::LayerNormOptions({2})));
  std::vector<std::string> heard;
  const Tensor x = rand({1, 2});
  std::shared_ptr<nn::Module> clone;
  {
    nn::ModuleCalls calls(*net, [&](const nn::Module& m) { heard.push_back(m.name().substr(m.name().rfind(':') + 1)); });
    CHECK(calls.running() == nullptr);
    net(x);
    CHECK(calls.running() == nullptr);
    const std::vector<std::string> expected{"SequentialImpl", "LinearImpl", "ELUImpl", "LayerNormImpl"};
    CHECK(heard == expected);
    heard.clear();
    net[0]->as<nn::Linear>()->forward(x);
    CHECK(heard.size() == 1);
    clone = net->clone();
    heard.clear();
    clone->as<nn::Sequential>()->forward(x);
    CHECK(heard.empty());
  }
  net(x);
  CHECK(heard.empty());
  CHECK(clone->parameters().size() == net->parameters().size());
}
