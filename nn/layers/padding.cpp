#include <xgrad/nn/layers/padding.h>

#include <xgrad/autograd/ops/pooling/padding.h>
#include <xgrad/nn/layers/print_layer.h>

namespace torch { inline namespace xgrad { namespace nn {

#define XGRAD_PAD(Name, function) XGRAD_DEFINE_LAYER(Name, xgrad::function(input, options.padding()), const Tensor& input)
XGRAD_PAD(ReflectionPad1d, reflection_pad1d)
XGRAD_PAD(ReflectionPad2d, reflection_pad2d)
XGRAD_PAD(ReflectionPad3d, reflection_pad3d)
XGRAD_PAD(ReplicationPad1d, replication_pad1d)
XGRAD_PAD(ReplicationPad2d, replication_pad2d)
XGRAD_PAD(ReplicationPad3d, replication_pad3d)
XGRAD_PAD(ZeroPad2d, constant_pad_nd)

#define XGRAD_CONSTANT_PAD(Name) XGRAD_DEFINE_LAYER(Name, xgrad::constant_pad_nd(input, options.padding(), options.value()), const Tensor& input)
XGRAD_CONSTANT_PAD(ConstantPad1d)
XGRAD_CONSTANT_PAD(ConstantPad2d)
XGRAD_CONSTANT_PAD(ConstantPad3d)

Tensor functional::pad(const Tensor& input, const PadFuncOptions& options) {
  const char* const modes[] = {"constant", "reflect", "replicate", "circular"};
  return xgrad::pad(input, options.pad(), modes[options.mode().index()], options.value());
}

}}}  // namespace torch::xgrad::nn
