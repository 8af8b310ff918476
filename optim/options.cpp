#include <xgrad/optim/options.h>

#include <algorithm>
#include <ostream>
#include <string_view>
#include <typeinfo>

#include <xgrad/autograd/core/type_name.h>
#include <xgrad/autograd/ops/pointwise/comparison.h>

namespace torch { inline namespace xgrad { namespace optim {

OptimizerOptions::~OptimizerOptions() = default;
OptimizerParamState::~OptimizerParamState() = default;

bool OptimizerOptions::accepts(const OptimizerOptions& other) const { return typeid(*this) == typeid(other); }

void OptimizerOptions::inherit(OptimizerOptions& defaults) {
  std::vector<OptionField> mine = fields(), theirs = defaults.fields();
  for (size_t i = 0; i < std::min(mine.size(), theirs.size()); ++i)
    std::visit(
        [&](auto* to) {
          if (!to->stated()) to->state(std::get<decltype(to)>(theirs[i].option)->value);
        },
        mine[i].option);
}

namespace {

Option<double>& find_lr(OptimizerOptions& options) {
  for (OptionField& field : options.fields())
    if (std::string_view(field.name) == "lr") return *std::get<Option<double>*>(field.option);
  xgrad::detail::raise<NotImplementedError>("[lr] these optimizer options have no learning rate");
}

template <class T> void write(std::ostream& stream, const T& value) { stream << value; }
void write(std::ostream& stream, bool value) { stream << (value ? "true" : "false"); }
template <class T> void write(std::ostream& stream, const std::optional<T>& value) {
  if (value) stream << *value;
  else stream << "None";
}
void write(std::ostream& stream, const std::tuple<double, double>& pair) { stream << '(' << std::get<0>(pair) << ", " << std::get<1>(pair) << ')'; }

template <class T> bool same(const T& a, const T& b) { return a == b; }
bool same(const Tensor& a, const Tensor& b) {
  return a.defined() && b.defined() ? a.dtype() == b.dtype() && equal(a, b) : a.defined() == b.defined();
}
bool same(const std::deque<Tensor>& a, const std::deque<Tensor>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Tensor& x, const Tensor& y) { return same(x, y); });
}

}  // namespace

std::ostream& operator<<(std::ostream& stream, const OptimizerOptions& options) {
  const char* separator = "(";
  stream << type_name(typeid(options));
  for (const OptionField& field : const_cast<OptimizerOptions&>(options).fields()) {
    stream << separator << field.name << '=';
    std::visit([&](const auto* option) { write(stream, option->value); }, field.option);
    separator = ", ";
  }
  return stream << ')';
}

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

void check_betas(const char* optimizer, const std::tuple<double, double>& betas) {
  const auto [beta1, beta2] = betas;
  check_option(beta1 >= 0 && beta1 < 1, optimizer, "beta parameter at index 0", beta1);
  check_option(beta2 >= 0 && beta2 < 1, optimizer, "beta parameter at index 1", beta2);
}

void list_field(std::vector<OptionField>& list, const char* name, decltype(OptionField::option) option) { list.push_back({name, option}); }
void list_field(std::vector<StateField>& list, const char* name, decltype(StateField::value) value) { list.push_back({name, value}); }

bool equal_fields(const OptimizerOptions& a, const OptimizerOptions& b) {
  const std::vector<OptionField> x = const_cast<OptimizerOptions&>(a).fields(), y = const_cast<OptimizerOptions&>(b).fields();
  return std::equal(x.begin(), x.end(), y.begin(), y.end(), [](const OptionField& f, const OptionField& g) {
    return std::visit([&](auto* option) { return same(option->value, std::get<decltype(option)>(g.option)->value); }, f.option);
  });
}

bool equal_fields(const OptimizerParamState& a, const OptimizerParamState& b) {
  const std::vector<StateField> x = const_cast<OptimizerParamState&>(a).fields(), y = const_cast<OptimizerParamState&>(b).fields();
  return std::equal(x.begin(), x.end(), y.begin(), y.end(), [](const StateField& f, const StateField& g) {
    return std::visit([&](auto* value) { return same(*value, *std::get<decltype(value)>(g.value)); }, f.value);
  });
}

}  // namespace detail
}}}  // namespace torch::xgrad::optim
