// What runs on a thread, operation by operation, for those who follow it: exporters, summaries, profilers, batching.
//
//   struct Printer : TraceObserver {
//     void observe(const TracedOperation& o) override { std::puts(o.operation.name()); }
//   } printer;
//   {
//     Trace trace(printer);
//     model->forward(x);
//   }
#pragma once

#include <vector>

#include <xgrad/autograd/core/array_ref.h>
#include <xgrad/autograd/core/grad_mode.h>
#include <xgrad/autograd/core/named_operation.h>
#include <xgrad/autograd/graph/attributes.h>
#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad {

/// One operation that has just run. The references are good for the call of observe(); the tensors, kept, keep their identity.
///
/// A function that is composed of others is seen as those. What is one operation here and several in PyTorch is seen as one:
/// "linear" (inputs: bias or undefined, input, weight), "linear_relu", "linear_tanh", "linear_sigmoid" (the same), a layer of "lstm",
/// "gru" or "rnn", attention.
///
/// In place: x.add_(y) is seen as "add" of x and y, a new tensor, and a "copy_" of it: inputs x and the new tensor, output x. Where a
/// result was asked for in the memory of a tensor (out=), an output may be a tensor that was there before, even one of the inputs: the
/// input stands for the value before. So a tensor (TensorImpl) has one value from one operation that outputs it to the next; writing to
/// one changes what others on its storage show: outputs of views (view, select, slice, transpose, detach ...) share their input's storage.
struct TracedOperation {
  const Operation& operation;
  std::vector<Attribute> attributes;
  /// All operands, also those without derivative, in the order of PyTorch's function; an optional one left out is undefined.
  std::vector<Tensor> inputs;
  std::vector<Tensor> outputs;
};

/// Sees operations after they ran and before they are recorded: outputs have no edge yet. What it runs itself in observe() is neither
/// traced nor recorded. An exception that it throws leaves the operation.
class TraceObserver {
 public:
  virtual ~TraceObserver() = default;
  virtual void observe(const TracedOperation& operation) = 0;
};

/// While it lives, what the calling thread runs is reported to `observer`, and to those of the Traces around it after that. Grad mode has
/// no say. Traces end in the opposite order of their beginnings.
class XGRAD_API Trace {
 public:
  explicit Trace(TraceObserver& observer);

 private:
  friend struct TraceReport;
  // Innermost first.
  class Link {
   public:
    explicit Link(TraceObserver& observer);
    ~Link();
    Link(const Link&) = delete;
    Link& operator=(const Link&) = delete;
    TraceObserver& observer;
    Link* const around;
  } link_;
  detail::OperationMode mode_;
};

namespace detail {

/// Tensors on their way to the observers; null: an operand that was a number.
struct TracedPart {
  const Tensor* tensors;
  bool is_output;
  size_t count = 1;
};

/// Tells the observers. True iff the operation is to be recorded where an input asks for a gradient.
XGRAD_API bool report(const Operation& operation, std::vector<Attribute> attributes, ArrayRef<TracedPart> parts);

template <class... T>
[[gnu::cold, gnu::noinline]] bool trace(const Operation& operation, const With<T...>& attributes, std::initializer_list<TracedPart> parts) {
  return report(operation, Attributes<T...>(attributes.given).list(), ArrayRef<TracedPart>(parts.begin(), parts.size()));
}
template <class... T>
[[gnu::cold, gnu::noinline]] void trace(const Operation& operation, const With<T...>& attributes, const std::vector<Tensor>& outputs,
                                        const std::vector<Tensor>& inputs, std::initializer_list<TracedPart> others) {
  std::vector<TracedPart> parts = {{outputs.data(), true, outputs.size()}, {inputs.data(), false, inputs.size()}};
  parts.insert(parts.end(), others);
  report(operation, Attributes<T...>(attributes.given).list(), ArrayRef<TracedPart>(parts));
}

}  // namespace detail

}}  // namespace torch::xgrad
