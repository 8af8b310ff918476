// Operations that users define, with a derivative of their own.
#pragma once

#include <initializer_list>
#include <mutex>
#include <string>
#include <type_traits>
#include <typeinfo>
#include <unordered_map>
#include <utility>
#include <vector>

#include <xgrad/autograd/engine/engine.h>
#include <xgrad/autograd/engine/ivalue.h>
#include <xgrad/autograd/graph/node.h>
#include <xgrad/autograd/graph/saved_tensor.h>

namespace torch { inline namespace xgrad { namespace autograd {

class FunctionNode;

/// What `forward` leaves for `backward`.
///
/// Tensors that are neither inputs nor outputs of the function come from computations that were not recorded. Using
/// one in backward is fine for first derivatives. When a second derivative would have to pass through a floating one,
/// the sweep throws, since it would silently lose a part; save inputs and compute it again, or save it as bool.
struct XGRAD_API AutogradContext {
  AutogradContext() = default;
  AutogradContext(const AutogradContext&) = delete;
  AutogradContext& operator=(const AutogradContext&) = delete;

  /// Anything else that backward needs, by name.
  std::unordered_map<std::string, IValue> saved_data;

  /// Keeps tensors for backward. To be called once, in forward; undefined tensors are allowed.
  void save_for_backward(variable_list to_save);
  /// What was saved. Throws when it was edited in place since, or when a sweep has released it.
  variable_list get_saved_variables() const;
  /// Says which inputs forward changes in place; they must be returned as outputs too.
  void mark_dirty(const variable_list& inputs);
  /// Says which outputs have no derivative.
  void mark_non_differentiable(const variable_list& outputs);
  /// Whether backward gets zeros (the default) or undefined tensors for outputs that no gradient reached.
  void set_materialize_grads(bool value) { materialize_grads_ = value; }
  /// True iff the gradient of tensor input number `i` is asked for (tensors of lists counted one by one).
  bool needs_input_grad(size_t i) const;
  /// True iff that holds for any input of the ranges [first, last).
  bool needs_input_grad(std::initializer_list<std::pair<size_t, size_t>> ranges) const;

 private:
  friend class FunctionNode;

  // A tensor kept without a circle of references: an output is held without the edge back to the node.
  struct Kept {
    enum class Role { Outside, Output, Intermediate } role = Role::Outside;
    SavedTensor tensor;
    SavedOutput result;  // instead of tensor, for an output
    uint32_t output = 0;
  };

  FunctionNode* node_ = nullptr;
  bool materialize_grads_ = true;
  bool released_ = false;
  const Gradients* sweep_ = nullptr;  // set while backward runs
  variable_list to_save_, dirty_, non_differentiable_;
  std::vector<Kept> saved_;
  std::unordered_map<std::string, std::vector<Kept>> data_tensors_;  // those of saved_data, whose entries are empty meanwhile
};

/// The node of a custom function; its name is "torch::autograd::CppNode<F>".
class XGRAD_API FunctionNode final : public Node {
 public:
  using Backward = variable_list (*)(AutogradContext*, variable_list);
  FunctionNode(const std::type_info& function, Backward backward);

  AutogradContext context;

  void add_argument(const Tensor& t);
  void add_argument(const std::optional<Tensor>& t);
  void add_argument(TensorList list);
  void add_argument(const std::vector<Tensor>& constants);
  template <class T> void add_argument(const T&) { is_tensor_.push_back(false); }
  /// Connects the node to its arguments, if any requires a gradient and grad mode is on.
  void connect();
  /// Makes what forward returned the outputs of this node.
  variable_list wrap_outputs(variable_list outputs);

  std::string name() const override { return name_; }
  void backward(Gradients& g) override;
  void release_saved() override;

  static variable_list as_list(Tensor t) { return {std::move(t)}; }
  static variable_list as_list(variable_list ts) { return ts; }
  template <class Result> static Result as_result(variable_list outputs) {
    static_assert(std::is_same_v<Result, Tensor> || std::is_same_v<Result, variable_list>, "forward returns a Tensor or a variable_list");
    if constexpr (std::is_same_v<Result, Tensor>) return std::move(outputs[0]);
    else return outputs;
  }

 private:
  friend struct AutogradContext;
  using Kept = AutogradContext::Kept;
  using Tensors = std::unordered_map<std::string, variable_list>;

  Tensor wrap_output(const Tensor& output);
  Kept keep(const Tensor& t, const variable_list& outputs) const;
  Tensor unpack(const Kept& kept);
  void keep_data(const variable_list& outputs);
  Tensors restore_data();
  void put_data_away(const Tensors& restored);
  variable_list call_backward(Gradients& g);

  std::string name_;
  Backward backward_;
  bool recorded_ = false;
  std::vector<bool> is_tensor_;  // of each argument, tensors of a list counted one by one
  variable_list inputs_;         // until forward is done
  variable_list constants_;      // other tensors among the arguments, until forward is done
  std::vector<Edge> edges_;
  std::recursive_mutex mutex_;  // backward may write to saved_data, and sweep again
};

/// A function with its own derivative:
///
///   struct Exp : torch::autograd::Function<Exp> {
///     static Tensor forward(AutogradContext* ctx, const Tensor& x) { Tensor y = x.exp(); ctx->save_for_backward({y}); return y; }
///     static variable_list backward(AutogradContext* ctx, variable_list gy) { return {gy[0] * ctx->get_saved_variables()[0]}; }
///   };
///   Tensor y = Exp::apply(x);
///
/// forward runs without recording. Its arguments may be anything; gradients flow to those that are a Tensor, an
/// optional<Tensor> or a TensorList. It returns a Tensor or a variable_list. backward gets a gradient for each output
/// and returns one for each argument (undefined for those that are no tensors). Written with Tensor operations, it can be
/// differentiated again. Throws when backward returns another number of gradients or a gradient of a wrong shape.
template <class T> struct Function {
  template <class X = T, class... Args>
  static auto apply(Args&&... args) -> std::enable_if_t<std::is_same_v<X, T>, decltype(X::forward(nullptr, std::declval<Args>()...))> {
    using Result = decltype(X::forward(nullptr, std::declval<Args>()...));
    auto node = IntrusivePtr<FunctionNode>::adopt(
        new FunctionNode(typeid(X), [](AutogradContext* context, variable_list gy) -> variable_list { return X::backward(context, std::move(gy)); }));
    (node->add_argument(args), ...);
    node->connect();
    variable_list outputs;
    {
      NoGradGuard no_grad;
      outputs = FunctionNode::as_list(X::forward(&node->context, std::forward<Args>(args)...));
    }
    return FunctionNode::as_result<Result>(node->wrap_outputs(std::move(outputs)));
  }
};

}  // namespace autograd
}}  // namespace torch::xgrad
