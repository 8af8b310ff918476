// Where the numbers of a run go: one interface of TensorBoard's files, CSV and lines of JSON.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad { namespace inspect {

/// Takes named numbers of steps. Any thread may add, one at a time waiting for the other. What was added is in the file when the call returns, as
/// far as the system is concerned: a process that is killed loses nothing, and leaves at most the beginning of what it was adding.
class XGRAD_API ScalarLog {
 public:
  ScalarLog() = default;
  ScalarLog(const ScalarLog&) = delete;
  ScalarLog& operator=(const ScalarLog&) = delete;
  virtual ~ScalarLog();

  /// `value` of the curve `tag` at `step`. `wall_time`: seconds since 1970, now unless given. NaN and infinities are values like others. Throws,
  /// naming the file and the reason, when it cannot be written, and after close().
  virtual void add_scalar(const std::string& tag, double value, int64_t step, std::optional<double> wall_time = std::nullopt) = 0;
  /// The same of a tensor of one element.
  void add_scalar(const std::string& tag, const Tensor& value, int64_t step, std::optional<double> wall_time = std::nullopt) {
    add_scalar(tag, value.item<double>(), step, wall_time);
  }
  /// Returns when everything is on the disk and a power cut would lose nothing.
  virtual void flush() = 0;
  /// Flushes and ends the file. Whoever destroys a log without it loses no line, but learns of no error either.
  virtual void close() = 0;
};

}}}  // namespace torch::xgrad::inspect
