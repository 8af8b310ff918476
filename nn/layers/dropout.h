// Dropout of elements and of channels: options, as functions and as modules.
#pragma once

#include <xgrad/io/fields.h>
#include <xgrad/nn/cloneable.h>

namespace torch { inline namespace xgrad { namespace nn {

/// p: the probability of an element to be dropped, in [0, 1].
struct DropoutOptions {
  DropoutOptions(double p = 0.5) : p_(p) {}
  XGRAD_FIELDS((double, p, ), (bool, inplace, false))
};

using Dropout2dOptions = DropoutOptions;
using Dropout3dOptions = DropoutOptions;
using AlphaDropoutOptions = DropoutOptions;
using FeatureAlphaDropoutOptions = DropoutOptions;

namespace functional {

struct DropoutFuncOptions {
  XGRAD_FIELDS((double, p, 0.5), (bool, training, true), (bool, inplace, false))
};

/// In training each element becomes 0 with probability p and else is divided by 1 - p; otherwise the input itself.
/// Throws unless 0 <= p <= 1.
XGRAD_API Tensor dropout(Tensor input, const DropoutFuncOptions& options = {});

using Dropout2dFuncOptions = DropoutFuncOptions;
using Dropout3dFuncOptions = DropoutFuncOptions;
/// The same of whole channels of an image [N, C, H, W] or [C, H, W].
XGRAD_API Tensor dropout2d(Tensor input, const Dropout2dFuncOptions& options = {});
/// The same of [N, C, D, H, W] or [C, D, H, W].
XGRAD_API Tensor dropout3d(Tensor input, const Dropout3dFuncOptions& options = {});

struct AlphaDropoutFuncOptions {
  XGRAD_FIELDS((double, p, 0.5), (bool, training, false), (bool, inplace, false))
};
struct FeatureAlphaDropoutFuncOptions {
  XGRAD_FIELDS((double, p, 0.5), (bool, training, false), (bool, inplace, false))
};
/// Dropout that keeps mean 0 and variance 1, of elements and of channels.
XGRAD_API Tensor alpha_dropout(Tensor input, const AlphaDropoutFuncOptions& options = {});
XGRAD_API Tensor feature_alpha_dropout(Tensor input, const FeatureAlphaDropoutFuncOptions& options = {});

}  // namespace functional

/// What all dropout is: active in training; in evaluation the input passes. Throws unless 0 <= p <= 1.
template <class Derived> class DropoutImplBase : public Cloneable<Derived> {
 public:
  DropoutImplBase(double p) : DropoutImplBase(DropoutOptions(p)) {}
  explicit DropoutImplBase(const DropoutOptions& options_ = {}) : options(options_) { reset(); }

  void reset() override {
    XGRAD_CHECK_AS(ValueError, options.p() >= 0 && options.p() <= 1, "[Dropout] dropout probability has to be between 0 and 1, but got ",
                   options.p());
  }

  DropoutOptions options;
};

#define XGRAD_DROPOUT(Name, parameter)                              \
  class XGRAD_API Name##Impl : public DropoutImplBase<Name##Impl> { \
   public:                                                          \
    using DropoutImplBase<Name##Impl>::DropoutImplBase;             \
    void pretty_print(std::ostream& stream) const override;         \
    Tensor forward(parameter);                                      \
  };                                                                \
  TORCH_MODULE(Name)
/// Elements become 0 with probability p, others are divided by 1 - p.
XGRAD_DROPOUT(Dropout, Tensor input);
/// Whole channels do.
XGRAD_DROPOUT(Dropout2d, Tensor input);
XGRAD_DROPOUT(Dropout3d, Tensor input);
/// Mean 0 and variance 1 stay.
XGRAD_DROPOUT(AlphaDropout, const Tensor& input);
XGRAD_DROPOUT(FeatureAlphaDropout, const Tensor& input);
#undef XGRAD_DROPOUT

}}}  // namespace torch::xgrad::nn
