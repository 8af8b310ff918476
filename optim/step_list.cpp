#include <xgrad/optim/step_list.h>

#include <xgrad/autograd/core/step_observer.h>
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

void append_memory(kernels::MemoryRanges& ranges, const StepTensors::PartAsRead& read) { append_memory(ranges, read.part.read); }
void append_memory(kernels::MemoryRanges& ranges, const StepTensors::PartAsWritten& written) { append_memory(ranges, written.part.written); }
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

inline void* StepTensors::writable(const Tensor& t, const Tensor& parameter, Part& part) {
  const Tensor* memory = &t;
  if (!lies_like(t.impl(), parameter.impl())) {
    updated_copies_.emplace_back(t, copy_like(t, parameter));
    memory = &updated_copies_.back().second;
  }
  if (kernels::is_observed()) {
    part.read.push_back(*memory);
    part.written.push_back(*memory);
  }
  return memory->data_ptr();
}

inline const void* StepTensors::gradient_of(const Tensor& parameter, Part& part) {
  const TensorImpl& p = parameter.impl();
  const Tensor* memory = &p.grad();
  if (!lies_like(memory->impl(), p) || overlap(memory->impl(), p)) {
    copies_.push_back(copy_like(p.grad(), parameter));
    memory = &copies_.back();
  }
  if (kernels::is_observed()) part.read.push_back(*memory);
  return memory->data_ptr();
}

void StepTensors::add(const Tensor& parameter, const std::array<Tensor*, 3>& states, size_t numbers) {
  const TensorImpl& p = parameter.impl();
  Part& part = p.dtype == kFloat ? floats_ : doubles_;
  kernels::StepTensor& t = part.tensors.emplace_back();
  xgrad::detail::note_gradient_of(parameter.impl());
  t.parameter = writable(parameter, parameter, part);
  t.gradient = gradient_of(parameter, part);
  for (size_t k = 0; k < states.size(); ++k) t.state[k] = states[k] ? writable(*states[k], parameter, part) : nullptr;
  t.size = p.numel;
  t.numbers = numbers;
  part.elements += p.numel;
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
    part->read.clear();
    part->written.clear();
    part->elements = 0;
  }
}

}}}  // namespace torch::xgrad::optim
