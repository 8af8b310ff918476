// A trace tells all that a function computes: which operations, of what, with which attributes.
#include <doctest/doctest.h>

#include <cstring>
#include <map>
#include <set>

#include <xgrad/autograd/graph/trace.h>
#include <xgrad/autograd/ops/creation/creation.h>

#include "catalogue/checks.h"
#include "catalogue/outcome.h"

namespace torch::catalogue {

namespace {

// Dtype, shape and bits.
std::string content(const Tensor& t) {
  if (!t.defined()) return "undefined";
  const Tensor copy = row_major_copy(t);
  std::string text = toString(t.dtype()) + str(t.sizes());
  text.append(static_cast<const char*>(copy.data_ptr()), static_cast<size_t>(copy.numel() * copy.element_size()));
  return text;
}

struct Step {
  std::string name;  // with attributes
  std::vector<Tensor> inputs, outputs;
  std::vector<std::string> contents;  // of inputs that nothing before gave
  std::set<size_t> sources;
};

// The steps of a call and where each operand came from.
class Tape : public TraceObserver {
 public:
  explicit Tape(const std::vector<Tensor>& inputs) {
    for (const Tensor& x : inputs)
      if (x.defined()) know(x, kInput);
  }

  void observe(const TracedOperation& o) override {
    Step step{o.operation.name(), o.inputs, o.outputs, {}, {}};
    append(step.name, o.attributes);
    for (const Tensor& x : o.inputs) step.contents.push_back(x.defined() && !collect(x, step.sources) ? content(x) : "");
    if (const std::string name = o.operation.name(); name.back() == '_' && !o.inputs.empty()) step.contents[0].clear();  // is written over
    steps.push_back(std::move(step));
    for (const Tensor& y : o.outputs) know(y, steps.size() - 1);
  }

  // Adds the steps that gave the tensor. False if nobody knows it.
  bool collect(const Tensor& t, std::set<size_t>& sources) const {
    const auto writers = writers_.find(t.storage().get());
    if (writers != writers_.end()) sources.insert(writers->second.begin(), writers->second.end());
    const auto found = made_by_.find(t.unsafeGetTensorImpl());
    if (found == made_by_.end()) return writers != writers_.end();
    if (found->second != kInput) sources.insert(found->second);
    return true;
  }

  std::vector<Step> steps;

 private:
  static constexpr size_t kInput = ~size_t{0};

  void know(const Tensor& t, size_t step) {
    made_by_[t.unsafeGetTensorImpl()] = step;
    kept_.push_back(t);
    const auto [version, is_new] = versions_.try_emplace(t.storage().get(), t._version());
    if (is_new || version->second == t._version()) return;
    version->second = t._version();
    writers_[t.storage().get()].push_back(step);
  }

  std::map<const void*, size_t> made_by_;
  std::map<const void*, uint32_t> versions_;
  std::map<const void*, std::vector<size_t>> writers_;
  std::vector<Tensor> kept_;
};

struct Run {
  Tape tape;
  std::vector<Tensor> results;
  Run(const Sample& sample, const std::vector<Tensor>& inputs) : tape(inputs) {
    const Trace trace(tape);
    results = call(sample, inputs);
  }

  // Empty, or what no result depends on.
  std::string idle_step(const std::vector<Tensor>& inputs) const {
    std::set<size_t> open, used;
    for (const auto& tensors : {results, inputs})
      for (const Tensor& y : tensors)
        if (y.defined()) tape.collect(y, open);
    while (!open.empty()) {
      const size_t step = *open.begin();
      open.erase(open.begin());
      if (used.insert(step).second) open.insert(tape.steps[step].sources.begin(), tape.steps[step].sources.end());
    }
    for (size_t i = 0; i < tape.steps.size(); ++i)
      if (!used.count(i)) return tape.steps[i].name;
    return "";
  }

  // What came from nowhere: it must be constant.
  std::vector<std::pair<std::string, std::string>> origins() const {
    std::vector<std::pair<std::string, std::string>> all;
    for (const Step& s : tape.steps)
      for (size_t i = 0; i < s.inputs.size(); ++i) all.emplace_back("input " + std::to_string(i) + " of " + s.name, s.contents[i]);
    std::set<size_t> ignored;
    for (size_t i = 0; i < results.size(); ++i)
      all.emplace_back("result " + std::to_string(i), !results[i].defined() || tape.collect(results[i], ignored) ? "" : content(results[i]));
    return all;
  }

  std::string names() const {
    std::string all;
    for (const Step& s : tape.steps) all += s.name + " ";
    return all;
  }
};

std::vector<Tensor> scaled_leaves(const Sample& sample) {
  std::vector<Tensor> inputs = leaves_of(sample);
  const NoGradGuard no_grad;
  for (const Tensor& x : inputs)
    if (x.is_floating_point()) x.detach().copy_(x * 0.875);
  return inputs;
}

// Calls that read elements as numbers, to check them or to decide what to do, or write to a tensor of their own: no result shows these.
bool has_other_effects(const std::string& call) {
  for (const char* name : {"allclose", "equal(", "cov(", "det(", "embedding_bag", "histogramdd", "histc", "histogram(", "linalg.cond", "margin_loss",
                           "rrelu_with_noise_", "segment_reduce", "tensor_split"})
    if (call.find(name) != std::string::npos) return true;
  return false;
}

std::string check_trace(const Sample& sample) {
  if (has_other_effects(sample.call)) return "";
  const std::vector<Tensor> inputs = leaves_of(sample);
  const Run run(sample, inputs);
  if (const std::string idle = run.idle_step(inputs); !idle.empty()) return "no result depends on " + idle + " in " + run.names();
  std::optional<Run> other;
  try {
    other.emplace(sample, scaled_leaves(sample));
  } catch (const Error&) {
    return "";
  }
  const auto origins = run.origins(), others = other->origins();
  for (size_t i = 0; i < std::min(origins.size(), others.size()); ++i) {
    if (origins[i].first != others[i].first) break;  // what it computes depends on the elements
    if (origins[i].second != others[i].second) return origins[i].first + " comes from nowhere and isn't constant, in " + run.names();
  }
  const NoGradGuard no_grad;
  const std::vector<Tensor> same = leaves_of(sample);
  const Run unrecorded(sample, same);
  if (const std::string idle = unrecorded.idle_step(same); !idle.empty()) return "without grad mode no result depends on " + idle;
  return "";
}

// The same elements for all tensors of a shape.
Tensor repeated_elements(const Tensor& like, size_t place) {
  Tensor x = empty(like.sizes(), like.dtype());
  const NoGradGuard no_grad;
  x.copy_((arange(x.numel(), TensorOptions(kDouble)) * 0.7 + static_cast<double>(place)).sin().mul(0.4).add(0.5).view(x.sizes()));
  return x;
}

}  // namespace

TEST_CASE("a trace shows every operation that a result depends on, and no other") { for_each_sample(check_trace); }

TEST_CASE("attributes and operands tell what an operation computes") {
  for (const Entry* entry : chosen_entries()) {
    std::map<std::string, std::string> known;
    for_each_sample(
        [&](const Sample& sample) -> std::string {
          if (sample.random) return "";
          std::vector<Tensor> inputs = values_of_inputs(sample);
          for (size_t i = 0; i < inputs.size(); ++i)
            if (inputs[i].defined() && inputs[i].is_floating_point()) inputs[i] = repeated_elements(inputs[i], i);
          struct : TraceObserver {
            std::map<std::string, std::string>* known;
            std::string wrong;
            void observe(const TracedOperation& o) override {
              std::string key = o.operation.name(), values;
              append(key, o.attributes);
              const std::string name = key;
              for (const Tensor& x : o.inputs) {
                for (const Tensor& y : o.outputs)
                  if (y.is_same(x)) return;
                key += content(x);
              }
              for (const Tensor& y : o.outputs) values += content(y);
              if (known->try_emplace(key, values).first->second != values) wrong = name + " gives other results than before for the same operands";
            }
          } observer;
          observer.known = &known;
          try {
            const Trace trace(observer);
            call(sample, inputs);
          } catch (const Error&) {}
          return observer.wrong;
        },
        {entry});
  }
}

TEST_CASE("a trace of a sweep sees what every operation gives") {
  struct : TraceObserver {
    int operations = 0;
    void observe(const TracedOperation& o) override {
      ++operations;
      CHECK_MESSAGE(!o.outputs.empty(), std::string(o.operation.name()));
    }
  } observer;
  const Tensor x = ones({3}).requires_grad_(), h = x.tanh(), y = (h.exp().tanh() * h).sum();
  const Trace trace(observer);
  y.backward();
  CHECK(observer.operations > 3);
}

}  // namespace torch::catalogue
