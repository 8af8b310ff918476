#include <xgrad/nn/containers/functional_module.h>

#include <ostream>

namespace torch { inline namespace xgrad { namespace nn {

FunctionalImpl::FunctionalImpl(Function function) : function_(std::move(function)) {
  XGRAD_CHECK_AS(ValueError, function_ != nullptr, "[Functional] expected a function, got an empty one");
}

void FunctionalImpl::reset() {}
void FunctionalImpl::pretty_print(std::ostream& stream) const { stream << "torch::nn::Functional()"; }
Tensor FunctionalImpl::forward(Tensor input) { return function_(std::move(input)); }
Tensor FunctionalImpl::operator()(Tensor input) { return forward(std::move(input)); }
bool FunctionalImpl::is_serializable() const { return false; }

}}}  // namespace torch::xgrad::nn
