#include <xgrad/autograd/engine/engine.h>

#include <xgrad/autograd/core/shape.h>
#include <xgrad/autograd/engine/callback.h>
#include <xgrad/autograd/engine/sweep.h>
#include <xgrad/autograd/ops/creation/creation.h>
#include <xgrad/autograd/ops/reduction/sum_to.h>
#include <xgrad/autograd/tensor/operators.h>

namespace torch { inline namespace xgrad {
namespace autograd {

namespace {

void add_roots(const char* operation, Sweep& sweep, TensorList tensors, TensorList gradients) {
  XGRAD_CHECK(gradients.empty() || gradients.size() == tensors.size(), "[", operation, "] got ", tensors.size(), " tensors and ", gradients.size(),
              " gradients");
  for (size_t i = 0; i < tensors.size(); ++i) {
    const Tensor& y = tensors[i];
    const Edge& edge = detail::gradient_edge(y);
    XGRAD_CHECK(edge, "[", operation, "] element ", i, " of tensors does not require grad and does not have a grad_fn");
    Tensor g = gradients.empty() ? Tensor() : gradients[i];
    if (!g.defined()) {
      XGRAD_CHECK(y.numel() == 1, "[", operation, "] grad can be implicitly created only for scalar outputs, got shape ", y.sizes());
      g = ones(y.sizes(), y.dtype());
    } else {
      XGRAD_CHECK(broadcasts_to(y.sizes(), g.sizes()), "[", operation, "] Mismatch in shape: gradient ", i, " has a shape of ", g.sizes(),
                  " and tensor ", i, " has a shape of ", y.sizes());
      XGRAD_CHECK_AS(TypeError, isFloatingType(g.dtype()), "[", operation, "] gradient ", i, " must be floating, got ", g.dtype());
      if (g.sizes() != y.sizes()) g = sum_to(g, y.sizes());
      if (g.dtype() != y.dtype()) g = g.to(y.dtype());
    }
    sweep.add_root(edge, std::move(g));
  }
}

void check_input(const char* operation, const Tensor& x, size_t i) {
  XGRAD_CHECK(x.requires_grad(), "[", operation, "] One of the differentiated Tensors does not require grad: element ", i, " of inputs");
}

}  // namespace

void backward(TensorList tensors, TensorList grad_tensors, std::optional<bool> retain_graph, bool create_graph, TensorList inputs) {
  Sweep sweep(retain_graph.value_or(create_graph), create_graph);
  add_roots("backward", sweep, tensors, grad_tensors);
  for (size_t i = 0; i < inputs.size(); ++i) check_input("backward", inputs[i], i);
  for (const Tensor& x : inputs) {
    x.retain_grad();
    sweep.request(detail::gradient_edge(x).function);
  }
  sweep.run();
}

variable_list grad(const variable_list& outputs, const variable_list& inputs, const variable_list& grad_outputs, std::optional<bool> retain_graph,
                   bool create_graph, bool allow_unused) {
  variable_list gradients(inputs.size());
  Sweep sweep(retain_graph.value_or(create_graph), create_graph);
  add_roots("grad", sweep, outputs, grad_outputs);
  for (size_t i = 0; i < inputs.size(); ++i) {
    check_input("grad", inputs[i], i);
    sweep.capture(detail::gradient_edge(inputs[i]), &gradients[i]);
  }
  sweep.run();
  if (!allow_unused)
    for (size_t i = 0; i < gradients.size(); ++i)
      XGRAD_CHECK(gradients[i].defined(), "[grad] One of the differentiated Tensors appears to not have been used in the graph: element ", i,
                  " of inputs. Set allow_unused=True if this is the desired behavior.");
  return gradients;
}

void queue_callback(std::function<void()> callback) {
  XGRAD_CHECK(Sweep::call_at_end(callback), "[queue_callback] expected to be called from a hook while backward() or grad() runs");
}

}  // namespace autograd
void Tensor::backward(const Tensor& gradient, std::optional<bool> retain_graph, bool create_graph, std::optional<TensorList> inputs) const {
  autograd::backward(*this, gradient.defined() ? TensorList(gradient) : TensorList(), retain_graph, create_graph, inputs.value_or(TensorList()));
}

}}  // namespace torch::xgrad
