#include <xgrad/inspect/graph/graph_def.h>

#include <algorithm>
#include <map>

#include <xgrad/inspect/escape.h>
#include <xgrad/inspect/graph/recorded_graph.h>

namespace torch { inline namespace xgrad { namespace inspect {

using io::ProtobufMessage;

namespace {

// Numbers of tensorflow.DataType.
int64_t tensorflow_dtype(ScalarType dtype) {
  switch (dtype) {
    case kFloat: return 1;
    case kDouble: return 2;
    case kInt: return 3;
    case kByte: return 4;
    case kShort: return 5;
    case kChar: return 6;
    case kLong: return 9;
    case kBool: return 10;
    case kBFloat16: return 14;
    case kHalf: return 19;
    default: return 0;
  }
}

ProtobufMessage attribute(const char* name, const ProtobufMessage& value) { return ProtobufMessage().bytes(1, name).message(2, value); }

ProtobufMessage shape_message(const std::vector<int64_t>& sizes) {
  ProtobufMessage shape;
  for (const int64_t size : sizes) shape.message(2, ProtobufMessage().integer(1, size));
  return shape;
}

// Names of nodes: letters, digits and _.\-/ (NodeDef.name).
std::string node_name(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](char c) { return !std::isalnum(static_cast<unsigned char>(c)) && c != '_' && c != '/' && c != '-'; }, '_');
  return text;
}

}  // namespace

ProtobufMessage graph_def(const Tensor& output, const nn::Module* module) {
  const ModulePaths paths = module ? ModulePaths(*module) : ModulePaths();
  const auto operations = recorded_operations({output}, paths);
  std::vector<std::string> names;
  std::map<std::string, int> used;
  ProtobufMessage graph;
  for (const RecordedOperation& operation : operations) {
    std::string name = operation.name, scope;
    if (operation.kind == RecordedOperation::Kind::parameter) std::replace(name.begin(), name.end(), '.', '/');
    else if (operation.module != ModulePaths::kNone) scope = paths.modules()[operation.module].path;
    std::replace(scope.begin(), scope.end(), '.', '/');
    name = node_name(scope.empty() ? name : scope + '/' + name);
    const int before = used[name]++;
    names.push_back(before == 0 ? name : name + '_' + std::to_string(before));

    ProtobufMessage node;
    node.bytes(1, names.back()).bytes(2, operation.kind == RecordedOperation::Kind::operation ? node_name(operation.name) : "Parameter");
    for (const size_t input : operation.inputs) node.bytes(3, names[input]);
    ProtobufMessage shapes;
    for (const auto& value : operation.outputs) shapes.message(7, shape_message(value.sizes));
    node.message(5, attribute("_output_shapes", ProtobufMessage().message(1, shapes)));
    if (!operation.outputs.empty()) node.message(5, attribute("dtype", ProtobufMessage().integer(6, tensorflow_dtype(operation.outputs[0].dtype))));
    if (!operation.attributes.empty()) node.message(5, attribute("attributes", ProtobufMessage().bytes(2, valid_utf8(operation.attributes))));
    graph.message(1, node);
  }
  return graph.message(4, ProtobufMessage().integer(1, 22));  // versions: the producer
}

}}}  // namespace torch::xgrad::inspect
