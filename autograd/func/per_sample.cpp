#include <xgrad/autograd/func/per_sample.h>

#include <xgrad/autograd/func/vjp.h>
#include <xgrad/autograd/func/vmap.h>

namespace torch { inline namespace xgrad { namespace func {

variable_list per_sample_gradients(const SampleLoss& loss, const variable_list& parameters, const variable_list& batch, const Options& options) {
  const auto gradient = [&](const variable_list& example) {
    return grad([&](const variable_list& p) { return loss(p, example); }, parameters, options);
  };
  return vmap(ListMap(gradient))(batch);
}

}}}  // namespace torch::xgrad::func
