// Functions that may overwrite their input.
#pragma once

#include <xgrad/autograd/graph/in_place.h>
#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad { namespace nn::functional {

/// f(input), written into `input` if `inplace`; `name` names the operation in errors.
template <class F> Tensor maybe_in_place(const char* name, const Tensor& input, bool inplace, F f) {
  if (!inplace) return f(input);
  // A derivative may need the input as it was.
  const bool recorded = GradMode::is_enabled() && input.requires_grad();
  return write_in_place(name, input, f(recorded ? input.clone() : input));
}

}}}  // namespace torch::xgrad::nn::functional
