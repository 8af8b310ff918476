// Cases that tests/oracle/record_schedules.py recorded: schedulers made by Python's names of classes and options, and their sequences.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <xgrad/optim/optim.h>

struct ScheduleCase {
  struct Make {
    std::string name;
    std::map<std::string, std::string> options;
  };
  bool adam = false;
  std::vector<double> rates, initial;
  std::vector<Make> makes;
  std::vector<size_t> run;
  std::vector<double> metrics;
  double stride = 0;
  std::map<std::string, std::vector<double>> sequences;  // "lr0": the first group's rate at first and after each step

  std::string text() const;
};

std::vector<ScheduleCase> read_schedule_cases();

/// An optimizer and schedulers as a case says.
class Scheduled {
 public:
  explicit Scheduled(const ScheduleCase& description);
  void step(size_t i);
  /// What the case has sequences of, now.
  double now(const std::string& sequence) const;
  xgrad::optim::Optimizer& optimizer() { return *optimizer_; }
  /// The schedulers that step; the others are parts of them.
  std::vector<xgrad::optim::SchedulerState*> running();

 private:
  struct Made {
    std::shared_ptr<xgrad::optim::LRScheduler> scheduler;  // or
    std::shared_ptr<xgrad::optim::ReduceLROnPlateau> plateau;
  };
  Made make(const ScheduleCase::Make& words);

  const ScheduleCase& case_;
  std::unique_ptr<xgrad::optim::Optimizer> optimizer_;
  std::vector<Made> made_;
};
