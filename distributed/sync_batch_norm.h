// Batch normalisation over the batches of all ranks.
#pragma once

#include <xgrad/distributed/session.h>
#include <xgrad/nn/module.h>

namespace torch { inline namespace xgrad { namespace distributed {

/// Makes every BatchNorm1d, 2d and 3d of the module and below normalise by the moments of all ranks' batches together in training, and
/// their running statistics follow these; returns how many there are. Shares may differ in size, one may be empty. The layers stay the
/// objects they are, and clones of them do the same. All ranks must call it, and come to the layers in the same order, forward and
/// backward. Two messages more a layer and pass. (PyTorch: SyncBatchNorm.convert_sync_batchnorm, which puts others in their place.)
XGRAD_API int64_t convert_sync_batchnorm(nn::Module& module, const Communicator& communicator);
XGRAD_API int64_t convert_sync_batchnorm(nn::Module& module);

}}}  // namespace torch::xgrad::distributed
