#include <xgrad/autograd/func/arguments.h>

#include <xgrad/autograd/ops/creation/creation.h>

namespace torch { inline namespace xgrad { namespace func {

void check_vectors(const char* operation, const char* what, const variable_list& vectors, const variable_list& tensors) {
  XGRAD_CHECK(vectors.size() == tensors.size(), "[", operation, "] expects as many vectors as there are ", what, ", got ", vectors.size(), " for ",
              tensors.size());
  for (size_t i = 0; i < vectors.size(); ++i) {
    if (!vectors[i].defined()) continue;
    XGRAD_CHECK(tensors[i].defined() && vectors[i].sizes() == tensors[i].sizes(), "[", operation, "] vector ", i,
                " must have the shape of what it belongs to among the ", what, ", got ", vectors[i].sizes(), " for ",
                tensors[i].defined() ? tensors[i].sizes() : IntArrayRef());
    XGRAD_CHECK_AS(TypeError, vectors[i].is_floating_point(), "[", operation, "] vector ", i, " must be floating, got ", vectors[i].dtype());
  }
}

void check_scalar(const char* operation, const Tensor& y) {
  XGRAD_CHECK(y.defined() && y.numel() == 1, "[", operation, "] the function must give one element, got ",
              y.defined() ? detail::concatenate("shape ", y.sizes()) : std::string("an undefined tensor"));
  XGRAD_CHECK_AS(TypeError, y.is_floating_point(), "[", operation, "] the function must give a floating tensor, got ", y.dtype());
}

variable_list or_zeros(const char* operation, variable_list tensors, const variable_list& like, bool strict) {
  for (size_t i = 0; i < tensors.size(); ++i) {
    if (tensors[i].defined() || !like[i].defined()) continue;
    XGRAD_CHECK(!strict, "[", operation, "] strict: derivative ", i, " is zero since the outputs are independent of the inputs");
    tensors[i] = zeros_like(like[i].detach());
  }
  return tensors;
}

variable_list results(variable_list tensors, const Options& options) {
  for (Tensor& t : tensors)
    if (!options.create_graph && t.defined()) t = t.detach();
  return tensors;
}

}}}  // namespace torch::xgrad::func
