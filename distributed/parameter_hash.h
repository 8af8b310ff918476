// Whether all ranks hold the same bits.
#pragma once

#include <cstdint>

#include <xgrad/distributed/session.h>
#include <xgrad/nn/module.h>

namespace torch { inline namespace xgrad { namespace distributed {

/// CRC-32 of the names, shapes and bits of all parameters and buffers: the same on all ranks iff these are, but for one case in 2^32.
XGRAD_API uint32_t parameter_hash(const nn::Module& module);

/// All ranks throw, naming the first rank and the first tensor whose bits are not those of rank 0. All ranks must call it.
XGRAD_API void check_same_parameters(const nn::Module& module, const Communicator& communicator);
XGRAD_API void check_same_parameters(const nn::Module& module);

}}}  // namespace torch::xgrad::distributed
