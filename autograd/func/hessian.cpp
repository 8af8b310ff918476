#include <xgrad/autograd/func/hessian.h>

#include <xgrad/autograd/func/arguments.h>
#include <xgrad/autograd/func/vjp.h>

namespace torch { inline namespace xgrad { namespace func {

namespace {

// The gradient as a function to be differentiated once more, which leaves the value in `value`.
ListMap gradient_of(const ScalarMap& f, const Options& options, Tensor& value) {
  return [&f, &value, options](const variable_list& x) {
    auto [y, gx] = value_and_grad(f, x, {/*create_graph=*/true, options.strict});
    value = y;
    return gx;
  };
}

}  // namespace

Jacobians hessian(const ScalarMap& f, const variable_list& inputs, const Options& options) {
  Tensor value;
  return jacrev(gradient_of(f, options, value), inputs, options);
}

Tensor hessian(const TensorMap& f, const Tensor& input, const Options& options) { return hessian(scalar_map(f), {input}, options)[0][0]; }

std::pair<Tensor, variable_list> vhp(const ScalarMap& f, const variable_list& inputs, const variable_list& v, const Options& options) {
  check_vectors("vhp", "inputs", v, inputs);
  Tensor value;
  const Linearized at(gradient_of(f, options, value), inputs, options);
  variable_list products = at.vjp(v);
  return {options.create_graph ? value : value.detach(), std::move(products)};
}

std::pair<Tensor, variable_list> hvp(const ScalarMap& f, const variable_list& inputs, const variable_list& v, const Options& options) {
  return vhp(f, inputs, v, options);
}

std::pair<Tensor, Tensor> vhp(const TensorMap& f, const Tensor& input, const Tensor& v, const Options& options) {
  const auto [value, products] = vhp(scalar_map(f), {input}, variable_list{v}, options);
  return {value, products[0]};
}
std::pair<Tensor, Tensor> hvp(const TensorMap& f, const Tensor& input, const Tensor& v, const Options& options) { return vhp(f, input, v, options); }

}}}  // namespace torch::xgrad::func
