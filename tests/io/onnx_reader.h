// An ONNX file read back, and run, by other means than those that wrote it: fields of protocol buffers one by one, plain loops.
#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>
#include <functional>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

namespace onnx_reader {

/// The fields of a message by number: whole numbers, or bytes.
struct Fields {
  std::map<int, std::vector<uint64_t>> numbers;
  std::map<int, std::vector<std::string>> bytes;

  explicit Fields(const std::string& message) {
    for (size_t at = 0; at < message.size();) {
      const uint64_t key = varint(message, at);
      const int field = static_cast<int>(key >> 3);
      if ((key & 7) == 0) {
        numbers[field].push_back(varint(message, at));
      } else if ((key & 7) == 5) {
        bytes[field].push_back(take(message, at, 4));
      } else if ((key & 7) == 2) {
        const uint64_t size = varint(message, at);
        bytes[field].push_back(take(message, at, size));
      } else {
        throw std::runtime_error("a field of an unknown kind");
      }
    }
  }
  std::string text(int field) const { return bytes.count(field) ? bytes.at(field)[0] : ""; }
  int64_t number(int field) const { return numbers.count(field) ? static_cast<int64_t>(numbers.at(field)[0]) : 0; }
  std::vector<Fields> messages(int field) const {
    std::vector<Fields> all;
    if (bytes.count(field))
      for (const std::string& m : bytes.at(field)) all.emplace_back(m);
    return all;
  }
  std::vector<std::string> texts(int field) const { return bytes.count(field) ? bytes.at(field) : std::vector<std::string>(); }
  std::vector<int64_t> packed(int field) const {
    std::vector<int64_t> all;
    const std::string packed = text(field);
    for (size_t at = 0; at < packed.size();) all.push_back(static_cast<int64_t>(varint(packed, at)));
    return all;
  }

 private:
  static uint64_t varint(const std::string& m, size_t& at) {
    uint64_t value = 0;
    for (int shift = 0;; shift += 7) {
      const auto byte = static_cast<uint64_t>(static_cast<unsigned char>(m.at(at++)));
      value |= (byte & 127) << shift;
      if (byte < 128) return value;
    }
  }
  static std::string take(const std::string& m, size_t& at, uint64_t size) {
    if (size > m.size() - at) throw std::runtime_error("a field beyond its message");
    at += size;
    return m.substr(at - size, size);
  }
};

struct Array {
  std::vector<int64_t> shape;
  std::vector<double> values;
};

struct Node {
  std::string operation;
  std::vector<std::string> inputs, outputs;
  std::map<std::string, Fields> settings;
};

struct Model {
  int64_t opset = 0;
  std::vector<std::string> inputs, outputs;
  std::map<std::string, std::vector<std::string>> sizes;  ///< of inputs and outputs, "batch" or a number
  std::map<std::string, Array> constants;
  std::vector<Node> nodes;

  explicit Model(const std::string& file) {
    const Fields model(file), graph(model.text(7));
    opset = model.messages(8)[0].number(2);
    for (const Fields& n : graph.messages(1)) {
      Node node{n.text(4), n.texts(1), n.texts(2), {}};
      for (const Fields& setting : n.messages(5)) node.settings.emplace(setting.text(1), setting);
      nodes.push_back(node);
    }
    for (const Fields& t : graph.messages(5)) constants[t.text(8)] = {t.packed(1), elements(t)};
    for (const int field : {11, 12})
      for (const Fields& v : graph.messages(field)) {
        (field == 11 ? inputs : outputs).push_back(v.text(1));
        const Fields type(Fields(v.text(2)).text(1)), shape(type.text(2));
        for (const Fields& size : shape.messages(1)) sizes[v.text(1)].push_back(size.bytes.count(2) ? size.text(2) : std::to_string(size.number(1)));
      }
  }

  bool has(const std::string& operation) const {
    for (const Node& node : nodes)
      if (node.operation == operation) return true;
    return false;
  }

  /// What the graph gives, for the few operators of small nets.
  std::map<std::string, Array> run(std::map<std::string, Array> values) const {
    values.insert(constants.begin(), constants.end());
    for (const Node& node : nodes) values[node.outputs[0]] = computed(node, values);
    return values;
  }

 private:
  static std::vector<double> elements(const Fields& t) {
    const std::string raw = t.text(9);
    std::vector<double> all;
    const auto read = [&](auto zero) {
      for (size_t at = 0; at < raw.size(); at += sizeof zero) {
        std::memcpy(&zero, raw.data() + at, sizeof zero);
        all.push_back(static_cast<double>(zero));
      }
    };
    if (t.number(2) == 1) read(float());
    else if (t.number(2) == 7) read(int64_t());
    else if (t.number(2) == 9) read(char());
    else throw std::runtime_error("elements of another type");
    return all;
  }

  static Array computed(const Node& node, const std::map<std::string, Array>& values) {
    const auto in = [&](size_t i) -> const Array& { return values.at(node.inputs.at(i)); };
    const auto each = [&](const std::function<double(double)>& f) {
      Array y = in(0);
      for (double& v : y.values) v = f(v);
      return y;
    };
    const auto both = [&](const std::function<double(double, double)>& f) {  // of one shape, or the second a number or a row
      Array y = in(0);
      for (size_t i = 0; i < y.values.size(); ++i) y.values[i] = f(y.values[i], in(1).values[i % in(1).values.size()]);
      return y;
    };
    const std::string& op = node.operation;
    if (op == "Identity") return in(0);
    if (op == "Relu") return each([](double x) { return x > 0 ? x : 0; });
    if (op == "Tanh") return each([](double x) { return std::tanh(x); });
    if (op == "Add") return both([](double a, double b) { return a + b; });
    if (op == "Mul") return both([](double a, double b) { return a * b; });
    if (op == "Shape") {
      Array y{{static_cast<int64_t>(in(0).shape.size())}, {}};
      for (const int64_t n : in(0).shape) y.values.push_back(static_cast<double>(n));
      return y;
    }
    if (op == "Gather") return {{1}, {in(0).values.at(static_cast<size_t>(in(1).values.at(0)))}};
    if (op == "Concat") {
      Array y{{0}, {}};
      for (size_t i = 0; i < node.inputs.size(); ++i) y.values.insert(y.values.end(), in(i).values.begin(), in(i).values.end());
      y.shape[0] = static_cast<int64_t>(y.values.size());
      return y;
    }
    if (op == "Reshape") {
      Array y = in(0);
      y.shape.clear();
      int64_t known = 1;
      for (const double n : in(1).values) known *= n == -1 ? 1 : static_cast<int64_t>(n);
      for (const double n : in(1).values) y.shape.push_back(n == -1 ? static_cast<int64_t>(y.values.size()) / known : static_cast<int64_t>(n));
      return y;
    }
    if (op == "Gemm") {  // with transB
      const Array &x = in(0), &w = in(1);
      const auto rows = static_cast<size_t>(x.shape[0]), depth = static_cast<size_t>(x.shape[1]), columns = static_cast<size_t>(w.shape[0]);
      Array y{{x.shape[0], w.shape[0]}, std::vector<double>(rows * columns)};
      for (size_t r = 0; r < rows; ++r)
        for (size_t c = 0; c < columns; ++c) {
          double sum = node.inputs.size() > 2 ? in(2).values[c] : 0;
          for (size_t k = 0; k < depth; ++k) sum += x.values[r * depth + k] * w.values[c * depth + k];
          y.values[r * columns + c] = sum;
        }
      return y;
    }
    if (op == "Softmax") {
      Array y = in(0);
      const auto n = static_cast<size_t>(y.shape.back());
      for (size_t r = 0; r < y.values.size(); r += n) {
        double sum = 0;
        for (size_t i = 0; i < n; ++i) sum += y.values[r + i] = std::exp(y.values[r + i]);
        for (size_t i = 0; i < n; ++i) y.values[r + i] /= sum;
      }
      return y;
    }
    throw std::runtime_error("the reader doesn't know " + op);
  }
};

}  // namespace onnx_reader
