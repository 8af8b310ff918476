// A function as a module.
#pragma once

#include <functional>
#include <tuple>
#include <type_traits>
#include <utility>

#include <xgrad/nn/cloneable.h>

namespace torch { inline namespace xgrad { namespace nn {

/// Calls a function of one tensor: `Functional(torch::relu)`. Further arguments are bound:
/// `Functional(torch::elu, 1, 0.5, 1)` calls elu(input, 1, 0.5, 1).
class XGRAD_API FunctionalImpl : public Cloneable<FunctionalImpl> {
 public:
  using Function = std::function<Tensor(Tensor)>;

  explicit FunctionalImpl(Function function);
  template <class F, class... Args, class = std::enable_if_t<(sizeof...(Args) > 0)>>
  explicit FunctionalImpl(F function, Args&&... args)
      : FunctionalImpl(Function([function, bound = std::make_tuple(std::forward<Args>(args)...)](Tensor input) {
          return std::apply([&](const auto&... arg) { return function(std::move(input), arg...); }, bound);
        })) {}

  void reset() override;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(Tensor input);
  Tensor operator()(Tensor input);
  bool is_serializable() const override;

 private:
  Function function_;
};
TORCH_MODULE(Functional);

}}}  // namespace torch::xgrad::nn
