// The recorded graph as TensorBoard reads it. Internal.
#pragma once

#include <xgrad/autograd/tensor/tensor.h>
#include <xgrad/io/protobuf.h>

namespace torch { inline namespace xgrad {

namespace nn {
class Module;
}

namespace inspect {

/// A GraphDef (tensorflow/core/framework/graph.proto): a node for each recorded operation, its name below that of the module, with its inputs and its
/// output's shape and dtype. `module` may be null.
io::ProtobufMessage graph_def(const Tensor& output, const nn::Module* module);

}  // namespace inspect
}}  // namespace torch::xgrad
