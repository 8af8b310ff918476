#include <xgrad/inspect/profile/profile.h>

#include <algorithm>
#include <array>

#include <xgrad/autograd/core/error.h>
#include <xgrad/inspect/escape.h>
#include <xgrad/inspect/profile/profile_state.h>

namespace torch { inline namespace xgrad { namespace inspect {

namespace {

std::string percent_text(double part, double whole) { return whole > 0 ? fixed_text(100 * part / whole, 1) + " %" : "-"; }

std::string rate_text(int64_t bytes, double seconds) {
  return seconds > 0 ? short_text(static_cast<double>(bytes) / seconds * 1e-9, 3) + " GB/s" : "-";
}

std::vector<std::string> cells(const Profile::Row& row, const std::string& name, const std::string& phase, double all) {
  const double calls = static_cast<double>(std::max<int64_t>(row.calls, 1));
  return {name,
          phase,
          grouped_text(row.calls),
          time_text(row.seconds),
          percent_text(row.seconds, all),
          time_text(row.seconds / calls),
          bytes_text(static_cast<double>(row.bytes_read)),
          bytes_text(static_cast<double>(row.bytes_written)),
          rate_text(row.bytes_read + row.bytes_written, row.seconds)};
}

void add_to(Profile::Row& sum, const Profile::Row& row) {
  sum.calls += row.calls;
  sum.seconds += row.seconds;
  sum.bytes_read += row.bytes_read;
  sum.bytes_written += row.bytes_written;
}

std::vector<Profile::Row> longest_first(std::vector<Profile::Row> rows) {
  std::stable_sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.seconds > b.seconds; });
  return rows;
}

}  // namespace

const char* phase_name(Phase phase) { return phase == Phase::forward ? "forward" : phase == Phase::backward ? "backward" : "update"; }

void Profile::State::add(const Kernel& kernel) {
  ++count;
  peak = std::max(peak, kernel.alive);
  Sum& sum = sums[{kernel.module, kernel.phase, kernel.operation}];
  ++sum.calls;
  sum.nanoseconds += kernel.end - kernel.begin;
  sum.read += kernel.read;
  sum.written += kernel.written;
  if (static_cast<int64_t>(kernels.size()) < most_events) kernels.push_back(kernel);
}

Profile::Profile(int64_t most_events) : state_(new State) {
  XGRAD_CHECK_AS(ValueError, most_events >= 0, "[Profile] expected most_events of at least 0, got ", most_events);
  state_->most_events = most_events;
}
Profile::~Profile() = default;
Profile::Profile(Profile&&) noexcept = default;
Profile& Profile::operator=(Profile&&) noexcept = default;

std::vector<Profile::Row> Profile::by_operation() const {
  return longest_first(state_->grouped([](const State::Key& key) { return State::Key(kNoModule, std::get<1>(key), std::get<2>(key)); }));
}
std::vector<Profile::Row> Profile::by_operation_and_module() const {
  return longest_first(state_->grouped([](const State::Key& key) { return key; }));
}
std::vector<Profile::Row> Profile::by_module() const {
  auto rows = state_->grouped([](const State::Key& key) { return State::Key(std::get<0>(key), std::get<1>(key), ""); });
  for (Row& row : rows) row.operation = row.module;
  return rows;
}

double Profile::seconds() const { return static_cast<double>(state_->guarded) * 1e-9; }
double Profile::kernel_seconds() const {
  double sum = 0;
  for (const Row& row : by_operation()) sum += row.seconds;
  return sum;
}
int64_t Profile::kernels() const { return state_->count; }
int64_t Profile::peak_bytes() const { return state_->peak; }

Table Profile::operations(size_t most_rows) const {
  Table table({"operation", "phase", " calls", " time", " share", " each", " read", " written", " memory"});
  const auto rows = by_operation();
  const double all = kernel_seconds();
  Row others, sum;
  for (size_t i = 0; i < rows.size(); ++i) {
    add_to(sum, rows[i]);
    if (i < most_rows) table.add(cells(rows[i], rows[i].operation, phase_name(rows[i].phase), all));
    else add_to(others, rows[i]);
  }
  if (rows.size() > most_rows) table.add(cells(others, "and " + std::to_string(rows.size() - most_rows) + " more", "", all));
  table.add_line();
  table.add(cells(sum, "all", "", all));
  return table;
}

Table Profile::modules() const {
  Table table({"module", " kernels", " forward", " backward", " update", " share", " read", " written"});
  struct Sums {
    Row all;
    std::array<double, 3> seconds{};
  };
  std::map<size_t, Sums> sums;
  Sums total;
  for (const auto& [key, sum] : state_->sums) {
    const Row row{"", "", Phase::forward, sum.calls, static_cast<double>(sum.nanoseconds) * 1e-9, sum.read, sum.written};
    for (Sums* to : {&sums[std::get<0>(key)], &total}) {
      add_to(to->all, row);
      to->seconds[static_cast<size_t>(std::get<1>(key))] += row.seconds;
    }
  }
  const auto add = [&](const std::string& name, const Sums& s) {
    std::vector<std::string> row{name, grouped_text(s.all.calls)};
    for (const double seconds : s.seconds) row.push_back(seconds > 0 ? time_text(seconds) : "-");
    row.push_back(percent_text(s.all.seconds, total.all.seconds));
    row.push_back(bytes_text(static_cast<double>(s.all.bytes_read)));
    row.push_back(bytes_text(static_cast<double>(s.all.bytes_written)));
    table.add(std::move(row));
  };
  for (const auto& [module, s] : sums) {
    const std::string path = state_->path(module);
    add(module == kNoModule ? "(no module)" : path.empty() ? "(root)" : path, s);
  }
  table.add_line();
  add("all", total);
  return table;
}

std::string Profile::text() const {
  std::string text = operations().text();
  if (!state_->modules.empty()) text += '\n' + modules().text();
  return text + '\n' + grouped_text(kernels()) + " kernels took " + time_text(kernel_seconds()) + " of " + time_text(seconds()) + "; at most " +
         bytes_text(static_cast<double>(peak_bytes())) + " of tensors were alive\n";
}

}}}  // namespace torch::xgrad::inspect
