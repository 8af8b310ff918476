#include <xgrad/optim/step_list.h>

#include <xgrad/autograd/copy.h>

namespace xgrad::optim {

namespace {

bool overlap(const TensorImpl& a, const TensorImpl& b) {
  const auto bytes = [](const TensorImpl& t) { return t.numel * static_cast<int64_t>(elementSize(t.dtype)); };
  return a.data < b.data + bytes(b) && b.data < a.data + bytes(a);
}

}  // namespace

inline void* StepTensors::writable(const Tensor& t) {
  if (t.is_contiguous()) return t.data_ptr();
  updated_copies_.emplace_back(t, copy_of(t, t.dtype()));
  return updated_copies_.back().second.data_ptr();
}

inline const void* StepTensors::gradient_of(const TensorImpl& parameter) {
  const TensorImpl& g = *parameter.grad;
  if (g.contiguous && !overlap(g, parameter)) return g.data;
  copies_.push_back(copy_of(Tensor(parameter.grad), g.dtype));
  return copies_.back().data_ptr();
}

void StepTensors::add(const Tensor& parameter, std::initializer_list<const Tensor*> states, size_t numbers) {
  const TensorImpl& p = parameter.impl();
  Part& part = p.dtype == kFloat ? floats_ : doubles_;
  kernels::StepTensor& t = part.tensors.emplace_back();
  t.parameter = writable(parameter);
  t.gradient = gradient_of(p);
  size_t k = 0;
  for (const Tensor* state : states) t.state[k++] = state ? writable(*state) : nullptr;
  t.size = p.numel;
  t.numbers = numbers;
  part.elements += p.numel;
  p.storage->bump_version();
}

void StepTensors::write_back() {
  for (const auto& [to, from] : updated_copies_) copy_elements(to, from);
}

void StepTensors::clear() {
  updated_copies_.clear();
  copies_.clear();
  for (Part* part : {&floats_, &doubles_}) {
    part->tensors.clear();
    part->elements = 0;
  }
}

}  // namespace xgrad::optim
