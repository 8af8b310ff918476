// Hyper-parameters of an optimizer and what it remembers of each parameter.
#pragma once

#include <cstdint>
#include <deque>
#include <iosfwd>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

#include <xgrad/autograd/tensor/tensor.h>
#include <xgrad/io/fields.h>

namespace torch { inline namespace xgrad {
namespace serialize {
class OutputArchive;
class InputArchive;
}  // namespace serialize

namespace optim {

/// A hyper-parameter that knows whether somebody stated it: one left open in a parameter group takes the optimizer's.
template <class T> struct Option {
  T value;
  T initial = value;  ///< what the class begins with
  bool set = false;   ///< by name, be it to `initial`

  /// Reading states nothing, not even through a reference that could write: what was written that way is told by its value.
  bool stated() const { return set || value != initial; }
  void state(const T& v) {
    value = v;
    set = true;
  }
};

/// One hyper-parameter of an options object.
struct OptionField {
  const char* name;
  std::variant<Option<double>*, Option<bool>*, Option<std::tuple<double, double>>*, Option<int64_t>*, Option<std::optional<int64_t>>*,
               Option<std::optional<double>>*, Option<std::optional<std::string>>*>
      option;
};

/// Declares the hyper-parameters of `Class`, each as (type, name, default): setters that chain, getters, and what follows from the
/// fields: inheriting, saving, loading, comparing and printing.
#define XGRAD_OPTIMIZER_OPTIONS(Class, ...) XGRAD_LISTED_FIELDS(Class, OptionField, XGRAD_DECLARE_OPTION, __VA_ARGS__)

#define XGRAD_LISTED_FIELDS(Class, Field, DECLARE, ...)  \
  XGRAD_EACH(DECLARE, __VA_ARGS__)                       \
 public:                                                 \
  std::vector<::xgrad::optim::Field> fields() override { \
    std::vector<::xgrad::optim::Field> list;             \
    XGRAD_EACH(XGRAD_LIST_FIELD, __VA_ARGS__)            \
    return list;                                         \
  }                                                      \
  friend bool operator==(const Class& a, const Class& b) { return ::xgrad::optim::detail::equal_fields(a, b); }

#define XGRAD_DECLARE_OPTION(Type, name, initial, ...) \
 public:                                               \
  auto name(const Type& value)->decltype(*this) {      \
    name##_.state(value);                              \
    return *this;                                      \
  }                                                    \
  const Type& name() const { return name##_.value; }   \
  Type& name() { return name##_.value; }               \
                                                       \
 private:                                              \
  ::xgrad::optim::Option<Type> name##_{initial};

#define XGRAD_LIST_FIELD(Type, name, ...) ::xgrad::optim::detail::list_field(list, #name, &name##_);

class XGRAD_API OptimizerOptions {
 public:
  virtual ~OptimizerOptions();
  virtual std::unique_ptr<OptimizerOptions> clone() const = 0;
  /// The hyper-parameters; what is listed here is inherited by groups, saved and loaded.
  virtual std::vector<OptionField> fields() { return {}; }
  /// Throws ValueError, naming the hyper-parameter and its value, unless all are in their ranges.
  virtual void check() const {}
  /// True iff an optimizer that works with options of this class can work with `other`: its class is the same or derived.
  virtual bool accepts(const OptimizerOptions& other) const;

  /// Takes over from `defaults`, which accept this, every hyper-parameter that nobody stated here.
  void inherit(OptimizerOptions& defaults);
  /// Writes the fields, and reads them back; reading throws for a field that is not in the archive, and then nothing is changed.
  virtual void serialize(serialize::OutputArchive& archive) const;
  virtual void serialize(serialize::InputArchive& archive);
  /// The hyper-parameter "lr"; throws if there is none.
  virtual double get_lr() const;
  virtual void set_lr(double lr);
};

template <class Derived> class OptimizerCloneableOptions : public OptimizerOptions {
 public:
  // make_unique would make a class of pointers for each optimizer.
  std::unique_ptr<OptimizerOptions> clone() const override {
    return std::unique_ptr<OptimizerOptions>(new Derived(static_cast<const Derived&>(*this)));
  }
  bool accepts(const OptimizerOptions& other) const override { return dynamic_cast<const Derived*>(&other) != nullptr; }
};

/// One value an optimizer remembers of a parameter.
struct StateField {
  const char* name;
  std::variant<int64_t*, double*, Tensor*, std::deque<Tensor>*> value;
};

class XGRAD_API OptimizerParamState {
 public:
  virtual ~OptimizerParamState();
  virtual std::unique_ptr<OptimizerParamState> clone() const = 0;
  /// What is listed here is saved and loaded; loading throws for a field that is not in the archive, and then nothing is changed.
  virtual std::vector<StateField> fields() { return {}; }
  virtual void serialize(serialize::OutputArchive& archive) const;
  virtual void serialize(serialize::InputArchive& archive);
  /// What keeps this from being the state of `parameter`, one line for each value; empty if nothing does. Unless overridden, each tensor
  /// must have the parameter's shape and dtype.
  virtual std::vector<std::string> misfits(const Tensor& parameter);

 private:
  friend class Optimizer;
  Tensor parameter_;  // whose state an optimizer made this: while it lives, no other tensor gets its address
};

template <class Derived> class OptimizerCloneableParamState : public OptimizerParamState {
 public:
  std::unique_ptr<OptimizerParamState> clone() const override {
    return std::unique_ptr<OptimizerParamState>(new Derived(static_cast<const Derived&>(*this)));
  }
};

/// Declares what `Class` remembers, each value as (type, name, default): setters that chain, getters, and what follows from the fields.
#define XGRAD_OPTIMIZER_STATE(Class, ...) XGRAD_LISTED_FIELDS(Class, StateField, XGRAD_DECLARE_FIELD, __VA_ARGS__)

/// "torch::optim::SGDOptions(lr=0.1, momentum=0, dampening=0, weight_decay=0, nesterov=false)"
XGRAD_API std::ostream& operator<<(std::ostream& stream, const OptimizerOptions& options);

namespace detail {
/// Throws TypeError, naming both classes, unless an optimizer of `defaults` can work with `options`.
XGRAD_API void check_class(const char* operation, const OptimizerOptions& defaults, const OptimizerOptions& options);
/// Throws "Invalid <what>: value" unless `valid`.
XGRAD_API void check_option(bool valid, const char* optimizer, const char* what, double value);
/// Throws unless both are in [0, 1).
XGRAD_API void check_betas(const char* optimizer, const std::tuple<double, double>& betas);
/// These keep what makes such a list out of the classes that include this.
XGRAD_API void list_field(std::vector<OptionField>& list, const char* name, decltype(OptionField::option) option);
XGRAD_API void list_field(std::vector<StateField>& list, const char* name, decltype(StateField::value) value);
/// True iff the values of all fields are equal; tensors by their elements.
XGRAD_API bool equal_fields(const OptimizerOptions& a, const OptimizerOptions& b);
XGRAD_API bool equal_fields(const OptimizerParamState& a, const OptimizerParamState& b);
}  // namespace detail

}  // namespace optim
}}  // namespace torch::xgrad
