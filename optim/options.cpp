#include <xgrad/optim/options.h>

#include <algorithm>
#include <string_view>
#include <typeinfo>

#include <xgrad/autograd/core/type_name.h>

namespace torch { inline namespace xgrad { namespace optim {

OptimizerOptions::~OptimizerOptions() = default;
OptimizerParamState::~OptimizerParamState() = default;

bool OptimizerOptions::accepts(const OptimizerOptions& other) const { return typeid(*this) == typeid(other); }

void OptimizerOptions::inherit(OptimizerOptions& defaults) {
  std::vector<OptionField> mine = fields(), theirs = defaults.fields();
  for (size_t i = 0; i < std::min(mine.size(), theirs.size()); ++i)
    std::visit([&](auto* to) { if (!to->stated()) to->state(std::get<decltype(to)>(theirs[i].option)->value); }, mine[i].option);
}

namespace {

Option<double>& find_lr(OptimizerOptions& options) {
  for (OptionField& field : options.fields())
    if (std::string_view(field.name) == "lr") return *std::get<Option<double>*>(field.option);
  xgrad::detail::raise<NotImplementedError>("[lr] these optimizer options have no learning rate");
}

}  // namespace

double OptimizerOptions::get_lr() const { return find_lr(const_cast<OptimizerOptions&>(*this)).value; }
void OptimizerOptions::set_lr(double lr) { find_lr(*this).state(lr); }

namespace detail {

void check_class(const char* operation, const OptimizerOptions& defaults, const OptimizerOptions& options) {
  if (typeid(options) == typeid(defaults) || defaults.accepts(options)) return;
  xgrad::detail::raise<TypeError>("[", operation, "] the options of a parameter group must be of the optimizer's class ", type_name(typeid(defaults)),
                                  ", got ", type_name(typeid(options)));
}

void check_option(bool valid, const char* optimizer, const char* what, double value) {
  XGRAD_CHECK_AS(ValueError, valid, "[", optimizer, "] Invalid ", what, ": ", value);
}

}  // namespace detail
}}}  // namespace torch::xgrad::optim
