#include <xgrad/inspect/summary/summary.h>

#include <algorithm>
#include <unordered_map>

#include <xgrad/autograd/core/grad_mode.h>
#include <xgrad/autograd/graph/trace.h>
#include <xgrad/inspect/escape.h>
#include <xgrad/inspect/module_paths.h>
#include <xgrad/inspect/summary/multiply_adds.h>
#include <xgrad/nn/module_calls.h>

namespace torch { inline namespace xgrad { namespace inspect {

namespace {

// "Linear" of "torch::xgrad::nn::LinearImpl".
std::string class_of(const nn::Module& module) {
  std::string name = module.name();
  if (const size_t template_begin = name.find('<'); template_begin != std::string::npos) name.resize(template_begin);
  if (const size_t colons = name.rfind("::"); colons != std::string::npos) name.erase(0, colons + 2);
  if (name.size() > 4 && name.compare(name.size() - 4, 4, "Impl") == 0) name.resize(name.size() - 4);
  return name;
}

int64_t bytes_of(const Tensor& t) { return t.numel() * static_cast<int64_t>(t.element_size()); }

// Every module in evaluation mode while it lives.
class EvaluationMode {
 public:
  explicit EvaluationMode(nn::Module& model) : model_(model) {
    modes_.push_back(model.is_training());
    for (const auto& module : model.modules(false)) {
      modules_.push_back(module);
      modes_.push_back(module->is_training());
    }
    model.eval();
  }
  // A module sets the mode of those below it too, which come later.
  ~EvaluationMode() {
    model_.train(modes_[0]);
    for (size_t i = 0; i < modules_.size(); ++i) modules_[i]->train(modes_[i + 1]);
  }
  EvaluationMode(const EvaluationMode&) = delete;
  EvaluationMode& operator=(const EvaluationMode&) = delete;

 private:
  nn::Module& model_;
  std::vector<std::shared_ptr<nn::Module>> modules_;
  std::vector<bool> modes_;
};

class SummaryObserver final : public TraceObserver {
 public:
  SummaryObserver(nn::Module& model, const ModulePaths& paths, std::vector<LayerSummary>& layers)
      : paths_(paths), layers_(layers), calls_(model, [this](const nn::Module& called) { begins(paths_.index_of(called)); }) {}

  void observe(const TracedOperation& operation) override {
    const size_t module = module_of(operation);
    LayerSummary& layer = layers_[module];
    layer.multiply_adds += multiply_adds(operation);
    for (const Tensor& output : operation.outputs) {
      const bool is_view = std::any_of(operation.inputs.begin(), operation.inputs.end(),
                                       [&](const Tensor& input) { return input.defined() && input.storage().is_alias_of(output.storage()); });
      if (!is_view) layer.bytes += bytes_of(output);
    }
    // What the operation takes from another module is that module's result, the first such if there are several.
    for (const Tensor& input : operation.inputs)
      if (input.defined())
        if (const auto made = made_.find(input.unsafeGetTensorImpl()); made != made_.end()) leaves(made->second, module, input);
    for (const Tensor& output : operation.outputs) {
      made_[output.unsafeGetTensorImpl()] = module;
      kept_.push_back(output);
      for (size_t m = module; m != ModulePaths::kNone; m = paths_.modules()[m].parent)
        if (!is_final(m)) set_output(m, output);
    }
    last_ = operation.outputs.empty() ? last_ : operation.outputs[0];
    if (std::string_view(operation.operation.name()).substr(0, 7) == "linear_") give_to_activation(module);
  }

 private:
  void begins(size_t module) {
    ++layers_[module].calls;
    // What it doesn't change, as dropout in evaluation mode.
    if (!layers_[module].has_output && last_.defined()) set_output(module, last_);
  }

  size_t module_of(const TracedOperation& operation) {
    for (const Tensor& input : operation.inputs)
      if (input.defined())
        if (const size_t owner = paths_.owner_of(input); owner != ModulePaths::kNone) return owner;
    const nn::Module* const called = calls_.running();
    return called ? paths_.index_of(*called) : 0;
  }

  void set_output(size_t module, const Tensor& output) {
    layers_[module].output = output.sizes().vec();
    layers_[module].has_output = true;
  }
  bool is_final(size_t module) const { return final_.size() > module && final_[module]; }

  // A tensor of module `from`, used in module `to`: the result of all modules around the one and not around the other.
  void leaves(size_t from, size_t to, const Tensor& tensor) {
    for (size_t m = from; m != ModulePaths::kNone && !contains(m, to); m = paths_.modules()[m].parent) {
      if (is_final(m)) continue;
      set_output(m, tensor);
      final_.resize(layers_.size());
      final_[m] = true;
    }
  }
  bool contains(size_t outer, size_t module) const {
    while (module != ModulePaths::kNone && module != outer) module = paths_.modules()[module].parent;
    return module == outer;
  }

  // A Sequential runs a Linear and the activation after it as one operation, in which the activation isn't called.
  void give_to_activation(size_t module) {
    for (size_t next = module + 1; next < layers_.size(); ++next) {
      if (paths_.modules()[next].parent != paths_.modules()[module].parent) continue;
      if (layers_[next].parameters == 0 && paths_.modules()[next].is_leaf && layers_[next].calls == 0) set_output(next, last_);
      return;
    }
  }

  const ModulePaths& paths_;
  std::vector<LayerSummary>& layers_;
  std::unordered_map<const void*, size_t> made_;  // by TensorImpl: which module's operation
  std::vector<Tensor> kept_;                      // so that each has an address of its own
  std::vector<bool> final_;
  Tensor last_;
  nn::ModuleCalls calls_;
};

}  // namespace

ModelSummary summary_of(nn::Module& model, const std::function<void()>& forward) {
  const ModulePaths paths(model);
  ModelSummary summary;
  for (const ModulePaths::Entry& entry : paths.modules()) {
    LayerSummary layer;
    layer.path = entry.path;
    layer.type = class_of(*entry.module);
    layer.depth = entry.depth;
    summary.layers.push_back(std::move(layer));
  }
  for (const Tensor& parameter : model.parameters()) {
    LayerSummary& layer = summary.layers[paths.owner_of(parameter)];
    layer.parameters += parameter.numel();
    layer.trained_parameters += parameter.requires_grad() ? parameter.numel() : 0;
    summary.parameter_bytes += bytes_of(parameter);
  }
  for (const Tensor& buffer : model.buffers()) summary.buffer_bytes += bytes_of(buffer);
  {
    const EvaluationMode evaluation(model);
    const NoGradGuard no_grad;
    SummaryObserver observer(model, paths, summary.layers);
    const Trace trace(observer);
    forward();
  }
  for (const LayerSummary& layer : summary.layers) {
    summary.parameters += layer.parameters;
    summary.trained_parameters += layer.trained_parameters;
    summary.multiply_adds += layer.multiply_adds;
    summary.result_bytes += layer.bytes;
  }
  return summary;
}

Table ModelSummary::table() const {
  Table table({"layer", "type", "output", " parameters", " multiply-adds", " memory"});
  for (const LayerSummary& layer : layers) {
    const std::string name = layer.path.substr(layer.path.rfind('.') + 1);
    std::string shape;
    if (layer.has_output) append(shape, IntArrayRef(layer.output));
    const auto number = [](int64_t n) { return n > 0 ? grouped_text(n) : std::string("-"); };
    table.add({std::string(2 * layer.depth, ' ') + (layer.path.empty() ? "(model)" : name), layer.type, shape.empty() ? "-" : shape,
               number(layer.parameters), number(layer.multiply_adds), layer.bytes > 0 ? bytes_text(static_cast<double>(layer.bytes)) : "-"});
  }
  table.add_line();
  table.add({"all", "", "", grouped_text(parameters), grouped_text(multiply_adds), bytes_text(static_cast<double>(result_bytes))});
  return table;
}

std::string ModelSummary::text() const {
  return table().text() + '\n' + grouped_text(parameters) + " parameters, " + grouped_text(trained_parameters) + " of them trained, " +
         bytes_text(static_cast<double>(parameter_bytes)) + "; buffers " + bytes_text(static_cast<double>(buffer_bytes)) + "; results " +
         bytes_text(static_cast<double>(result_bytes)) + '\n';
}

std::string module_tree(const nn::Module& model) {
  const ModulePaths paths(model);
  const auto& modules = paths.modules();
  std::vector<int64_t> parameters(modules.size(), 0);
  for (const Tensor& parameter : model.parameters())
    for (size_t m = paths.owner_of(parameter); m != ModulePaths::kNone; m = modules[m].parent) parameters[m] += parameter.numel();
  std::vector<bool> is_last(modules.size(), true);
  std::vector<size_t> last_child(modules.size(), ModulePaths::kNone);
  for (size_t m = 1; m < modules.size(); ++m) {
    size_t& before = last_child[modules[m].parent];
    if (before != ModulePaths::kNone) is_last[before] = false;
    before = m;
  }
  std::string text;
  for (size_t m = 0; m < modules.size(); ++m) {
    std::string branch;
    for (size_t at = m; modules[at].parent != ModulePaths::kNone; at = modules[at].parent)
      branch = (at == m ? (is_last[m] ? "└─ " : "├─ ") : (is_last[at] ? "   " : "│  ")) + branch;
    const std::string name = modules[m].path.substr(modules[m].path.rfind('.') + 1);
    text += branch + (m == 0 ? "" : name + ": ") + class_of(*modules[m].module);
    if (parameters[m] > 0) text += ", " + grouped_text(parameters[m]) + " parameters";
    text += '\n';
  }
  return text;
}

}}}  // namespace torch::xgrad::inspect
