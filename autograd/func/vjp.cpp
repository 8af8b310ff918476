#include <xgrad/autograd/func/vjp.h>

#include <xgrad/autograd/func/arguments.h>

namespace torch { inline namespace xgrad { namespace func {

std::pair<variable_list, variable_list> vjp(const ListMap& f, const variable_list& inputs, const variable_list& v, const Options& options) {
  const Linearized at(f, inputs, options);
  return {at.outputs(), at.vjp(v)};
}

std::pair<Tensor, Tensor> vjp(const TensorMap& f, const Tensor& input, const Tensor& v, const Options& options) {
  const auto [y, gx] = vjp(list_map(f), {input}, v.defined() ? variable_list{v} : variable_list(), options);
  return {y[0], gx[0]};
}

std::pair<variable_list, variable_list> jvp(const ListMap& f, const variable_list& inputs, const variable_list& t, const Options& options) {
  const Linearized at(f, inputs, options);
  return {at.outputs(), at.jvp(t)};
}

std::pair<Tensor, Tensor> jvp(const TensorMap& f, const Tensor& input, const Tensor& t, const Options& options) {
  const auto [y, ty] = jvp(list_map(f), {input}, variable_list{t}, options);
  return {y[0], ty[0]};
}

std::pair<Tensor, variable_list> value_and_grad(const ScalarMap& f, const variable_list& inputs, const Options& options) {
  const Linearized at(list_map(f), inputs, options);
  check_scalar("grad", at.outputs()[0]);
  return {at.outputs()[0], at.vjp({})};
}

std::pair<Tensor, Tensor> value_and_grad(const TensorMap& f, const Tensor& input, const Options& options) {
  const auto [y, gx] = value_and_grad(scalar_map(f), {input}, options);
  return {y, gx[0]};
}

variable_list grad(const ScalarMap& f, const variable_list& inputs, const Options& options) { return value_and_grad(f, inputs, options).second; }
Tensor grad(const TensorMap& f, const Tensor& input, const Options& options) { return value_and_grad(f, input, options).second; }

}}}  // namespace torch::xgrad::func
