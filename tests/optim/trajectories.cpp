// A small net trained by each optimizer with many options, beside what PyTorch makes of it.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <sstream>

#include "recorded_text.h"
#include <xgrad/autograd/ops/ops.h>
#include <xgrad/autograd/tensor/operators.h>
#include <xgrad/optim/optim.h>

using namespace xgrad;
using namespace xgrad::optim;

namespace {

// The net of tests/oracle/record_optimizers.py.
struct Net {
  explicit Net(ScalarType dtype) {
    int k = 0;
    for (const std::vector<int64_t>& shape : {std::vector<int64_t>{4, 2}, {4}, {1, 4}, {1}}) {
      Tensor p = empty(shape, kDouble);
      for (int64_t i = 0; i < p.numel(); ++i, ++k) p.data_ptr<double>()[i] = 0.7 * std::sin(1.3 * k + 0.5);
      parameters.push_back(p.to(dtype).requires_grad_());
    }
    x = sin(arange(10, kDouble) * 3 + 1).reshape({5, 2}).to(dtype);
    y = cos(arange(5, kDouble) * 2).reshape({5, 1}).to(dtype);
  }

  Tensor loss() const {
    const Tensor hidden = tanh(x.mm(parameters[0].t()) + parameters[1]);
    return (hidden.mm(parameters[2].t()) + parameters[3] - y).pow(2).mean();
  }

  std::vector<Tensor> parameters;
  Tensor x, y;
};

void set(double& to, const std::string& text) { to = std::stod(text); }
void set(bool& to, const std::string& text) { to = text == "1"; }
void set(int64_t& to, const std::string& text) { to = std::stoll(text); }
void set(std::string& to, const std::string& text) { to = text; }
void set(std::tuple<double, double>& to, const std::string& text) {
  const size_t comma = text.find(',');
  to = {std::stod(text.substr(0, comma)), std::stod(text.substr(comma + 1))};
}
template <class T> void set(std::optional<T>& to, const std::string& text) { set(to.emplace(), text); }

// One line of the file.
struct Case {
  std::string name, words;
  ScalarType dtype;
  std::map<std::string, std::string> options, of_biases;
  std::vector<double> expected;
};

std::vector<Case> cases() {
  std::istringstream file(torch::recorded_text("optimizers.gz"));
  std::vector<Case> all;
  for (std::string line; std::getline(file, line);) {
    Case c;
    std::istringstream words(line);
    std::string word;
    words >> c.name >> word;
    c.dtype = word == "float32" ? kFloat : kDouble;
    while (words >> word && word != ":") {
      c.words += word + ' ';
      const size_t equals = word.find('=');
      const bool bias = word.rfind("bias.", 0) == 0;
      (bias ? c.of_biases : c.options)[word.substr(bias ? 5 : 0, equals - (bias ? 5 : 0))] = word.substr(equals + 1);
    }
    for (double value; words >> value;) c.expected.push_back(value);
    all.push_back(std::move(c));
  }
  return all;
}

void set_all(OptimizerOptions& options, const std::map<std::string, std::string>& values) {
  size_t used = 0;
  for (const OptionField& field : options.fields()) {
    const auto found = values.find(field.name);
    if (found == values.end()) continue;
    ++used;
    std::visit(
        [&](auto* option) {
          auto value = option->value;
          set(value, found->second);
          option->state(value);
        },
        field.option);
  }
  REQUIRE(used == values.size());
}

template <class O, class Options> std::unique_ptr<Optimizer> make(const Case& c, const Net& net, Options options) {
  set_all(options, c.options);
  const std::vector<Tensor>& p = net.parameters;
  if (c.of_biases.empty()) return std::make_unique<O>(p, options);
  auto of_biases = std::make_unique<Options>(options);
  set_all(*of_biases, c.of_biases);
  std::vector<OptimizerParamGroup> groups;
  groups.emplace_back(std::vector<Tensor>{p[0], p[2]});
  groups.emplace_back(std::vector<Tensor>{p[1], p[3]}, std::move(of_biases));
  return std::make_unique<O>(groups, options);
}

std::unique_ptr<Optimizer> make(const Case& c, const Net& net) {
  if (c.name == "SGD") return make<SGD>(c, net, SGDOptions(1));
  if (c.name == "Adam") return make<Adam>(c, net, AdamOptions());
  if (c.name == "AdamW") return make<AdamW>(c, net, AdamWOptions());
  if (c.name == "Adagrad") return make<Adagrad>(c, net, AdagradOptions());
  if (c.name == "RMSprop") return make<RMSprop>(c, net, RMSpropOptions());
  if (c.name == "Adadelta") return make<Adadelta>(c, net, AdadeltaOptions());
  if (c.name == "Adamax") return make<Adamax>(c, net, AdamaxOptions());
  if (c.name == "NAdam") return make<NAdam>(c, net, NAdamOptions());
  if (c.name == "RAdam") return make<RAdam>(c, net, RAdamOptions());
  if (c.name == "ASGD") return make<ASGD>(c, net, ASGDOptions());
  if (c.name == "Rprop") return make<Rprop>(c, net, RpropOptions());
  REQUIRE(c.name == "LBFGS");
  return make<LBFGS>(c, net, LBFGSOptions());
}

// The largest difference over the size of what is expected, or 1.
double difference(const Case& c) {
  const Net net(c.dtype);
  const std::unique_ptr<Optimizer> optimizer = make(c, net);
  const auto closure = [&] {
    optimizer->zero_grad();
    Tensor loss = c.options.count("maximize") ? -net.loss() : net.loss();
    loss.backward();
    return loss;
  };
  double largest = 0;
  size_t k = 0;
  for (int step = 1; step <= 100; ++step) {
    optimizer->step(closure);
    if (step != 3 && step != 100) continue;
    for (const Tensor& p : net.parameters)
      for (int64_t i = 0; i < p.numel(); ++i, ++k) {
        const double got = p.detach().reshape({-1})[i].item<double>(), expected = c.expected.at(k);
        if (std::isnan(got) && std::isnan(expected)) continue;
        const double far = std::abs(got - expected) / std::max(1., std::abs(expected));
        largest = far <= largest ? largest : far;
      }
  }
  REQUIRE(k == c.expected.size());
  return largest;
}

}  // namespace

TEST_CASE("100 steps of each optimizer end where PyTorch's do") {
  struct Row {
    int count = 0;
    double in_doubles = 0, in_floats = 0;
  };
  std::map<std::string, Row> table;
  for (const Case& c : cases()) {
    CAPTURE(c.name);
    CAPTURE(c.words);
    Row& row = table[c.name];
    ++row.count;
    const double far = difference(c);
    double& largest = c.dtype == kDouble ? row.in_doubles : row.in_floats;
    largest = far <= largest ? largest : far;
    // PyTorch rounds what NAdam and ASGD count with to float.
    const bool counts_in_float = c.name == "NAdam" || c.name == "ASGD";
    CHECK(far < (c.dtype == kFloat ? 1e-4 : counts_in_float || c.name == "LBFGS" ? 1e-6 : 1e-9));
  }
  REQUIRE(table.size() == 12);
  std::printf("optimizer   settings  largest difference in doubles, in floats\n");
  for (const auto& [name, row] : table) std::printf("%-10s  %8d  %.1e  %.1e\n", name.c_str(), row.count, row.in_doubles, row.in_floats);
}
