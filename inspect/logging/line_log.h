// Scalars as lines of text: CSV and JSON.
#pragma once

#include <memory>

#include <xgrad/inspect/logging/scalar_log.h>

namespace torch { inline namespace xgrad { namespace inspect {

/// A file with a line for each number. A file that is there is gone on with: the beginning of a line that a killed process left is removed, and with
/// `resume_step` every line of that step and later ones, which a run that goes on from a checkpoint will write again. Lines of another form make
/// the constructor throw, and the file stays as it is.
class XGRAD_API LineLog : public ScalarLog {
 public:
  ~LineLog() override;
  using ScalarLog::add_scalar;
  void add_scalar(const std::string& tag, double value, int64_t step, std::optional<double> wall_time = std::nullopt) override;
  void flush() override;
  void close() override;
  const std::string& path() const;

  class Form;  // how a line is written and read

 protected:
  LineLog(const std::string& path, std::optional<int64_t> resume_step, const Form& form);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// CSV (RFC 4180 with the ends of lines of Unix) with the header "step,wall_time,tag,value", one number a line: what pandas pivots with
/// `frame.pivot(index="step", columns="tag", values="value")`. Numbers have all their digits; not numbers are nan, inf and -inf.
class XGRAD_API CsvLog final : public LineLog {
 public:
  explicit CsvLog(const std::string& path, std::optional<int64_t> resume_step = std::nullopt);
};

/// Lines of JSON: {"step":3,"wall_time":1700000000.5,"tag":"loss/train","value":0.25}. Values that JSON has no number for are the strings "nan",
/// "inf" and "-inf".
class XGRAD_API JsonLinesLog final : public LineLog {
 public:
  explicit JsonLinesLog(const std::string& path, std::optional<int64_t> resume_step = std::nullopt);
};

}}}  // namespace torch::xgrad::inspect
