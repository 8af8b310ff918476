#include <xgrad/optim/lr_scheduler/swa_lr.h>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace torch { inline namespace xgrad { namespace optim {

SWALR::SWALR(Optimizer& optimizer, const PerGroup<double>& swa_lr, int64_t anneal_epochs, std::string anneal_strategy, int64_t last_epoch)
    : LRScheduler(optimizer),
      swa_lrs_(swa_lr.list(groups().size(), "SWALR", "swa_lr")),
      anneal_epochs_(anneal_epochs),
      anneal_strategy_(std::move(anneal_strategy)) {
  begin(last_epoch);
}

void SWALR::check() const {
  XGRAD_CHECK_AS(ValueError, anneal_strategy_ == "cos" || anneal_strategy_ == "linear",
                 "[SWALR] anneal_strategy must by one of 'cos' or 'linear', instead got ", anneal_strategy_);
  XGRAD_CHECK_AS(ValueError, anneal_epochs_ >= 0, "[SWALR] anneal_epochs must be equal or greater than 0, got ", anneal_epochs_);
  XGRAD_CHECK_AS(ValueError, annealed_ >= 0, "[SWALR] annealed must be a number of steps, got ", annealed_);
}

std::vector<SchedulerField> SWALR::fields() {
  return {{"swa_lrs", &swa_lrs_}, {"anneal_epochs", &anneal_epochs_}, {"anneal_strategy", &anneal_strategy_}, {"annealed", &annealed_}};
}

// How much of the way to swa_lr is behind after a number of steps.
double SWALR::way(int64_t step) const {
  const double part = std::clamp(static_cast<double>(step) / static_cast<double>(std::max<int64_t>(1, anneal_epochs_)), 0., 1.);
  return anneal_strategy_ == "linear" ? part : (1 - std::cos(std::numbers::pi * part)) / 2;
}

std::vector<double> SWALR::lrs_at(int64_t step) {
  const int64_t counted = anneal_epochs_ == 0 ? std::max<int64_t>(1, step) : step;
  const double before = way(counted - 1), now = way(counted);
  std::vector<double> lrs = get_current_lrs();
  XGRAD_CHECK(lrs.size() == swa_lrs_.size(), "[SWALR] made for ", swa_lrs_.size(), " parameter groups, the optimizer has ", lrs.size());
  for (size_t i = 0; i < lrs.size(); ++i) {
    const double first = before == 1 ? swa_lrs_[i] : (lrs[i] - before * swa_lrs_[i]) / (1 - before);
    lrs[i] = swa_lrs_[i] * now + first * (1 - now);
  }
  annealed_ = step;
  return lrs;
}

std::vector<double> SWALR::get_lrs() { return lrs_at(annealed_ + 1); }
std::vector<double> SWALR::start_lrs(Start how) { return lrs_at(how == Start::restarted ? 1 : 0); }

}}}  // namespace torch::xgrad::optim
