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
// In the sources, `namespace torch::nn {` extends ours too, for it is declared here; only what stands in torch itself has to say
// `namespace torch { inline namespace xgrad {`. A test looks for symbols that missed it.
namespace torch {
inline namespace xgrad {
namespace autograd {}
namespace catalogue {}
namespace cuda {}
namespace data {
namespace datasets {}
namespace samplers {}
namespace transforms {}
}  // namespace data
namespace detail {}
namespace enumtype {}
namespace indexing {}
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
namespace optim {}
namespace serialize {}
namespace special {}
}  // namespace xgrad
}  // namespace torch

namespace xgrad = torch::xgrad;
