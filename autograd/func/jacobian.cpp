#include <xgrad/autograd/func/jacobian.h>

#include <xgrad/autograd/core/shape.h>
#include <xgrad/autograd/func/arguments.h>
#include <xgrad/autograd/func/linearized.h>
#include <xgrad/autograd/graph/record.h>
#include <xgrad/autograd/ops/creation/creation.h>
#include <xgrad/autograd/ops/ops.h>

namespace torch { inline namespace xgrad { namespace func {

namespace {

Dims joined_sizes(IntArrayRef a, IntArrayRef b) {
  Dims all(a);
  for (int64_t size : b) all.push_back(size);
  return all;
}

// Row i of a unit matrix in the shape of `like`.
Tensor unit(const Tensor& like, int64_t i) {
  const StepsOfOne steps;  // nothing that a trace would have to follow
  Tensor e = zeros(like.sizes(), like.dtype());
  e.view({-1})[i].fill_(1);
  return e;
}

// The same in every row of `like`, which have `length` elements.
Tensor units(const Tensor& like, int64_t length, int64_t i) {
  const StepsOfOne steps;
  const Tensor e = zeros({like.size(0), length}, like.dtype());
  e.select(1, i).fill_(1);
  return e.view(like.sizes());
}

// Of shape [rows, ...], along the first axis; of no rows as well.
Tensor stacked(const variable_list& rows, const Tensor& like, int64_t axis = 0) {
  if (!rows.empty()) return stack(rows, axis);
  Dims sizes(like.sizes());
  Dims with_none;
  for (int64_t i = 0; i <= sizes.size(); ++i) with_none.push_back(i == axis ? 0 : sizes[static_cast<int>(i < axis ? i : i - 1)]);
  return zeros(with_none, like.dtype());
}

variable_list vectors(size_t count, size_t i, Tensor v) {
  variable_list all(count);
  all[i] = std::move(v);
  return all;
}

void check_outputs(const char* operation, const variable_list& outputs) {
  for (size_t o = 0; o < outputs.size(); ++o)
    XGRAD_CHECK_AS(TypeError, outputs[o].defined() && outputs[o].is_floating_point(), "[", operation, "] outputs must be floating, output ", o,
                   " is ", outputs[o].defined() ? outputs[o].toString() : std::string("undefined"));
}

}  // namespace

Jacobians jacrev(const ListMap& f, const variable_list& inputs, const Options& options) {
  const Linearized at(f, inputs, options);
  AutoGradMode mode(options.create_graph);
  check_outputs("jacrev", at.outputs());
  Jacobians all;
  const size_t outputs = at.outputs().size();
  for (size_t o = 0; o < outputs; ++o) {
    const Tensor& y = at.outputs()[o];
    std::vector<variable_list> rows(inputs.size());
    for (int64_t e = 0; e < y.numel(); ++e) {
      const variable_list gx = at.vjp(vectors(outputs, o, unit(y, e)));
      for (size_t i = 0; i < gx.size(); ++i) rows[i].push_back(gx[i]);
    }
    variable_list& of_output = all.emplace_back();
    for (size_t i = 0; i < inputs.size(); ++i) of_output.push_back(stacked(rows[i], inputs[i]).reshape(joined_sizes(y.sizes(), inputs[i].sizes())));
  }
  return all;
}

Jacobians jacfwd(const ListMap& f, const variable_list& inputs, const Options& options) {
  const Linearized at(f, inputs, options);
  AutoGradMode mode(options.create_graph);
  check_outputs("jacfwd", at.outputs());
  Jacobians all(at.outputs().size());
  for (size_t i = 0; i < inputs.size(); ++i) {
    std::vector<variable_list> columns(all.size());
    for (int64_t e = 0; e < inputs[i].numel(); ++e) {
      const variable_list ty = at.jvp(vectors(inputs.size(), i, unit(inputs[i], e)));
      for (size_t o = 0; o < ty.size(); ++o) columns[o].push_back(ty[o]);
    }
    for (size_t o = 0; o < all.size(); ++o) {
      const Tensor& y = at.outputs()[o];
      all[o].push_back(stacked(columns[o], y, y.dim()).reshape(joined_sizes(y.sizes(), inputs[i].sizes())));
    }
  }
  return all;
}

Tensor jacrev(const TensorMap& f, const Tensor& input, const Options& options) { return jacrev(list_map(f), {input}, options)[0][0]; }
Tensor jacfwd(const TensorMap& f, const Tensor& input, const Options& options) { return jacfwd(list_map(f), {input}, options)[0][0]; }

Tensor batch_jacobian(const TensorMap& f, const Tensor& input, const Options& options) {
  const Linearized at(list_map(f), {input}, options);
  AutoGradMode mode(options.create_graph);
  check_outputs("batch_jacobian", at.outputs());
  const Tensor& y = at.outputs()[0];
  XGRAD_CHECK(input.dim() > 0 && y.dim() > 0 && y.size(0) == input.size(0),
              "[batch_jacobian] input and output must have the same number of rows, got shapes ", input.sizes(), " and ", y.sizes());
  const int64_t rows = y.size(0);
  const IntArrayRef of_output = y.sizes().slice(1), of_input = input.sizes().slice(1);
  const int64_t outputs = numel_of(of_output), inputs = numel_of(of_input);
  const bool forwards = inputs < outputs / 3;
  const Tensor& side = forwards ? input : y;
  variable_list parts;
  for (int64_t e = 0; e < (forwards ? inputs : outputs); ++e) {
    const Tensor ones_there = units(side, forwards ? inputs : outputs, e);
    parts.push_back((forwards ? at.jvp({ones_there}) : at.vjp({ones_there}))[0].reshape({rows, forwards ? outputs : inputs}));
  }
  const Tensor all = parts.empty() ? zeros({rows, outputs, inputs}, input.dtype()) : stack(parts, forwards ? 2 : 1);
  return all.reshape(joined_sizes(joined_sizes({rows}, of_output), of_input));
}

}}}  // namespace torch::xgrad::func
