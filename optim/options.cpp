#include <xgrad/optim/options.h>

namespace torch::optim {

OptimizerOptions::~OptimizerOptions() = default;
OptimizerParamState::~OptimizerParamState() = default;

void OptimizerOptions::inherit(OptimizerOptions& defaults) {
  std::vector<OptionField> mine = fields(), theirs = defaults.fields();
  XGRAD_CHECK_AS(TypeError, mine.size() == theirs.size(), "[add_param_group] the group's options are of another class than the optimizer's");
  for (size_t i = 0; i < mine.size(); ++i) {
    if (*mine[i].stated) continue;
    std::visit([&](auto* to) { *to = *std::get<decltype(to)>(theirs[i].value); }, mine[i].value);
    *mine[i].stated = true;
  }
}

namespace {

double* find_lr(OptimizerOptions& options) {
  for (OptionField& field : options.fields())
    if (std::string_view(field.name) == "lr") return std::get<double*>(field.value);
  xgrad::detail::raise<NotImplementedError>("[lr] these optimizer options have no learning rate");
}

}  // namespace

double OptimizerOptions::get_lr() const { return *find_lr(const_cast<OptimizerOptions&>(*this)); }
void OptimizerOptions::set_lr(double lr) { *find_lr(*this) = lr; }

namespace detail {

void check_option(bool valid, const char* optimizer, const char* what, double value) {
  XGRAD_CHECK_AS(ValueError, valid, "[", optimizer, "] Invalid ", what, ": ", value);
}

}  // namespace detail
}  // namespace torch::optim
