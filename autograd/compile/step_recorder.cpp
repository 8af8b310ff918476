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
  for (const Use& use : uses)
    if (use.leaf.unsafeGetTensorImpl() == &leaf) return;
  const Tensor handle{IntrusivePtr<TensorImpl>(&leaf)};
  uses.push_back({handle, handle.grad().unsafeGetTensorImpl()});
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

void StepRecorder::observe(const kernels::Launch& launch) {
  const auto meet = [&](const kernels::MemoryRange& range, bool writes) {
    if (!range.storage) {
      if (is_on_stack(range.begin) && !met_.names_stack) met_.names_stack = &launch.operation();
      return;
    }
    auto* const storage = static_cast<StorageImpl*>(range.storage);
    MetMemory::Meeting& meeting =
        met_.storages.try_emplace(storage, MetMemory::Meeting{storage->version(), !writes, &launch.operation()}).first->second;
    meeting.written = meeting.written || writes;
  };
  for (const kernels::MemoryRange& range : launch.reads()) meet(range, false);
  for (const kernels::MemoryRange& range : launch.writes()) meet(range, true);
  LaunchRecorder::observe(launch);
}

}}}  // namespace torch::xgrad::compiled
