#include <xgrad/inspect/logging/scalar_history.h>

#include <algorithm>
#include <mutex>

#include <xgrad/autograd/core/error.h>

namespace torch { inline namespace xgrad { namespace inspect {

struct ScalarHistory::State {
  std::vector<ScalarLog*> others;
  mutable std::mutex mutex;
  std::vector<std::string> tags;
  std::map<std::string, Series> series;
};

ScalarHistory::ScalarHistory(std::vector<ScalarLog*> others) : state_(new State) {
  XGRAD_CHECK(std::count(others.begin(), others.end(), nullptr) == 0, "[ScalarHistory] expected logs, got a null pointer");
  state_->others = std::move(others);
}
ScalarHistory::~ScalarHistory() = default;

void ScalarHistory::add_scalar(const std::string& tag, double value, int64_t step, std::optional<double> wall_time) {
  for (ScalarLog* other : state_->others) other->add_scalar(tag, value, step, wall_time);
  const std::lock_guard lock(state_->mutex);
  const auto [series, is_new] = state_->series.try_emplace(tag);
  if (is_new) state_->tags.push_back(tag);
  series->second.steps.push_back(step);
  series->second.values.push_back(value);
}

void ScalarHistory::flush() {
  for (ScalarLog* other : state_->others) other->flush();
}
void ScalarHistory::close() {
  for (ScalarLog* other : state_->others) other->close();
}

ScalarHistory::Series ScalarHistory::series(const std::string& tag) const {
  const std::lock_guard lock(state_->mutex);
  const auto found = state_->series.find(tag);
  return found == state_->series.end() ? Series() : found->second;
}

std::vector<std::string> ScalarHistory::tags() const {
  const std::lock_guard lock(state_->mutex);
  return state_->tags;
}

std::vector<Diagram> ScalarHistory::diagrams(const std::string& across) const {
  std::vector<Diagram> diagrams;
  for (const std::string& tag : tags()) {
    const size_t slash = tag.find('/');
    const std::string title = tag.substr(0, slash), name = slash == std::string::npos ? "" : tag.substr(slash + 1);
    auto diagram = std::find_if(diagrams.begin(), diagrams.end(), [&](const Diagram& d) { return d.title == title; });
    if (diagram == diagrams.end()) diagram = diagrams.insert(diagram, Diagram{title, across});
    const Series s = series(tag);
    Curve curve{name};
    curve.values = s.values;
    curve.positions.assign(s.steps.begin(), s.steps.end());
    curve.dots = s.values.size() <= 30;
    diagram->curves.push_back(std::move(curve));
  }
  return diagrams;
}

}}}  // namespace torch::xgrad::inspect
