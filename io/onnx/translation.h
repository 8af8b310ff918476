// From an operation to nodes of ONNX. Internal.
#pragma once

#include <array>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <xgrad/autograd/ops/ops.h>
#include <xgrad/io/onnx/model.h>
#include <xgrad/io/onnx/program.h>
#include <xgrad/io/onnx/symbolic.h>

namespace torch { inline namespace xgrad { namespace onnx {

using Names = std::vector<std::string>;
using Settings = std::vector<std::pair<std::string, Setting>>;

/// The graph as it grows, from the same program recorded with batches of three sizes.
class Translation {
 public:
  Translation(const std::array<Program, 3>& programs, const std::array<int64_t, 3>& batches, Model& model);

  /// Names that nothing else may have.
  void reserve(const std::set<std::string>& names) {
    for (const std::string& name : names) taken_[name] = 1;
  }
  /// Translates all that the results depend on. `batch_input` and `batch_axis` say where the size of the batch is read.
  void run(size_t batch_input, int64_t batch_axis);
  /// The name of a variable, whose node or initializer is there now.
  std::string name_of(int variable);
  SymbolicSizes sizes_of(int variable) const;

  const Variable& variable(int i, size_t program = 0) const { return programs_[program].variables[static_cast<size_t>(i)]; }
  const std::array<Program, 3>& programs() const { return programs_; }
  const std::array<int64_t, 3>& batches() const { return batches_; }
  int64_t opset() const { return model_.opset; }

  /// Adds a node and gives the names of its results.
  Names add(const std::string& operation, Names inputs, Settings settings = {}, size_t outputs = 1);
  std::string constant(const Tensor& elements, const std::string& name = {});
  /// A vector of int64.
  std::string sizes(const SymbolicSizes& sizes);
  void set_name(int variable, const std::string& name) { names_[variable] = name; }
  /// Where in the model the step is, for errors.
  std::string place_of(size_t step) const;

 private:
  void check_same_operations() const;
  std::vector<bool> live_steps() const;
  std::string constant_of(int variable);

  const std::array<Program, 3>& programs_;
  const std::array<int64_t, 3> batches_;
  Model& model_;
  std::map<int, std::string> names_;
  std::map<std::string, std::string> constants_;  // by their bytes
  std::map<std::string, int> taken_;
  std::string batch_size_, prefix_;
  size_t batch_input_ = 0;
  int64_t batch_axis_ = 0;
};

/// One operation that is being translated.
class Call {
 public:
  Call(Translation& t, size_t step) : t(t), step_(step), s(t.programs()[0].steps[step]) {}

  Translation& t;

  const char* operation() const { return s.operation->name(); }
  size_t inputs() const { return s.inputs.size(); }
  size_t outputs() const { return s.outputs.size(); }
  bool has(size_t i) const { return i < s.inputs.size() && s.inputs[i] >= 0; }
  const Variable& input(size_t i) const { return t.variable(s.inputs[i]); }
  const Variable& output(size_t i = 0) const { return t.variable(s.outputs[i]); }
  /// The input's name; "" where it was left out.
  std::string in(size_t i) const { return has(i) ? t.name_of(s.inputs[i]) : ""; }
  /// The same, converted.
  std::string in(size_t i, ScalarType dtype) const { return cast(in(i), input(i).dtype, dtype); }
  int64_t rank(size_t i = 0) const { return input(i).sizes.size(); }
  SymbolicSizes in_sizes(size_t i = 0) const { return t.sizes_of(s.inputs[i]); }
  SymbolicSizes out_sizes(size_t i = 0) const { return t.sizes_of(s.outputs[i]); }
  /// A size that doesn't depend on the batch; throws where it does.
  int64_t fixed_size(size_t input, int64_t axis) const;

  bool is_given(const char* name) const;
  bool is_whole(const char* name) const { return std::holds_alternative<int64_t>(value(name)); }
  int64_t integer(const char* name) const;
  /// That of an axis, not negative.
  int64_t axis(const char* name = "dim", int64_t more = 0) const;
  double number(const char* name) const;
  bool flag(const char* name) const;
  std::string text(const char* name) const;
  std::vector<int64_t> integers(const char* name) const;
  Symbolic symbolic(const char* name) const;
  SymbolicSizes symbolic_list(const char* name) const;

  std::string node(const std::string& operation, Names inputs, Settings settings = {}) const {
    return t.add(operation, std::move(inputs), std::move(settings))[0];
  }
  std::string cast(const std::string& x, ScalarType from, ScalarType to) const;
  /// A number of the dtype.
  std::string scalar(double value, ScalarType dtype) const { return t.constant(full({}, value, dtype)); }
  std::string scalar(double value) const { return scalar(value, output().dtype); }
  std::string vector(std::vector<int64_t> values) const;
  void result(const std::string& name, size_t i = 0) const { t.set_name(s.outputs[i], name); }
  void node_result(const std::string& operation, Names inputs, Settings settings = {}) const {
    result(node(operation, std::move(inputs), std::move(settings)));
  }
  bool is_read(size_t output) const;
  [[noreturn]] void refuse(const std::string& why) const;

 private:
  const xgrad::detail::Attribute::Value& value(const char* name, size_t program = 0) const;

  size_t step_;
  const Step& s;
};

using Rule = void (*)(const Call& call, const char* onnx);

/// How operations are translated: "relu" by `rule`, which is told "Relu".
struct Mapping {
  const char* operation;
  Rule rule;
  const char* onnx = "";
};

/// The rule for an operation; null if there is none.
const Mapping* mapping_of(const std::string& operation);

// The tables, by family.
std::vector<Mapping> elementwise_mappings();
std::vector<Mapping> shape_mappings();
std::vector<Mapping> reduction_mappings();
std::vector<Mapping> product_mappings();
std::vector<Mapping> image_mappings();
std::vector<Mapping> normalisation_mappings();
std::vector<Mapping> recurrent_mappings();
std::vector<Mapping> index_mappings();

}}}  // namespace torch::xgrad::onnx
