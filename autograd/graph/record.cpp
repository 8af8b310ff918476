#include <xgrad/autograd/graph/record.h>

#include <xgrad/autograd/tensor/memory_order.h>
#include <xgrad/autograd/tensor/pointwise.h>

namespace torch { inline namespace xgrad {

namespace {

bool fills_memory(const Tensor& t) { return t.is_contiguous() || fills_memory(t.impl()); }

}  // namespace

void Recording::attach(const Tensor& y, IntrusivePtr<Node> node) {
  TensorImpl& impl = y.impl();
  const uint32_t output = node->add_output(impl.sizes, impl.dtype);
  if (!isFloatingType(impl.dtype)) return;
  impl.edge.function = std::move(node);
  impl.edge.input_nr = output;
}

void Recording::link(Edge& edge, const Tensor& input) {
  if (GradMode::is_enabled() && has_memory(input.unsafeGetTensorImpl())) edge = detail::gradient_edge(input);
}

void Recording::note_inputs(Node* node, const std::vector<Tensor>& inputs) {
  if (!notes_inputs()) return;
  std::vector<const Tensor*> pointers;
  for (const Tensor& x : inputs) pointers.push_back(&x);
  note_forward(node, ArrayRef<const Tensor*>(pointers));
}

void Recording::note_forward(Node* node, ArrayRef<const Tensor*> inputs) {
  if (OperandLog::is_active()) OperandLog::note(*node, inputs);
  if (!AnomalyMode::is_enabled()) return;
  std::string note = node->name();
  append(note, node->attributes());
  note += " of";
  for (const Tensor* x : inputs) {
    if (!x->defined()) continue;
    note += ' ';
    append(note, *x);
  }
  node->set_forward_note(std::move(note));
}

void Recording::differentiate_in_place(Gradients& g, int i, bool last, Tensor (*compute)(const void* f, Out out), const void* f) {
  const Tensor& gy = g.gy();
  const bool may_write = g.may_write() && fills_memory(gy);
  const auto add = [&](const Tensor& sum) {
    if (const Tensor term = compute(f, Out(sum, Out::kAdd)); term.defined()) add_into(sum, term);
  };
  if (may_write && g.accumulate(i, add, &gy.impl().sizes)) return;
  const bool gives = may_write && last && is_private(gy);
  Tensor gx = compute(f, gives ? Out(gy, Out::kGive) : Out());
  g.gx(i) = gives && !gx.defined() ? g.take_gy() : std::move(gx);
}

void Recording::pass_on(Gradients& g, int i, bool last) {
  const Tensor& gy = g.gy();
  const bool may_write = g.may_write();
  if (may_write && last) {
    g.gx(i) = g.take_gy();
    return;
  }
  const auto add = [&](const Tensor& sum) { add_into(sum, gy); };
  if (!may_write || gy.is_sparse() || !g.accumulate(i, add, &gy.impl().sizes)) g.gx(i) = gy;
}

Tensor Recording::differentiate_through(const Gradients& g, const Tensor& y, const Through& last_step) {
  const Tensor& gy = g.gy();
  return last_step.slope(gy, y, g.may_write() && fills_memory(gy) && is_private(gy) ? Out(gy) : Out());
}

void Recording::refuse_second_sweep(const char* node) {
  detail::raise<Error>("[", node,
                       "] Trying to backward through the graph a second time (or directly access saved tensors after they have already "
                       "been freed). Saved intermediate values of the graph are freed when you call .backward() or autograd::grad(). "
                       "Specify retain_graph=true if you need to backward through the graph a second time");
}

}}  // namespace torch::xgrad
