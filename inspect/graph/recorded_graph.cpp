#include <xgrad/inspect/graph/recorded_graph.h>

#include <algorithm>
#include <unordered_map>

#include <xgrad/autograd/graph/node.h>

namespace torch { inline namespace xgrad { namespace inspect {

namespace {

RecordedOperation described(Node& node, const ModulePaths& paths) {
  RecordedOperation result;
  if (node.is_leaf()) {
    const Tensor leaf = static_cast<AccumulateGrad&>(node).variable();
    if (leaf.defined()) result.module = paths.owner_of(leaf);
    result.kind = result.module == ModulePaths::kNone ? RecordedOperation::Kind::leaf : RecordedOperation::Kind::parameter;
    result.name = result.module == ModulePaths::kNone ? "leaf" : paths.name_of(leaf);
  } else {
    result.name = node.operation() ? node.operation()->name() : node.name();
    std::string attributes;
    std::vector<detail::Attribute> given = node.attributes();
    given.erase(std::remove_if(given.begin(), given.end(), [](const auto& a) { return std::holds_alternative<std::monostate>(a.value); }),
                given.end());
    detail::append(attributes, given);
    if (attributes.size() > 2) result.attributes = attributes.substr(1, attributes.size() - 2);  // without parentheses
  }
  for (uint32_t i = 0; i < node.num_inputs(); ++i) result.outputs.push_back({node.output(i).sizes.vec(), node.output(i).dtype});
  return result;
}

}  // namespace

std::vector<RecordedOperation> recorded_operations(const std::vector<Tensor>& outputs, const ModulePaths& paths) {
  // Each node behind those that its edges lead to, without recursion.
  std::vector<Node*> order;
  std::unordered_map<const Node*, size_t> place;
  std::vector<std::pair<Node*, uint32_t>> way;  // a node and its next edge
  const auto visit = [&](const Edge& edge) {
    if (edge.function && place.emplace(edge.function.get(), SIZE_MAX).second) way.push_back({edge.function.get(), 0});
  };
  for (const Tensor& output : outputs) {
    XGRAD_CHECK(output.defined() && output.requires_grad(), "[graph] expected tensors that require a gradient: of others nothing is recorded");
    visit(detail::gradient_edge(output));
    while (!way.empty()) {
      auto& [node, next] = way.back();
      if (next < node->num_outputs()) {
        visit(node->next_edge(next++));
      } else {
        place[node] = order.size();
        order.push_back(node);
        way.pop_back();
      }
    }
  }

  std::vector<RecordedOperation> result;
  for (Node* node : order) {
    RecordedOperation operation = described(*node, paths);
    for (uint32_t i = 0; i < node->num_outputs(); ++i)
      if (const auto& edge = node->next_edge(i); edge.function) operation.inputs.push_back(place.at(edge.function.get()));
    result.push_back(std::move(operation));
  }

  // In the order of recording, from one module to the next.
  std::vector<size_t> by_time(order.size());
  for (size_t i = 0; i < by_time.size(); ++i) by_time[i] = i;
  std::stable_sort(by_time.begin(), by_time.end(), [&](size_t a, size_t b) { return order[a]->sequence_nr() < order[b]->sequence_nr(); });
  size_t last = paths.modules().empty() ? ModulePaths::kNone : 0;
  for (const size_t i : by_time) {
    if (result[i].kind != RecordedOperation::Kind::operation) continue;
    for (const size_t input : result[i].inputs)
      if (result[input].kind == RecordedOperation::Kind::parameter) {
        last = result[input].module;
        result[i].uses_parameters = true;
      }
    result[i].module = last;
  }
  return result;
}

std::string value_text(const RecordedOperation::Value& value) {
  std::string text = std::string(dtype_name(value.dtype)) + ' ';
  append(text, IntArrayRef(value.sizes));
  return text;
}

}}}  // namespace torch::xgrad::inspect
