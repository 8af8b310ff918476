#include <xgrad/autograd/func/batched_run.h>

#include <map>
#include <string_view>
#include <tuple>
#include <unordered_map>

#include <xgrad/autograd/func/batch_rules.h>
#include <xgrad/autograd/graph/trace.h>
#include <xgrad/autograd/tensor/generator.h>
#include <xgrad/autograd/tensor/operators.h>

namespace torch { inline namespace xgrad { namespace func {

namespace {

struct Recorder : TraceObserver {
  void observe(const TracedOperation& operation) override { operations.push_back(operation); }
  std::vector<TracedOperation> operations;  // keeps all tensors, so that none takes the place of another
};

// A tensor of the trace with what it is for all examples.
struct Value {
  Tensor tensor;
  bool mapped;
};

class Values {
 public:
  void set(const Tensor& traced, Value value) {
    by_memory_.try_emplace(place_of(traced), value);  // the first: what follows on the same memory is a view of it
    by_object_.insert_or_assign(&traced.impl(), std::move(value));
  }
  Value get(const Tensor& traced) const {
    if (!traced.defined()) return {traced, false};
    if (const auto found = by_object_.find(&traced.impl()); found != by_object_.end()) return found->second;
    const auto found = by_memory_.find(place_of(traced));
    return found != by_memory_.end() ? found->second : Value{traced, false};
  }

 private:
  using Place = std::tuple<const void*, ScalarType, std::vector<int64_t>, std::vector<int64_t>>;
  static Place place_of(const Tensor& t) { return {t.data_ptr(), t.scalar_type(), t.sizes().vec(), t.strides().vec()}; }
  std::unordered_map<const TensorImpl*, Value> by_object_;
  std::map<Place, Value> by_memory_;
};

// False, with the reason, where an operation can't run on all examples.
bool replay(const TracedOperation& o, int64_t count, Values& values, std::string& why) {
  const std::string name = o.operation.name();
  if (name == "copy_") return why = "a tensor is edited in place", false;  // what every edit ends in
  std::vector<BatchedCall::Operand> operands;
  bool any = false;
  for (const Tensor& x : o.inputs) {
    const Value value = values.get(x);
    any |= value.mapped;
    operands.push_back({value.tensor, value.mapped, x.defined() ? Dims(x.sizes()) : Dims()});
  }
  if (!any || looks_at_shapes_only(name)) {
    for (const Tensor& y : o.outputs) values.set(y, {y, false});
    return true;
  }
  const BatchRule rule = batch_rule(name);
  if (!rule) return why = name + " has no rule for batches", false;
  std::vector<Tensor> results;
  try {
    results = rule(BatchedCall(o.attributes, std::move(operands), Dims(o.outputs[0].sizes()), count));
  } catch (const Error& e) {
    return why = name + " has no rule for batches with these arguments: " + e.what(), false;
  }
  if (results.size() != o.outputs.size()) return why = name + " has no rule for batches with these arguments", false;
  for (size_t i = 0; i < results.size(); ++i) values.set(o.outputs[i], {results[i], true});
  return true;
}

}  // namespace

std::vector<Tensor> run_batched(const ListMap& f, const variable_list& example, const variable_list& batch, const std::vector<bool>& mapped,
                                int64_t count, std::string& why) {
  Generator generator = detail::getDefaultCPUGenerator();
  const Tensor before = generator.get_state();
  Recorder recorder;
  variable_list traced;
  {
    const Trace trace(recorder);
    traced = f(example);
  }
  if (!generator.get_state().equal(before)) {
    generator.set_state(before);
    why = "the function draws random numbers";
    return {};
  }
  Values values;
  for (size_t i = 0; i < example.size(); ++i) values.set(example[i], {batch[i], mapped[i]});
  for (const TracedOperation& o : recorder.operations)
    if (!replay(o, count, values, why)) return {};
  variable_list outputs;
  for (const Tensor& y : traced) {
    if (!y.defined()) return why = "an output is undefined", variable_list();
    const Value value = values.get(y);
    Tensor result = value.mapped ? value.tensor : value.tensor.unsqueeze(0).expand(BatchedCall({}, {}, {}, count).batched(y.sizes())).contiguous();
    outputs.push_back(std::move(result));
  }
  return outputs;
}

}}}  // namespace torch::xgrad::func
