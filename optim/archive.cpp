// Optimizers in archives.
//
// Layout: param_groups.<g>.size, param_groups.<g>.options.<name>, and for each parameter that has a state
// state.<i>.<name>, i counting the parameters of all groups.
#include <tuple>

#include <xgrad/io/archive.h>
#include <xgrad/optim/optimizer.h>

namespace torch { inline namespace xgrad { namespace optim {

namespace {

using Pair = std::tuple<double, double>;

Tensor dense(const Tensor& t) { return t.is_sparse() ? t.to_dense() : t; }

IValue stored(double value) { return value; }
IValue stored(bool value) { return value; }
IValue stored(const Pair& value) { return std::vector<double>{std::get<0>(value), std::get<1>(value)}; }

void restore(double& value, const IValue& stored, const char*) { value = stored.toDouble(); }
void restore(bool& value, const IValue& stored, const char*) { value = stored.toBool(); }
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
    archive.read(field.name, value);
    std::visit([&](auto* option) { restore(option->value, value, field.name); }, field.option);
  }
  for (size_t i = 0; i < mine.size(); ++i)
    std::visit([&](auto* option) { option->state(std::get<decltype(option)>(fields[i].option)->value); }, mine[i].option);
}

void OptimizerParamState::serialize(serialize::OutputArchive& archive) const {
  for (const StateField& field : const_cast<OptimizerParamState&>(*this).fields()) {
    if (const auto* n = std::get_if<int64_t*>(&field.value)) archive.write(field.name, IValue(**n));
    else archive.write(field.name, dense(*std::get<Tensor*>(field.value)), true);
  }
}

void OptimizerParamState::serialize(serialize::InputArchive& archive) {
  std::vector<std::pair<StateField, std::variant<int64_t, Tensor>>> read;
  for (const StateField& field : fields()) {
    if (std::holds_alternative<int64_t*>(field.value)) {
      IValue value;
      archive.read(field.name, value);
      read.emplace_back(field, value.toInt());
    } else {
      Tensor tensor;
      archive.read(field.name, tensor, true);
      read.emplace_back(field, tensor);
    }
  }
  for (auto& [field, value] : read) {
    if (auto* const* n = std::get_if<int64_t*>(&field.value)) **n = std::get<int64_t>(value);
    else *std::get<Tensor*>(field.value) = std::get<Tensor>(value);
  }
}

void Optimizer::save(serialize::OutputArchive& archive) const {
  serialize::OutputArchive groups, states;
  size_t index = 0;
  for (size_t g = 0; g < param_groups_.size(); ++g) {
    const OptimizerParamGroup& group = param_groups_[g];
    serialize::OutputArchive out, options;
    group.options().serialize(options);
    out.write("size", IValue(static_cast<int64_t>(group.params().size())));
    out.write("options", options);
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
  archive.write("param_groups", groups);
  archive.write("state", states);
}

void Optimizer::load(serialize::InputArchive& archive) {
  std::string problems;
  const auto complain = [&problems](const std::string& problem) { problems += "\n  " + problem; };
  serialize::InputArchive groups, states;
  archive.read("param_groups", groups);
  archive.read("state", states);
  if (groups.keys().size() != param_groups_.size())
    complain("expected " + std::to_string(param_groups_.size()) + " parameter groups, got " + std::to_string(groups.keys().size()));

  // Everything is read into new objects first; they replace the old ones when all of it fits.
  std::vector<std::unique_ptr<OptimizerOptions>> new_options;
  StateMap new_states;
  size_t index = 0;
  for (size_t g = 0; problems.empty() && g < param_groups_.size(); ++g) {
    const OptimizerParamGroup& group = param_groups_[g];
    serialize::InputArchive in, options;
    IValue size;
    groups.read(std::to_string(g), in);
    in.read("size", size);
    in.read("options", options);
    if (size.toInt() != static_cast<int64_t>(group.params().size()))
      complain("group " + std::to_string(g) + ": expected " + std::to_string(group.params().size()) + " parameters, got " +
               std::to_string(size.toInt()));
    new_options.push_back(group.options().clone());
    new_options.back()->serialize(options);
    new_options.back()->check();
    for (const Tensor& p : group.params()) {
      serialize::InputArchive values;
      if (states.try_read(std::to_string(index), values)) {
        std::unique_ptr<OptimizerParamState> state = new_state();
        state->serialize(values);
        for (const StateField& field : state->fields()) {
          const auto* field_tensor = std::get_if<Tensor*>(&field.value);
          if (!field_tensor || !(*field_tensor)->defined()) continue;
          const Tensor& t = **field_tensor;
          if (t.sizes() != p.sizes() || t.dtype() != p.dtype())
            complain("parameter " + std::to_string(index) + ": " + xgrad::detail::concatenate(field.name, " is ", t, ", expected ", p));
        }
        state->parameter_ = p;
        new_states[p.unsafeGetTensorImpl()] = std::move(state);
      }
      ++index;
    }
  }
  XGRAD_CHECK(problems.empty(), "[load] the optimizer's state doesn't fit:", problems);
  for (size_t g = 0; g < param_groups_.size(); ++g) param_groups_[g].set_options(std::move(new_options[g]));
  state_ = std::move(new_states);
}

}}}  // namespace torch::xgrad::optim
