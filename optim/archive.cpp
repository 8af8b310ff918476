// Optimizers in archives.
//
// Layout: options (the class's name), param_groups.<g>.size, .initial_lr (if there is one), .options.<name>, and for each parameter that has a
// state state.<i>.<name>, i counting the parameters of all groups.
#include <string_view>
#include <tuple>
#include <typeinfo>

#include <xgrad/autograd/core/type_name.h>
#include <xgrad/io/archive.h>
#include <xgrad/optim/optimizer.h>
#include <xgrad/io/tensor_list.h>

namespace torch { inline namespace xgrad { namespace optim {

namespace {

using Pair = std::tuple<double, double>;

Tensor dense(const Tensor& t) { return t.is_sparse() ? t.to_dense() : t; }

template <class T> IValue stored(const T& value) { return value; }
IValue stored(const Pair& value) { return std::vector<double>{std::get<0>(value), std::get<1>(value)}; }

template <class T> void restore(T& value, const IValue& stored, const char*) { value = stored.to<T>(); }
template <class T> void restore(std::optional<T>& value, const IValue& stored, const char*) { value = stored.toOptional<T>(); }
void restore(Pair& value, const IValue& stored, const char* name) {
  const std::vector<double> pair = stored.toDoubleVector();
  XGRAD_CHECK(pair.size() == 2, "[load] expected two numbers for ", name, ", got ", pair.size());
  value = {pair[0], pair[1]};
}

}  // namespace

void OptimizerOptions::serialize(serialize::OutputArchive& archive) const {
  for (const OptionField& field : const_cast<OptimizerOptions&>(*this).fields())
    std::visit([&](const auto* option) { archive.write(field.name, stored(option->value)); }, field.option);
}

void OptimizerOptions::serialize(serialize::InputArchive& archive) {
  const std::unique_ptr<OptimizerOptions> read = clone();
  std::vector<OptionField> fields = read->fields(), mine = this->fields();
  for (const OptionField& field : fields) {
    IValue value;
    if (std::string_view(field.name) == "maximize" && !archive.try_read(field.name, value)) value = false;  // files from before there was one
    else archive.read(field.name, value);
    std::visit([&](auto* option) { restore(option->value, value, field.name); }, field.option);
  }
  for (size_t i = 0; i < mine.size(); ++i)
    std::visit([&](auto* option) { option->state(std::get<decltype(option)>(fields[i].option)->value); }, mine[i].option);
}

namespace {

void write(serialize::OutputArchive& archive, const char* name, int64_t value) { archive.write(name, IValue(value)); }
void write(serialize::OutputArchive& archive, const char* name, double value) { archive.write(name, IValue(value)); }
void write(serialize::OutputArchive& archive, const char* name, const Tensor& value) { archive.write(name, dense(value), true); }
void write(serialize::OutputArchive& archive, const char* name, const std::deque<Tensor>& value) { serialize::write_list(archive, name, value); }

void read(serialize::InputArchive& archive, const char* name, int64_t& to) {
  IValue value;
  archive.read(name, value);
  to = value.toInt();
}
void read(serialize::InputArchive& archive, const char* name, double& to) {
  IValue value;
  archive.read(name, value);
  to = value.toDouble();
}
void read(serialize::InputArchive& archive, const char* name, Tensor& to) { archive.read(name, to, true); }
void read(serialize::InputArchive& archive, const char* name, std::deque<Tensor>& to) {
  const std::vector<Tensor> tensors = serialize::read_list(archive, name);
  to.assign(tensors.begin(), tensors.end());
}

}  // namespace

void OptimizerParamState::serialize(serialize::OutputArchive& archive) const {
  for (const StateField& field : const_cast<OptimizerParamState&>(*this).fields())
    std::visit([&](const auto* value) { write(archive, field.name, *value); }, field.value);
}

void OptimizerParamState::serialize(serialize::InputArchive& archive) {
  const std::unique_ptr<OptimizerParamState> complete = clone();
  const std::vector<StateField> from = complete->fields(), to = fields();
  for (const StateField& field : from) std::visit([&](auto* value) { read(archive, field.name, *value); }, field.value);
  for (size_t i = 0; i < to.size(); ++i) std::visit([&](auto* value) { *value = std::move(*std::get<decltype(value)>(from[i].value)); }, to[i].value);
}

std::vector<std::string> OptimizerParamState::misfits(const Tensor& parameter) {
  std::vector<std::string> lines;
  for (const StateField& field : fields()) {
    const auto* const tensor = std::get_if<Tensor*>(&field.value);
    if (!tensor || !(*tensor)->defined()) continue;
    const Tensor& t = **tensor;
    if (t.sizes() != parameter.sizes() || t.dtype() != parameter.dtype())
      lines.push_back(xgrad::detail::concatenate(field.name, " is ", t, ", expected ", parameter));
  }
  return lines;
}

std::vector<std::string> Optimizer::misfits(OptimizerParamState& state, const Tensor& parameter) const { return state.misfits(parameter); }

void Optimizer::save(serialize::OutputArchive& archive) const {
  serialize::OutputArchive groups, states;
  size_t index = 0;
  for (size_t g = 0; g < param_groups_.size(); ++g) {
    const OptimizerParamGroup& group = param_groups_[g];
    serialize::OutputArchive out, options;
    group.options().serialize(options);
    out.write("size", IValue(static_cast<int64_t>(group.params().size())));
    out.write("options", options);
    if (group.initial_lr()) out.write("initial_lr", IValue(*group.initial_lr()));
    groups.write(std::to_string(g), out);
    for (const Tensor& p : group.params()) {
      const auto state = state_.find(p.unsafeGetTensorImpl());
      if (state != state_.end()) {
        serialize::OutputArchive values;
        state->second->serialize(values);
        states.write(std::to_string(index), values);
      }
      ++index;
    }
  }
  const OptimizerOptions& defaults = *defaults_;
  archive.write("options", IValue(type_name(typeid(defaults))));
  archive.write("param_groups", groups);
  archive.write("state", states);
}

void Optimizer::load(serialize::InputArchive& archive) {
  load(archive, [this] { return new_state(); });
}

void Optimizer::load(serialize::InputArchive& archive, const std::function<std::unique_ptr<OptimizerParamState>()>& new_state) {
  std::string problems;
  const auto complain = [&problems](const std::string& problem) { problems += "\n  " + problem; };
  serialize::InputArchive groups, states;
  const OptimizerOptions& defaults = *defaults_;
  if (IValue options; archive.try_read("options", options))
    XGRAD_CHECK(options.toStringRef() == type_name(typeid(defaults)), "[load] this is the state of another optimizer: its options are ",
                options.toStringRef(), ", expected ", type_name(typeid(defaults)));
  archive.read("param_groups", groups);
  archive.read("state", states);
  if (groups.keys().size() != param_groups_.size())
    complain("expected " + std::to_string(param_groups_.size()) + " parameter groups, got " + std::to_string(groups.keys().size()));

  // Everything is read into new objects first; they replace the old ones when all of it fits.
  std::vector<std::unique_ptr<OptimizerOptions>> new_options;
  std::vector<std::optional<double>> initial_lrs;
  StateMap new_states;
  size_t index = 0;
  for (size_t g = 0; problems.empty() && g < param_groups_.size(); ++g) {
    const OptimizerParamGroup& group = param_groups_[g];
    serialize::InputArchive in, options;
    IValue size, initial_lr;
    groups.read(std::to_string(g), in);
    in.read("size", size);
    in.read("options", options);
    if (size.toInt() != static_cast<int64_t>(group.params().size()))
      complain("group " + std::to_string(g) + ": expected " + std::to_string(group.params().size()) + " parameters, got " +
               std::to_string(size.toInt()));
    initial_lrs.push_back(in.try_read("initial_lr", initial_lr) ? std::optional<double>(initial_lr.toDouble()) : group.initial_lr());
    new_options.push_back(group.options().clone());
    new_options.back()->serialize(options);
    new_options.back()->check();
    for (const Tensor& p : group.params()) {
      serialize::InputArchive values;
      if (states.try_read(std::to_string(index), values)) {
        std::unique_ptr<OptimizerParamState> state = new_state();
        state->serialize(values);
        for (const std::string& misfit : misfits(*state, p)) complain("parameter " + std::to_string(index) + ": " + misfit);
        state->parameter_ = p;
        new_states[p.unsafeGetTensorImpl()] = std::move(state);
      }
      ++index;
    }
  }
  XGRAD_CHECK(problems.empty(), "[load] the optimizer's state doesn't fit:", problems);
  for (size_t g = 0; g < param_groups_.size(); ++g) {
    param_groups_[g].set_options(std::move(new_options[g]));
    param_groups_[g].initial_lr_ = initial_lrs[g];
  }
  state_ = std::move(new_states);
}

}}}  // namespace torch::xgrad::optim
