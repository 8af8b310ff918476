// Modules as calls: what they give, with their parameters as further results, so that gradients by them can be asked for.
#pragma once

#include <algorithm>

#include "operation.h"

namespace graphs {

inline void flatten(Tensors& all, const Tensor& t) { all.push_back(t); }
template <class... T> void flatten(Tensors& all, const std::tuple<T...>& results) {
  std::apply([&](const T&... each) { (flatten(all, each), ...); }, results);
}
inline void flatten(Tensors& all, const nn::ASMoutput& result) { all.insert(all.end(), {result.output, torch::tensor(result.loss)}); }

/// In the dtype of x; one-dimensional parameters moved away from the zeros and ones that they begin with.
template <class M> void prepare(M& module, const Tensor& x) {
  if (x.is_floating_point()) module->to(x.scalar_type());
  const torch::NoGradGuard guard;
  for (Tensor& parameter : module->parameters()) {
    if (parameter.dim() == 1) parameter.add_(torch::rand_like(parameter), 0.5);
  }
}

/// Where a module has more parameters than a step has places, the first and the last ones.
template <class M> Called with_parameters(M& module, Tensors outputs) {
  for (const Tensor& buffer : module->buffers()) outputs.push_back(buffer);
  Tensors parameters = module->parameters();
  constexpr size_t most = kResults - kParameters;
  if (parameters.size() > most) parameters.erase(parameters.begin() + most / 2, parameters.end() - most / 2);
  return {outputs, parameters};
}

/// Calls a new module, which begins in training mode, and gives its outputs and buffers.
template <class M, class... T> Called called(M module, const Tensor& x, const T&... others) {
  prepare(module, x);
  Tensors outputs;
  flatten(outputs, module->forward(x, others...));
  return with_parameters(module, outputs);
}

template <class M> M evaluated(M module) {
  module->eval();
  return module;
}

/// Calls a recurrent module with sequences of these lengths, packed (`sorted`: they must be in descending order); the padded output.
template <class M> Called packed_call(M module, const Tensor& x, std::vector<int64_t> lengths, bool batch_first, bool sorted) {
  namespace rnn = nn::utils::rnn;
  prepare(module, x);
  if (sorted) std::sort(lengths.rbegin(), lengths.rend());
  const rnn::PackedSequence packed = rnn::pack_padded_sequence(x, torch::tensor(lengths, torch::kLong), batch_first, sorted);
  const auto result = module->forward_with_packed_input(packed);
  Tensors outputs = {std::get<0>(rnn::pad_packed_sequence(std::get<0>(result), batch_first))};
  flatten(outputs, std::get<1>(result));
  return with_parameters(module, outputs);
}

}  // namespace graphs
