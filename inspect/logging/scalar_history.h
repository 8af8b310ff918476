// The numbers of a run kept in memory, and handed on.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include <xgrad/inspect/logging/scalar_log.h>
#include <xgrad/inspect/picture/diagram.h>

namespace torch { inline namespace xgrad { namespace inspect {

/// Keeps what is added, for diagrams and reports, and adds it to other logs too, which must outlive this.
///
///     inspect::SummaryWriter board("runs/first");
///     inspect::CsvLog csv("runs/first/scalars.csv");
///     inspect::ScalarHistory history({&board, &csv});
///     history.add_scalar("loss/training", loss, epoch);
///     inspect::draw_diagrams("curves.svg", history.diagrams("epoch"));
class XGRAD_API ScalarHistory final : public ScalarLog {
 public:
  explicit ScalarHistory(std::vector<ScalarLog*> others = {});
  ~ScalarHistory() override;

  using ScalarLog::add_scalar;
  void add_scalar(const std::string& tag, double value, int64_t step, std::optional<double> wall_time = std::nullopt) override;
  /// Of the other logs.
  void flush() override;
  void close() override;

  struct Series {
    std::vector<int64_t> steps;
    std::vector<double> values;
  };
  /// The values of a tag in the order they were added; none for a tag that wasn't.
  Series series(const std::string& tag) const;
  /// The tags in the order of their first values.
  std::vector<std::string> tags() const;
  /// A diagram for each group of tags: what stands before the first / of "loss/training" is its title, the rest names the curve; a tag without / is
  /// one by itself. `across` is what a step is called.
  std::vector<Diagram> diagrams(const std::string& across = "step") const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}}}  // namespace torch::xgrad::inspect
