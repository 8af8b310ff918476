// Padding: options, as a function and as modules. Each computes what the operation of its name does (autograd/ops/pooling/padding.h).
//
// padding: the positions before and behind each axis, the last axis first, or one number for all.
#pragma once

#include <cstdint>
#include <utility>
#include <variant>
#include <vector>

#include <xgrad/nn/enum.h>
#include <xgrad/nn/expanding_array.h>
#include <xgrad/nn/layers/layer.h>

namespace torch { inline namespace xgrad { namespace nn {

/// Declares module `Name` with options `NameOptions` that have but the padding of D axes.
#define XGRAD_PAD(Name, D)                                                                                           \
  class XGRAD_API Name##Impl : public StatelessModule<Name##Impl, Name##Options> {                                   \
   public:                                                                                                           \
    using StatelessModule<Name##Impl, Name##Options>::StatelessModule;                                               \
    template <class = void> Name##Impl(const ExpandingArray<2 * D>& padding) : Name##Impl(Name##Options(padding)) {} \
    void pretty_print(std::ostream& stream) const override;                                                          \
    Tensor forward(const Tensor& input);                                                                             \
  };                                                                                                                 \
  TORCH_MODULE(Name)

template <size_t D> struct PaddingOptions {
  PaddingOptions(ExpandingArray<2 * D> padding) : padding_(padding) {}
  XGRAD_FIELDS((ExpandingArray<2 * D>, padding, ExpandingArray<2 * D>(int64_t{0})))
};
template <size_t D> using ReflectionPadOptions = PaddingOptions<D>;
using ReflectionPad1dOptions = ReflectionPadOptions<1>;
using ReflectionPad2dOptions = ReflectionPadOptions<2>;
using ReflectionPad3dOptions = ReflectionPadOptions<3>;
XGRAD_PAD(ReflectionPad1d, 1);
XGRAD_PAD(ReflectionPad2d, 2);
XGRAD_PAD(ReflectionPad3d, 3);
template <size_t D> using ReplicationPadOptions = PaddingOptions<D>;
using ReplicationPad1dOptions = ReplicationPadOptions<1>;
using ReplicationPad2dOptions = ReplicationPadOptions<2>;
using ReplicationPad3dOptions = ReplicationPadOptions<3>;
XGRAD_PAD(ReplicationPad1d, 1);
XGRAD_PAD(ReplicationPad2d, 2);
XGRAD_PAD(ReplicationPad3d, 3);
using ZeroPad2dOptions = PaddingOptions<2>;
XGRAD_PAD(ZeroPad2d, 2);

#undef XGRAD_PAD

template <size_t D> struct ConstantPadOptions {
  ConstantPadOptions(ExpandingArray<2 * D> padding, double value) : padding_(padding), value_(value) {}
  XGRAD_FIELDS((ExpandingArray<2 * D>, padding, ExpandingArray<2 * D>(int64_t{0})), (double, value, ))
};
#define XGRAD_CONSTANT_PAD(Name, D)                                                                                                       \
  using Name##Options = ConstantPadOptions<D>;                                                                                            \
  class XGRAD_API Name##Impl : public StatelessModule<Name##Impl, Name##Options> {                                                        \
   public:                                                                                                                                \
    using StatelessModule<Name##Impl, Name##Options>::StatelessModule;                                                                    \
    template <class = void> Name##Impl(const ExpandingArray<2 * D>& padding, double value) : Name##Impl(Name##Options(padding, value)) {} \
    void pretty_print(std::ostream& stream) const override;                                                                               \
    Tensor forward(const Tensor& input);                                                                                                  \
  };                                                                                                                                      \
  TORCH_MODULE(Name)
XGRAD_CONSTANT_PAD(ConstantPad1d, 1);
XGRAD_CONSTANT_PAD(ConstantPad2d, 2);
XGRAD_CONSTANT_PAD(ConstantPad3d, 3);
#undef XGRAD_CONSTANT_PAD

namespace functional {

/// value: for mode kConstant alone.
struct PadFuncOptions {
  using mode_t = std::variant<enumtype::kConstant, enumtype::kReflect, enumtype::kReplicate, enumtype::kCircular>;
  PadFuncOptions(std::vector<int64_t> pad) : pad_(std::move(pad)) {}
  XGRAD_FIELDS((std::vector<int64_t>, pad, ), (mode_t, mode, kConstant), (double, value, 0))
};
XGRAD_API Tensor pad(const Tensor& input, const PadFuncOptions& options);

}  // namespace functional

}}}  // namespace torch::xgrad::nn
