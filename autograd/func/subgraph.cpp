#include <xgrad/autograd/func/subgraph.h>

#include <memory>
#include <unordered_map>

#include <xgrad/autograd/tensor/operators.h>

namespace torch { inline namespace xgrad { namespace func {

namespace {

struct NodeState {
  bool reaches = false;  // an input
  int first_output = Subgraph::kNone;
};

}  // namespace

Subgraph::Subgraph(const std::vector<Edge>& outputs, const std::vector<Edge>& inputs, uint64_t since) {
  std::unordered_map<const Node*, NodeState> states;
  const auto number = [&](const Node& node, NodeState& state) {
    state.reaches = true;
    state.first_output = slots_;
    slots_ += static_cast<int>(node.num_inputs());
  };
  for (const Edge& edge : inputs) {
    if (edge && !states.count(edge.function.get())) number(*edge.function, states[edge.function.get()]);
    inputs_.push_back(edge ? states[edge.function.get()].first_output + static_cast<int>(edge.input_nr) : kNone);
  }
  const auto slot_of = [&](const Edge& edge) {
    if (!edge) return kNone;
    const auto found = states.find(edge.function.get());
    return found != states.end() && found->second.reaches ? found->second.first_output + static_cast<int>(edge.input_nr) : kNone;
  };

  std::vector<std::pair<Node*, size_t>> path;  // and the edge to follow next
  const auto enter = [&](const Edge& edge) {
    if (edge && edge.function->sequence_nr() >= since && states.try_emplace(edge.function.get()).second) path.emplace_back(edge.function.get(), 0);
  };
  for (const Edge& output : outputs) {
    enter(output);
    while (!path.empty()) {
      auto& [node, next] = path.back();
      if (next < node->num_outputs()) {
        enter(node->next_edge(next++));
        continue;
      }
      std::vector<int> slots(node->num_outputs(), kNone);
      bool any = false;
      for (size_t i = 0; i < slots.size(); ++i) any |= (slots[i] = slot_of(node->next_edge(i))) != kNone;
      if (any) {
        number(*node, states[node]);
        steps_.push_back({IntrusivePtr<Node>(node), states[node].first_output, std::move(slots)});
      }
      path.pop_back();
    }
    outputs_.push_back(slot_of(output));
  }
}

std::vector<Edge> edges_of(const std::vector<Tensor>& tensors) {
  std::vector<Edge> edges;
  for (const Tensor& t : tensors) edges.push_back(t.defined() && !t.is_sparse() ? detail::gradient_edge(t) : Edge());
  return edges;
}

Tensor fitted(Tensor gradient, const Edge& edge) {
  const Node::Output& expected = edge.function->output(edge.input_nr);
  XGRAD_CHECK_AS(NotImplementedError, !gradient.is_sparse(), "[func] a gradient in rows, which an embedding with sparse=true gives, is in no graph");
  if (gradient.sizes() != expected.sizes) gradient = gradient.sum_to_size(expected.sizes);
  return gradient.dtype() == expected.dtype ? gradient : gradient.to(expected.dtype);
}

std::vector<Tensor> differentiate(Node& node, std::vector<Tensor> gy, const std::vector<int>& inputs) {
  std::vector<Tensor> gx(inputs.size());
  const auto needed = std::make_unique<bool[]>(inputs.size() + 1);
  for (size_t i = 0; i < inputs.size(); ++i) needed[i] = inputs[i] != Subgraph::kNone;
  Gradients g(node, gy.data(), gx.data(), needed.get());
  node.backward(g);
  return gx;
}

std::vector<Tensor> pull(const Subgraph& graph, const std::vector<Tensor>& gy) {
  std::vector<Tensor> sums(static_cast<size_t>(graph.slots()));
  const auto add = [&sums](int slot, Tensor g) {
    Tensor& sum = sums[static_cast<size_t>(slot)];
    sum = sum.defined() ? sum + g : std::move(g);
  };
  for (size_t i = 0; i < gy.size(); ++i)
    if (graph.outputs()[i] != Subgraph::kNone && gy[i].defined()) add(graph.outputs()[i], gy[i]);
  for (auto step = graph.steps().rbegin(); step != graph.steps().rend(); ++step) {
    std::vector<Tensor> out(step->node->num_inputs());
    bool any = false;
    for (size_t o = 0; o < out.size(); ++o) {
      out[o] = std::move(sums[static_cast<size_t>(step->first_output) + o]);
      any |= out[o].defined();
    }
    if (!any) continue;
    std::vector<Tensor> gx = differentiate(*step->node, std::move(out), step->inputs);
    for (size_t i = 0; i < gx.size(); ++i)
      if (step->inputs[i] != Subgraph::kNone && gx[i].defined()) add(step->inputs[i], fitted(std::move(gx[i]), step->node->next_edge(i)));
  }
  std::vector<Tensor> result;
  for (int slot : graph.inputs()) result.push_back(slot == Subgraph::kNone ? Tensor() : sums[static_cast<size_t>(slot)]);
  return result;
}

}}}  // namespace torch::xgrad::func
