#include <xgrad/io/onnx/model.h>

#include <xgrad/autograd/core/error.h>
#include <xgrad/autograd/core/version.h>
#include <xgrad/autograd/tensor/copy.h>
#include <xgrad/io/protobuf.h>

// The numbers of the fields are those of https://github.com/onnx/onnx/blob/v1.12.0/onnx/onnx.proto.

namespace torch { inline namespace xgrad { namespace onnx {

using Message = io::ProtobufMessage;

int64_t element_type(ScalarType dtype, const std::string& what) {
  switch (dtype) {
    case kFloat: return 1;
    case kByte: return 2;
    case kChar: return 3;
    case kShort: return 5;
    case kInt: return 6;
    case kLong: return 7;
    case kBool: return 9;
    case kHalf: return 10;
    case kDouble: return 11;
    case kBFloat16: return 16;
    default: xgrad::detail::raise<Error>("[onnx] ", what, " has the dtype ", dtype, ", which ONNX doesn't know");
  }
}

namespace {

Message encoded(const std::string& name, const Setting& value) {
  Message m;
  m.bytes(1, name);
  struct {
    Message& m;
    int64_t operator()(int64_t v) const { return m.integer(3, v), 2; }
    int64_t operator()(double v) const { return m.number(2, static_cast<float>(v)), 1; }
    int64_t operator()(const std::string& v) const { return m.bytes(4, v), 3; }
    int64_t operator()(const std::vector<int64_t>& v) const { return m.packed(8, v), 7; }
    int64_t operator()(const std::vector<std::string>& v) const {
      for (const std::string& s : v) m.bytes(9, s);
      return 8;
    }
  } write{m};
  const int64_t type = std::visit(write, value);
  return m.integer(20, type), m;
}

Message encoded(const Node& node) {
  Message m;
  for (const std::string& name : node.inputs) m.bytes(1, name);
  for (const std::string& name : node.outputs) m.bytes(2, name);
  m.bytes(3, node.outputs[0]).bytes(4, node.operation);
  for (const auto& [key, value] : node.settings) m.message(5, encoded(key, value));
  return m;
}

Message encoded(const std::string& name, const Tensor& t) {
  const Tensor elements = contiguous_as(t, t.dtype());
  const auto* const bytes = static_cast<const char*>(elements.data_ptr());  // little-endian, as on every processor that we run on
  Message m;
  m.packed(1, t.sizes()).integer(2, element_type(t.dtype(), name)).bytes(8, name);
  return m.bytes(9, {bytes, static_cast<size_t>(elements.numel() * elements.element_size())}), m;
}

Message encoded(const Value& value) {
  Message shape, type, m;
  for (const Size& size : value.sizes) {
    Message one;
    if (const auto* const known = std::get_if<int64_t>(&size)) one.integer(1, *known);
    else one.bytes(2, std::get<std::string>(size));
    shape.message(1, one);
  }
  type.message(1, Message().integer(1, element_type(value.dtype, value.name)).message(2, shape));
  return m.bytes(1, value.name).message(2, type), m;
}

}  // namespace

std::string Model::bytes() const {
  Message graph, m;
  for (const Node& node : nodes) graph.message(1, encoded(node));
  graph.bytes(2, name);
  for (const auto& [name, tensor] : initializers) graph.message(5, encoded(name, tensor));
  for (const Value& v : inputs) graph.message(11, encoded(v));
  for (const Value& v : outputs) graph.message(12, encoded(v));
  constexpr int64_t kFormat = 7;  // the first version of the format that has opset 13; readers of later opsets take it
  m.integer(1, kFormat).bytes(2, producer).bytes(3, XGRAD_VERSION).message(7, graph);
  return m.message(8, Message().integer(2, opset)).text();
}

}}}  // namespace torch::xgrad::onnx
