#include <algorithm>

#include <xgrad/inspect/escape.h>
#include <xgrad/inspect/profile/profile_state.h>
#include <xgrad/io/file.h>

namespace torch { inline namespace xgrad { namespace inspect {

namespace {

// Rows of the trace: what belongs together stands below what it is a part of.
constexpr const char* kPhases = "1";
constexpr const char* kModules = "2";
constexpr const char* kKernels = "3";

std::string microseconds(int64_t nanoseconds) { return fixed_text(static_cast<double>(nanoseconds) / 1000, 3); }

std::string span_event(const char* row, const std::string& name, const char* category, int64_t begin, int64_t end, const std::string& arguments) {
  return "{\"ph\":\"X\",\"pid\":1,\"tid\":" + std::string(row) + ",\"name\":" + json_quoted(name) + ",\"cat\":\"" + category +
         "\",\"ts\":" + microseconds(begin) + ",\"dur\":" + microseconds(end - begin) + ",\"args\":{" + arguments + "}}";
}

std::string row_name(const char* row, const char* name) {
  return "{\"ph\":\"M\",\"pid\":1,\"tid\":" + std::string(row) + ",\"name\":\"thread_name\",\"args\":{\"name\":\"" + name + "\"}}";
}

}  // namespace

std::string Profile::chrome_trace() const {
  using Kernel = State::Kernel;
  const std::vector<Kernel>& kernels = state_->kernels;
  std::string text = "{\"displayTimeUnit\":\"ns\",\"traceEvents\":[\n" + row_name(kPhases, "phases") + ",\n" + row_name(kModules, "modules") + ",\n" +
                     row_name(kKernels, "kernels");
  const auto add = [&text](const std::string& event) { text += ",\n" + event; };

  // Kernels one after the other that same() holds for, as one.
  const auto add_runs = [&](auto same, auto event) {
    for (size_t begin = 0, end; begin < kernels.size(); begin = end) {
      for (end = begin + 1; end < kernels.size() && same(kernels[begin], kernels[end]);) ++end;
      add(event(kernels[begin], kernels[end - 1].end));
    }
  };
  add_runs(
      [](const Kernel& a, const Kernel& b) { return a.phase == b.phase; },
      [](const Kernel& first, int64_t end) { return span_event(kPhases, phase_name(first.phase), phase_name(first.phase), first.begin, end, ""); });
  if (!state_->modules.empty())
    add_runs([](const Kernel& a, const Kernel& b) { return a.phase == b.phase && a.module == b.module; },
             [this](const Kernel& first, int64_t end) {
               const std::string path = state_->path(first.module);
               const std::string name = first.module == kNoModule ? "(no module)" : path.empty() ? "(root)" : path;
               return span_event(kModules, name, phase_name(first.phase), first.begin, end, "");
             });
  for (const Kernel& kernel : kernels) {
    std::string arguments = "\"bytes read\":" + std::to_string(kernel.read) + ",\"bytes written\":" + std::to_string(kernel.written);
    if (kernel.node) arguments += ",\"derivative of\":" + json_quoted(kernel.node);
    if (kernel.module != kNoModule) arguments += ",\"module\":" + json_quoted(state_->path(kernel.module));
    add(span_event(kKernels, kernel.operation, phase_name(kernel.phase), kernel.begin, kernel.end, arguments));
    add("{\"ph\":\"C\",\"pid\":1,\"name\":\"living bytes\",\"ts\":" + microseconds(kernel.begin) +
        ",\"args\":{\"bytes\":" + std::to_string(kernel.alive) + "}}");
  }
  return text + "\n],\"otherData\":{\"kernels left out\":" + std::to_string(state_->count - static_cast<int64_t>(kernels.size())) + "}}\n";
}

void Profile::save_chrome_trace(const std::string& path) const {
  const std::string text = chrome_trace();
  io::replace_file(path, [&](const io::Sink& sink) { sink(text.data(), text.size()); });
}

}}}  // namespace torch::xgrad::inspect
