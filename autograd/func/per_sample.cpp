#include <xgrad/autograd/func/per_sample.h>

#include <xgrad/autograd/func/arguments.h>
#include <xgrad/autograd/func/vjp.h>
#include <xgrad/autograd/func/vmap.h>

namespace torch { inline namespace xgrad { namespace func {

variable_list per_sample_gradients(const SampleLoss& loss, const variable_list& parameters, const variable_list& batch, const Options& options) {
  AutoGradMode mode(options.create_graph);
  // Of recorded operations, which are what can be done to all examples at once.
  const auto gradient = [&](const variable_list& example) {
    return grad([&](const variable_list& p) { return loss(p, example); }, parameters, {/*create_graph=*/true, options.strict});
  };
  return results(vmap(ListMap(gradient))(batch), options);
}

}}}  // namespace torch::xgrad::func
