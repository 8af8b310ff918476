// A module called with other tensors in place of its parameters, for derivatives by them as function arguments.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include <xgrad/nn/module.h>
#include <xgrad/nn/reparametrisation.h>

namespace torch { inline namespace xgrad { namespace nn {

/// While one lives, the parameters and buffers of a module and its submodules are other tensors, of the same shape and dtype, with the history
/// those have; the module's own come back, with their gradients, when it ends. Meanwhile no other thread may use the module. What edits a
/// parameter in place edits the tensor given; it must not do so where gradients flow.
class XGRAD_API OtherParameters {
 public:
  /// One for each of module.parameters(), in that order.
  OtherParameters(Module& module, const std::vector<Tensor>& parameters);
  /// By the names of named_parameters() and named_buffers(); what is not named stays. Throws for an unknown name.
  OtherParameters(Module& module, const std::map<std::string, Tensor>& parameters);
  ~OtherParameters();
  OtherParameters(const OtherParameters&) = delete;
  OtherParameters& operator=(const OtherParameters&) = delete;

  /// `result` of a call, or the tensor given if the call returned a parameter itself.
  Tensor own(Tensor result) const;
  template <class T> T own(T result) const { return result; }

 private:
  struct Swap {
    Tensor parameter, other, before;  // `before` holds what the parameter was
  };
  void add(const std::string& name, const Tensor& parameter, const Tensor& other);
  void swap_in();

  std::vector<Swap> swaps_;
};

/// module(arguments...) with other parameters. The module may be a holder (nn::Linear), a shared pointer or a Module's class itself.
///
///   auto loss = [&](const std::vector<Tensor>& p) { return mse_loss(nn::functional_call(net, p, x), y); };
///   func::hessian(func::ScalarMap(loss), net->parameters());
template <class M, class... Arguments> auto functional_call(M& module, const std::vector<Tensor>& parameters, Arguments&&... arguments) {
  auto& own = internal::module_of(module);
  const OtherParameters others(own, parameters);
  return others.own(own.forward(std::forward<Arguments>(arguments)...));
}
template <class M, class... Arguments> auto functional_call(M& module, const std::map<std::string, Tensor>& parameters, Arguments&&... arguments) {
  auto& own = internal::module_of(module);
  const OtherParameters others(own, parameters);
  return others.own(own.forward(std::forward<Arguments>(arguments)...));
}

}}}  // namespace torch::xgrad::nn
