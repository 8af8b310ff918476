#include "recorded_schedules.h"

#include <cmath>
#include <sstream>
#include <stdexcept>

#include "recorded_text.h"
#include <xgrad/autograd/ops/ops.h>

using namespace xgrad;
using namespace xgrad::optim;

namespace {

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::istringstream stream(text);
  for (std::string part; std::getline(stream, part, separator);) parts.push_back(part);
  return parts;
}

std::vector<double> numbers_in(std::istream& words) {
  std::vector<double> list;
  for (std::string word; words >> word;) {
    const size_t star = word.find('*');
    list.insert(list.end(), star == std::string::npos ? 1 : std::stoul(word.substr(star + 1)), std::strtod(word.c_str(), nullptr));
  }
  return list;
}

std::function<double(double)> function(const std::string& name) {
  const double a = std::stod(name.substr(name.find(':') + 1));
  if (name[0] == 'p') return [a](double x) { return std::pow(a, x); };
  return [a](double x) { return 1 / (1 + a * x); };
}

// The options of one scheduler by their names.
class Words {
 public:
  explicit Words(const std::map<std::string, std::string>& options) : options_(options) {}
  bool has(const char* name) const { return options_.count(name) != 0; }
  const std::string& text(const char* name) const { return options_.at(name); }
  double number(const char* name) const { return std::stod(text(name)); }
  int64_t whole(const char* name) const { return std::stoll(text(name)); }
  std::vector<int64_t> wholes(const char* name) const {
    std::vector<int64_t> list;
    for (const std::string& part : split(text(name), ',')) list.push_back(std::stoll(part));
    return list;
  }
  PerGroup<double> some(const char* name) const {
    std::vector<double> list;
    for (const std::string& part : split(text(name), ',')) list.push_back(std::stod(part));
    return list.size() == 1 ? PerGroup<double>(list[0]) : PerGroup<double>(list);
  }
  PerGroup<LRLambda> functions(const char* name) const {
    std::vector<LRLambda> list;
    for (const std::string& part : split(text(name), ',')) list.push_back([f = function(part)](int64_t e) { return f(static_cast<double>(e)); });
    return list.size() == 1 ? PerGroup<LRLambda>(list[0]) : PerGroup<LRLambda>(list);
  }
  int64_t last_epoch() const { return has("last_epoch") ? whole("last_epoch") : -1; }

 private:
  const std::map<std::string, std::string>& options_;
};

std::shared_ptr<LRScheduler> make_cyclic(Optimizer& o, const Words& w) {
  CyclicLROptions options(w.some("base_lr"), w.some("max_lr"));
  options.step_size_up(w.number("step_size_up")).gamma(w.number("gamma")).mode(w.text("mode")).cycle_momentum(w.whole("cycle_momentum") != 0);
  options.base_momentum(w.some("base_momentum")).max_momentum(w.some("max_momentum"));
  if (w.has("step_size_down")) options.step_size_down(w.number("step_size_down"));
  if (w.has("scale_fn")) options.scale_fn(function(w.text("scale_fn"))).scale_mode(w.text("scale_mode"));
  return std::make_shared<CyclicLR>(o, options, w.last_epoch());
}

std::shared_ptr<LRScheduler> make_one_cycle(Optimizer& o, const Words& w) {
  OneCycleLROptions options(w.some("max_lr"));
  options.pct_start(w.number("pct_start")).anneal_strategy(w.text("anneal_strategy")).cycle_momentum(w.whole("cycle_momentum") != 0);
  options.base_momentum(w.some("base_momentum")).max_momentum(w.some("max_momentum")).three_phase(w.whole("three_phase") != 0);
  options.div_factor(w.number("div_factor")).final_div_factor(w.number("final_div_factor"));
  if (w.has("total_steps")) options.total_steps(w.whole("total_steps"));
  else options.epochs(w.whole("epochs")).steps_per_epoch(w.whole("steps_per_epoch"));
  return std::make_shared<OneCycleLR>(o, options, w.last_epoch());
}

using Maker = std::shared_ptr<LRScheduler> (*)(Optimizer&, const Words&);

template <class S, class... Args> std::shared_ptr<LRScheduler> made(Optimizer& o, const Words& w, Args&&... args) {
  return std::make_shared<S>(o, std::forward<Args>(args)..., w.last_epoch());
}

const std::map<std::string, Maker> kMakers{
    {"LambdaLR", [](Optimizer& o, const Words& w) { return made<LambdaLR>(o, w, w.functions("lr_lambda")); }},
    {"MultiplicativeLR", [](Optimizer& o, const Words& w) { return made<MultiplicativeLR>(o, w, w.functions("lr_lambda")); }},
    {"StepLR", [](Optimizer& o, const Words& w) { return made<StepLR>(o, w, static_cast<unsigned>(w.whole("step_size")), w.number("gamma")); }},
    {"MultiStepLR", [](Optimizer& o, const Words& w) { return made<MultiStepLR>(o, w, w.wholes("milestones"), w.number("gamma")); }},
    {"ConstantLR", [](Optimizer& o, const Words& w) { return made<ConstantLR>(o, w, w.number("factor"), w.whole("total_iters")); }},
    {"LinearLR",
     [](Optimizer& o, const Words& w) { return made<LinearLR>(o, w, w.number("start_factor"), w.number("end_factor"), w.whole("total_iters")); }},
    {"ExponentialLR", [](Optimizer& o, const Words& w) { return made<ExponentialLR>(o, w, w.number("gamma")); }},
    {"PolynomialLR", [](Optimizer& o, const Words& w) { return made<PolynomialLR>(o, w, w.whole("total_iters"), w.number("power")); }},
    {"CosineAnnealingLR", [](Optimizer& o, const Words& w) { return made<CosineAnnealingLR>(o, w, w.whole("T_max"), w.number("eta_min")); }},
    {"CosineAnnealingWarmRestarts",
     [](Optimizer& o, const Words& w) {
       return made<CosineAnnealingWarmRestarts>(o, w, w.whole("T_0"), w.whole("T_mult"), w.has("eta_min") ? w.number("eta_min") : 0);
     }},
    {"CyclicLR", make_cyclic},
    {"OneCycleLR", make_one_cycle},
    {"SWALR", [](Optimizer& o, const Words& w) { return made<SWALR>(o, w, w.some("swa_lr"), w.whole("anneal_epochs"), w.text("anneal_strategy")); }},
};

std::shared_ptr<ReduceLROnPlateau> make_plateau(Optimizer& o, const Words& w) {
  return std::make_shared<ReduceLROnPlateau>(
      o, w.text("mode") == "min" ? ReduceLROnPlateau::min : ReduceLROnPlateau::max, w.number("factor"), w.whole("patience"), w.number("threshold"),
      w.text("threshold_mode") == "rel" ? ReduceLROnPlateau::rel : ReduceLROnPlateau::abs, w.whole("cooldown"), w.some("min_lr"), w.number("eps"));
}

}  // namespace

std::string ScheduleCase::text() const {
  std::string all = adam ? "adam" : "sgd";
  for (const Make& make : makes) {
    all += "; " + make.name;
    for (const auto& [key, value] : make.options) all += " " + key + "=" + value;
  }
  return all;
}

std::vector<ScheduleCase> read_schedule_cases() {
  std::vector<ScheduleCase> cases;
  std::istringstream lines(torch::recorded_text("schedules.gz"));
  for (std::string line, word; std::getline(lines, line);) {
    std::istringstream words(line);
    words >> word;
    if (word == "case") {
      cases.emplace_back();
      words >> word;
      cases.back().adam = word == "adam";
      cases.back().rates = numbers_in(words);
    } else if (word == "make") {
      ScheduleCase::Make make;
      words >> make.name;
      while (words >> word) make.options[word.substr(0, word.find('='))] = word.substr(word.find('=') + 1);
      cases.back().makes.push_back(make);
    } else if (word == "run") {
      for (const double i : numbers_in(words)) cases.back().run.push_back(static_cast<size_t>(i));
    } else if (word == "initial") {
      cases.back().initial = numbers_in(words);
    } else if (word == "metrics") {
      cases.back().metrics = numbers_in(words);
    } else if (word == "stride") {
      words >> cases.back().stride;
    } else {
      cases.back().sequences[word] = numbers_in(words);
    }
  }
  return cases;
}

Scheduled::Scheduled(const ScheduleCase& description) : case_(description) {
  std::vector<OptimizerParamGroup> groups;
  for (size_t i = 0; i < case_.rates.size(); ++i) {
    std::unique_ptr<OptimizerOptions> options;
    if (case_.adam) options = std::make_unique<AdamOptions>(case_.rates[i]);
    else options = std::make_unique<SGDOptions>(case_.rates[i]);
    groups.emplace_back(std::vector<Tensor>{zeros({1}).requires_grad_()}, std::move(options));
    if (!case_.initial.empty()) groups.back().set_initial_lr(case_.initial[i]);
  }
  if (case_.adam) optimizer_ = std::make_unique<Adam>(groups);
  else optimizer_ = std::make_unique<SGD>(groups, SGDOptions(0.1).momentum(0.5));
  for (const ScheduleCase::Make& words : case_.makes) made_.push_back(make(words));
}

Scheduled::Made Scheduled::make(const ScheduleCase::Make& make) {
  const Words words(make.options);
  if (make.name == "ReduceLROnPlateau") return {nullptr, make_plateau(*optimizer_, words)};
  if (!words.has("of")) return {kMakers.at(make.name)(*optimizer_, words), nullptr};
  CombinedScheduler::Schedulers parts;
  for (const int64_t i : words.wholes("of")) parts.push_back(made_[static_cast<size_t>(i)].scheduler);
  if (make.name == "ChainedScheduler") return {std::make_shared<ChainedScheduler>(parts), nullptr};
  return {std::make_shared<SequentialLR>(*optimizer_, parts, words.wholes("milestones")), nullptr};
}

void Scheduled::step(size_t i) {
  for (const size_t s : case_.run) {
    if (made_[s].plateau) made_[s].plateau->step(case_.metrics[i]);
    else if (case_.stride != 0) static_cast<CosineAnnealingWarmRestarts&>(*made_[s].scheduler).step(static_cast<double>(i) * case_.stride);
    else made_[s].scheduler->step();
  }
}

double Scheduled::now(const std::string& sequence) const {
  const OptimizerOptions& options = optimizer_->param_groups().at(static_cast<size_t>(sequence.back() - '0')).options();
  if (sequence[0] == 'l') return options.get_lr();
  if (case_.adam) return std::get<0>(static_cast<const AdamOptions&>(options).betas());
  return static_cast<const SGDOptions&>(options).momentum();
}

std::vector<SchedulerState*> Scheduled::running() {
  std::vector<SchedulerState*> list;
  for (const size_t s : case_.run) {
    if (made_[s].plateau) list.push_back(made_[s].plateau.get());
    else list.push_back(made_[s].scheduler.get());
  }
  return list;
}
