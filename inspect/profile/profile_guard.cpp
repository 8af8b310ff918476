#include <algorithm>
#include <chrono>
#include <optional>
#include <thread>
#include <unordered_map>

#include <xgrad/autograd/core/grad_mode.h>
#include <xgrad/autograd/core/memory/memory.h>
#include <xgrad/autograd/engine/running_node.h>
#include <xgrad/autograd/graph/node.h>
#include <xgrad/autograd/kernels/launch.h>
#include <xgrad/inspect/module_paths.h>
#include <xgrad/inspect/profile/profile_state.h>
#include <xgrad/nn/module_calls.h>

namespace torch { inline namespace xgrad { namespace inspect {

namespace {

int64_t now() { return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

// Takes the next number of the calling thread's recorded operations.
class SequenceProbe final : public Node {
 public:
  SequenceProbe() : Node(nullptr, 0) {}
  std::string name() const override { return "SequenceProbe"; }
  void backward(Gradients&) override {}
};

int64_t sum_of_bytes(ArrayRef<kernels::MemoryRange> ranges) {
  int64_t bytes = 0;
  for (const kernels::MemoryRange& range : ranges) bytes += range.bytes;
  return bytes;
}

}  // namespace

// What lies in the memory of a module's tensors.
class ParameterMemory {
 public:
  ParameterMemory() = default;
  ParameterMemory(const nn::Module& root, const ModulePaths& paths) {
    for (const auto& tensors : {root.parameters(), root.buffers()})
      for (const Tensor& t : tensors)
        if (const auto bytes = static_cast<size_t>(t.numel()) * t.element_size(); bytes > 0) {
          const char* const begin = static_cast<const char*>(t.data_ptr());
          places_.push_back({begin, begin + bytes, paths.owner_of(t), t.requires_grad()});
        }
    std::sort(places_.begin(), places_.end(), [](const Place& a, const Place& b) { return a.begin < b.begin; });
  }
  struct Place {
    const char *begin, *end;
    size_t module;
    bool trains;
  };
  /// Null for other memory.
  const Place* find(const kernels::MemoryRange& range) const {
    const char* const at = static_cast<const char*>(range.begin);
    const auto after = std::upper_bound(places_.begin(), places_.end(), at, [](const char* a, const Place& p) { return a < p.begin; });
    return after == places_.begin() || at >= std::prev(after)->end ? nullptr : &*std::prev(after);
  }

 private:
  std::vector<Place> places_;
};

class ProfileGuard::Observer final : public kernels::LaunchObserver {
 public:
  Observer(Profile::State& state, nn::Module* module) : state_(state), thread_(std::this_thread::get_id()) {
    if (module) {
      paths_ = ModulePaths(*module);
      memory_ = ParameterMemory(*module, paths_);
      for (const Tensor& parameter : module->parameters())
        if (parameter.requires_grad() && parameter.is_leaf())
          leaves_.emplace(detail::gradient_edge(parameter).function.get(), paths_.owner_of(parameter));
      // Profiles of several guards have the modules of all of them.
      first_module_ = state_.modules.size();
      for (const ModulePaths::Entry& entry : paths_.modules()) state_.modules.push_back(entry.path);
      merge_modules();
      calls_.emplace(*module, [this](const nn::Module&) {
        if (std::this_thread::get_id() == thread_ && !running_node()) after_backward_ = false;
      });
    }
    begin_ = now();
    if (state_.origin < 0) state_.origin = begin_;
    observing_.emplace(*this);
  }
  ~Observer() override {
    observing_.reset();
    state_.guarded += now() - begin_;
  }

  void observe(const kernels::Launch& launch) override {
    Profile::State::Kernel kernel{
        launch.operation().name(), nullptr, kNoModule, Phase::forward, 0, 0, sum_of_bytes(launch.reads()), sum_of_bytes(launch.writes()),
        memory_stats().live_bytes};
    const Node* const node = running_node();
    if (node) {
      kernel.phase = Phase::backward;
      kernel.node = node->operation() ? node->operation()->name() : node->is_leaf() ? "leaf" : "custom function";
      kernel.module = module_of(node);
      after_backward_ = true;
    } else {
      kernel.module = place_of(launch, kernel.phase);
    }
    if (kernel.module != kNoModule) kernel.module = numbers_[kernel.module];
    kernel.begin = now() - state_.origin;
    launch();
    kernel.end = now() - state_.origin;
    state_.add(kernel);
  }

 private:
  // Modules of earlier guards with the same paths have the same numbers.
  void merge_modules() {
    std::vector<std::string> own(state_.modules.begin() + static_cast<std::ptrdiff_t>(first_module_), state_.modules.end());
    state_.modules.resize(first_module_);
    for (const std::string& path : own) {
      const auto known = std::find(state_.modules.begin(), state_.modules.end(), path);
      numbers_.push_back(static_cast<size_t>(known - state_.modules.begin()));
      if (known == state_.modules.end()) state_.modules.push_back(path);
    }
  }

  // From here on recorded operations are of this module.
  void mark(size_t module) {
    if (!marks_.empty() && marks_.back().module == module) return;
    const uint64_t sequence = SequenceProbe().sequence_nr();
    // Graphs older than this many calls are forgotten.
    constexpr size_t kMostMarks = size_t{1} << 20;
    if (marks_.size() == kMostMarks) marks_.erase(marks_.begin(), marks_.begin() + kMostMarks / 2);
    marks_.push_back({sequence, module});
  }

  // The module, and the phase, of a launch outside of a sweep.
  size_t place_of(const kernels::Launch& launch, Phase& phase) {
    if (paths_.modules().empty()) return ModulePaths::kNone;
    for (const kernels::MemoryRange& range : launch.writes())
      if (const auto* place = memory_.find(range); place && place->trains) {
        after_backward_ = true;
        phase = Phase::update;
        return place->module;
      }
    const nn::Module* const called = calls_->running();
    size_t module = called ? paths_.index_of(*called) : 0;
    // What reads parameters after a backward pass and isn't recorded works on them: averages, norms.
    if (!after_backward_ || GradMode::is_enabled())
      for (const kernels::MemoryRange& range : launch.reads())
        if (const auto* place = memory_.find(range)) {
          after_backward_ = false;
          module = place->module;
          break;
        }
    if (after_backward_) {
      phase = Phase::update;
      return ModulePaths::kNone;
    }
    mark(module);
    return module;
  }

  size_t module_of(const Node* node) {
    size_t module = ModulePaths::kNone;
    if (node->is_leaf()) {
      if (const auto known = leaves_.find(node); known != leaves_.end()) module = known->second;
    } else {
      const auto after =
          std::upper_bound(marks_.begin(), marks_.end(), node->sequence_nr(), [](uint64_t n, const Mark& m) { return n < m.sequence; });
      if (after != marks_.begin()) module = std::prev(after)->module;
    }
    // What a derivative records, for one of higher order, is of the same module.
    if (GradMode::is_enabled() && !paths_.modules().empty()) mark(module);
    return module;
  }

  struct Mark {
    uint64_t sequence;
    size_t module;
  };

  Profile::State& state_;
  const std::thread::id thread_;
  ModulePaths paths_;
  ParameterMemory memory_;
  std::unordered_map<const Node*, size_t> leaves_;  // asked for their tensors, nodes would wait for the sweep
  size_t first_module_ = 0;
  std::vector<size_t> numbers_;  // of the modules in the profile
  std::vector<Mark> marks_;      // by number
  bool after_backward_ = false;
  int64_t begin_ = 0;
  std::optional<nn::ModuleCalls> calls_;
  std::optional<kernels::Observe> observing_;
};

ProfileGuard::ProfileGuard(Profile& profile) : observer_(new Observer(*profile.state_, nullptr)) {}
ProfileGuard::ProfileGuard(Profile& profile, nn::Module& module) : observer_(new Observer(*profile.state_, &module)) {}
ProfileGuard::~ProfileGuard() = default;

}}}  // namespace torch::xgrad::inspect
