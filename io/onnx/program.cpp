#include <xgrad/io/onnx/program.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <numeric>

#include <xgrad/autograd/core/shape.h>
#include <xgrad/autograd/tensor/copy.h>

namespace torch { inline namespace xgrad { namespace onnx {

namespace {

// Where a tensor stands: the variable that it is, as of an edit of its memory, and what it is a view of.
struct Place {
  Tensor tensor;
  int variable;
  size_t edits;  // of its memory, when that was so
  const TensorImpl* base = nullptr;
  size_t step = 0;  // that made the view
};

bool same_place(const Tensor& a, const Tensor& b) {
  return a.is_alias_of(b) && a.dtype() == b.dtype() && a.sizes() == b.sizes() && a.data_ptr() == b.data_ptr() && a.strides() == b.strides();
}

int64_t integer(const Step& step, const char* name) {
  for (const xgrad::detail::Attribute& a : step.attributes)
    if (!std::strcmp(a.name, name)) return std::get<int64_t>(a.value);
  xgrad::detail::raise<Error>("[onnx] the operation ", step.operation->name(), " has no attribute ", name);
}

class Recorder : public TraceObserver {
 public:
  Recorder(const std::vector<Tensor>& inputs, const std::vector<std::string>& input_names, const NamedTensors& named) {
    for (const auto& [name, tensor] : named)
      if (tensor.defined()) settle(tensor, add({tensor.dtype(), tensor.sizes(), false, name, tensor}));
    for (size_t i = 0; i < inputs.size(); ++i) {
      program_.inputs.push_back(add({inputs[i].dtype(), inputs[i].sizes(), true, input_names[i], {}}));
      settle(inputs[i], program_.inputs.back());
    }
  }

  void observe(const TracedOperation& o) override {
    Step step{&o.operation, o.attributes, {}, {}};
    for (const Tensor& x : o.inputs) step.inputs.push_back(x.defined() ? variable_of(x) : -1);
    if (!std::strcmp(o.operation.name(), "copy_")) {
      const Tensor& y = o.outputs[0];  // the tensor written to, or the value for it
      const int value = fitted(step.inputs.back(), y);
      if (places_.count(y.unsafeGetTensorImpl()) || y.is_same(o.inputs[0])) overwrite(y, value);
      else settle(y, value);
      return;
    }
    bool varies = false;
    for (const int i : step.inputs) varies = varies || (i >= 0 && variable(i).varies);
    for (const Tensor& y : o.outputs) step.outputs.push_back(add({y.dtype(), y.sizes(), varies, {}, {}}));
    program_.steps.push_back(std::move(step));
    const Step& done = program_.steps.back();
    for (size_t i = 0; i < o.outputs.size(); ++i) {
      const Tensor& y = o.outputs[i];
      const auto known = places_.find(y.unsafeGetTensorImpl());
      if (!varies) variable(done.outputs[i]).elements = copy_of(y, y.dtype());
      if (known != places_.end()) overwrite(y, done.outputs[i]);
      else if (!o.inputs.empty() && o.inputs[0].defined() && y.is_alias_of(o.inputs[0]))
        settle(y, done.outputs[i], o.inputs[0].unsafeGetTensorImpl());
      else settle(y, done.outputs[i]);
    }
  }

  Program finish(const std::vector<Tensor>& results) {
    for (const Tensor& y : results) {
      XGRAD_CHECK(y.defined(), "[onnx] result ", program_.results.size(), " of the function is undefined");
      program_.results.push_back(variable_of(y));
    }
    return std::move(program_);
  }

 private:
  Variable& variable(int i) { return program_.variables[static_cast<size_t>(i)]; }
  int add(Variable v) {
    program_.variables.push_back(std::move(v));
    return static_cast<int>(program_.variables.size()) - 1;
  }
  size_t& edits_of(const Tensor& t) { return edits_[t.storage().get()]; }

  // `t` is now that variable.
  void settle(const Tensor& t, int variable, const TensorImpl* base = nullptr) {
    const TensorImpl* const key = t.unsafeGetTensorImpl();
    places_[key] = {t, variable, edits_of(t), base, program_.steps.size() - 1};
    auto& neighbours = on_storage_[t.storage().get()];
    if (std::find(neighbours.begin(), neighbours.end(), key) == neighbours.end()) neighbours.push_back(key);
  }

  int variable_of(const Tensor& t) {
    const auto known = places_.find(t.unsafeGetTensorImpl());
    if (known != places_.end()) return refreshed(known->second);
    bool shares = false;
    for (const TensorImpl* key : on_storage_[t.storage().get()]) {
      Place& other = places_.at(key);
      if (same_place(t, other.tensor)) return refreshed(other);
      shares = shares || variable(other.variable).varies;
    }
    XGRAD_CHECK(!shares, "[onnx] a tensor of shape ", t.sizes(), " shares memory with what depends on the inputs, in a way that no operation tells");
    const int constant = add({t.dtype(), t.sizes(), false, {}, copy_of(t, t.dtype())});
    settle(t, constant);
    return constant;
  }

  // The variable of a tensor as it is now: a view whose memory was edited since is made again.
  int refreshed(Place& place) {
    if (place.edits == edits_of(place.tensor)) return place.variable;
    XGRAD_CHECK(place.base && program_.steps[place.step].outputs.size() == 1, "[onnx] a tensor of shape ", place.tensor.sizes(),
                " was edited through another one, in a way that no operation tells");
    Step again = program_.steps[place.step];
    again.inputs[0] = refreshed(places_.at(place.base));
    place.variable = step(std::move(again), place.tensor.sizes());
    place.edits = edits_of(place.tensor);
    return place.variable;
  }

  // Adds a step with one result.
  int step(Step s, const Dims& sizes, std::optional<ScalarType> dtype = std::nullopt) {
    bool varies = false;
    for (const int i : s.inputs) varies = varies || variable(i).varies;
    XGRAD_CHECK(varies, "[onnx] a tensor that doesn't depend on the inputs is edited in place through a view: clone() the result");
    s.outputs = {add({dtype.value_or(variable(s.inputs[0]).dtype), sizes, true, {}, {}})};
    program_.steps.push_back(std::move(s));
    return program_.steps.back().outputs[0];
  }

  // What is left of a value when it is written to `t`.
  int fitted(int value, const Tensor& t) {
    const Variable v = variable(value);
    if (v.dtype != t.dtype()) {
      if (!v.varies) value = add({t.dtype(), v.sizes, false, {}, copy_of(v.elements, t.dtype())});
      else value = step({&operation<"to">, {{"dtype", t.dtype()}}, {value}, {}}, v.sizes, t.dtype());
    }
    if (IntArrayRef(v.sizes) == t.sizes()) return value;
    if (!v.varies) return add({t.dtype(), t.sizes(), false, {}, copy_of(t, t.dtype())});
    return step({&operation<"expand">, {{"size", t.sizes().vec()}}, {value}, {}}, t.sizes());
  }

  // Gives `t`, which has been edited, and what it is a view of, their new variables.
  void overwrite(const Tensor& t, int value) {
    const auto known = places_.find(t.unsafeGetTensorImpl());
    if (known == places_.end()) {  // memory that nobody has read
      ++edits_of(t);
      settle(t, value);
      return;
    }
    std::vector<std::pair<const TensorImpl*, int>> written = {{known->first, value}};
    for (const Place* place = &known->second; place->base; place = &places_.at(place->base)) {
      Place& base = places_.at(place->base);
      if (base.tensor.sizes() == place->tensor.sizes() && same_place(base.tensor, place->tensor)) value = written.back().second;
      else value = put(refreshed(base), base.tensor.sizes(), program_.steps[place->step], value);
      written.emplace_back(place->base, value);
    }
    ++edits_of(t);
    for (const auto& [key, new_value] : written) {
      Place& place = places_.at(key);
      if (Variable& old = variable(place.variable); !old.name.empty() && !old.varies) old.elements.reset();  // what they were is lost
      place.variable = new_value;
      place.edits = edits_of(t);
    }
    known->second.tensor = t;
  }

  int slice(int of, int64_t axis, int64_t start, int64_t end) {
    Dims sizes = variable(of).sizes;
    sizes[static_cast<int>(axis)] = end - start;
    if (const Variable& v = variable(of); !v.varies) return add({v.dtype, sizes, false, {}, copy_of(v.elements.slice(axis, start, end), v.dtype)});
    return step({&operation<"slice">, {{"dim", axis}, {"start", start}, {"end", end}, {"step", int64_t{1}}}, {of}, {}}, sizes);
  }
  int reshaped(int of, const Dims& sizes) {
    if (const Variable& v = variable(of); !v.varies) return add({v.dtype, sizes, false, {}, v.elements.reshape(sizes)});
    return step({&operation<"reshape">, {{"shape", IntArrayRef(sizes).vec()}}, {of}, {}}, sizes);
  }

  // `base` with `value` in place of the view that the step makes of it.
  int put(int base, const Dims& sizes, const Step& view, int value) {
    const std::string name = view.operation->name();
    const bool selects = name == "select";
    if (selects || (name == "slice" && integer(view, "step") == 1)) {
      const int64_t axis = wrap_axis("onnx", integer(view, "dim"), sizes.size()), length = sizes[static_cast<int>(axis)];
      int64_t start = integer(view, selects ? "index" : "start");
      if (start < 0) start += length;
      const int64_t end = start + (selects ? 1 : variable(view.outputs[0]).sizes[static_cast<int>(axis)]);
      Dims part = sizes;
      part[static_cast<int>(axis)] = end - start;
      Step whole{&operation<"cat">, {{"dim", axis}}, {}, {}};
      if (start > 0) whole.inputs.push_back(slice(base, axis, 0, start));
      whole.inputs.push_back(selects ? reshaped(value, part) : value);
      if (end < length) whole.inputs.push_back(slice(base, axis, end, length));
      return whole.inputs.size() == 1 ? whole.inputs[0] : step(std::move(whole), sizes);
    }
    if (name == "transpose") return step({view.operation, view.attributes, {value}, {}}, sizes);
    if (name == "t") return step({view.operation, {}, {value}, {}}, sizes);
    for (const char* plain : {"view", "reshape", "unsqueeze", "squeeze", "alias", "detach", "_unsafe_view"})
      if (name == plain) return reshaped(value, sizes);
    xgrad::detail::raise<Error>("[onnx] an edit through a view made by ", name, " can't be exported: edit a clone() of it");
  }

  Program program_;
  std::map<const TensorImpl*, Place> places_;
  std::map<const StorageImpl*, std::vector<const TensorImpl*>> on_storage_;
  std::map<const StorageImpl*, size_t> edits_;
};

}  // namespace

Program record_program(const Function& f, const std::vector<Tensor>& inputs, const std::vector<std::string>& input_names, const NamedTensors& named) {
  Recorder recorder(inputs, input_names, named);
  const NoGradGuard no_graph;
  const Trace trace(recorder);
  return recorder.finish(f(inputs));
}

}}}  // namespace torch::xgrad::onnx
