#include <xgrad/autograd/func/linearized.h>

#include <xgrad/autograd/engine/engine.h>
#include <xgrad/autograd/func/arguments.h>
#include <xgrad/autograd/func/forward_mode.h>
#include <xgrad/autograd/ops/creation/creation.h>

namespace torch { inline namespace xgrad { namespace func {

namespace {

// Leaves on the memory of the inputs, or views of them where derivatives are to flow on.
variable_list prepared(const variable_list& inputs, bool create_graph) {
  variable_list leaves;
  for (size_t i = 0; i < inputs.size(); ++i) {
    const Tensor& x = inputs[i];
    XGRAD_CHECK(x.defined(), "[func] input ", i, " is undefined");
    XGRAD_CHECK_AS(TypeError, x.is_floating_point() && !x.is_sparse(), "[func] inputs must be floating and dense, input ", i, " is ", x.dtype(),
                   x.is_sparse() ? " and sparse" : "", "; a function can capture what it takes no derivative of");
    leaves.push_back(create_graph && x.requires_grad() ? x.view(x.sizes()) : x.detach().requires_grad_());
  }
  return leaves;
}

}  // namespace

class Linearized::Record {
 public:
  Record(const ListMap& f, const variable_list& given, const Options& options) : options(options), log(needs_operands) {
    EnableGradGuard recording;
    inputs = prepared(given, options.create_graph);
    input_edges = edges_of(inputs);
    outputs = f(inputs);
    log.stop();
    for (const Tensor& y : outputs) shown.push_back(options.create_graph || !y.defined() ? y : y.detach());
  }

  ForwardMode& forward() {
    if (!forward_mode) forward_mode = std::make_unique<ForwardMode>(edges_of(outputs), input_edges, &log);
    return *forward_mode;
  }
  variable_list finished(const char* operation, variable_list tangents) const {
    return results(or_zeros(operation, std::move(tangents), outputs, options.strict), options);
  }

  Options options;
  OperandLog log;
  variable_list inputs, outputs, shown;
  std::vector<Edge> input_edges;
  std::unique_ptr<ForwardMode> forward_mode;
};

Linearized::Linearized(const ListMap& f, const variable_list& inputs, const Options& options)
    : record_(std::make_unique<Record>(f, inputs, options)) {}
Linearized::~Linearized() = default;
Linearized::Linearized(Linearized&&) noexcept = default;
Linearized& Linearized::operator=(Linearized&&) noexcept = default;

const variable_list& Linearized::outputs() const { return record_->shown; }
const variable_list& Linearized::inputs() const { return record_->inputs; }

variable_list Linearized::vjp(const variable_list& v) const {
  const Record& r = *record_;
  if (v.empty()) {
    XGRAD_CHECK(r.outputs.size() == 1 && r.outputs[0].defined() && r.outputs[0].numel() == 1,
                "[vjp] a vector may be left out for one output with one element only");
  } else {
    check_vectors("vjp", "outputs", v, r.outputs);
  }
  variable_list ys, gys;
  for (size_t i = 0; i < r.outputs.size(); ++i) {
    const Tensor& y = r.outputs[i];
    if (!y.defined() || !y.requires_grad() || (!v.empty() && !v[i].defined())) continue;
    ys.push_back(y);
    gys.push_back(v.empty() ? ones_like(y.detach()) : v[i]);
  }
  variable_list gx(r.inputs.size());
  if (!ys.empty()) gx = autograd::grad(ys, r.inputs, gys, /*retain_graph=*/true, r.options.create_graph, /*allow_unused=*/true);
  return results(or_zeros("vjp", std::move(gx), r.inputs, r.options.strict), r.options);
}

variable_list Linearized::jvp(const variable_list& t) const {
  check_vectors("jvp", "inputs", t, record_->inputs);
  return record_->finished("jvp", record_->forward().push(t, record_->options.create_graph));
}

variable_list Linearized::second_derivative(const std::vector<variable_list>& directions) const {
  for (const variable_list& t : directions) check_vectors("second_derivative", "inputs", t, record_->inputs);
  ForwardMode::Jets jets{directions, variable_list(record_->inputs.size())};
  return record_->finished("second_derivative", record_->forward().push(jets, record_->options.create_graph).second);
}

}}}  // namespace torch::xgrad::func
