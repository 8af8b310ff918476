// A function whose kernels are recorded and run again: what compile() makes of it, without its types.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <xgrad/autograd/core/export.h>
#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad {

struct CompileOptions {
  /// How many kinds of inputs are remembered at most; the one that was used longest ago goes first. At least 1.
  int64_t recordings = 8;
};

/// What became of the calls of a compiled function.
struct CompileStatistics {
  int64_t calls = 0;
  int64_t replays = 0;   ///< calls that ran recorded kernels
  int64_t kinds = 0;     ///< of inputs that are remembered
  int64_t launches = 0;  ///< kernels in one replay of the kind that was used last
};

namespace compiled {

struct Body;
class StepRecording;

class XGRAD_API CompiledStep {
 public:
  using Call = void (*)(void* f, const Tensor* inputs, std::vector<Tensor>& results);

  /// Throws for options out of range.
  CompiledStep(Call call, const CompileOptions& options);
  ~CompiledStep();
  CompiledStep(CompiledStep&&) noexcept;
  CompiledStep& operator=(CompiledStep&&) noexcept;

  /// True iff the calling thread is being recorded: what it calls is to run as written.
  static bool is_part_of_recording();
  /// call(f, inputs, results), or what stands for it. The results are valid until the next call.
  const std::vector<Tensor>& run(void* f, const Tensor* inputs, size_t n);

  CompileStatistics statistics() const;
  const std::string& why_not() const;
  void reset();

 private:
  StepRecording& recording_for(const Tensor* inputs, size_t n);

  Call call_;
  CompileOptions options_;
  CompileStatistics statistics_;
  std::vector<std::unique_ptr<StepRecording>> recordings_;  // the one used last comes first
  std::vector<Tensor> results_, results_before_;
};

}  // namespace compiled
}}  // namespace torch::xgrad
