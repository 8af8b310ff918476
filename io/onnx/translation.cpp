#include <xgrad/io/onnx/translation.h>

#include <algorithm>
#include <cstring>
#include <unordered_map>

#include <xgrad/autograd/core/shape.h>
#include <xgrad/autograd/tensor/copy.h>

namespace torch { inline namespace xgrad { namespace onnx {

namespace {

constexpr int64_t kLargestShared = 64;  // elements of constants that are looked for among earlier ones

std::string bytes_of(const Tensor& t) {
  std::string bytes = toString(t.dtype()) + xgrad::detail::concatenate(t.sizes());
  const Tensor elements = contiguous_as(t, t.dtype());
  return bytes.append(static_cast<const char*>(elements.data_ptr()), static_cast<size_t>(elements.numel() * elements.element_size()));
}

bool same_elements(const Tensor& a, const Tensor& b) {
  return a.unsafeGetTensorImpl() == b.unsafeGetTensorImpl() || (a.dtype() == b.dtype() && a.sizes() == b.sizes() && bytes_of(a) == bytes_of(b));
}

const std::unordered_map<std::string, Mapping>& mappings() {
  static const auto* const all = [] {
    auto* const table = new std::unordered_map<std::string, Mapping>;
    for (const auto& family : {elementwise_mappings(), shape_mappings(), reduction_mappings(), product_mappings(), image_mappings(),
                               normalisation_mappings(), recurrent_mappings(), index_mappings()})
      for (const Mapping& m : family) table->emplace(m.operation, m);
    return table;
  }();
  return *all;
}

// "encoder.fc" of "encoder.fc.weight"
std::string module_of(const std::string& parameter) {
  const size_t dot = parameter.rfind('.');
  return dot == std::string::npos ? "" : parameter.substr(0, dot);
}

}  // namespace

const Mapping* mapping_of(const std::string& operation) {
  const auto found = mappings().find(operation);
  return found == mappings().end() ? nullptr : &found->second;
}

Translation::Translation(const std::array<Program, 3>& programs, const std::array<int64_t, 3>& batches, Model& model)
    : programs_(programs), batches_(batches), model_(model) {
  check_same_operations();
}

void Translation::check_same_operations() const {
  const Program& first = programs_[0];
  for (size_t k = 1; k < 3; ++k) {
    const Program& other = programs_[k];
    for (size_t i = 0; i < std::max(first.steps.size(), other.steps.size()); ++i) {
      const bool same = i < first.steps.size() && i < other.steps.size() && first.steps[i].operation == other.steps[i].operation &&
                        first.steps[i].inputs == other.steps[i].inputs && first.steps[i].outputs == other.steps[i].outputs;
      XGRAD_CHECK(same,
                  "[onnx] what is computed depends on the size of the batch: ", i < first.steps.size() ? first.steps[i].operation->name() : "nothing",
                  " at step ", i, " with ", batches_[0], ", ", i < other.steps.size() ? other.steps[i].operation->name() : "nothing", " with ",
                  batches_[k], "; set dynamic_batch to false to export it for one size");
    }
    XGRAD_CHECK(first.results == other.results, "[onnx] the number of results depends on the size of the batch");
  }
}

std::vector<bool> Translation::live_steps() const {
  const Program& p = programs_[0];
  std::vector<bool> live(p.steps.size()), wanted(p.variables.size());
  for (const int i : p.results) wanted[static_cast<size_t>(i)] = true;
  for (size_t i = p.steps.size(); i-- > 0;) {
    for (const int y : p.steps[i].outputs) live[i] = live[i] || (wanted[static_cast<size_t>(y)] && variable(y).varies);
    if (!live[i]) continue;
    for (const int x : p.steps[i].inputs)
      if (x >= 0) wanted[static_cast<size_t>(x)] = true;
  }
  return live;
}

std::string Translation::place_of(size_t step) const {
  const Program& p = programs_[0];
  for (size_t i = step + 1; i-- > 0;)
    for (const int x : p.steps[i].inputs)
      if (x >= 0 && !variable(x).varies && !variable(x).name.empty()) {
        const std::string module = module_of(variable(x).name), where = module.empty() ? "the module itself" : "'" + module + "'";
        return (i == step ? " of " : ", which comes after an operation of ") + where;
      }
  return "";
}

void Translation::run(size_t batch_input, int64_t batch_axis) {
  batch_input_ = batch_input;
  batch_axis_ = batch_axis;
  const Program& p = programs_[0];
  for (const int i : p.inputs) names_[i] = variable(i).name;
  const std::vector<bool> live = live_steps();
  for (size_t i = 0; i < live.size(); ++i)
    XGRAD_CHECK(!live[i] || mapping_of(p.steps[i].operation->name()), "[onnx] the operation ", p.steps[i].operation->name(), place_of(i),
                ", has no counterpart here");
  for (size_t i = 0; i < live.size(); ++i) {
    if (!live[i]) continue;
    const Mapping& mapping = *mapping_of(p.steps[i].operation->name());
    prefix_ = mapping.operation;
    mapping.rule(Call(*this, i), mapping.onnx);
  }
}

SymbolicSizes Translation::sizes_of(int i) const {
  SymbolicSizes all;
  for (int axis = 0; axis < variable(i).sizes.size(); ++axis) {
    std::array<int64_t, 3> sizes;
    for (size_t k = 0; k < 3; ++k) {
      XGRAD_CHECK(variable(i, k).sizes.size() == variable(i).sizes.size(), "[onnx] the number of axes of a tensor depends on the size of the batch");
      sizes[k] = variable(i, k).sizes[axis];
    }
    const auto size = fitted(batches_, sizes);
    XGRAD_CHECK(size, "[onnx] an axis of a tensor has the sizes ", IntArrayRef(sizes.data(), 3), " for batches of ", IntArrayRef(batches_.data(), 3),
                ", which is no linear function of them");
    all.push_back(*size);
  }
  return all;
}

Names Translation::add(const std::string& operation, Names inputs, Settings settings, size_t outputs) {
  while (!inputs.empty() && inputs.back().empty()) inputs.pop_back();
  Names names;
  for (size_t i = 0; i < outputs; ++i) names.push_back(prefix_ + "_" + std::to_string(++taken_[prefix_]));
  model_.nodes.push_back({operation, std::move(inputs), names, std::move(settings)});
  return names;
}

std::string Translation::constant(const Tensor& elements, const std::string& name) {
  std::string* known = nullptr;
  if (name.empty() && elements.numel() <= kLargestShared) {
    known = &constants_[bytes_of(elements)];
    if (!known->empty()) return *known;
  }
  std::string chosen = name;
  while (chosen.empty() || taken_.count(chosen)) chosen = (name.empty() ? "constant" : name) + "_" + std::to_string(++taken_["constant"]);
  taken_[chosen] = 1;
  model_.initializers.emplace_back(chosen, elements);
  if (known) *known = chosen;
  return chosen;
}

std::string Translation::sizes(const SymbolicSizes& sizes) {
  std::vector<int64_t> fixed;
  for (const Symbolic& s : sizes) fixed.push_back(s.rest);
  const auto of = [this](std::vector<int64_t> v) { return constant(tensor(IntArrayRef(v), kLong)); };
  if (std::all_of(sizes.begin(), sizes.end(), [](const Symbolic& s) { return s.is_fixed(); })) return of(fixed);
  if (batch_size_.empty()) {
    const std::string shape = add("Shape", {variable(programs_[0].inputs[batch_input_]).name})[0];
    batch_size_ = add("Gather", {shape, of({batch_axis_})}, {{"axis", int64_t{0}}})[0];
  }
  Names parts;
  for (const Symbolic& s : sizes) {
    if (s.is_fixed()) {
      parts.push_back(of({s.rest}));
      continue;
    }
    std::string part = batch_size_;
    if (s.per_batch != 1) part = add("Mul", {part, of({s.per_batch})})[0];
    if (s.rest != 0) part = add("Add", {part, of({s.rest})})[0];
    parts.push_back(part);
  }
  return parts.size() == 1 ? parts[0] : add("Concat", parts, {{"axis", int64_t{0}}})[0];
}

std::string Translation::name_of(int i) {
  auto& name = names_[i];
  if (name.empty()) name = constant_of(i);
  return name;
}

// A constant of the same elements for every batch, or one element along the axes whose size depends on it.
std::string Translation::constant_of(int i) {
  const Variable& v = variable(i);
  XGRAD_CHECK(!v.varies, "[onnx] a value of shape ", IntArrayRef(v.sizes), " is read before it was computed");
  XGRAD_CHECK(v.elements.defined(), "[onnx] '", v.name, "' is edited while the function runs; in evaluation mode it shouldn't be");
  const SymbolicSizes sizes = sizes_of(i);
  std::array<Tensor, 3> elements;
  bool grows = false;
  for (size_t k = 0; k < 3; ++k) {
    Tensor e = variable(i, k).elements;
    for (size_t axis = 0; axis < sizes.size(); ++axis) {
      if (sizes[axis].is_fixed()) continue;
      grows = true;
      const auto a = static_cast<int64_t>(axis);
      const Tensor first = e.slice(a, 0, 1);
      XGRAD_CHECK(same_elements(e, first.expand(e.sizes())), "[onnx] a constant of shape ", IntArrayRef(v.sizes),
                  " has other elements for each item of the batch, so that it can't be made for another size; set dynamic_batch to false to export "
                  "it for one size");
      e = first;
    }
    elements[k] = e;
  }
  for (size_t k = 1; k < 3; ++k)
    XGRAD_CHECK(same_elements(elements[0], elements[k]), "[onnx] a constant of shape ", IntArrayRef(v.sizes),
                " depends on the size of the batch, or on chance; set dynamic_batch to false to export it for one size");
  const std::string stored = constant(elements[0], v.name);
  return grows ? add("Expand", {stored, this->sizes(sizes)})[0] : stored;
}

// ---- one operation

void Call::refuse(const std::string& why) const {
  xgrad::detail::raise<Error>("[onnx] the operation ", operation(), t.place_of(step_), " can't be exported: ", why);
}

const xgrad::detail::Attribute::Value& Call::value(const char* name, size_t program) const {
  static const xgrad::detail::Attribute::Value none;
  for (const xgrad::detail::Attribute& a : t.programs()[program].steps[step_].attributes)
    if (!std::strcmp(a.name, name)) return a.value;
  return none;
}

bool Call::is_given(const char* name) const { return !std::holds_alternative<std::monostate>(value(name)); }

Symbolic Call::symbolic(const char* name) const {
  std::array<int64_t, 3> values;
  for (size_t k = 0; k < 3; ++k) {
    const auto* const v = std::get_if<int64_t>(&value(name, k));
    if (!v) refuse(std::string("its ") + name + " is no whole number");
    values[k] = *v;
  }
  const auto fit = fitted(t.batches(), values);
  if (!fit) refuse(std::string("its ") + name + " is no linear function of the size of the batch");
  return *fit;
}

int64_t Call::integer(const char* name) const {
  const Symbolic found = symbolic(name);
  if (!found.is_fixed()) refuse(std::string("its ") + name + " depends on the size of the batch");
  return found.rest;
}

int64_t Call::axis(const char* name, int64_t more) const {
  const int64_t dim = integer(name), axes = std::max<int64_t>(rank() + more, 1);
  return dim < 0 ? dim + axes : dim;
}

double Call::number(const char* name) const {
  const auto& v = value(name);
  for (size_t k = 1; k < 3; ++k)
    if (value(name, k) != v && !std::holds_alternative<int64_t>(v))
      refuse(std::string("its ") + name + " depends on the batch: a number that was read from a tensor, as by item(), is no constant");
  if (const auto* const d = std::get_if<double>(&v)) return *d;
  if (const auto* const b = std::get_if<bool>(&v)) return *b;
  return static_cast<double>(integer(name));
}

bool Call::flag(const char* name) const {
  const auto* const v = std::get_if<bool>(&value(name));
  return v && *v;
}

std::string Call::text(const char* name) const {
  const auto* const v = std::get_if<std::string>(&value(name));
  return v ? *v : "";
}

std::vector<int64_t> Call::integers(const char* name) const {
  if (const auto* const one = std::get_if<int64_t>(&value(name))) return {*one};
  const auto* const v = std::get_if<std::vector<int64_t>>(&value(name));
  if (!v) return {};
  for (size_t k = 1; k < 3; ++k)
    if (value(name, k) != value(name)) refuse(std::string("its ") + name + " depends on the size of the batch");
  return *v;
}

SymbolicSizes Call::symbolic_list(const char* name) const {
  SymbolicSizes all;
  const auto list = [&](size_t k) {
    const auto* const v = std::get_if<std::vector<int64_t>>(&value(name, k));
    return v ? *v : std::vector<int64_t>();
  };
  for (size_t i = 0; i < list(0).size(); ++i) {
    std::array<int64_t, 3> values;
    for (size_t k = 0; k < 3; ++k) values[k] = list(k).size() == list(0).size() ? list(k)[i] : -1;
    const auto fit = fitted(t.batches(), values);
    if (!fit) refuse(std::string("its ") + name + " is no linear function of the size of the batch");
    all.push_back(*fit);
  }
  return all;
}

int64_t Call::fixed_size(size_t i, int64_t axis) const {
  const Symbolic size = in_sizes(i)[static_cast<size_t>(axis)];
  if (!size.is_fixed()) refuse("it needs a size that depends on the batch");
  return size.rest;
}

std::string Call::cast(const std::string& x, ScalarType from, ScalarType to) const {
  return from == to || x.empty() ? x : node("Cast", {x}, {{"to", element_type(to, operation())}});
}

std::string Call::vector(std::vector<int64_t> values) const { return t.constant(tensor(IntArrayRef(values), kLong)); }

bool Call::is_read(size_t output) const {
  const int y = s.outputs[output];
  const Program& p = t.programs()[0];
  if (std::find(p.results.begin(), p.results.end(), y) != p.results.end()) return true;
  for (size_t i = step_ + 1; i < p.steps.size(); ++i)
    if (std::find(p.steps[i].inputs.begin(), p.steps[i].inputs.end(), y) != p.steps[i].inputs.end()) return true;
  return false;
}

}}}  // namespace torch::xgrad::onnx
