// Modules without parameters of their own.
#pragma once

#include <xgrad/nn/cloneable.h>

namespace torch { inline namespace xgrad { namespace nn {

/// A module that has options and nothing to register.
template <class Derived, class Options>
class StatelessModule : public Cloneable<Derived> {
 public:
  StatelessModule() = default;
  explicit StatelessModule(const Options& options_) : options(options_) {}
  void reset() override {}

  Options options;
};

/// A module that has not even options.
template <class Derived>
class StatelessModule<Derived, void> : public Cloneable<Derived> {
 public:
  void reset() override {}
};

}}}  // namespace torch::xgrad::nn
