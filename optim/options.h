// Hyper-parameters of an optimizer and what it remembers of each parameter.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad {
namespace serialize {
class OutputArchive;
class InputArchive;
}  // namespace serialize

namespace optim {

/// A hyper-parameter that knows whether somebody stated it: one left open in a parameter group takes the optimizer's.
template <class T>
struct Option {
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
  std::variant<Option<double>*, Option<bool>*, Option<std::tuple<double, double>>*> option;
};

/// Declares hyper-parameter `name`: a setter that chains, and getters.
#define XGRAD_OPTIMIZER_OPTION(Type, name, initial)                    \
 public:                                                               \
  auto name(const Type& value) -> decltype(*this) {                    \
    name##_.state(value);                                              \
    return *this;                                                      \
  }                                                                    \
  const Type& name() const { return name##_.value; }                   \
  Type& name() { return name##_.value; }                               \
                                                                       \
 private:                                                              \
  ::xgrad::optim::Option<Type> name##_ { initial }

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

template <class Derived>
class OptimizerCloneableOptions : public OptimizerOptions {
 public:
  std::unique_ptr<OptimizerOptions> clone() const override { return std::make_unique<Derived>(static_cast<const Derived&>(*this)); }
  bool accepts(const OptimizerOptions& other) const override { return dynamic_cast<const Derived*>(&other) != nullptr; }
};

/// One value an optimizer remembers of a parameter.
struct StateField {
  const char* name;
  std::variant<int64_t*, Tensor*> value;
};

class XGRAD_API OptimizerParamState {
 public:
  virtual ~OptimizerParamState();
  virtual std::unique_ptr<OptimizerParamState> clone() const = 0;
  /// What is listed here is saved and loaded; loading throws for a field that is not in the archive, and then nothing is changed.
  virtual std::vector<StateField> fields() { return {}; }
  virtual void serialize(serialize::OutputArchive& archive) const;
  virtual void serialize(serialize::InputArchive& archive);

 private:
  friend class Optimizer;
  Tensor parameter_;  // whose state an optimizer made this: while it lives, no other tensor gets its address
};

template <class Derived>
class OptimizerCloneableParamState : public OptimizerParamState {
 public:
  std::unique_ptr<OptimizerParamState> clone() const override { return std::make_unique<Derived>(static_cast<const Derived&>(*this)); }
};

/// Declares a remembered value with its setter and getters.
#define XGRAD_OPTIMIZER_STATE(Type, name, initial) \
 public:                                           \
  auto name(const Type& value) -> decltype(*this) { \
    name##_ = value;                               \
    return *this;                                  \
  }                                                \
  const Type& name() const { return name##_; }     \
  Type& name() { return name##_; }                 \
                                                   \
 private:                                          \
  Type name##_ { initial }

namespace detail {
/// Throws TypeError, naming both classes, unless an optimizer of `defaults` can work with `options`.
XGRAD_API void check_class(const char* operation, const OptimizerOptions& defaults, const OptimizerOptions& options);
/// Throws "Invalid <what>: value" unless `valid`.
XGRAD_API void check_option(bool valid, const char* optimizer, const char* what, double value);
}  // namespace detail

}  // namespace optim
}}  // namespace torch::xgrad
