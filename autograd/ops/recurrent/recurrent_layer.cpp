#include <xgrad/autograd/ops/recurrent/recurrent_layer.h>

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

// What the derivative needs, in memory of its own.
struct Kept {
  Tensor gates, cells, unprojected;
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
  return {place(values.y), place(values.h), place(values.c), place(kept.gates), place(kept.cells), place(kept.unprojected)};
}

// The gradients, from those of the products W_ih x + b_ih and W_hh h_before + b_hh.
void differentiate(const Operation& operation, const RecurrentLayer& layer, const Tensor& y, const Kept& kept, const Gradients& g) {
  const RecurrentLayer l = in_order(layer);
  const kernels::RecurrentShape s = l.shape();
  const Tensor gy = in_order(g.gy(0)), gh = in_order(g.gy(1)), gc = s.is_lstm() ? in_order(g.gy(2)) : Tensor(), values = in_order(y);
  const ScalarType dtype = l[L::kX].dtype();
  const auto allocate = [&](int64_t rows, int64_t columns) { return allocate_tensor({rows, columns}, dtype); };
  const Tensor by_input = allocate(s.rows, s.gates()), by_hidden = s.is_gru() ? allocate(s.rows, s.gates()) : by_input;
  const Tensor before = g.needs(L::kWeightHh) ? allocate(s.rows, s.output) : Tensor();
  const Tensor projected = s.projects() && g.needs(L::kWeightHr) ? allocate(s.rows, s.output) : Tensor();
  const Tensor gh0 = allocate(s.batch, s.output), gc0 = s.is_lstm() ? allocate(s.batch, s.hidden) : Tensor();
  launch(operation, kernels::recurrent_backward,
         reads(l.batch_sizes, l[L::kH0], l[L::kC0], l[L::kWeightHh], l[L::kWeightHr], values, kept.gates, kept.cells, gy, gh, gc),
         writes(by_input, by_hidden, before, projected, gh0, gc0), dtype, s, addresses(l), places({values, {}, {}}, kept),
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
  const bool gated = cell == kernels::RecurrentCell::kLstm || cell == kernels::RecurrentCell::kGru;
  const int64_t gates = !gated ? 1 : cell == kernels::RecurrentCell::kLstm ? 4 : 3;
  return {cell, reverse, batch_sizes.numel(), x.size(0), h0.size(0), x.size(1), weight_hh.size(0) / gates, h0.size(1)};
}

RecurrentResult recurrent_layer(const Operation& operation, RecurrentLayer layer) {
  const RecurrentLayer l = in_order(layer);
  const kernels::RecurrentShape s = l.shape();
  const ScalarType dtype = l[L::kX].dtype();
  const auto allocate = [&](int64_t rows, int64_t columns) { return allocate_tensor({rows, columns}, dtype); };
  const RecurrentResult values{allocate(s.rows, s.output), allocate(s.batch, s.output), s.is_lstm() ? allocate(s.batch, s.hidden) : Tensor()};
  const Kept kept{s.kept() > 0 ? allocate(s.rows, s.kept()) : Tensor(), s.is_lstm() ? allocate(s.rows, s.hidden) : Tensor(),
                  s.projects() ? allocate(s.rows, s.hidden) : Tensor()};
  launch(operation, kernels::recurrent_forward,
         reads(l.batch_sizes, l[L::kX], l[L::kH0], l[L::kC0], l[L::kWeightIh], l[L::kWeightHh], l[L::kBiasIh], l[L::kBiasHh], l[L::kWeightHr]),
         writes(values.y, values.h, values.c, kept.gates, kept.cells, kept.unprojected), dtype, s, addresses(l), places(values, kept));

  std::vector<Forward> outputs{Forward(operation, values.y), Forward(operation, values.h)};
  if (s.is_lstm()) outputs.emplace_back(operation, values.c);
  std::array<SavedTensor, L::kInputs> saved;
  std::vector<Tensor> inputs(layer.inputs.begin(), layer.inputs.end());
  for (size_t i = 0; i < inputs.size(); ++i)
    if (inputs[i].defined()) saved[i] = save(inputs[i]);
  const auto differentiated = [&operation, cell = l.cell, reverse = l.reverse, batch_sizes = l.batch_sizes, saved = std::move(saved), kept](
                                  Gradients& g, const std::vector<Tensor>& ys) {
    RecurrentLayer same{cell, reverse, batch_sizes, {}};
    for (size_t i = 0; i < saved.size(); ++i)
      if (saved[i].defined()) same.inputs[i] = saved[i];
    if (GradMode::is_enabled()) differentiate_by_steps(same, g);
    else differentiate(operation, same, ys[0], kept, g);
  };
  const std::vector<Tensor> recorded = record_all(std::move(outputs), wrt_all(std::move(inputs), differentiated));
  return {recorded[0], recorded[1], s.is_lstm() ? recorded[2] : Tensor()};
}

}}  // namespace torch::xgrad
