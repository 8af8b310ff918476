#include <xgrad/autograd/ops/recurrent/recurrent_layer.h>

#include <algorithm>

#include <xgrad/autograd/core/grad_mode.h>
#include <xgrad/autograd/ops/linalg/linear.h>
#include <xgrad/autograd/tensor/allocate.h>
#include <xgrad/autograd/tensor/copy.h>
#include <xgrad/autograd/tensor/tensor_memory.h>

namespace torch { inline namespace xgrad {

namespace {

using L = RecurrentLayer;

const void* address(const Tensor& t) { return t.defined() ? t.data_ptr() : nullptr; }
void* place(const Tensor& t) { return const_cast<void*>(address(t)); }
Tensor in_order(const Tensor& t) { return t.defined() ? contiguous_as(t, t.dtype()) : t; }

// What the derivative needs, in memory of its own: results may be edited.
struct Kept {
  Tensor states, gates, cells, unprojected;
};

// The layer's inputs with row-major matrices.
RecurrentLayer in_order(const RecurrentLayer& layer) {
  RecurrentLayer ordered = layer;
  for (Tensor& input : ordered.inputs) input = in_order(input);
  return ordered;
}

kernels::RecurrentInputs addresses(const RecurrentLayer& l) {
  return {static_cast<const int64_t*>(l.batch_sizes.data_ptr()),
          address(l[L::kX]),
          address(l[L::kH0]),
          address(l[L::kC0]),
          address(l[L::kWeightIh]),
          address(l[L::kWeightHh]),
          address(l[L::kBiasIh]),
          address(l[L::kBiasHh]),
          address(l[L::kWeightHr])};
}
kernels::RecurrentValues places(const RecurrentResult& values, const Kept& kept) {
  return {place(kept.states), place(values.h), place(values.c), place(kept.gates), place(kept.cells), place(kept.unprojected)};
}

// The gradients, from those of the products W_ih x + b_ih and W_hh h_before + b_hh.
void differentiate(const Operation& operation, const RecurrentLayer& layer, const Kept& kept, const Gradients& g) {
  const RecurrentLayer l = in_order(layer);
  const kernels::RecurrentShape s = l.shape();
  const Tensor gy = in_order(g.gy(0)), gh = in_order(g.gy(1)), gc = s.is_lstm() ? in_order(g.gy(2)) : Tensor();
  const ScalarType dtype = l[L::kX].dtype();
  const auto allocate = [&](int64_t rows, int64_t columns) { return allocate_tensor({rows, columns}, dtype); };
  const Tensor by_input = allocate(s.rows, s.gates()), by_hidden = s.is_gru() ? allocate(s.rows, s.gates()) : by_input;
  const Tensor before = g.needs(L::kWeightHh) ? allocate(s.rows, s.output) : Tensor();
  const Tensor projected = s.projects() && g.needs(L::kWeightHr) ? allocate(s.rows, s.output) : Tensor();
  const Tensor gh0 = allocate(s.batch, s.output), gc0 = s.is_lstm() ? allocate(s.batch, s.hidden) : Tensor();
  launch(operation, kernels::recurrent_backward,
         reads(l.batch_sizes, l[L::kH0], l[L::kC0], l[L::kWeightHh], l[L::kWeightHr], kept.states, kept.gates, kept.cells, gy, gh, gc),
         writes(by_input, by_hidden, before, projected, gh0, gc0), dtype, s, addresses(l), places({}, kept),
         kernels::RecurrentSlopes{address(gy), address(gh), address(gc), place(by_input), place(by_hidden), place(before), place(projected),
                                  place(gh0), place(gc0)});
  if (g.needs(L::kH0)) g.gx(L::kH0) = gh0;
  if (g.needs(L::kC0)) g.gx(L::kC0) = gc0;
  if (g.needs(L::kX)) g.gx(L::kX) = rows_gradient(g, L::kX, by_input, l[L::kWeightIh]);
  if (g.needs(L::kWeightIh)) g.gx(L::kWeightIh) = outer_gradient(g, L::kWeightIh, by_input, l[L::kX]);
  if (g.needs(L::kWeightHh)) g.gx(L::kWeightHh) = outer_gradient(g, L::kWeightHh, by_hidden, before);
  if (projected.defined()) g.gx(L::kWeightHr) = outer_gradient(g, L::kWeightHr, projected, kept.unprojected);
  if (g.needs(L::kBiasIh)) g.gx(L::kBiasIh) = sum_of_rows_gradient(g, L::kBiasIh, by_input);
  if (g.needs(L::kBiasHh)) g.gx(L::kBiasHh) = sum_of_rows_gradient(g, L::kBiasHh, by_hidden);
}

}  // namespace

kernels::RecurrentShape RecurrentLayer::shape() const {
  const auto& [x, h0, c0, weight_ih, weight_hh, bias_ih, bias_hh, weight_hr] = inputs;
  return {cell, reverse, batch_sizes.numel(), x.size(0), h0.size(0), x.size(1), weight_hh.size(0) / gates_of(cell), h0.size(1)};
}

namespace {

// Floats or doubles, and biases as long as the gates.
bool is_one_operation(const RecurrentLayer& l) {
  const ScalarType dtype = l[L::kX].scalar_type();
  if (dtype != kFloat && dtype != kDouble) return false;
  for (const Tensor& t : l.inputs)
    if (t.defined() && t.scalar_type() != dtype) return false;
  for (const Tensor* bias : {&l[L::kBiasIh], &l[L::kBiasHh]})
    if (bias->defined() && bias->sizes() != IntArrayRef({l[L::kWeightHh].size(0)})) return false;
  return true;
}

// The inputs that a layer's derivative reads. Biases are read by derivatives of higher order alone, so that they may be edited before.
class SavedLayer {
 public:
  explicit SavedLayer(const RecurrentLayer& layer) : bare_{layer.cell, layer.reverse, layer.batch_sizes, {}} {
    for (size_t i = 0; i < saved_.size(); ++i)
      if (layer.inputs[i].defined()) saved_[i] = save(layer.inputs[i]);
  }
  RecurrentLayer get(bool with_biases) const {
    RecurrentLayer layer = bare_;
    for (size_t i = 0; i < saved_.size(); ++i)
      if (saved_[i].defined() && (with_biases || (i != L::kBiasIh && i != L::kBiasHh))) layer.inputs[i] = saved_[i];
    return layer;
  }

 private:
  RecurrentLayer bare_;
  std::array<SavedTensor, L::kInputs> saved_;
};

}  // namespace

RecurrentResult recurrent_layer(const Operation& operation, const RecurrentLayer& layer) {
  if (!is_one_operation(layer)) return recurrent_by_steps(layer);
  const RecurrentLayer l = in_order(layer);
  const kernels::RecurrentShape s = l.shape();
  const ScalarType dtype = l[L::kX].dtype();
  const auto allocate = [&](int64_t rows, int64_t columns) { return allocate_tensor({rows, columns}, dtype); };
  RecurrentResult values{{}, allocate(s.batch, s.output), s.is_lstm() ? allocate(s.batch, s.hidden) : Tensor()};
  const Kept kept{allocate(s.rows, s.output), s.kept() > 0 ? allocate(s.rows, s.kept()) : Tensor(),
                  s.is_lstm() ? allocate(s.rows, s.hidden) : Tensor(), s.projects() ? allocate(s.rows, s.hidden) : Tensor()};
  launch(operation, kernels::recurrent_forward,
         reads(l.batch_sizes, l[L::kX], l[L::kH0], l[L::kC0], l[L::kWeightIh], l[L::kWeightHh], l[L::kBiasIh], l[L::kBiasHh], l[L::kWeightHr]),
         writes(kept.states, values.h, values.c, kept.gates, kept.cells, kept.unprojected), dtype, s, addresses(l), places(values, kept));
  const bool recorded = std::any_of(layer.inputs.begin(), layer.inputs.end(), [](const Tensor& t) { return Recording::needs(t); });
  values.y = recorded ? copy_of(kept.states, dtype) : kept.states;

  std::vector<Forward> outputs{Forward(operation, values.y), Forward(operation, values.h)};
  if (s.is_lstm()) outputs.emplace_back(operation, values.c);
  const auto differentiated = [&operation, saved = SavedLayer(layer), kept](Gradients& g) {
    if (GradMode::is_enabled()) differentiate_by_steps(saved.get(true), g);
    else differentiate(operation, saved.get(false), kept, g);
  };
  const std::vector<Tensor> results = record_all(std::move(outputs), with("reverse", layer.reverse),
                                                 wrt_all({layer.inputs.begin(), layer.inputs.end()}, differentiated), given(layer.batch_sizes));
  return {results[0], results[1], s.is_lstm() ? results[2] : Tensor()};
}

}}  // namespace torch::xgrad
