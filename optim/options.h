// Hyper-parameters of an optimizer and what it remembers of each parameter.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

#include <xgrad/autograd/tensor.h>

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
  bool stated = false;
};

/// One hyper-parameter of an options object: its name and places.
struct OptionField {
  const char* name;
  std::variant<double*, bool*, std::tuple<double, double>*> value;
  bool* stated;
};

/// Declares hyper-parameter `name`: a setter that chains, and getters.
#define XGRAD_OPTIMIZER_OPTION(Type, name, initial)                    \
 public:                                                               \
  auto name(const Type& value) -> decltype(*this) {                    \
    name##_ = {value, true};                                           \
    return *this;                                                      \
  }                                                                    \
  const Type& name() const { return name##_.value; }                   \
  Type& name() {                                                       \
    name##_.stated = true;                                             \
    return name##_.value;                                              \
  }                                                                    \
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

  /// Takes over from `defaults` (of the same class) every hyper-parameter that nobody stated here.
  void inherit(OptimizerOptions& defaults);
  /// Writes the fields, and reads them back; reading throws for a field that is not in the archive.
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
  /// What is listed here is saved and loaded.
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
/// Throws "Invalid <what>: value" unless `valid`.
XGRAD_API void check_option(bool valid, const char* optimizer, const char* what, double value);
}  // namespace detail

}  // namespace optim
}}  // namespace torch::xgrad
