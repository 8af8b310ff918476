#include <xgrad/optim/lr_scheduler/combined.h>

#include <algorithm>

#include <xgrad/optim/lr_scheduler/momentum.h>

namespace torch { inline namespace xgrad { namespace optim {

CombinedScheduler::CombinedScheduler(const char* name, Optimizer* optimizer, Schedulers schedulers)
    : LRScheduler(common(name, optimizer, schedulers)), schedulers_(std::move(schedulers)) {}

Optimizer& CombinedScheduler::common(const char* name, Optimizer* optimizer, const Schedulers& schedulers) {
  XGRAD_CHECK_AS(ValueError, !schedulers.empty(), "[", name, "] expected schedulers, got none");
  for (size_t i = 0; i < schedulers.size(); ++i) {
    XGRAD_CHECK_AS(ValueError, schedulers[i], "[", name, "] expected schedulers, got null at index ", i);
    Optimizer* const own = &schedulers[i]->optimizer_;
    XGRAD_CHECK_AS(ValueError, own == (optimizer ? optimizer : &schedulers[0]->optimizer_), "[", name,
                   "] expects all schedulers to belong to the same optimizer, but got schedulers at index ", i, " to be different from ",
                   optimizer ? "the optimizer passed in" : "index 0");
  }
  return schedulers[0]->optimizer_;
}

std::vector<SchedulerState*> CombinedScheduler::parts() {
  std::vector<SchedulerState*> list;
  for (const std::shared_ptr<LRScheduler>& scheduler : schedulers_) list.push_back(scheduler.get());
  return list;
}

std::vector<double> CombinedScheduler::undone_unless(const std::function<void()>& steps) {
  Values before = values();
  const std::vector<double> lrs = get_current_lrs();
  std::vector<std::optional<double>> momenta;
  for (OptimizerParamGroup& group : groups()) momenta.push_back(get_momentum(group.options()));
  try {
    steps();
  } catch (...) {
    assign(std::move(before));
    for (size_t i = 0; i < lrs.size(); ++i) {
      groups()[i].options().set_lr(lrs[i]);
      if (momenta[i]) set_momentum(groups()[i].options(), *momenta[i]);
    }
    throw;
  }
  return get_current_lrs();
}

void CombinedScheduler::set_initial_lrs() {
  for (OptimizerParamGroup& group : groups())
    if (group.initial_lr()) group.options().set_lr(*group.initial_lr());
}

void CombinedScheduler::start(size_t scheduler, Start how) {
  LRScheduler& part = *schedulers_[scheduler];
  if (how == Start::resumed && part.step_count_ == 0) how = Start::fresh;
  part.start(how, how == Start::resumed ? part.step_count_ : 0);
}

ChainedScheduler::ChainedScheduler(Schedulers schedulers) : CombinedScheduler("ChainedScheduler", nullptr, std::move(schedulers)) {}

std::vector<double> ChainedScheduler::get_lrs() {
  return undone_unless([this] {
    for (const std::shared_ptr<LRScheduler>& scheduler : schedulers_) scheduler->step();
  });
}

std::vector<double> ChainedScheduler::start_lrs(Start how) {
  return undone_unless([this, how] {
    set_initial_lrs();
    for (size_t i = 0; i < schedulers_.size(); ++i) start(i, how == Start::restarted ? Start::fresh : how);
  });
}

SequentialLR::SequentialLR(Optimizer& optimizer, Schedulers schedulers, std::vector<int64_t> milestones)
    : CombinedScheduler("SequentialLR", &optimizer, std::move(schedulers)), milestones_(std::move(milestones)) {
  begin();
}

void SequentialLR::check() const {
  XGRAD_CHECK_AS(
      ValueError, milestones_.size() + 1 == schedulers_.size(),
      "[SequentialLR] expects number of schedulers provided to be one more than the number of milestone points, but got number of schedulers ",
      schedulers_.size(), " and the number of milestones to be equal to ", milestones_.size());
  for (size_t i = 0; i < milestones_.size(); ++i)
    XGRAD_CHECK_AS(ValueError, milestones_[i] >= (i == 0 ? 1 : milestones_[i - 1]),
                   "[SequentialLR] milestones must be positive and none less than the one before, got ", IntArrayRef(milestones_));
}

std::vector<SchedulerField> SequentialLR::fields() { return {{"milestones", &milestones_}}; }

std::vector<double> SequentialLR::start_lrs(Start how) {
  return undone_unless([this, how] {
    set_initial_lrs();
    start(0, how == Start::restarted ? Start::fresh : Start::resumed);
  });
}

std::vector<double> SequentialLR::get_lrs() {
  return undone_unless([this] {
    const int64_t epoch = step_count_;
    const size_t turn = static_cast<size_t>(std::upper_bound(milestones_.begin(), milestones_.end(), epoch) - milestones_.begin());
    if (turn > 0 && milestones_[turn - 1] == epoch) start(turn, Start::restarted);
    else schedulers_[turn]->step();
  });
}

}}}  // namespace torch::xgrad::optim
