#include <xgrad/autograd/func/forward_mode.h>

#include <algorithm>
#include <string_view>

#include <xgrad/autograd/ops/creation/creation.h>
#include <xgrad/autograd/tensor/operators.h>

namespace torch { inline namespace xgrad { namespace func {

// A node's backward, recorded for a gradient of the outputs that is an input itself.
struct ForwardMode::Transposed {
  std::vector<uint32_t> outputs;  // the floating ones
  Subgraph map;                   // from the gradients of those to the gradients of all inputs
  static Transposed of(Node& node, const std::vector<int>& inputs);
};

namespace {

bool is_any_defined(const std::vector<Tensor>& tensors) {
  for (const Tensor& t : tensors)
    if (t.defined()) return true;
  return false;
}

// True iff nobody can tell whether it is edited.
bool is_own(const Tensor& t) { return !GradMode::is_enabled() && t.use_count() == 1 && t.storage().use_count() == 1 && t.is_contiguous(); }

void add_to(Tensor& sum, const Tensor& term) {
  if (!term.defined()) return;
  if (!sum.defined()) sum = term;
  else if (is_own(sum) && sum.sizes() == term.sizes()) sum.add_(term);
  else sum = sum + term;
}

// What depends on these was recorded after the first of them.
uint64_t first_of(const std::vector<Edge>& inputs) {
  uint64_t first = UINT64_MAX;
  for (const Edge& edge : inputs) first = std::min(first, edge.function->is_leaf() ? 0 : edge.function->sequence_nr());
  return first;
}

// True iff a product and its activation are one node, by the name of the latter: linear_tanh and its kind.
bool is_fused(const Node& node) {
  const std::string_view name = node.operation() ? node.operation()->name() : "";
  return node.num_outputs() == 3 && (name == "relu" || name == "sigmoid" || name == "tanh");
}

}  // namespace

ForwardMode::Transposed ForwardMode::Transposed::of(Node& node, const std::vector<int>& inputs) {
  EnableGradGuard recording;
  std::vector<Tensor> gy(node.num_inputs()), floating;
  std::vector<uint32_t> outputs;
  for (uint32_t o = 0; o < node.num_inputs(); ++o) {
    const Node::Output& out = node.output(o);
    if (!isFloatingType(out.dtype)) continue;
    gy[o] = ones(out.sizes, out.dtype).requires_grad_();
    floating.push_back(gy[o]);
    outputs.push_back(o);
  }
  std::vector<Tensor> gx = differentiate(node, gy, inputs);
  for (size_t i = 0; i < gx.size(); ++i) {
    if (inputs[i] == Subgraph::kNone || !gx[i].defined()) continue;
    gx[i] = fitted(std::move(gx[i]), node.next_edge(i));
    // Linear in the gradients, it can only be zero where it doesn't depend on them.
    XGRAD_CHECK_AS(NotImplementedError, gx[i].requires_grad() || !gx[i].ne(0).any().item<bool>(), "[jvp] the derivative of ", node.name(),
                   " is not recorded itself, which forward mode needs");
  }
  return {std::move(outputs), Subgraph(edges_of(gx), edges_of(floating), node.sequence_nr())};
}

struct ForwardMode::Operation {
  const Subgraph::Step& step;
  const ForwardRule* rule;
  std::unique_ptr<RecordedCall> call;  // where the rule asks it
  std::unique_ptr<Transposed> transposed;

  explicit Operation(const Subgraph::Step& step) : step(step), rule(&forward_rule(step.node->operation())) {
    static const ForwardRule unknown;
    if (step.node->num_inputs() != 1 || is_fused(*step.node)) rule = &unknown;
    if (rule->kind == ForwardRule::kLinear || rule->kind == ForwardRule::kBilinear) call = std::make_unique<RecordedCall>(*step.node);
  }
  Node& node() const { return *step.node; }
  const Node::Output& output() const { return step.node->output(0); }
  /// True iff the second derivative along a direction may not be zero.
  bool bends() const {
    if (rule->kind != ForwardRule::kBilinear) return rule->kind != ForwardRule::kLinear;
    return step.inputs[static_cast<size_t>(rule->left)] != Subgraph::kNone && step.inputs[static_cast<size_t>(rule->right)] != Subgraph::kNone;
  }
  bool is_unary() const {
    const Edge& edge = step.node->next_edge(0);
    return rule->kind == ForwardRule::kElementwise && step.inputs.size() == 1 && edge.function->output(edge.input_nr).sizes == output().sizes;
  }
};

ForwardMode::ForwardMode(const std::vector<Edge>& outputs, const std::vector<Edge>& inputs, const OperandLog* log, uint64_t since)
    : graph_(outputs, inputs, since), log_(log) {
  operations_.reserve(graph_.steps().size());
  for (const Subgraph::Step& step : graph_.steps()) operations_.emplace_back(step);
}

ForwardMode::~ForwardMode() = default;

std::vector<Tensor> ForwardMode::push(const std::vector<Tensor>& tangents, bool create_graph) {
  return push(Jets{{tangents}, {}}, create_graph).first[0];
}

// The slots whose first derivatives the second ones of the outputs are made of.
std::vector<bool> ForwardMode::slots_that_bend() const {
  std::vector<bool> needed(static_cast<size_t>(graph_.slots()));
  for (auto op = operations_.rbegin(); op != operations_.rend(); ++op) {
    bool any = op->bends();
    for (uint32_t o = 0; o < op->node().num_inputs() && !any; ++o) any = needed[static_cast<size_t>(op->step.first_output) + o];
    for (int slot : op->step.inputs)
      if (any && slot != Subgraph::kNone) needed[static_cast<size_t>(slot)] = true;
  }
  return needed;
}

ForwardMode::Jets ForwardMode::push(const Jets& jets, bool create_graph) {
  AutoGradMode mode(create_graph);
  const size_t directions = jets.first.size(), slots = static_cast<size_t>(graph_.slots());
  const bool bends = !jets.second.empty();
  std::vector<Tangents> first(directions, Tangents(slots));
  Tangents second(slots);
  const auto start = [this](Tangents& values, const Tangents& given) {
    for (size_t i = 0; i < given.size(); ++i)
      if (graph_.inputs()[i] != Subgraph::kNone) values[static_cast<size_t>(graph_.inputs()[i])] = given[i];
  };
  for (size_t k = 0; k < directions; ++k) start(first[k], jets.first[k]);
  if (bends) start(second, jets.second);
  const std::vector<bool> bend_later = bends ? slots_that_bend() : std::vector<bool>();

  for (Operation& op : operations_) {
    const auto at_inputs = [&op](const Tangents& values) {
      Tangents t;
      for (int slot : op.step.inputs) t.push_back(slot == Subgraph::kNone ? Tensor() : values[static_cast<size_t>(slot)]);
      return t;
    };
    const auto set_outputs = [&op](Tangents& values, Tangents y) {
      for (size_t o = 0; o < y.size(); ++o) values[static_cast<size_t>(op.step.first_output) + o] = std::move(y[o]);
    };
    std::vector<Tangents> t;
    for (const Tangents& values : first) t.push_back(at_inputs(values));
    bool first_needed = !bends;
    if (bends) {
      Tangents s = apply(op, at_inputs(second), create_graph), bent = bend(op, t, create_graph);
      for (size_t o = 0; o < bent.size(); ++o) add_to(s[o], bent[o]);
      set_outputs(second, std::move(s));
      for (uint32_t o = 0; o < op.node().num_inputs(); ++o) first_needed = first_needed || bend_later[static_cast<size_t>(op.step.first_output) + o];
    }
    for (size_t k = 0; k < directions && first_needed; ++k) set_outputs(first[k], apply(op, t[k], create_graph));
  }

  const auto at_outputs = [this](const Tangents& values) {
    Tangents y;
    for (int slot : graph_.outputs()) y.push_back(slot == Subgraph::kNone ? Tensor() : values[static_cast<size_t>(slot)]);
    return y;
  };
  Jets result;
  for (const Tangents& values : first) result.first.push_back(at_outputs(values));
  if (bends) result.second = at_outputs(second);
  return result;
}

// ---- first derivatives

ForwardMode::Tangents ForwardMode::apply(Operation& op, const Tangents& t, bool create_graph) {
  if (!is_any_defined(t)) return Tangents(op.node().num_inputs());
  switch (op.rule->kind) {
    case ForwardRule::kElementwise: return elementwise(op, t, create_graph);
    case ForwardRule::kLinear: return {op.rule->linear(*op.call, t[0])};
    case ForwardRule::kBilinear:
      if (Tensor y = bilinear(op, t); y.defined()) return {std::move(y)};
      break;
    case ForwardRule::kUnknown: break;
  }
  return transposed(op, t, create_graph);
}

ForwardMode::Tangents ForwardMode::elementwise(Operation& op, const Tangents& t, bool create_graph) {
  const Node::Output& out = op.output();
  Tensor sum;
  for (size_t i = 0; i < t.size(); ++i) {
    if (!t[i].defined()) continue;
    Tensor gy = t[i].sizes() == out.sizes ? t[i] : t[i].expand(out.sizes);
    if (gy.dtype() != out.dtype) gy = gy.to(out.dtype);
    std::vector<int> only(t.size(), Subgraph::kNone);
    only[i] = op.step.inputs[i];
    Tensor y = differentiate(op.node(), {gy}, only)[i];
    if (!y.defined()) continue;
    if (y.sizes() != out.sizes) return transposed(op, t, create_graph);
    add_to(sum, y.dtype() == out.dtype ? y : y.to(out.dtype));
  }
  return {sum};
}

ForwardMode::Tangents ForwardMode::transposed(Operation& op, const Tangents& t, bool create_graph) {
  if (!op.transposed) op.transposed = std::make_unique<Transposed>(Transposed::of(op.node(), op.step.inputs));
  AutoGradMode mode(create_graph);
  const Tangents y = pull(op.transposed->map, t);
  Tangents all(op.node().num_inputs());
  for (size_t i = 0; i < y.size(); ++i) all[op.transposed->outputs[i]] = y[i];
  return all;
}

// Undefined where no log has the operands, or the rule doesn't apply.
Tensor ForwardMode::bilinear(Operation& op, const Tangents& t) {
  const OperandLog::Operands* operands = log_ ? log_->find(op.node()) : nullptr;
  if (!operands) return {};
  const ForwardRule& rule = *op.rule;
  const auto left = static_cast<size_t>(rule.left), right = static_cast<size_t>(rule.right);
  Tensor sum;
  const auto add = [&](const Tensor& l, const Tensor& r) {
    const Tensor term = rule.bilinear(*op.call, l, r);
    add_to(sum, term);
    return term.defined();
  };
  if (t[left].defined() && !add(t[left], (*operands)[right].get())) return {};
  if (t[right].defined() && !add((*operands)[left].get(), t[right])) return {};
  if (rule.summand >= 0 && t[static_cast<size_t>(rule.summand)].defined()) {
    Tensor summand = t[static_cast<size_t>(rule.summand)];
    if (rule.summand_per_channel) {
      const int rank = op.output().sizes.size();
      if (rank != static_cast<int>(op.call->integers("stride").size()) + 2) return {};
      Dims sizes(rank, 1);
      sizes[1] = summand.numel();
      summand = summand.reshape(sizes);
    }
    sum = sum.defined() ? sum + summand : summand;
  }
  return sum.sizes() == op.output().sizes ? sum : sum.expand(op.output().sizes);
}

// ---- second derivatives

ForwardMode::Tangents ForwardMode::bend(Operation& op, const std::vector<Tangents>& directions, bool create_graph) {
  Tangents sum(op.node().num_inputs());
  if (!op.bends()) return sum;
  const ForwardRule& rule = *op.rule;
  if (op.is_unary()) return {bend_unary(op, directions, create_graph)};
  const bool knows = rule.kind == ForwardRule::kBilinear && log_ && log_->find(op.node());
  for (const Tangents& t : directions) {
    if (!is_any_defined(t)) continue;
    if (knows) {
      const Tensor &l = t[static_cast<size_t>(rule.left)], &r = t[static_cast<size_t>(rule.right)];
      if (!l.defined() || !r.defined()) continue;
      if (const Tensor both = rule.bilinear(*op.call, l, r); both.defined()) {
        add_to(sum[0], both * 2);
        continue;
      }
    }
    const Tangents bent = bend_any(op, t, create_graph);
    for (size_t o = 0; o < bent.size(); ++o) add_to(sum[o], bent[o]);
  }
  return sum;
}

// The second derivative once, for all directions.
Tensor ForwardMode::bend_unary(Operation& op, const std::vector<Tangents>& directions, bool create_graph) {
  // Tangents that are one row expanded, as directions in space are behind the first layer, are squared once.
  const bool is_row = std::all_of(directions.begin(), directions.end(),
                                  [](const Tangents& t) { return !t[0].defined() || (t[0].dim() > 0 && t[0].size(0) > 1 && t[0].stride(0) == 0); });
  Tensor squares, slope;
  for (const Tangents& directed : directions) {
    if (!directed[0].defined()) continue;
    const Tensor t = is_row ? directed[0].narrow(0, 0, 1) : directed[0];
    if (!squares.defined()) squares = t * t;
    else if (is_own(squares)) squares.addcmul_(t, t);
    else squares = addcmul(squares, t, t);
  }
  if (!squares.defined()) return {};
  if (is_row) squares = squares.expand(op.output().sizes);
  const Tensor one = ones({}, op.output().dtype).expand(op.output().sizes);
  {
    EnableGradGuard recording;
    slope = differentiate(op.node(), {one}, op.step.inputs)[0];
  }
  if (!slope.defined()) return {};
  const std::vector<Edge> input{op.node().next_edge(0)};
  ForwardMode inner(edges_of({slope}), input, nullptr, first_of(input));
  return inner.push({squares}, create_graph)[0];
}

// The first derivative along t once more along t, which is a constant there.
ForwardMode::Tangents ForwardMode::bend_any(Operation& op, const Tangents& t, bool create_graph) {
  Tangents y;
  {
    EnableGradGuard recording;
    y = apply(op, t, true);
  }
  std::vector<Edge> inputs;
  Tangents tangents;
  for (size_t i = 0; i < t.size(); ++i) {
    if (!t[i].defined()) continue;
    inputs.push_back(op.node().next_edge(i));
    tangents.push_back(t[i]);
  }
  const uint64_t since = first_of(inputs);
  for (const Edge& edge : edges_of(tangents)) inputs.push_back(edge);
  ForwardMode inner(edges_of(y), inputs, nullptr, since);
  return inner.push(tangents, create_graph);
}

}}}  // namespace torch::xgrad::func
