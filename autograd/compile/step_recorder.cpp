#include <xgrad/autograd/compile/step_recorder.h>

#include <pthread.h>

#include <algorithm>

namespace torch { inline namespace xgrad { namespace compiled {

GradientWatch::GradientWatch() : before_(std::exchange(detail::step_observer, this)) {}
GradientWatch::~GradientWatch() { detail::step_observer = before_; }

void GradientWatch::leaves_launches(const char* by) {
  if (left_by.empty()) left_by = by;
}

void GradientWatch::reads_flag(const bool& flag) {
  for (const auto& [known, value] : flags)
    if (known == &flag) return;
  flags.emplace_back(&flag, flag);
}

void GradientWatch::uses_gradient(TensorImpl& leaf) {
  Use& use = use_of(leaf);
  if (!std::exchange(use.is_used, true)) use.found = leaf.grad().unsafeGetTensorImpl();
}

// Of other tensors than leaves, nothing is made anew in a replay.
void GradientWatch::looks_at_gradient(TensorImpl& leaf) {
  if (const Tensor handle{IntrusivePtr<TensorImpl>(&leaf)}; handle.is_leaf() && handle.requires_grad()) use_of(leaf);
}

GradientWatch::Use& GradientWatch::use_of(TensorImpl& leaf) {
  for (Use& use : uses)
    if (use.leaf.unsafeGetTensorImpl() == &leaf) return use;
  return uses.emplace_back(Use{Tensor(IntrusivePtr<TensorImpl>(&leaf)), leaf.grad().unsafeGetTensorImpl(), false});
}

namespace {

bool is_on_stack(const void* address) {
  struct Stack {
    void* low = nullptr;
    size_t size = 0;
    Stack() {
      pthread_attr_t attributes;
      if (pthread_getattr_np(pthread_self(), &attributes) != 0) return;
      pthread_attr_getstack(&attributes, &low, &size);
      pthread_attr_destroy(&attributes);
    }
  };
  static thread_local const Stack stack;
  return address >= stack.low && address < static_cast<const char*>(stack.low) + stack.size;
}

}  // namespace

std::string reads_what_it_drops(const Operation& operation) {
  return detail::concatenate(operation, "reads a tensor that the step then drops; make it an input, and what takes its place a result");
}

void StepRecorder::meet(const Operation& operation, const kernels::MemoryRange& range, bool writes) {
  if (!met_.fault.empty()) return;
  if (!range.storage) {
    if (is_on_stack(range.begin)) met_.fault = detail::concatenate(operation, "works on memory that ends with the call");
    return;
  }
  auto* const storage = static_cast<StorageImpl*>(range.storage);
  const MetMemory::Meeting now{storage->version(), freed_.times_given(storage), !writes, &operation, writes};
  const auto [known, is_first] = met_.storages.try_emplace(storage, now);
  MetMemory::Meeting& meeting = known->second;
  if (!is_first && meeting.life == now.life) {
    meeting.written = meeting.written || writes;
    return;
  }
  if (!is_first && meeting.life == 0 && meeting.read_first) met_.fault = reads_what_it_drops(*meeting.operation);
  else if (now.life > 0 && now.read_first)
    met_.fault = detail::concatenate(operation, "reads memory that the step filled, or left as it was, without a kernel");
  meeting = now;
}

void StepRecorder::observe(const kernels::Launch& launch) {
  // What is made part by part is named as read too, for what lies between the parts.
  for (const kernels::MemoryRange& range : launch.writes())
    if (range.storage && freed_.times_given(range.storage) > 0) meet(launch.operation(), range, true);
  for (const kernels::MemoryRange& range : launch.reads()) meet(launch.operation(), range, false);
  for (const kernels::MemoryRange& range : launch.writes()) meet(launch.operation(), range, true);
  LaunchRecorder::observe(launch);
}

}}}  // namespace torch::xgrad::compiled
