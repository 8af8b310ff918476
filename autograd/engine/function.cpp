#include <xgrad/autograd/engine/function.h>

#include <algorithm>
#include <memory>

#include <xgrad/autograd/core/type_name.h>
#include <xgrad/autograd/graph/anomaly.h>
#include <xgrad/autograd/graph/in_place.h>

namespace torch { inline namespace xgrad { namespace autograd {

namespace {

bool contains(const variable_list& list, const Tensor& t) {
  return std::any_of(list.begin(), list.end(), [&t](const Tensor& other) { return other.is_same(t); });
}

// What a value that forward computed without recording depends on: the function's inputs, in a way nobody knows.
class UnknownDerivative final : public Node {
 public:
  UnknownDerivative(std::string function, std::vector<Edge> edges) : Node(nullptr, 0), function_(std::move(function)), edges_(std::move(edges)) {
    set_edges(edges_.data(), static_cast<uint32_t>(edges_.size()));
  }
  std::string name() const override { return "torch::autograd::Error"; }
  void backward(Gradients&) override {
    xgrad::detail::raise<Error>("[", function_,
                                "] a second derivative needs the derivative of a value that forward computed and saved, which is "
                                "not recorded. Save only inputs and outputs of the function and compute the value again in backward; if it is a "
                                "constant, pass it as an argument or save it as bool");
  }

 private:
  std::string function_;
  std::vector<Edge> edges_;
};

template <class T> class Restore {
 public:
  Restore(T& variable, T value) : variable_(variable), previous_(std::exchange(variable, value)) {}
  ~Restore() { variable_ = previous_; }

 private:
  T& variable_;
  T previous_;
};

}  // namespace

// ---- the context

void AutogradContext::save_for_backward(variable_list to_save) { to_save_ = std::move(to_save); }
void AutogradContext::mark_dirty(const variable_list& inputs) { dirty_ = inputs; }
void AutogradContext::mark_non_differentiable(const variable_list& outputs) { non_differentiable_ = outputs; }

variable_list AutogradContext::get_saved_variables() const {
  if (released_) Recording::refuse_second_sweep(node_->name_.c_str());
  variable_list tensors;
  tensors.reserve(saved_.size());
  for (const Kept& kept : saved_) tensors.push_back(node_->unpack(kept));
  return tensors;
}

bool AutogradContext::needs_input_grad(size_t i) const {
  if (!node_->recorded_) return false;
  XGRAD_CHECK_AS(IndexError, i < node_->edges_.size(), "[needs_input_grad] Index out of range: got ", i, " for ", node_->edges_.size(), " inputs");
  return sweep_ ? sweep_->needs(static_cast<int>(i)) : static_cast<bool>(node_->edges_[i]);
}

bool AutogradContext::needs_input_grad(std::initializer_list<std::pair<size_t, size_t>> ranges) const {
  for (const auto& [first, last] : ranges)
    for (size_t i = first; i < last; ++i)
      if (needs_input_grad(i)) return true;
  return false;
}

// ---- the node

FunctionNode::FunctionNode(const std::type_info& function, Backward backward)
    : Node(nullptr, 0), name_("torch::autograd::CppNode<" + type_name(function) + ">"), backward_(backward) {
  context.node_ = this;
}

void FunctionNode::add_argument(const Tensor& t) {
  is_tensor_.push_back(true);
  inputs_.push_back(t);
}

void FunctionNode::add_argument(const std::optional<Tensor>& t) {
  if (t && t->defined()) add_argument(*t);
  else is_tensor_.push_back(false);
}

void FunctionNode::add_argument(TensorList list) {
  for (const Tensor& t : list) add_argument(t);
}

void FunctionNode::add_argument(const std::vector<Tensor>& constants) {
  is_tensor_.push_back(false);
  constants_.insert(constants_.end(), constants.begin(), constants.end());
}

void FunctionNode::connect() {
  recorded_ = std::any_of(inputs_.begin(), inputs_.end(), [](const Tensor& t) { return Recording::needs(t); });
  if (!recorded_) return;
  for (const Tensor& t : inputs_) edges_.push_back(t.defined() ? xgrad::detail::gradient_edge(t) : Edge());
  set_edges(edges_.data(), static_cast<uint32_t>(edges_.size()));
  std::vector<const Tensor*> inputs;
  for (const Tensor& t : inputs_) inputs.push_back(&t);
  Recording::note_forward(this, inputs);
}

Tensor FunctionNode::wrap_output(const Tensor& output) {
  if (!output.defined()) {
    add_output({}, kFloat);
    return output;
  }
  const bool is_input = contains(inputs_, output), is_dirty = contains(context.dirty_, output);
  if (!recorded_ || !output.is_floating_point() || contains(context.non_differentiable_, output)) {
    add_output(output.sizes(), output.dtype());
    return output.requires_grad() ? output.detach() : output;
  }
  if (is_dirty) {
    XGRAD_CHECK(!(output.is_leaf() && output.requires_grad()), "[", name_,
                "] a leaf Variable that requires grad has been used in an in-place operation");
    const Tensor value = xgrad::detail::alias(output);
    Recording::attach(value, this);
    rebase_history(output, value);
    return output;
  }
  Tensor y = output;
  if (is_input || y.requires_grad()) {
    NoGradGuard no_grad;
    y = not_differentiable(make_view(xgrad::operation<"alias">, output, output.impl().sizes, output.impl().strides, output.storage_offset()), output);
  }
  if (y.impl().view_kind != ViewKind::None) y.impl().view_kind = ViewKind::Function;
  Recording::attach(y, this);
  return y;
}

variable_list FunctionNode::wrap_outputs(variable_list outputs) {
  for (const Tensor& t : context.dirty_) {
    XGRAD_CHECK(contains(outputs, t), "[", name_,
                "] Some elements marked as dirty during the forward method were not returned as output. The "
                "inputs that are modified inplace must all be outputs of the Function");
    t.storage()->bump_version();
  }
  for (Tensor& y : outputs) y = wrap_output(y);
  if (recorded_) {
    for (const Tensor& t : context.to_save_) context.saved_.push_back(keep(t, outputs));
    keep_data(outputs);
  }
  for (variable_list* list : {&inputs_, &constants_, &context.to_save_, &context.dirty_, &context.non_differentiable_}) list->clear();
  return outputs;
}

// ---- what backward needs

FunctionNode::Kept FunctionNode::keep(const Tensor& t, const variable_list& outputs) const {
  Kept kept;
  const auto output = std::find_if(outputs.begin(), outputs.end(), [&t](const Tensor& y) { return t.defined() && y.is_same(t); });
  if (output != outputs.end() && t.requires_grad()) {
    kept.role = Kept::Role::Output;
    kept.result = SavedOutput(t);
    kept.output = static_cast<uint32_t>(output - outputs.begin());
    return kept;
  }
  kept.tensor = SavedTensor(t);
  const bool known = output != outputs.end() || contains(inputs_, t) || contains(constants_, t);
  if (t.defined() && t.is_floating_point() && !t.requires_grad() && !known) kept.role = Kept::Role::Intermediate;
  return kept;
}

Tensor FunctionNode::unpack(const Kept& kept) {
  if (kept.role == Kept::Role::Output) return kept.result.get(*this, kept.output);
  const Tensor& t = kept.tensor.get();
  if (kept.role == Kept::Role::Outside || !GradMode::is_enabled()) return t;
  const Tensor value = xgrad::detail::alias(t);
  const auto unknown = IntrusivePtr<Node>::adopt(new UnknownDerivative(name_, edges_));
  Recording::attach(value, unknown.get());
  return value;
}

void FunctionNode::keep_data(const variable_list& outputs) {
  for (auto& [key, value] : context.saved_data) {
    if (!value.isTensor() && !(value.isTensorList() && !value.toTensorVector().empty())) continue;
    const bool single = value.isTensor();
    std::vector<Kept>& all = context.data_tensors_[key];
    all.clear();
    for (const Tensor& t : single ? variable_list{value.toTensor()} : value.toTensorVector()) all.push_back(keep(t, outputs));
    value = single ? IValue() : IValue(variable_list());
  }
}

FunctionNode::Tensors FunctionNode::restore_data() {
  Tensors restored;
  for (const auto& [key, all] : context.data_tensors_) {
    variable_list& tensors = restored[key];
    for (const Kept& kept : all) tensors.push_back(unpack(kept));
    IValue& value = context.saved_data[key];
    value = value.isNone() ? IValue(tensors[0]) : IValue(tensors);
  }
  return restored;
}

// Entries that backward left alone keep what forward saved; others are taken as they are now.
void FunctionNode::put_data_away(const Tensors& restored) {
  for (const auto& [key, tensors] : restored) {
    IValue& value = context.saved_data[key];
    if (value.isTensor() && tensors.size() == 1 && value.toTensor().is_same(tensors[0])) value = IValue();
    else if (value.isTensorList() && std::equal(tensors.begin(), tensors.end(), value.toTensorVector().begin(), value.toTensorVector().end(),
                                                [](const Tensor& a, const Tensor& b) { return a.is_same(b); }))
      value = IValue(variable_list());
    else context.data_tensors_.erase(key);
  }
  keep_data({});
}

// ---- the sweep

// A gradient that backward may edit in place. Where others hold it too it is a copy.
static Tensor own_gradient(Gradients& g, int i, bool materialize) {
  const Tensor& gy = g.gy(i);
  if (!gy.defined()) return materialize ? g.gy_or_zeros(i) : gy;
  return gy.use_count() > 1 || gy.storage().use_count() > 1 ? gy.clone() : gy;
}

variable_list FunctionNode::call_backward(Gradients& g) {
  variable_list gy;
  for (uint32_t i = 0; i < num_inputs(); ++i) gy.push_back(own_gradient(g, static_cast<int>(i), context.materialize_grads_));
  std::lock_guard lock(mutex_);
  Restore sweep(context.sweep_, static_cast<const Gradients*>(&g));
  const Tensors restored = restore_data();
  try {
    variable_list gx = backward_(&context, std::move(gy));
    put_data_away(restored);
    return gx;
  } catch (...) {
    put_data_away(restored);
    throw;
  }
}

void FunctionNode::backward(Gradients& g) {
  variable_list gx = call_backward(g);
  const size_t expected = is_tensor_.size();
  // More gradients are all right as long as they are undefined.
  while (gx.size() > expected && !gx.back().defined()) gx.pop_back();
  XGRAD_CHECK(gx.size() == expected, "function ", name_, " returned an incorrect number of gradients (expected ", expected, ", got ", gx.size(), ")");
  int input = 0;
  for (size_t i = 0; i < expected; ++i) {
    if (is_tensor_[i]) {
      if (g.needs(input)) g.gx(input) = std::move(gx[i]);
      ++input;
      continue;
    }
    XGRAD_CHECK(!gx[i].defined(), "function ", name_, " returned a gradient different that is defined at position ", i + 1,
                ", but the corresponding forward input was not a Variable");
  }
}

void FunctionNode::release_saved() {
  std::lock_guard lock(mutex_);
  context.saved_.clear();
  context.released_ = true;
}

}  // namespace autograd
}}  // namespace torch::xgrad
