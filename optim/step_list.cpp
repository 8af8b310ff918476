#include <xgrad/optim/step_list.h>

#include <xgrad/autograd/tensor/copy.h>
#include <xgrad/autograd/tensor/memory_order.h>

namespace torch { inline namespace xgrad { namespace optim {

namespace {

bool overlap(const TensorImpl& a, const TensorImpl& b) {
  const auto bytes = [](const TensorImpl& t) { return t.numel * static_cast<int64_t>(elementSize(t.dtype)); };
  return a.data < b.data + bytes(b) && b.data < a.data + bytes(a);
}

// True iff an update may walk through both in the order in which the parameter's elements lie.
bool lies_like(const TensorImpl& t, const TensorImpl& parameter) {
  return parameter.contiguous ? t.contiguous : t.strides == parameter.strides && fills_memory(parameter);
}

Tensor copy_like(const Tensor& t, const Tensor& parameter) {
  const Tensor copy = allocate_in_order_of(parameter, t.dtype());
  copy_elements(copy, t);
  return copy;
}

}  // namespace

namespace {

void append(kernels::MemoryRanges& ranges, const kernels::StepTensor& t, int64_t bytes, bool gradient) {
  ranges.push_back({t.parameter, bytes});
  if (gradient) ranges.push_back({t.gradient, bytes});
  for (const void* state : t.state)
    if (state) ranges.push_back({state, bytes});
}

}  // namespace

void append_memory(kernels::MemoryRanges& ranges, const StepTensors::PartAsRead& read) {
  for (const kernels::StepTensor& t : read.part.tensors) append(ranges, t, t.size * static_cast<int64_t>(read.part.element_size), true);
}
void append_memory(kernels::MemoryRanges& ranges, const StepTensors::PartAsWritten& written) {
  for (const kernels::StepTensor& t : written.part.tensors) append(ranges, t, t.size * static_cast<int64_t>(written.part.element_size), false);
}
void append_memory(kernels::MemoryRanges& ranges, const StepTensors::Options& options) {
  for (const StepSource& s : options.sources) ranges.push_back({s.options, static_cast<int64_t>(options.bytes)});
}
void append_memory(kernels::MemoryRanges& ranges, const StepTensors::States& states) {
  for (OptimizerParamState* state : states.all) {
    for (const StateField& field : state->fields()) {
      if (auto* const* n = std::get_if<int64_t*>(&field.value)) ranges.push_back({*n, sizeof **n});
      if (auto* const* x = std::get_if<double*>(&field.value)) ranges.push_back({*x, sizeof **x});
    }
  }
}

inline void* StepTensors::writable(const Tensor& t, const Tensor& parameter) {
  if (lies_like(t.impl(), parameter.impl())) return t.data_ptr();
  updated_copies_.emplace_back(t, copy_like(t, parameter));
  return updated_copies_.back().second.data_ptr();
}

inline const void* StepTensors::gradient_of(const Tensor& parameter) {
  const TensorImpl& p = parameter.impl();
  const TensorImpl& g = p.grad().impl();
  if (lies_like(g, p) && !overlap(g, p)) return g.data;
  copies_.push_back(copy_like(p.grad(), parameter));
  return copies_.back().data_ptr();
}

void StepTensors::add(const Tensor& parameter, const std::array<Tensor*, 3>& states, size_t numbers) {
  const TensorImpl& p = parameter.impl();
  Part& part = p.dtype == kFloat ? floats_ : doubles_;
  kernels::StepTensor& t = part.tensors.emplace_back();
  t.parameter = writable(parameter, parameter);
  t.gradient = gradient_of(parameter);
  for (size_t k = 0; k < states.size(); ++k) t.state[k] = states[k] ? writable(*states[k], parameter) : nullptr;
  t.size = p.numel;
  t.numbers = numbers;
  part.elements += p.numel;
  p.storage->bump_version();
}

void StepTensors::write_back() {
  for (const auto& [to, from] : updated_copies_) copy_elements(to, from);
}

void StepTensors::clear() {
  sources.clear();
  states.clear();
  updated_copies_.clear();
  copies_.clear();
  for (Part* part : {&floats_, &doubles_}) {
    part->tensors.clear();
    part->elements = 0;
  }
}

}}}  // namespace torch::xgrad::optim
