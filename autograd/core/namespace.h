// Where xgrad's names live: in an inline namespace of torch.
#pragma once

// Note: one namespace, two names
//
// torch::nn::Linear and xgrad::nn::Linear are the same class, and programs written for libtorch re-open torch, torch::nn and the
// rest, to add a module or specialise a template. An alias cannot be re-opened; a torch with `using namespace xgrad` can, but then a
// torch::nn of its own stands beside xgrad::nn, and after `using namespace torch` the name nn is ambiguous. A member of an inline
// namespace is a member of the one around it: what a program writes in torch::nn extends ours, overloads of both are found together,
// and `using namespace torch` finds everything once. The symbols stay apart from libtorch's, in one process with it, since xgrad
// is part of them. A macro torch for xgrad would have cost less here and more there: it renames whatever a program calls torch.
//
// What it costs: xgrad is an alias, so that it is torch that native programs re-open, debuggers and messages say
// torch::xgrad::Tensor, and a source file that includes libtorch's headers cannot include these.
//
// The sources always name xgrad: `namespace torch { inline namespace xgrad { namespace nn {`. By the standard `namespace torch::nn {`
// would extend the same namespace, since it is declared here, and what programs re-open does. But Clang (14 to 16) gives what is declared
// so a symbol without xgrad, so that a header and a source, or a library by g++ and a program by Clang, would not meet. A test
// looks for both: openings without xgrad, and symbols that missed it.
// clang-format off
namespace torch {
inline namespace xgrad {
namespace autograd {}
namespace catalogue {}
namespace compiled {}
namespace cuda {}
namespace data {
namespace datasets {}
namespace samplers {}
namespace transforms {}
}  // namespace data
namespace detail {}
namespace distributed {}
namespace enumtype {}
namespace func {}
namespace indexing {}
namespace inspect {}
namespace io {}
namespace jit {}
namespace kernels {}
namespace linalg {}
namespace memory {}
namespace nn {
namespace functional {}
namespace init {}
namespace utils {}
}  // namespace nn
namespace onnx {}
namespace optim {}
namespace serialize {}
namespace special {}
}  // namespace xgrad
}  // namespace torch
// clang-format on

namespace xgrad = torch::xgrad;
