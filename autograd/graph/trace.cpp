#include <xgrad/autograd/graph/trace.h>

namespace torch { inline namespace xgrad {

// Knows the innermost of the calling thread's traces.
struct TraceReport {
  static __thread Trace::Link* innermost;

  static void tell(const TracedOperation& operation) {
    const detail::OperationMode mode(0);
    for (const Trace::Link* link = innermost; link; link = link->around) link->observer.observe(operation);
  }
};
__thread Trace::Link* TraceReport::innermost = nullptr;

Trace::Link::Link(TraceObserver& observer) : observer(observer), around(TraceReport::innermost) { TraceReport::innermost = this; }
Trace::Link::~Link() { TraceReport::innermost = around; }

Trace::Trace(TraceObserver& observer) : link_(observer), mode_(static_cast<int8_t>(detail::operation_mode | detail::kTraces)) {}

bool detail::report(const Operation& operation, std::vector<Attribute> attributes, ArrayRef<TracedPart> parts) {
  TracedOperation traced{operation, std::move(attributes), {}, {}};
  for (const TracedPart& part : parts)
    for (size_t i = 0; part.tensors && i < part.count; ++i)
      if (!part.is_output) traced.inputs.push_back(part.tensors[i]);
      else if (part.tensors[i].defined()) traced.outputs.push_back(part.tensors[i]);
  TraceReport::tell(traced);
  return GradMode::is_enabled();
}

}}  // namespace torch::xgrad
