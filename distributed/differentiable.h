// Collectives that derivatives go through.
#pragma once

#include <xgrad/distributed/communicator.h>

namespace torch { inline namespace xgrad { namespace distributed {

// The gradient is that of the sum of all ranks' losses. So backward is a collective too: every rank must come to it, in the same
// order. Derivatives of any order.

/// The tensors of all ranks, [size, ...], as all_gather. (PyTorch: torch.distributed.nn.all_gather.)
XGRAD_API Tensor differentiable_all_gather(const Tensor& tensor, const Communicator& communicator);
/// Of tensors [size, ...], the sum over ranks of part `rank`: the reverse of the former.
XGRAD_API Tensor differentiable_reduce_scatter(const Tensor& tensor, const Communicator& communicator);

}}}  // namespace torch::xgrad::distributed
