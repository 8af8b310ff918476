// Pictures of the recorded graph behind a loss.
#pragma once

#include <string>

#include <xgrad/autograd/tensor/tensor.h>
#include <xgrad/inspect/picture/picture.h>

namespace torch { inline namespace xgrad {

namespace nn {
class Module;
}

namespace inspect {

/// The operations that were recorded on the way to `output`, from the leaves at the top down to it: each with its name, attributes, and the
/// dtypes and shapes of what it gave. Parameters have their names in `module` if there is one, and operations the path of the module whose
/// parameters they use. What does not require a gradient, data above all, is not part of a recorded graph. Throws unless `output` requires a
/// gradient.
///
/// As text in Graphviz's language:
XGRAD_API std::string graph_dot(const Tensor& output, const nn::Module* module = nullptr);
/// As a picture, for graphs that one can look at: of at most 2000 operations.
XGRAD_API Picture graph_picture(const Tensor& output, const nn::Module* module = nullptr);

}  // namespace inspect
}}  // namespace torch::xgrad
