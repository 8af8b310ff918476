// Losses as modules. Each calls the function of nn::functional with its options.
#pragma once

#include <xgrad/nn/layers/stateless.h>
#include <xgrad/nn/options/loss.h>

namespace torch { inline namespace xgrad { namespace nn {

/// Declares module `NameImpl` with options `NameOptions`, called with an input and a target, and its holder `Name`.
#define XGRAD_LOSS(Name)                                                              \
  class XGRAD_API Name##Impl : public StatelessModule<Name##Impl, Name##Options> {    \
   public:                                                                            \
    using StatelessModule<Name##Impl, Name##Options>::StatelessModule;                \
    void pretty_print(std::ostream& stream) const override;                           \
    Tensor forward(const Tensor& input, const Tensor& target);                        \
  };                                                                                  \
  TORCH_MODULE(Name)

XGRAD_LOSS(MSELoss);
XGRAD_LOSS(L1Loss);
XGRAD_LOSS(SmoothL1Loss);
XGRAD_LOSS(HuberLoss);
XGRAD_LOSS(KLDivLoss);
XGRAD_LOSS(BCELoss);

#undef XGRAD_LOSS

/// Has the class weights of its options as buffer `weight`.
class XGRAD_API NLLLossImpl : public Cloneable<NLLLossImpl> {
 public:
  explicit NLLLossImpl(const NLLLossOptions& options_ = {});
  void reset() override;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input, const Tensor& target);

  NLLLossOptions options;
  Tensor weight;
};
TORCH_MODULE(NLLLoss);

/// Has the class weights of its options as buffer `weight`.
class XGRAD_API CrossEntropyLossImpl : public Cloneable<CrossEntropyLossImpl> {
 public:
  explicit CrossEntropyLossImpl(const CrossEntropyLossOptions& options_ = {});
  void reset() override;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input, const Tensor& target);

  CrossEntropyLossOptions options;
  Tensor weight;
};
TORCH_MODULE(CrossEntropyLoss);

/// Has the weights of its options as buffers `weight` and `pos_weight`.
class XGRAD_API BCEWithLogitsLossImpl : public Cloneable<BCEWithLogitsLossImpl> {
 public:
  explicit BCEWithLogitsLossImpl(const BCEWithLogitsLossOptions& options_ = {});
  void reset() override;
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input, const Tensor& target);

  BCEWithLogitsLossOptions options;
  Tensor weight;
  Tensor pos_weight;
};
TORCH_MODULE(BCEWithLogitsLoss);

}}}  // namespace torch::xgrad::nn
