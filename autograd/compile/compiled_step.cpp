#include <xgrad/autograd/compile/compiled_step.h>

#include <algorithm>
#include <utility>

#include <xgrad/autograd/compile/recording.h>
#include <xgrad/autograd/core/error.h>

namespace torch { inline namespace xgrad { namespace compiled {

CompiledStep::CompiledStep(Call call, const CompileOptions& options) : call_(call), options_(options) {
  XGRAD_CHECK_AS(ValueError, options.recordings >= 1, "[compile] recordings must be at least 1, got ", options.recordings);
}
CompiledStep::~CompiledStep() = default;
CompiledStep::CompiledStep(CompiledStep&&) noexcept = default;
CompiledStep& CompiledStep::operator=(CompiledStep&&) noexcept = default;

bool CompiledStep::is_part_of_recording() { return detail::step_observer || kernels::is_observed(); }

StepRecording& CompiledStep::recording_for(const Tensor* inputs, size_t n) {
  auto found = std::find_if(recordings_.begin(), recordings_.end(), [&](const auto& r) { return r->is_for(inputs, n); });
  if (found == recordings_.end()) {
    auto made = std::make_unique<StepRecording>(inputs, n);
    if (recordings_.size() == static_cast<size_t>(options_.recordings)) recordings_.pop_back();
    found = recordings_.insert(recordings_.end(), std::move(made));
  }
  std::rotate(recordings_.begin(), found, found + 1);
  return *recordings_.front();
}

const std::vector<Tensor>& CompiledStep::run(void* f, const Tensor* inputs, size_t n) {
  const Body body{call_, f};
  ++statistics_.calls;
  StepRecording& recording = recording_for(inputs, n);
  // A caller who keeps the last results while asking for the next gets back those from before in turn.
  results_.swap(results_before_);
  if (!recording.is_replayed()) results_before_.clear();  // or the step could see that somebody holds them
  const bool replays = recording.call(body, inputs, results_);
  statistics_.replays += replays;
  return results_;
}

CompileStatistics CompiledStep::statistics() const {
  CompileStatistics s = statistics_;
  s.kinds = static_cast<int64_t>(recordings_.size());
  s.launches = recordings_.empty() ? 0 : static_cast<int64_t>(recordings_.front()->launches());
  return s;
}

const std::string& CompiledStep::why_not() const {
  static const std::string none;
  return recordings_.empty() ? none : recordings_.front()->refusal();
}

void CompiledStep::reset() { recordings_.clear(); }

}}}  // namespace torch::xgrad::compiled
