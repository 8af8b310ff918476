#include <xgrad/optim/lr_scheduler/cycles.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <typeinfo>

#include <xgrad/autograd/core/type_name.h>
#include <xgrad/optim/lr_scheduler/momentum.h>

namespace torch { inline namespace xgrad { namespace optim {

CyclicLROptions::CyclicLROptions(PerGroup<double> base_lr, PerGroup<double> max_lr) : base_lr_(std::move(base_lr)), max_lr_(std::move(max_lr)) {}
OneCycleLROptions::OneCycleLROptions(PerGroup<double> max_lr) : max_lr_(std::move(max_lr)) {}

MomentumCycle::MomentumCycle(Optimizer& optimizer, const char* name, bool cycle_momentum, const PerGroup<double>& base, const PerGroup<double>& max)
    : LRScheduler(optimizer), cycle_momentum_(cycle_momentum), name_(name) {
  if (!cycle_momentum) return;
  OptimizerOptions& defaults = optimizer.defaults();
  XGRAD_CHECK_AS(ValueError, get_momentum(defaults), "[", name, "] optimizer must support momentum with `cycle_momentum` option enabled, got ",
                 type_name(typeid(defaults)));
  base_momenta_ = base.list(groups().size(), name, "base_momentum");
  max_momenta_ = max.list(groups().size(), name, "max_momentum");
}

void MomentumCycle::check() const {
  for (const std::vector<double>* bounds : {&base_momenta_, &max_momenta_})
    for (size_t i = 0; i < std::min(bounds->size(), groups().size()); ++i) {
      const std::unique_ptr<OptimizerOptions> options = groups()[i].options().clone();
      set_momentum(*options, (*bounds)[i]);
      options->check();
    }
}

std::vector<SchedulerField> MomentumCycle::momentum_fields() {
  return {{"cycle_momentum", &cycle_momentum_}, {"base_momentums", &base_momenta_}, {"max_momentums", &max_momenta_}};
}

void MomentumCycle::set_momenta(const std::vector<double>& momenta) {
  if (!cycle_momentum_) return;
  XGRAD_CHECK(momenta.size() == groups().size(), "[", name_, "] expected ", groups().size(), " momenta, one per parameter group, got ",
              momenta.size());
  for (size_t i = 0; i < momenta.size(); ++i) set_momentum(groups()[i].options(), momenta[i]);
}

CyclicLR::CyclicLR(Optimizer& optimizer, const CyclicLROptions& options, int64_t last_epoch)
    : MomentumCycle(optimizer, "CyclicLR", options.cycle_momentum(), options.base_momentum(), options.max_momentum()),
      max_lrs_(options.max_lr().list(groups().size(), "CyclicLR", "max_lr")),
      step_size_up_(options.step_size_up()),
      step_size_down_(options.step_size_down().value_or(options.step_size_up())),
      mode_(options.mode()),
      gamma_(options.gamma()),
      scale_fn_(options.scale_fn()),
      own_scale_(scale_fn_ != nullptr),
      scale_mode_(options.scale_mode()) {
  const std::vector<double> base = options.base_lr().list(groups().size(), "CyclicLR", "base_lr");
  begin(last_epoch, initial_lrs(last_epoch, base));
  base_lrs_ = base;  // not before: Python's first rate is initial_lr
}

void CyclicLR::check() const {
  MomentumCycle::check();
  XGRAD_CHECK_AS(ValueError, own_scale_ == (scale_fn_ != nullptr), "[CyclicLR] own_scale must be ", scale_fn_ != nullptr, ", got ", own_scale_);
  XGRAD_CHECK_AS(ValueError, step_size_up_ > 0, "[CyclicLR] step_size_up must be positive, got ", step_size_up_);
  XGRAD_CHECK_AS(ValueError, step_size_down_ >= 0, "[CyclicLR] step_size_down must not be negative, got ", step_size_down_);
  XGRAD_CHECK_AS(ValueError, scale_fn_ || mode_ == "triangular" || mode_ == "triangular2" || mode_ == "exp_range",
                 "[CyclicLR] mode is invalid and scale_fn is None: expected triangular, triangular2 or exp_range, got ", mode_);
  XGRAD_CHECK_AS(ValueError, scale_mode_ == "cycle" || scale_mode_ == "iterations", "[CyclicLR] scale_mode must be cycle or iterations, got ",
                 scale_mode_);
}

std::vector<SchedulerField> CyclicLR::fields() {
  std::vector<SchedulerField> list = momentum_fields();
  list.insert(list.end(), {{"max_lrs", &max_lrs_},
                           {"step_size_up", &step_size_up_},
                           {"step_size_down", &step_size_down_},
                           {"mode", &mode_},
                           {"gamma", &gamma_},
                           {"own_scale", &own_scale_},
                           {"scale_mode", &scale_mode_}});
  return list;
}

double CyclicLR::scale(double cycle) const {
  if (scale_fn_) return scale_fn_(scale_mode_ == "cycle" ? cycle : step_count_);
  if (mode_ == "exp_range") return std::pow(gamma_, step_count_);
  return mode_ == "triangular2" ? 1 / std::pow(2., cycle - 1) : 1.;
}

std::vector<double> CyclicLR::get_lrs() {
  const double total = step_size_up_ + step_size_down_, up = step_size_up_ / total, position = step_count_ / total;
  const double cycle = std::floor(1 + position), x = 1. + position - cycle;
  const double height = x <= up ? x / up : (x - 1) / (up - 1), scaled = scale(cycle);
  std::vector<double> lrs, momenta;
  for (size_t i = 0; i < max_lrs_.size(); ++i) lrs.push_back(base_lrs_[i] + (max_lrs_[i] - base_lrs_[i]) * height * scaled);
  for (size_t i = 0; i < max_momenta_.size(); ++i) momenta.push_back(max_momenta_[i] - (max_momenta_[i] - base_momenta_[i]) * height * scaled);
  set_momenta(momenta);
  return lrs;
}

namespace {

int64_t count_steps(const OneCycleLROptions& options) {
  const auto positive = [](const std::optional<int64_t>& n, const char* name) {
    XGRAD_CHECK_AS(ValueError, *n > 0, "[OneCycleLR] Expected positive integer ", name, ", but got ", *n);
    return *n;
  };
  if (options.total_steps()) return positive(options.total_steps(), "total_steps");
  XGRAD_CHECK_AS(ValueError, options.epochs() && options.steps_per_epoch(),
                 "[OneCycleLR] You must define either total_steps OR (epochs AND steps_per_epoch), got ",
                 options.epochs()            ? "epochs alone"
                 : options.steps_per_epoch() ? "steps_per_epoch alone"
                                             : "none of them");
  int64_t steps = 0;
  const bool over = __builtin_mul_overflow(positive(options.epochs(), "epochs"), positive(options.steps_per_epoch(), "steps_per_epoch"), &steps);
  XGRAD_CHECK_AS(ValueError, !over, "[OneCycleLR] epochs * steps_per_epoch is too large, got ", *options.epochs(), " * ", *options.steps_per_epoch());
  return steps;
}

// The three rates of a cycle; the momentum is low at the highest one.
enum CycleRate { kFirst, kHighest, kLast };

struct CyclePhase {
  double end;
  CycleRate from, to;
};

}  // namespace

OneCycleLR::OneCycleLR(Optimizer& optimizer, const OneCycleLROptions& options, int64_t last_epoch)
    : MomentumCycle(optimizer, "OneCycleLR", options.cycle_momentum(), options.base_momentum(), options.max_momentum()),
      total_steps_(count_steps(options)),
      max_lrs_(options.max_lr().list(groups().size(), "OneCycleLR", "max_lr")),
      pct_start_(options.pct_start()),
      anneal_strategy_(options.anneal_strategy()),
      final_div_factor_(options.final_div_factor()),
      three_phase_(options.three_phase()) {
  XGRAD_CHECK_AS(ValueError, options.div_factor() > 0, "[OneCycleLR] div_factor must be positive, got ", options.div_factor());
  std::vector<double> first = max_lrs_;
  for (double& lr : first) lr /= options.div_factor();
  begin(last_epoch, last_epoch == -1 ? first : initial_lrs(last_epoch, first));
}

void OneCycleLR::check() const {
  MomentumCycle::check();
  XGRAD_CHECK_AS(ValueError, total_steps_ > 0, "[OneCycleLR] Expected positive integer total_steps, but got ", total_steps_);
  XGRAD_CHECK_AS(ValueError, pct_start_ >= 0 && pct_start_ <= 1, "[OneCycleLR] Expected float between 0 and 1 pct_start, but got ", pct_start_);
  XGRAD_CHECK_AS(ValueError, anneal_strategy_ == "cos" || anneal_strategy_ == "linear",
                 "[OneCycleLR] anneal_strategy must by one of 'cos' or 'linear', instead got ", anneal_strategy_);
  XGRAD_CHECK_AS(ValueError, final_div_factor_ > 0, "[OneCycleLR] final_div_factor must be positive, got ", final_div_factor_);
}

std::vector<SchedulerField> OneCycleLR::fields() {
  std::vector<SchedulerField> list = momentum_fields();
  list.insert(list.end(), {{"total_steps", &total_steps_},
                           {"max_lrs", &max_lrs_},
                           {"pct_start", &pct_start_},
                           {"anneal_strategy", &anneal_strategy_},
                           {"final_div_factor", &final_div_factor_},
                           {"three_phase", &three_phase_}});
  return list;
}

std::vector<double> OneCycleLR::get_lrs() {
  XGRAD_CHECK_AS(ValueError, step_count_ <= total_steps_, "[OneCycleLR] Tried to step ", int64_t{step_count_} + 1,
                 " times. The specified number of total steps is ", total_steps_);
  const double total = static_cast<double>(total_steps_), rising = pct_start_ * total - 1, falling = 2 * pct_start_ * total - 2;
  const std::vector<CyclePhase> phases =
      three_phase_ ? std::vector<CyclePhase>{{rising, kFirst, kHighest}, {falling, kHighest, kFirst}, {total - 1, kFirst, kLast}}
                   : std::vector<CyclePhase>{{rising, kFirst, kHighest}, {total - 1, kHighest, kLast}};
  double start = 0;
  size_t p = 0;
  for (; step_count_ > phases[p].end && p + 1 < phases.size(); ++p) start = phases[p].end;
  const CyclePhase& phase = phases[p];
  XGRAD_CHECK_AS(ValueError, phase.end != start, "[OneCycleLR] a phase of the cycle has no steps with pct_start = ", pct_start_,
                 " and total_steps = ", total_steps_);
  const double done = (step_count_ - start) / (phase.end - start), cosine = std::cos(std::numbers::pi * done) + 1;
  const bool linear = anneal_strategy_ == "linear";
  const auto between = [&](double from, double to) { return linear ? (to - from) * done + from : to + (from - to) / 2.0 * cosine; };

  std::vector<double> lrs, momenta;
  for (size_t i = 0; i < max_lrs_.size(); ++i) {
    const double rates[] = {base_lrs_[i], max_lrs_[i], base_lrs_[i] / final_div_factor_};
    lrs.push_back(between(rates[phase.from], rates[phase.to]));
  }
  for (size_t i = 0; i < max_momenta_.size(); ++i) {
    const double levels[] = {max_momenta_[i], base_momenta_[i], max_momenta_[i]};
    momenta.push_back(between(levels[phase.from], levels[phase.to]));
  }
  set_momenta(momenta);
  return lrs;
}

}}}  // namespace torch::xgrad::optim
