#include <xgrad/inspect/logging/line_log.h>

#include <charconv>
#include <filesystem>
#include <mutex>
#include <string_view>

#include <xgrad/inspect/escape.h>
#include <xgrad/inspect/logging/append_file.h>
#include <xgrad/inspect/logging/wall_clock.h>
#include <xgrad/io/file.h>

namespace torch { inline namespace xgrad { namespace inspect {

class LineLog::Form {
 public:
  virtual std::string header() const = 0;
  virtual std::string line(const std::string& tag, double value, int64_t step, double wall_time) const = 0;
  /// What stands before the step in a line.
  virtual std::string_view before_step() const = 0;

  /// True iff a line may begin so.
  bool may_begin(std::string_view part) const {
    const std::string_view before = before_step();
    if (part.size() <= before.size()) return before.substr(0, part.size()) == part;
    return part.substr(0, before.size()) == before && part.find_first_not_of("-0123456789", before.size()) == std::string_view::npos;
  }
  /// The step of a line; nothing if it isn't one of this form.
  std::optional<int64_t> step_of(std::string_view line) const {
    if (line.substr(0, before_step().size()) != before_step()) return std::nullopt;
    line.remove_prefix(before_step().size());
    int64_t step = 0;
    const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), step);
    if (error != std::errc() || end == line.data() + line.size() || *end != ',') return std::nullopt;
    return step;
  }

 protected:
  ~Form() = default;
};

struct LineLog::State {
  const Form& form;
  AppendFile file;
  std::mutex mutex;
};

namespace {

// Where the line that begins at `at` ends, behind its end of line; npos if it has none. Within quotes of CSV an end of line is text.
size_t end_of_line(std::string_view text, size_t at, bool quotes) {
  for (bool quoted = false; at < text.size(); ++at) {
    if (quotes && text[at] == '"') quoted = !quoted;
    if (text[at] == '\n' && !quoted) return at + 1;
  }
  return std::string_view::npos;
}

}  // namespace

LineLog::LineLog(const std::string& path, std::optional<int64_t> resume_step, const Form& form) {
  std::string kept = form.header();
  std::error_code none;
  const auto size = std::filesystem::file_size(path, none);
  if (!none && size > 0) {
    const std::vector<char> bytes = io::read_file(path);
    const std::string_view text(bytes.data(), bytes.size());
    const bool quotes = !kept.empty();
    const bool has_header = text.substr(0, kept.size()) == kept, is_part = kept.substr(0, text.size()) == text;
    XGRAD_CHECK(has_header || is_part, "[log] ", path, " is another file: it must begin with ", kept);
    for (size_t at = has_header ? kept.size() : text.size(), line = 1 + quotes; at < text.size(); ++line) {
      const size_t end = end_of_line(text, at, quotes);
      const std::string_view rest = text.substr(at, end - at);
      const auto step = form.step_of(rest);
      // The beginning of a last line may have ended within the step.
      const bool is_beginning = end == std::string_view::npos && form.may_begin(rest);
      XGRAD_CHECK(step || is_beginning, "[log] ", path, " is another file: line ", line, " must begin with ", std::string(form.before_step()),
                  "a step");
      if (end == std::string_view::npos) break;
      if (!resume_step || *step < *resume_step) kept += text.substr(at, end - at);
      at = end;
    }
    if (kept != text) io::replace_file(path, [&](const io::Sink& sink) { sink(kept.data(), kept.size()); });
    kept.clear();
  }
  state_.reset(new State{form, AppendFile(path), {}});
  if (!kept.empty()) state_->file.append(kept);
}

LineLog::~LineLog() = default;

void LineLog::add_scalar(const std::string& tag, double value, int64_t step, std::optional<double> wall_time) {
  const std::string line = state_->form.line(tag, value, step, wall_time ? *wall_time : wall_clock());
  const std::lock_guard lock(state_->mutex);
  state_->file.append(line);
}

void LineLog::flush() {
  const std::lock_guard lock(state_->mutex);
  state_->file.sync();
}

void LineLog::close() {
  const std::lock_guard lock(state_->mutex);
  state_->file.sync();
  state_->file.close();
}

const std::string& LineLog::path() const { return state_->file.path(); }

namespace {

struct CsvForm final : LineLog::Form {
  std::string header() const override { return "step,wall_time,tag,value\n"; }
  std::string_view before_step() const override { return ""; }
  std::string line(const std::string& tag, double value, int64_t step, double wall_time) const override {
    return std::to_string(step) + ',' + fixed_text(wall_time, 6) + ',' + csv_field(tag) + ',' + number_text(value) + '\n';
  }
};

struct JsonForm final : LineLog::Form {
  std::string header() const override { return ""; }
  std::string_view before_step() const override { return "{\"step\":"; }
  std::string line(const std::string& tag, double value, int64_t step, double wall_time) const override {
    return "{\"step\":" + std::to_string(step) + ",\"wall_time\":" + fixed_text(wall_time, 6) + ",\"tag\":" + json_quoted(tag) +
           ",\"value\":" + json_number(value) + "}\n";
  }
};

const CsvForm csv_form;
const JsonForm json_form;

}  // namespace

CsvLog::CsvLog(const std::string& path, std::optional<int64_t> resume_step) : LineLog(path, resume_step, csv_form) {}
JsonLinesLog::JsonLinesLog(const std::string& path, std::optional<int64_t> resume_step) : LineLog(path, resume_step, json_form) {}

}}}  // namespace torch::xgrad::inspect
