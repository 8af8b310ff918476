// What all optimizers share: groups of parameters, their options, and the state kept of each parameter.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include <xgrad/optim/state_map.h>

namespace torch { inline namespace xgrad { namespace optim {

/// Parameters that share options. Options left open take the optimizer's when the group is added to one.
class XGRAD_API OptimizerParamGroup {
 public:
  OptimizerParamGroup(std::vector<Tensor> params) : params_(std::move(params)) {}
  OptimizerParamGroup(std::vector<Tensor> params, std::unique_ptr<OptimizerOptions> options)
      : params_(std::move(params)), options_(std::move(options)) {}
  OptimizerParamGroup(const OptimizerParamGroup& other)
      : params_(other.params_), options_(other.options_ ? other.options_->clone() : nullptr), initial_lr_(other.initial_lr_) {}
  OptimizerParamGroup(OptimizerParamGroup&&) = default;
  ~OptimizerParamGroup();
  OptimizerParamGroup& operator=(const OptimizerParamGroup& other) { return *this = OptimizerParamGroup(other); }
  OptimizerParamGroup& operator=(OptimizerParamGroup&&) = default;

  bool has_options() const { return options_ != nullptr; }
  /// Throws when the group has none.
  OptimizerOptions& options();
  const OptimizerOptions& options() const;
  /// In an optimizer, the new options must be of its class and in their ranges, and count as they are.
  void set_options(std::unique_ptr<OptimizerOptions> options);
  /// The learning rate of its options; throws when these have none, or when the group has no options.
  double lr() const { return options().get_lr(); }
  /// In an optimizer, throws for a rate out of range, and then nothing is changed.
  void set_lr(double lr);
  std::vector<Tensor>& params() { return params_; }
  const std::vector<Tensor>& params() const { return params_; }
  /// The rate that learning-rate schedulers start from, kept by the first one that is made; the optimizer saves it.
  const std::optional<double>& initial_lr() const { return initial_lr_; }
  void set_initial_lr(double lr) { initial_lr_ = lr; }

 private:
  friend class Optimizer;

  std::vector<Tensor> params_;
  std::unique_ptr<OptimizerOptions> options_;
  std::optional<double> initial_lr_;
  bool in_optimizer_ = false;  // a copy is not
};

/// Changes parameters by their gradients. Parameters without a gradient are left alone.
///
/// Constructors and add_param_group throw for no parameters, a parameter given twice, one that is not a leaf, options of another
/// optimizer, and hyper-parameters out of range. The state is kept by parameter for as long as the optimizer lives.
class XGRAD_API Optimizer {
 public:
  using LossClosure = std::function<Tensor()>;

  Optimizer(std::vector<OptimizerParamGroup> param_groups, std::unique_ptr<OptimizerOptions> defaults);
  Optimizer(std::vector<Tensor> parameters, std::unique_ptr<OptimizerOptions> defaults);
  Optimizer(const Optimizer&) = delete;
  Optimizer& operator=(const Optimizer&) = delete;
  Optimizer(Optimizer&&) = default;
  virtual ~Optimizer();

  void add_param_group(const OptimizerParamGroup& param_group);
  /// Adds to the first group.
  void add_parameters(const std::vector<Tensor>& parameters);

  /// Gives every group this learning rate. Throws for one out of range, and then nothing is changed.
  void set_lr(double lr);

  /// One step. `closure`, if given, is called first with grad mode on: it computes the loss and its gradients, and its
  /// value is returned.
  virtual Tensor step(LossClosure closure = nullptr) = 0;
  /// Sets every gradient to zeros, or with `set_to_none` to undefined.
  void zero_grad(bool set_to_none = false);

  /// The parameters of the first group.
  std::vector<Tensor>& parameters() { return first_group().params(); }
  const std::vector<Tensor>& parameters() const { return const_cast<Optimizer&>(*this).first_group().params(); }
  /// Number of parameters in all groups.
  size_t size() const;
  OptimizerOptions& defaults() { return *defaults_; }
  const OptimizerOptions& defaults() const { return *defaults_; }
  std::vector<OptimizerParamGroup>& param_groups() { return param_groups_; }
  const std::vector<OptimizerParamGroup>& param_groups() const { return param_groups_; }
  /// By the address of the parameter's TensorImpl. A state that step() or load() made keeps its parameter alive, even when that
  /// has left its group.
  StateMap& state() { return state_; }
  const StateMap& state() const { return state_; }

  /// Options and state of all groups. Loading throws one error that lists everything that doesn't fit (number of groups and
  /// parameters, missing values, shapes and dtypes) and then changes nothing.
  virtual void save(serialize::OutputArchive& archive) const;
  virtual void load(serialize::InputArchive& archive);
  /// What load() does, with states that `new_state` makes: for an optimizer that has no new_state() of its own.
  void load(serialize::InputArchive& archive, const std::function<std::unique_ptr<OptimizerParamState>()>& new_state);

 protected:
  /// A parameter that has a gradient, its group's options, and where its state lies (null: not known).
  struct Target {
    const Tensor* parameter;
    const OptimizerOptions* options;
    StateMap::mapped_type** state;
  };

  /// A new, empty state for a parameter: what load() fills. Throws unless overridden.
  virtual std::unique_ptr<OptimizerParamState> new_state() const;
  /// What makes a loaded state unfit for a parameter, a sentence each; what the state itself says unless overridden, for an optimizer whose states
  /// are not of one parameter alone.
  virtual std::vector<std::string> misfits(OptimizerParamState& state, const Tensor& parameter) const;
  /// The step of an optimizer that changes one parameter after the other by a rule; single_step.h makes it.
  template <class Rule> Tensor step_each(const LossClosure& closure);
  /// True iff step() knows what to do with sparse gradients; where it doesn't, targets() throws for one.
  virtual bool takes_sparse_gradients() const { return false; }
  /// The value of `closure`, called with grad mode on; undefined without one.
  static Tensor loss_of(const LossClosure& closure);
  /// Fills targets_ with what a step changes, in the order of the groups. Throws when a gradient's shape or dtype is not its
  /// parameter's, or none that can be optimized, for a sparse one unless takes_sparse_gradients(), and when a group's options are of
  /// another class than the optimizer's.
  const std::vector<Target>& targets();
  /// The state of a target, or null. Looks it up the first time only.
  OptimizerParamState* find_state(const Target& target);
  /// The state of a target, made by new_state() at first.
  OptimizerParamState& state_of(const Target& target);

  std::vector<OptimizerParamGroup> param_groups_;
  StateMap state_;
  std::unique_ptr<OptimizerOptions> defaults_;
  std::vector<Target> targets_;

 private:
  // The state of the parameter at one position among those of all groups, as the last step found it.
  struct Place {
    const void* parameter = nullptr;
    StateMap::mapped_type* state = nullptr;
  };

  void check_new_parameters(const std::vector<Tensor>& parameters) const;
  void append(const OptimizerParamGroup& param_group);
  OptimizerParamGroup& first_group();

  std::vector<Place> places_;
  uint64_t places_removals_ = 0;  // the states' count of removals when places_ was true
};

/// Declares what an optimizer `Class` has beside its rule of update; what follows the class is what its options are unless given.
#define XGRAD_DECLARE_OPTIMIZER(Class, ...)                                                           \
 public:                                                                                              \
  explicit Class(std::vector<OptimizerParamGroup> param_groups, Class##Options defaults __VA_ARGS__); \
  explicit Class(std::vector<Tensor> params, Class##Options defaults __VA_ARGS__);                    \
  Tensor step(LossClosure closure = nullptr) override;                                                \
                                                                                                      \
 protected:                                                                                           \
  std::unique_ptr<OptimizerParamState> new_state() const override;

/// Defines it; step_by: the member of `Base` that makes a step of `Class`Rule.
#define XGRAD_DEFINE_OPTIMIZER(Class, Base, step_by)                                                              \
  Class::Class(std::vector<OptimizerParamGroup> param_groups, Class##Options defaults)                            \
      : Base(std::move(param_groups), std::make_unique<Class##Options>(std::move(defaults))) {}                   \
  Class::Class(std::vector<Tensor> params, Class##Options defaults)                                               \
      : Base(std::move(params), std::make_unique<Class##Options>(std::move(defaults))) {}                         \
  std::unique_ptr<OptimizerParamState> Class::new_state() const { return std::make_unique<Class##ParamState>(); } \
  Tensor Class::step(LossClosure closure) { return step_by<Class##Rule>(closure); }

}  // namespace optim
}}  // namespace torch::xgrad
