// What a scheduler remembers from one step to the next, listed once: saving, loading and going back after an error follow from the list.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include <xgrad/autograd/core/export.h>

namespace torch { inline namespace xgrad {
namespace serialize {
class OutputArchive;
class InputArchive;
}  // namespace serialize

namespace optim {

/// One value of a scheduler. A list of doubles holds one for each parameter group.
struct SchedulerField {
  using Value = std::variant<unsigned, bool, double, int64_t, std::string, std::vector<double>, std::vector<int64_t>>;

  const char* name;
  std::variant<unsigned*, bool*, double*, int64_t*, std::string*, std::vector<double>*, std::vector<int64_t>*> value;
};

/// What all schedulers have in common. As in Python, a saved state has the progress and the options, but no function (a lambda, a scale),
/// and neither the optimizer's rates nor its momenta, which the optimizer saves.
class XGRAD_API SchedulerState {
 public:
  virtual ~SchedulerState();
  void save(serialize::OutputArchive& archive) const;
  /// Throws, naming the key, when the archive has the state of a scheduler of another class, for another number of parameter groups, or with
  /// options out of range; nothing is changed then.
  void load(serialize::InputArchive& archive);

 protected:
  /// The values of a class: what is listed here is saved and loaded.
  virtual std::vector<SchedulerField> fields() { return {}; }
  /// Schedulers that this one steps, which are saved and loaded with it.
  virtual std::vector<SchedulerState*> parts() { return {}; }
  /// Throws ValueError, naming the option and its value, unless all fields are in their ranges.
  virtual void check() const {}

  /// A copy of all fields, of parts too.
  struct Values {
    std::vector<SchedulerField::Value> own;
    std::vector<Values> parts;
  };
  Values values();
  void assign(Values values);

 private:
  friend class LRScheduler;

  virtual std::vector<SchedulerField> progress() { return {}; }
  std::vector<SchedulerField> all_fields();
  Values read(const serialize::InputArchive& archive);
  void check_all();
};

}  // namespace optim
}}  // namespace torch::xgrad
