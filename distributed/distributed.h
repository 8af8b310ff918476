// Training on many machines: what a program with data parallel training includes. Its library is xgrad::distributed; see docs/distributed.md.
#pragma once

#include <xgrad/distributed/agreement.h>
#include <xgrad/distributed/communicator.h>
#include <xgrad/distributed/data_parallel.h>
#include <xgrad/distributed/differentiable.h>
#include <xgrad/distributed/parameter_hash.h>
#include <xgrad/distributed/session.h>
#include <xgrad/distributed/sync_batch_norm.h>
#include <xgrad/distributed/zero_redundancy_optimizer.h>
