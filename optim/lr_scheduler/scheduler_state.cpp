// Schedulers in archives. Layout: scheduler (the name of the class), a key for each field, schedulers.<i> for each part.
#include <xgrad/optim/lr_scheduler/scheduler_state.h>

#include <limits>
#include <typeinfo>

#include <xgrad/autograd/core/type_name.h>
#include <xgrad/io/archive.h>

namespace torch { inline namespace xgrad { namespace optim {

namespace {

const char* const kClass = "scheduler";
const char* const kParts = "schedulers";

// The stored value as a T like the present one.
template <class T> T like(const T&, const IValue& stored) { return stored.to<T>(); }
unsigned like(unsigned, const IValue& stored) {
  const int64_t n = stored.toInt();
  XGRAD_CHECK_AS(ValueError, n >= 0 && n < std::numeric_limits<unsigned>::max(), "expected a count, got ", n);
  return static_cast<unsigned>(n);
}
std::vector<double> like(const std::vector<double>& present, const IValue& stored) {
  const std::vector<double>& list = stored.toDoubleVector();
  XGRAD_CHECK_AS(ValueError, list.size() == present.size(), "expected ", present.size(), " values, one per parameter group, got ", list.size());
  return list;
}

}  // namespace

SchedulerState::~SchedulerState() = default;

std::vector<SchedulerField> SchedulerState::all_fields() {
  std::vector<SchedulerField> list = progress();
  for (const SchedulerField& field : fields()) list.push_back(field);
  return list;
}

SchedulerState::Values SchedulerState::values() {
  Values copy;
  for (const SchedulerField& field : all_fields()) std::visit([&](const auto* value) { copy.own.emplace_back(*value); }, field.value);
  for (SchedulerState* part : parts()) copy.parts.push_back(part->values());
  return copy;
}

void SchedulerState::assign(Values values) {
  size_t i = 0;
  for (const SchedulerField& field : all_fields())
    std::visit([&](auto* value) { *value = std::move(std::get<std::decay_t<decltype(*value)>>(values.own[i++])); }, field.value);
  i = 0;
  for (SchedulerState* part : parts()) part->assign(std::move(values.parts[i++]));
}

SchedulerState::Values SchedulerState::read(const serialize::InputArchive& archive) {
  IValue stored;
  archive.read(kClass, stored);
  const std::string own_class = type_name(typeid(*this));
  XGRAD_CHECK_AS(ValueError, stored.isString() && stored.toStringRef() == own_class, "[load] the key '", kClass, "' must be ", own_class, ", got ",
                 stored.isString() ? stored.toStringRef() : stored.tagKind());
  Values loaded;
  for (const SchedulerField& field : all_fields()) {
    archive.read(field.name, stored);
    try {
      std::visit([&](const auto* value) { loaded.own.emplace_back(like(*value, stored)); }, field.value);
    } catch (const Error& e) {
      xgrad::detail::raise<ValueError>("[load] the key '", field.name, "' of ", own_class, ": ", e.what());
    }
  }
  const std::vector<SchedulerState*> list = parts();
  if (list.empty()) return loaded;
  serialize::InputArchive all;
  archive.read(kParts, all);
  XGRAD_CHECK_AS(ValueError, all.keys().size() == list.size(), "[load] the key '", kParts, "' of ", own_class, ": expected ", list.size(),
                 " schedulers, got ", all.keys().size());
  for (size_t i = 0; i < list.size(); ++i) {
    serialize::InputArchive one;
    all.read(std::to_string(i), one);
    loaded.parts.push_back(list[i]->read(one));
  }
  return loaded;
}

void SchedulerState::check_all() {
  check();
  for (SchedulerState* part : parts()) part->check_all();
}

void SchedulerState::save(serialize::OutputArchive& archive) const {
  SchedulerState& self = const_cast<SchedulerState&>(*this);
  archive.write(kClass, IValue(type_name(typeid(*this))));
  for (const SchedulerField& field : self.all_fields())
    std::visit([&](const auto* value) { archive.write(field.name, IValue(*value)); }, field.value);
  const std::vector<SchedulerState*> list = self.parts();
  if (list.empty()) return;
  serialize::OutputArchive all;
  for (size_t i = 0; i < list.size(); ++i) {
    serialize::OutputArchive one;
    list[i]->save(one);
    all.write(std::to_string(i), one);
  }
  archive.write(kParts, all);
}

void SchedulerState::load(serialize::InputArchive& archive) {
  Values loaded = read(archive), before = values();
  assign(std::move(loaded));
  try {
    check_all();
  } catch (...) {
    assign(std::move(before));
    throw;
  }
}

}}}  // namespace torch::xgrad::optim
