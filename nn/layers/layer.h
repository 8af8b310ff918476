// What layers without parameters of their own are made from.
#pragma once

#include <xgrad/io/fields.h>
#include <xgrad/nn/cloneable.h>

namespace torch { inline namespace xgrad { namespace nn {

/// A module that has options and nothing to register. What a layer constructs itself from besides its options is a template, so that
/// only programs that use the layer compile what it inherits.
template <class Derived, class Options> class StatelessModule : public Cloneable<Derived> {
 public:
  StatelessModule() = default;
  explicit StatelessModule(const Options& options_) : options(options_) {}
  void reset() override {}

  Options options;
};

/// A module that has not even options.
template <class Derived> class StatelessModule<Derived, void> : public Cloneable<Derived> {
 public:
  void reset() override {}
};

}}}  // namespace torch::xgrad::nn

/// Declares module `NameImpl` with options `NameOptions`, and its holder `Name`; what follows the name are forward()'s parameters.
#define XGRAD_LAYER(Name, ...) XGRAD_LAYER_WITH(Name##Options, Name, __VA_ARGS__)
/// The same without options.
#define XGRAD_PLAIN_LAYER(Name, ...) XGRAD_LAYER_WITH(void, Name, __VA_ARGS__)

#define XGRAD_LAYER_WITH(Options, Name, ...)                                 \
  class XGRAD_API Name##Impl : public StatelessModule<Name##Impl, Options> { \
   public:                                                                   \
    using StatelessModule<Name##Impl, Options>::StatelessModule;             \
    Tensor forward(__VA_ARGS__);                                             \
    void pretty_print(std::ostream& stream) const override;                  \
  };                                                                         \
  TORCH_MODULE(Name)
