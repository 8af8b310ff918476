#include <xgrad/io/onnx/onnx.h>

#include <algorithm>
#include <set>

#include <xgrad/io/file.h>
#include <xgrad/io/onnx/translation.h>

namespace torch { inline namespace xgrad { namespace onnx {

namespace {

Names names_or(const Names& given, const std::string& otherwise, size_t count, const char* what) {
  XGRAD_CHECK(given.empty() || given.size() == count, "[onnx] expected ", count, " names of ", what, ", got ", given.size());
  Names names = given;
  for (size_t i = names.size(); i < count; ++i) names.push_back(count == 1 ? otherwise : otherwise + "_" + std::to_string(i));
  return names;
}

int64_t axis_of(const Options& options, size_t input) { return options.batch_axes.empty() ? 0 : options.batch_axes[input]; }

void check(const Options& options, const std::vector<Tensor>& inputs) {
  XGRAD_CHECK(options.opset >= 13 && options.opset <= 17, "[onnx] opset must be 13 to 17, got ", options.opset);
  XGRAD_CHECK(!inputs.empty(), "[onnx] expected example inputs, got none");
  XGRAD_CHECK(options.batch_axes.empty() || options.batch_axes.size() == inputs.size(), "[onnx] expected the batch's axis in each of ", inputs.size(),
              " inputs, got ", options.batch_axes.size());
  int64_t batch = -1;
  for (size_t i = 0; i < inputs.size(); ++i) {
    XGRAD_CHECK(inputs[i].defined(), "[onnx] input ", i, " is undefined");
    const int64_t axis = axis_of(options, i);
    if (!options.dynamic_batch || axis == -1) continue;
    XGRAD_CHECK(inputs[i].dim() > 0, "[onnx] input ", i, " has no axis for a batch: say so by -1 in batch_axes, or set dynamic_batch to false");
    XGRAD_CHECK(axis >= 0 && axis < inputs[i].dim(), "[onnx] the batch's axis in input ", i, " must be from 0 to ", inputs[i].dim() - 1,
                ", or -1, got ", axis);
    XGRAD_CHECK(inputs[i].size(axis) > 0, "[onnx] input ", i, " is an empty batch, of shape ", inputs[i].sizes());
    XGRAD_CHECK(batch == -1 || batch == inputs[i].size(axis), "[onnx] inputs are batches of the sizes ", batch, " and ", inputs[i].size(axis));
    batch = inputs[i].size(axis);
  }
  XGRAD_CHECK(!options.dynamic_batch || batch > 0, "[onnx] dynamic_batch needs an input with a batch");
}

// Their items again and again, until there are as many.
std::vector<Tensor> with_batch(const std::vector<Tensor>& inputs, const Options& options, int64_t size) {
  std::vector<Tensor> all;
  for (size_t i = 0; i < inputs.size(); ++i) {
    const int64_t axis = axis_of(options, i);
    const bool grows = options.dynamic_batch && axis != -1;
    all.push_back(grows ? inputs[i].index_select(axis, arange(size, kLong).remainder(inputs[i].size(axis))) : inputs[i].clone());
  }
  return all;
}

std::vector<Size> sizes_in_file(const SymbolicSizes& sizes, const std::string& batch) {
  std::vector<Size> all;
  for (const Symbolic& s : sizes) {
    if (s.is_fixed()) all.emplace_back(s.rest);
    else all.emplace_back(s == Symbolic{1, 0} ? batch : std::to_string(s.per_batch) + "*" + batch + (s.rest ? "+" + std::to_string(s.rest) : ""));
  }
  return all;
}

// Results under their names: those of the nodes that give them, or copies of what has a name already.
void name_results(Model& model, const Names& results, const Names& names) {
  std::set<std::string> renamed;
  for (size_t i = 0; i < results.size(); ++i) {
    Node* maker = nullptr;
    for (Node& node : model.nodes)
      if (std::find(node.outputs.begin(), node.outputs.end(), results[i]) != node.outputs.end()) maker = &node;
    if (!maker || !renamed.insert(results[i]).second || std::count(results.begin(), results.end(), results[i]) > 1) {
      model.nodes.push_back({"Identity", {results[i]}, {names[i]}, {}});
      continue;
    }
    for (Node& node : model.nodes)
      for (Names* list : {&node.inputs, &node.outputs}) std::replace(list->begin(), list->end(), results[i], names[i]);
  }
}

}  // namespace

std::string bytes(const Function& f, const std::vector<Tensor>& inputs, const Options& options, const NamedTensors& named) {
  check(options, inputs);
  const Names input_names = names_or(options.input_names, "input", inputs.size(), "inputs");
  size_t batch_input = 0;
  while (options.dynamic_batch && axis_of(options, batch_input) == -1) ++batch_input;
  const int64_t axis = std::max<int64_t>(axis_of(options, batch_input), 0), batch = options.dynamic_batch ? inputs[batch_input].size(axis) : 1;

  const std::array<int64_t, 3> batches = {batch, batch + options.dynamic_batch, batch + 3 * options.dynamic_batch};
  std::array<Program, 3> programs;
  for (size_t k = 0; k < 3; ++k)
    programs[k] = k == 0 || options.dynamic_batch ? record_program(f, with_batch(inputs, options, batches[k]), input_names, named) : programs[0];
  XGRAD_CHECK(!programs[0].results.empty(), "[onnx] the function gives no tensor");

  Model model;
  model.opset = options.opset;
  model.producer = "xgrad";
  model.name = options.model_name;
  Translation translation(programs, batches, model);
  const Program& p = programs[0];
  const Names output_names = names_or(options.output_names, "output", p.results.size(), "outputs");
  std::set<std::string> all;
  for (const Names* list : {&input_names, &output_names})
    for (const std::string& name : *list)
      XGRAD_CHECK(!name.empty() && all.insert(name).second, "[onnx] the name '", name, "' is given twice, or empty");
  translation.reserve(all);
  translation.run(batch_input, axis);

  const auto value = [&](const std::string& name, int variable) {
    return Value{name, translation.variable(variable).dtype, sizes_in_file(translation.sizes_of(variable), options.batch_name)};
  };
  Names results;
  for (size_t i = 0; i < p.results.size(); ++i) results.push_back(translation.name_of(p.results[i]));
  name_results(model, results, output_names);
  for (size_t i = 0; i < inputs.size(); ++i) model.inputs.push_back(value(input_names[i], p.inputs[i]));
  for (size_t i = 0; i < p.results.size(); ++i) model.outputs.push_back(value(output_names[i], p.results[i]));
  return model.bytes();
}

void save(const Function& f, const std::vector<Tensor>& inputs, const std::string& path, const Options& options, const NamedTensors& named) {
  const std::string file = bytes(f, inputs, options, named);
  io::replace_file(path, [&file](const io::Sink& write) { write(file.data(), file.size()); });
}

void detail::refuse_count(size_t inputs) {
  xgrad::detail::raise<Error>("[onnx] the module's forward() takes no ", inputs, " tensors, which is how many example inputs there are");
}

}}}  // namespace torch::xgrad::onnx
