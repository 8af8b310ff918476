#include <xgrad/optim/lr_scheduler/lr_scheduler.h>

#include <limits>

#include <xgrad/autograd/core/step_observer.h>

namespace torch { inline namespace xgrad { namespace optim {

LRScheduler::LRScheduler(Optimizer& optimizer) : optimizer_(optimizer), last_lr_(get_current_lrs()) {}
LRScheduler::~LRScheduler() = default;

std::vector<double> LRScheduler::get_current_lrs() const {
  std::vector<double> lrs;
  for (const OptimizerParamGroup& group : groups()) lrs.push_back(group.options().get_lr());
  return lrs;
}

std::vector<double> LRScheduler::start_lrs(Start) { return get_lrs(); }

void LRScheduler::advance(unsigned step_count, const std::function<std::vector<double>()>& lrs) {
  xgrad::detail::note_leaving_launches("a learning-rate schedule");
  if (!base_lrs_.empty())
    for (size_t i = base_lrs_.size(); i < groups().size(); ++i)
      base_lrs_.push_back(groups()[i].initial_lr().value_or(groups()[i].options().get_lr()));
  const unsigned before = step_count_;
  std::vector<double> rates;
  step_count_ = step_count;
  try {
    rates = lrs();
    XGRAD_CHECK(rates.size() == groups().size(), "[LRScheduler] expected ", groups().size(), " learning rates, one per parameter group, got ",
                rates.size());
  } catch (...) {
    step_count_ = before;
    throw;
  }
  for (size_t i = 0; i < rates.size(); ++i) groups()[i].options().set_lr(rates[i]);
  last_lr_ = std::move(rates);
}

void LRScheduler::step() {
  advance(step_count_ + 1, [this] { return get_lrs(); });
}

void LRScheduler::start(Start how, unsigned step_count) {
  advance(step_count, [this, how] { return start_lrs(how); });
}

std::vector<double> LRScheduler::initial_lrs(int64_t last_epoch, const std::vector<double>& otherwise) const {
  std::vector<double> initial;
  for (size_t i = 0; i < groups().size(); ++i) {
    const std::optional<double> known = groups()[i].initial_lr();
    XGRAD_CHECK_AS(ValueError, known || last_epoch == -1, "[LRScheduler] param 'initial_lr' is not specified in param_groups[", i,
                   "] when resuming an optimizer, got last_epoch = ", last_epoch);
    initial.push_back(known ? *known : otherwise[i]);
  }
  return initial;
}

void LRScheduler::begin(int64_t last_epoch) { begin(last_epoch, initial_lrs(last_epoch, get_current_lrs())); }

void LRScheduler::begin(int64_t last_epoch, std::vector<double> initial) {
  XGRAD_CHECK_AS(ValueError, last_epoch >= -1 && last_epoch < std::numeric_limits<unsigned>::max(),
                 "[LRScheduler] last_epoch must be -1 or the number of an epoch, got ", last_epoch);
  check();
  base_lrs_ = std::move(initial);
  start(last_epoch == -1 ? Start::fresh : Start::resumed, static_cast<unsigned>(last_epoch + 1));
  for (size_t i = 0; i < base_lrs_.size(); ++i) groups()[i].set_initial_lr(base_lrs_[i]);
}

std::vector<SchedulerField> LRScheduler::progress() { return {{"last_epoch", &step_count_}, {"base_lrs", &base_lrs_}, {"last_lr", &last_lr_}}; }

}}}  // namespace torch::xgrad::optim
